import type { DenyList } from './deny-list.js';
import { type Evidence, Revocation } from './revocation.js';

/** What is refused stands in a list in Redis that somebody keeps: one look-up per request. */
export class DenyListRevocation extends Revocation {
  constructor(private readonly list: DenyList) {
    super();
  }

  async isRevoked({ principal }: Evidence): Promise<boolean> {
    const { scheme, subject, sid, claims } = principal;
    const { jti, authorization_id: authorizationId, iat, auth_time: authTime } = claims;
    const known = { jti: scheme === 'jwt' ? jti : undefined, sid, authorizationId };
    const names = Object.entries(known).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    const [ofSubject, ...others] = await this.list.find([['subject', subject], ...names]);
    if (others.some((at) => at !== undefined)) return true;
    if (ofSubject === undefined) return false;
    // A session is as old as its sign-in. Of the same second: refused, because nobody knows which was first.
    const issuedAt = scheme === 'jwt' ? iat : (authTime ?? iat);
    return typeof issuedAt !== 'number' || issuedAt <= ofSubject;
  }
}
