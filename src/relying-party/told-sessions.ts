import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { parsePosition } from '../protocol/position.js';
import type { Outbound } from '../platform/outbound.js';
import type { ApplicationSession } from './application-sessions.js';
import { basicAuthorization } from './basic-authorization.js';
import type { Provider } from '../federation/provider-metadata.js';
import type { Settings } from './relying-party.options.js';
import type { RevocationFeed } from './revocations/revocation-feed.js';
import type { RevocationKeys } from './revocations/rule-table.js';

/** Who ends a session waits so long for the provider to know, in milliseconds; it is tried again without them. */
const PATIENCE = 1_000;
const TRY_AGAIN_AFTER = [1_000, 5_000, 20_000];

/**
 * Sessions whose end every process of this application learns from the revocation feed. What ends one at the provider is told
 * by it anyway; one that ends in this application gives its tokens back (RFC 7009), which ends its authorization, and that
 * is told to all of them.
 */
export class ToldSessions {
  private readonly logger = new Logger('Sessions');
  private readonly keys = new WeakMap<ApplicationSession, RevocationKeys | false>();

  constructor(
    private readonly feed: RevocationFeed,
    private readonly provider: Provider,
    private readonly outbound: Outbound,
    private readonly settings: Settings,
  ) {}

  /** If this session had ended we would know by now, and it has not. */
  vouchesFor(session: ApplicationSession): boolean {
    const { feed } = this;
    if (feed.ageMilliseconds > this.settings.feed.maxStalenessMilliseconds || !feed.canVouchFor(0)) return false;
    const keys = this.keysOf(session);
    return keys !== undefined && !feed.hits(keys);
  }

  /** Tells the other processes that these sessions have ended here. */
  async ended(sessions: readonly ApplicationSession[]): Promise<void> {
    if (!this.feed.isOffered) return;
    const tokens = sessions.flatMap(({ data }) => data.tokens.refreshToken ?? []);
    const waited = new AbortController();
    const patience = pause(PATIENCE, undefined, { ref: false, signal: waited.signal }).catch(() => {});
    await Promise.race([Promise.all(tokens.map((token) => this.giveBack(token))), patience]);
    waited.abort();
  }

  /** Undefined when its end would not be told: nothing names it, or there is nothing to give back. */
  private keysOf(session: ApplicationSession): RevocationKeys | undefined {
    let keys = this.keys.get(session);
    if (keys === undefined) this.keys.set(session, (keys = this.readKeys(session)));
    return keys === false ? undefined : keys;
  }

  private readKeys({ sid, subject, data }: ApplicationSession): RevocationKeys | false {
    const { authorization_id: authorizationId, rev } = data.claims;
    const position = parsePosition(rev);
    if (typeof authorizationId !== 'string' || !position || data.tokens.refreshToken === undefined) return false;
    const { clientId } = this.settings;
    return { jti: undefined, sid, authorizationId, subject, clientId, position, issuedAt: undefined };
  }

  private async giveBack(refreshToken: string): Promise<void> {
    for (const wait of [...TRY_AGAIN_AFTER, undefined]) {
      try {
        return await this.revoke(refreshToken);
      } catch (error) {
        const what = `the tokens of a session that has ended could not be given back: ${(error as Error).message}`;
        if (wait === undefined) return this.logger.error(what);
        this.logger.warn(`${what}; will try again`);
        await pause(wait, undefined, { ref: false });
      }
    }
  }

  private async revoke(token: string): Promise<void> {
    const { revocation_endpoint: url } = await this.provider.metadata();
    if (!url) throw new Error('the provider has no revocation endpoint');
    const { status } = await this.outbound.fetch(url, {
      purpose: 'signals',
      trusted: true,
      method: 'POST',
      headers: {
        authorization: basicAuthorization(this.settings.clientId!, this.settings.clientSecret!),
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ token, token_type_hint: 'refresh_token' }).toString(),
    });
    if (status !== 200) throw new Error(`the provider answered ${status}`);
  }
}
