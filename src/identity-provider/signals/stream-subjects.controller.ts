import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Authorizations } from '../../authorizations/authorizations.js';
import { Clients } from '../../clients/clients.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { jsonBody } from '../../platform/http/json-body.js';
import { allowMethods } from '../../platform/http/methods.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import type { SubjectId } from '../../protocol/security-event.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { ReceiverAuthorization } from './receiver-authorization.js';
import { StreamRegistry } from './stream-registry.js';
import { Streams } from './streams.js';
import { namesOfSubject } from './subject-formats.js';

/**
 * Adds subjects to a stream and removes them (SSF 1.0 §8.1.3): a stream begins with everybody that its receiver may know. A
 * subject that this receiver cannot know is not recognized, whether it exists or not.
 */
@Controller({ path: 'ssf/subjects', version: VERSION_NEUTRAL })
@UseFilters(OAuthErrorFilter)
export class StreamSubjectsController {
  constructor(
    private readonly receivers: ReceiverAuthorization,
    private readonly registry: StreamRegistry,
    private readonly streams: Streams,
    private readonly clients: Clients,
    private readonly authorizations: Authorizations,
    private readonly settings: IdentityProviderSettings,
  ) {}

  @All('add')
  async add(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    const change = await this.read(exchange);
    if (!change) return;
    await this.streams.addSubject(change.stream, change.subject);
    exchange.send(200, '');
  }

  @All('remove')
  async remove(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    const change = await this.read(exchange);
    if (!change) return;
    if (!(await this.streams.removeSubject(change.stream, change.subject))) {
      throw new OAuthError('slow_down', 'too many subjects are removed from this stream');
    }
    this.registry.keep({ ...change.stream, removesSubjects: true });
    exchange.send(204, '');
  }

  private async read(exchange: HttpExchange) {
    allowMethods(exchange, 'POST');
    const clientId = await this.receivers.authorize(exchange, 'ssf.manage');
    if (clientId === undefined) return undefined;
    const body = jsonBody(exchange);
    const stream = await this.registry.read(body['stream_id'], clientId);
    for (const subject of namesOfSubject(body['subject'])) {
      if (await this.isKnown(subject, clientId)) return { stream, subject };
    }
    throw new OAuthError('invalid_request', 'the subject is not recognized', { status: 404, parameter: 'subject' });
  }

  private async isKnown(subject: SubjectId, clientId: string): Promise<boolean> {
    switch (subject.format) {
      case 'opaque':
        return this.authorizations.concerns(clientId, { sid: subject.id });
      case 'iss_sub': {
        if (subject.iss !== this.settings.issuer) return false;
        const client = await this.clients.find(clientId);
        // A pairwise subject is never turned back, so nobody can say whose it is.
        return (
          client?.metadata.subject_type === 'pairwise' ||
          this.authorizations.concerns(clientId, { subject: subject.sub })
        );
      }
      case 'complex': {
        const parts = [subject.user, subject.session].filter((part) => part !== undefined);
        return (await Promise.all(parts.map((part) => this.isKnown(part, clientId)))).every(Boolean);
      }
      default:
        return false;
    }
  }
}
