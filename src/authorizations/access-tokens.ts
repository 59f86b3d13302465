import { Injectable } from '@nestjs/common';
import { SIGNING_ALGORITHMS, VerificationKeys } from '../jwt/key-source.js';
import { TokenError } from '../jwt/token-error.js';
import { TokenVerifier } from '../jwt/token-verifier.js';
import { VerifiedTokens } from '../jwt/verified-tokens.js';
import { Clock } from '../platform/clock.js';
import { Database, statement } from '../platform/database/database.js';
import { digest, randomToken } from '../platform/secret.js';
import type { ClaimsRequest } from '../protocol/claims.js';
import { type Actor, type ParentToken, parentsOf } from '../protocol/delegation.js';
import { type User, Users } from '../users/users.js';
import { Authorizations } from './authorizations.js';
import { TokenPolicy } from './token-policy.js';

const KEEP = statement(`INSERT INTO opaque_access_token (token_digest, claims, expires_at) VALUES ($1, $2, $3)`);
const FIND = statement(`SELECT claims FROM opaque_access_token WHERE token_digest = $1 AND expires_at > $2`);

/** The claims of our access tokens (RFC 9068 §2.2), also of those that only we can read. */
export interface AccessTokenClaims {
  iss: string;
  sub: string;
  aud: string | string[];
  client_id: string;
  scope: string;
  jti: string;
  iat: number;
  exp: number;
  sid?: string;
  authorization_id?: string;
  /** Where the revocation log stood: see `protocol/position.ts`. */
  rev?: string;
  act?: Actor;
  parents?: ParentToken[];
  [claim: string]: unknown;
}

/** An access token that counts right now. */
export interface LiveAccessToken {
  claims: AccessTokenClaims;
  /** The person it is about; absent for a client's own token. */
  user?: User;
  /** Its client registered userinfo to be signed or encrypted. */
  userinfoAsToken: boolean;
  /** What the authorization request asked userinfo for; what was exchanged has no part in it. */
  claimsRequest?: ClaimsRequest;
  /** Which version there is of the client that wanted to know. */
  askerVersion?: string;
}

/** Reads the access tokens that we issued: whether they prove themselves, and whether they still count. */
@Injectable()
export class AccessTokens {
  private readonly verifier: TokenVerifier;
  private readonly verified: VerifiedTokens<AccessTokenClaims>;

  constructor(
    keys: VerificationKeys,
    private readonly database: Database,
    private readonly authorizations: Authorizations,
    private readonly users: Users,
    policy: TokenPolicy,
    private readonly clock: Clock,
  ) {
    const { issuer } = policy;
    this.verifier = new TokenVerifier({ keys, issuer, algorithms: SIGNING_ALGORITHMS, clock, skewSeconds: 0 });
    this.verified = new VerifiedTokens({ keys, clock });
  }

  /** Makes an opaque token that stands for `claims`; only its digest is kept. */
  async keepOpaque(claims: AccessTokenClaims | Record<string, unknown>): Promise<string> {
    const token = randomToken();
    await this.database.query(KEEP, [digest(token), claims, Number(claims['exp']) * 1000]);
    return token;
  }

  /** The claims of a token that we issued and that has not expired, or undefined. It may have been revoked. */
  async read(token: string): Promise<AccessTokenClaims | undefined> {
    if (!token.includes('.')) {
      const [row] = await this.database.query<{ claims: AccessTokenClaims }>(FIND, [digest(token), this.clock.now()]);
      return row?.claims;
    }
    const known = this.verified.get(token);
    if (known) return known;
    try {
      const { claims, key } = await this.verifier.prove(token, { types: ['at+jwt'] });
      return this.verified.set(token, claims as unknown as AccessTokenClaims, key, claims.exp!);
    } catch (error) {
      if (error instanceof TokenError) return undefined;
      throw error;
    }
  }

  /**
   * The token if it counts right now: not revoked, its client and its person still welcome.
   * @param asker the client that wants to know, whose version is read with it
   */
  async findLive(token: string, asker?: string): Promise<LiveAccessToken | undefined> {
    const claims = await this.read(token);
    if (!claims) return undefined;
    const { jti, client_id: clientId, authorization_id: authorizationId } = claims;
    const standing = await this.authorizations.standing({
      jti,
      clientId,
      ...(authorizationId ? { authorizationId } : {}),
      ...(claims.rev === undefined ? {} : { rev: claims.rev }),
      ...(asker === undefined ? {} : { asker }),
    });
    if (!standing) return undefined;
    // The token's own `sub` may be pairwise, which leads to nobody.
    const { subject, userVersion, userinfoAsToken, askerVersion } = standing;
    const user = subject === undefined ? undefined : await this.users.findBySubject(subject, userVersion);
    if (authorizationId && (!user || user.disabled)) return undefined;
    const parents = parentsOf(claims);
    if (parents.length > 0 && !(await this.areLive(parents))) return undefined;
    return {
      claims,
      userinfoAsToken,
      ...(askerVersion === undefined ? {} : { askerVersion }),
      ...(user ? { user } : {}),
      ...(standing.claims && parents.length === 0 ? { claimsRequest: standing.claims } : {}),
    };
  }

  /** Whether every token that another was made from still counts, and everybody behind them is still welcome. */
  private async areLive(parents: readonly ParentToken[]): Promise<boolean> {
    const subjects = await this.authorizations.subjectsOfLive(parents);
    if (!subjects) return false;
    const people = await Promise.all(subjects.map((subject) => this.users.findBySubject(subject)));
    return people.every((person) => person && !person.disabled);
  }
}
