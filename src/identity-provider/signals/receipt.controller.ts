import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { RevocationLog } from '../../authorizations/revocation-log.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { queryParameters } from '../../platform/http/form.js';
import { allowMethods } from '../../platform/http/methods.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { Receipts } from './receipts.js';
import { ReceiverAuthorization } from './receiver-authorization.js';

/** As we make them; nothing else need be looked for. */
const SID = /^[\x21-\x7e]{1,255}$/;

/**
 * How many applications enforce the end of a session (ours): for the page that people come back to who signed out at an
 * application. It is told to those that the session was at, and to them only in numbers: which others a person uses is
 * nobody's business.
 */
@Controller({ path: 'ssf/receipt', version: VERSION_NEUTRAL })
@UseFilters(OAuthErrorFilter)
export class ReceiptController {
  constructor(
    private readonly receivers: ReceiverAuthorization,
    private readonly log: RevocationLog,
    private readonly receipts: Receipts,
  ) {}

  /** `sid`, as the ID token had it. 404 for a session that has not ended, and for one that this client knows nothing of. */
  @All()
  async receipt(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    allowMethods(exchange, 'GET');
    const clientId = await this.receivers.authorize(exchange, 'ssf.read', 'ssf.manage');
    if (clientId === undefined) return;
    const sid = queryParameters(exchange).require('sid');
    const seq = SID.test(sid) ? await this.log.ofSession(sid) : undefined;
    const line = seq === undefined ? undefined : await this.log.find(seq);
    const receipt = line?.clients.includes(clientId) ? await this.receipts.of(line.seq) : undefined;
    if (!receipt) {
      throw new OAuthError('invalid_request', 'no session of this sid has ended that this receiver took part in', {
        status: 404,
        parameter: 'sid',
      });
    }
    const { revokedAt, enforced, applications, milliseconds } = receipt;
    exchange.json(200, {
      revoked_at: Math.floor(revokedAt / 1000),
      enforced,
      applications: applications.length,
      ...(milliseconds === undefined ? {} : { milliseconds }),
    });
  }
}
