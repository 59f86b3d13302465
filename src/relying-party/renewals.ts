import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../platform/clock.js';
import { digest } from '../platform/secret.js';
import type { SessionKeeper } from '../sessions/session-keeper.js';
import type { ApplicationSession, SessionData } from './application-sessions.js';
import { type OidcClient, SignInError, type TokenSet } from '../federation/oidc-client.js';
import { ProviderUnavailableError } from '../federation/provider-metadata.js';

/** An access token is renewed this long before its end, so that it does not end on its way to an API. In milliseconds. */
const RENEW_BEFORE = 10_000;
/** Longer than a conversation with the provider can take: who claimed and vanished is not waited for after this. */
const CLAIM = 20_000;
const LOOK_EVERY = 50;

/** What {@link Renewals} reads and writes. */
export interface RenewalOptions {
  keeper: SessionKeeper;
  client: OidcClient;
  clock: Clock;
  /** The session as it is kept now, and not as some cache remembers it. */
  read: (id: string) => Promise<ApplicationSession | undefined>;
  /**
   * How long the provider answers a repeated refresh with the same answer, in milliseconds. Without a store that can claim,
   * nothing is renewed unless the provider does so: two processes would spend one refresh token twice, and the provider
   * would take it for stolen.
   */
  graceMilliseconds: number;
}

/**
 * Renews the access tokens of sessions, each once: all requests of a process share one renewal, and the processes of an
 * application agree by a claim in the store. A rotated refresh token must not be used twice.
 */
export class Renewals {
  private readonly underWay = new Map<string, Promise<ApplicationSession | undefined>>();

  constructor(private readonly options: RenewalOptions) {}

  isDue({ data: { tokens } }: ApplicationSession, now = this.options.clock.now()): boolean {
    const { keeper, graceMilliseconds } = this.options;
    if (tokens.refreshToken === undefined || tokens.accessTokenExpiresAt - RENEW_BEFORE > now) return false;
    return keeper.can.claims || graceMilliseconds > 0;
  }

  /**
   * The session with an access token that lives, or undefined when the provider ended it.
   * @throws ProviderUnavailableError when it could not be renewed and what there is has ended
   */
  async renewed(session: ApplicationSession): Promise<ApplicationSession | undefined> {
    // By the refresh token, because a sealed session has a new cookie as often as it is written.
    const key = digest(session.data.tokens.refreshToken!).toString('base64url');
    let renewal = this.underWay.get(key);
    if (!renewal) {
      renewal = this.renew(session);
      this.underWay.set(key, renewal);
      void this.forget(key, renewal);
    }
    return renewal;
  }

  /** A sealed cookie comes again as it was, with requests that left before the answer arrived: they get the same answer. */
  private async forget(key: string, renewal: Promise<ApplicationSession | undefined>): Promise<void> {
    const isGood = await renewal.then(Boolean, () => false);
    if (isGood && !this.options.keeper.can.claims)
      await pause(this.options.graceMilliseconds, undefined, { ref: false });
    this.underWay.delete(key);
  }

  private async renew(session: ApplicationSession): Promise<ApplicationSession | undefined> {
    const { keeper, clock, read } = this.options;
    const { id } = session;
    let waited = 0;
    for (;;) {
      const until = clock.now() + CLAIM;
      const isOurs = await keeper.claim(id, until);
      // Read after claiming: somebody else may have renewed between this request's read and now.
      const current = await read(id);
      if (!current) return undefined;
      if (isOurs) return this.renewClaimed(current, until);
      // While another process renews, what there is may do.
      if (!this.isDue(current) || current.data.tokens.accessTokenExpiresAt > clock.now() + 1000) return current;
      if (waited >= CLAIM) throw new ProviderUnavailableError('another process took too long to renew this session');
      await pause(LOOK_EVERY);
      waited += LOOK_EVERY;
    }
  }

  private async renewClaimed(session: ApplicationSession, claim: number): Promise<ApplicationSession | undefined> {
    const { keeper, client, clock, read } = this.options;
    const { id, subject, data } = session;
    if (!this.isDue(session)) {
      await keeper.release(id, claim);
      return session;
    }
    let tokens: TokenSet;
    try {
      tokens = await client.refresh(data.tokens.refreshToken!, subject, data.tokens.scope);
    } catch (error) {
      if (error instanceof SignInError && error.code === 'invalid_grant') {
        // The provider says no: whoever was signed in there is not any more.
        await keeper.end(id);
        return undefined;
      }
      await keeper.release(id, claim);
      if (data.tokens.accessTokenExpiresAt > clock.now()) return session;
      throw error instanceof SignInError ? new ProviderUnavailableError('no refresh', { cause: error }) : error;
    }
    const renewed: SessionData = { ...data, tokens: { ...data.tokens, ...tokens } };
    const now = await keeper.rewrite(id, { ...renewed }, claim);
    // Not written: it has ended meanwhile, or we took too long and another has renewed it.
    return now === undefined ? read(id) : { ...session, id: now, data: renewed, principal: undefined };
  }
}
