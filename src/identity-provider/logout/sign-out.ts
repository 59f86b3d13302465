import { Injectable } from '@nestjs/common';
import { Audit, originOf } from '../../audit/audit.js';
import { RevocationLog } from '../../authorizations/revocation-log.js';
import type { Receipt } from '../../authorizations/revocation-receipts.js';
import { SessionClients } from '../../authorizations/session-clients.js';
import { Browser } from '../../interactions/browser.js';
import type { HttpExchange } from '../../platform/http/exchange.js';
import type { Session } from '../../sessions/session.js';
import { SignOnSessions } from '../../sessions/sign-on-sessions.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { Receipts } from '../signals/receipts.js';
import { BackChannelLogout } from './back-channel-logout.js';

/** The person waits for applications at most this long, in milliseconds. */
const PATIENCE = 1_000;

/** Ends a sign-on session, everything that hangs on it, and what the browser kept. */
@Injectable()
export class SignOut {
  constructor(
    private readonly sessions: SignOnSessions,
    private readonly clients: SessionClients,
    private readonly backChannel: BackChannelLogout,
    private readonly browser: Browser,
    private readonly settings: IdentityProviderSettings,
    private readonly log: RevocationLog,
    private readonly receipts: Receipts,
    private readonly audit: Audit,
  ) {}

  /**
   * Waits a little for the applications, so that it is true everywhere when the person is told.
   * @returns the pages of applications that are still to be shown in frames, so that they sign the browser out; and who has
   * confirmed it, where anybody follows the revocation feed.
   */
  async end(exchange: HttpExchange, { sid, subject }: Session): Promise<{ frames: string[]; receipt?: Receipt }> {
    // By its name, because its cookie may have been renewed in another tab a moment ago.
    await this.sessions.endRecorded(sid, (transaction) =>
      this.audit.record({ name: 'signed_out', subject, sid }, originOf(exchange), transaction),
    );
    this.sessions.clear(exchange);
    this.browser.renew(exchange);
    // Never "cookies": they are not isolated by port, and the provider is not alone on its host.
    exchange.setHeader('clear-site-data', '"cache", "storage"');
    const [uris, receipt] = await Promise.all([
      this.clients.frontChannelUris(sid),
      this.receiptOf(sid),
      this.backChannel.deliver(PATIENCE),
    ]);
    return { frames: uris.map((uri) => this.frameUrl(uri, sid)), ...(receipt ? { receipt } : {}) };
  }

  /** The session has ended, whatever becomes of this. */
  private async receiptOf(sid: string): Promise<Receipt | undefined> {
    const seq = await this.log.ofSession(sid).catch(() => undefined);
    const receipt = seq === undefined ? undefined : await this.receipts.settled(seq, PATIENCE).catch(() => undefined);
    return receipt && receipt.applications.length > 0 ? receipt : undefined;
  }

  /** Front-Channel Logout 1.0 §2: `iss` and `sid` behind whatever query was registered. */
  private frameUrl(uri: string, sid: string): string {
    const { issuer } = this.settings;
    return `${uri}${uri.includes('?') ? '&' : '?'}iss=${encodeURIComponent(issuer)}&sid=${encodeURIComponent(sid)}`;
  }
}
