import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { HttpExchange } from '../../platform/http/exchange.js';
import { jsonBody } from '../../platform/http/json-body.js';
import { allowMethods } from '../../platform/http/methods.js';
import { invalidRequest, OAuthError } from '../../protocol/oauth-error.js';
import { EVENT_TYPES } from '../../protocol/security-event.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { Notices } from './notices.js';
import { ReceiverAuthorization } from './receiver-authorization.js';
import { StreamRegistry } from './stream-registry.js';

const LONGEST_STATE = 1000;

/** The verification endpoint (SSF 1.0 §8.1.4): a receiver asks for an event that shows that its stream works. */
@Controller({ path: 'ssf/verify', version: VERSION_NEUTRAL })
@UseFilters(OAuthErrorFilter)
export class VerificationController {
  constructor(
    private readonly receivers: ReceiverAuthorization,
    private readonly registry: StreamRegistry,
    private readonly notices: Notices,
  ) {}

  @All()
  async verify(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    allowMethods(exchange, 'POST');
    const clientId = await this.receivers.authorize(exchange, 'ssf.manage', 'ssf.read');
    if (clientId === undefined) return;
    const body = jsonBody(exchange);
    const stream = await this.registry.read(body['stream_id'], clientId);
    const { state } = body;
    if (state !== undefined && (typeof state !== 'string' || state.length > LONGEST_STATE)) {
      throw invalidRequest(`state: must be text of at most ${LONGEST_STATE} characters`, 'state');
    }
    const added = await this.notices.add(stream.id, EVENT_TYPES.verification, state === undefined ? {} : { state });
    if (!added)
      throw new OAuthError('slow_down', 'too many events are waiting for this receiver', { retryAfterSeconds: 1 });
    await this.registry.readNotices(stream.id);
    exchange.send(204, '');
  }
}
