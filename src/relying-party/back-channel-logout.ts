import { LRUCache } from 'lru-cache';
import { TokenError } from '../jwt/token-error.js';
import type { TokenVerifier } from '../jwt/token-verifier.js';
import { BACK_CHANNEL_LOGOUT } from '../protocol/security-event.js';
import type { ApplicationSessions } from './application-sessions.js';
import type { DenyList } from './revocation/deny-list.js';
import type { Settings } from './relying-party.options.js';

/** Logout tokens are for now. */
const MAX_AGE_SECONDS = 300;

/** Which sessions a logout token names; at least one of the two. */
interface Named {
  sid?: string;
  sub?: string;
  /** Seconds since the epoch. */
  iat: number;
}

/** OpenID Connect Back-Channel Logout 1.0: the provider tells us that a session of its own has ended. */
export class BackChannelLogout {
  private readonly seen = new LRUCache<string, true>({ max: 10_000 });

  constructor(
    private readonly settings: Settings,
    private readonly verifier: TokenVerifier,
    private readonly sessions: ApplicationSessions,
    private readonly denyList: DenyList,
  ) {}

  /**
   * Ends the sessions that a logout token names: by `sid` when it has one, else all of `sub` (§2.7). A token that comes again
   * is in order, because the answer to its first delivery may have been lost; it ends nothing that began after it.
   * @throws TokenError when it is not to be believed (§2.6)
   */
  async accept(logoutToken: string): Promise<void> {
    const claims = await this.verifier.verify(logoutToken, {
      // Not every provider names the type (§2.4 recommends it); one that names another means another token.
      types: ['logout+jwt', ''],
      audience: this.settings.session!.clientId,
      maxAgeSeconds: MAX_AGE_SECONDS,
      subjectOptional: true,
    });
    const { events, jti, sid, sub, iat } = claims;
    // An ID token must never do as a logout token: it has a nonce and no such event.
    if (Object.hasOwn(claims, 'nonce')) throw new TokenError('wrong_token_type', 'a logout token has no nonce');
    const event =
      isObject(events) && Object.hasOwn(events, BACK_CHANNEL_LOGOUT) ? events[BACK_CHANNEL_LOGOUT] : undefined;
    if (!isObject(event)) throw new TokenError('wrong_token_type', 'events holds no back-channel logout');
    if (!isName(jti)) throw new TokenError('claims_invalid', 'jti is missing');
    if (sid !== undefined && !isName(sid)) throw new TokenError('claims_invalid', 'sid is not a name');
    if (sid === undefined && sub === undefined) throw new TokenError('claims_invalid', 'neither sid nor sub');
    if (this.seen.has(jti)) return;
    if (this.settings.revocation === 'deny-list') {
      // Without a sid all sessions of the person have ended, also those that only other processes and APIs hear of by the list.
      const denied = sid === undefined ? { subject: sub! } : { sid };
      await this.denyList.deny(denied, this.settings.session!.absoluteMilliseconds);
    }
    await this.end({ iat, ...(sid === undefined ? {} : { sid }), ...(sub === undefined ? {} : { sub }) });
    // Afterwards, so that a delivery that failed in the middle may be repeated.
    this.seen.set(jti, true);
  }

  private async end({ sid, sub, iat }: Named): Promise<void> {
    if (sub === undefined || !this.sessions.can?.lists) {
      if (sid === undefined) await this.sessions.endBySubject(sub!);
      else await this.sessions.endBySid(sid);
      return;
    }
    const theirs = await this.sessions.list(sub);
    // A session of somebody else's stays, whatever it is called. Of all sessions, those that are older than the token end:
    // a copy of it must not sign out whoever has signed in again.
    const until = (iat + 1 + this.settings.skewSeconds) * 1000;
    const meant = theirs.filter((session) =>
      sid === undefined ? session.authenticatedAt < until : session.sid === sid,
    );
    await Promise.all([...new Set(meant.map((session) => session.sid))].map((name) => this.sessions.endBySid(name)));
  }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
