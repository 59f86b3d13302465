import { LRUCache } from 'lru-cache';
import { TokenError } from '../jwt/token-error.js';
import type { TokenVerifier } from '../jwt/token-verifier.js';
import type { ApplicationSessions } from './application-sessions.js';
import type { Settings } from './relying-party.options.js';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** Logout tokens are for now. */
const MAX_AGE_SECONDS = 300;

/** OpenID Connect Back-Channel Logout 1.0: the provider tells us that a session of its own has ended. */
export class BackChannelLogout {
  private readonly seen = new LRUCache<string, true>({ max: 10_000 });

  constructor(
    private readonly settings: Settings,
    private readonly verifier: TokenVerifier,
    private readonly sessions: ApplicationSessions,
  ) {}

  /**
   * Ends the sessions that a logout token names: by `sid` when it has one, else all of `sub` (§2.7).
   * @throws TokenError when it is not to be believed (§2.6)
   */
  async accept(logoutToken: string): Promise<void> {
    const claims = await this.verifier.verify(logoutToken, {
      types: ['logout+jwt', 'jwt', ''],
      audience: this.settings.session!.clientId,
      maxAgeSeconds: MAX_AGE_SECONDS,
      subjectOptional: true,
    });
    const { events, jti, sid, sub } = claims;
    // An ID token must never do as a logout token: it has a nonce and no such event.
    if (Object.hasOwn(claims, 'nonce')) throw new TokenError('wrong_token_type', 'a logout token has no nonce');
    const event = isObject(events) && Object.hasOwn(events, EVENT) ? events[EVENT] : undefined;
    if (!isObject(event)) throw new TokenError('wrong_token_type', 'events holds no back-channel logout');
    if (typeof jti !== 'string' || jti === '') throw new TokenError('claims_invalid', 'jti is missing');
    if (sid !== undefined && typeof sid !== 'string') throw new TokenError('claims_invalid', 'sid is not a string');
    if (sid === undefined && sub === undefined) throw new TokenError('claims_invalid', 'neither sid nor sub');
    if (this.seen.has(jti)) throw new TokenError('token_expired', 'this logout token was used before');
    if (sid === undefined) await this.sessions.endBySubject(sub);
    else await this.sessions.endBySid(sid);
    // Afterwards, so that a delivery that failed in the middle may be repeated.
    this.seen.set(jti, true);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
