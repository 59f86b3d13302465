import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { z } from 'zod';
import { Authorizations } from '../../authorizations/authorizations.js';
import { Clients } from '../../clients/clients.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { jsonBody } from '../../platform/http/json-body.js';
import { allowMethods } from '../../platform/http/methods.js';
import { invalidRequest, OAuthError } from '../../protocol/oauth-error.js';
import type { SubjectId } from '../../protocol/security-event.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { ReceiverAuthorization } from './receiver-authorization.js';
import { StreamRegistry } from './stream-registry.js';
import { Streams } from './streams.js';

const name = z.string().min(1).max(500);

const simple = z.discriminatedUnion('format', [
  z.object({ format: z.literal('opaque'), id: name }),
  z.object({ format: z.literal('iss_sub'), iss: name, sub: name }),
]);
const known = z.union([
  simple,
  z
    .object({ format: z.literal('complex'), user: simple.optional(), session: simple.optional() })
    .refine(({ user, session }) => user !== undefined || session !== undefined),
]);
/** The other formats of RFC 9493 and SSF 1.0: well formed, but nobody here is known by them. */
const OTHER_FORMATS = new Set([
  'account', 'aliases', 'did', 'email', 'ip-addresses', 'jwt_id', 'phone_number', 'saml_assertion_id', 'uri',
]); // prettier-ignore

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
    await this.streams.removeSubject(change.stream, change.subject);
    this.registry.keep({ ...change.stream, removesSubjects: true });
    exchange.send(204, '');
  }

  private async read(exchange: HttpExchange) {
    allowMethods(exchange, 'POST');
    const clientId = await this.receivers.authorize(exchange, 'ssf.manage');
    if (clientId === undefined) return undefined;
    const body = jsonBody(exchange);
    const stream = await this.registry.require(body['stream_id'], clientId);
    const subject = subjectOf(body['subject']);
    if (subject && (await this.isKnown(subject, clientId))) return { stream, subject };
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

/** The subject, or undefined when it is of a format that nobody here is known by. @throws OAuthError when it is malformed */
function subjectOf(sent: unknown): SubjectId | undefined {
  const parsed = known.safeParse(sent);
  if (parsed.success) return parsed.data as SubjectId;
  const format = (sent as { format?: unknown } | null | undefined)?.format;
  if (typeof format === 'string' && OTHER_FORMATS.has(format)) return undefined;
  throw invalidRequest('subject: is not a subject identifier (RFC 9493)', 'subject');
}
