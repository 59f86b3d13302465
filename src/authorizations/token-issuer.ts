import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Client } from '../clients/client.js';
import { Resources } from '../clients/resources.js';
import { SubjectIdentifiers } from '../clients/subject-identifiers.js';
import type { SigningAlgorithm } from '../jwt/key-source.js';
import { TokenSigner } from '../jwt/token-signer.js';
import { Clock } from '../platform/clock.js';
import { presentClaims, USER_CLAIMS } from '../protocol/claims.js';
import { randomToken } from '../platform/secret.js';
import type { User } from '../users/users.js';
import { AccessTokens } from './access-tokens.js';
import { audienceOf, type TokenAudience } from './audience.js';
import type { Authorization } from './authorization.js';
import { ownClaims } from './extra-claims.js';
import { TokenPolicy } from './token-policy.js';

/** A successful token response (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3). */
export interface TokenSet {
  access_token: string;
  token_type: 'Bearer';
  expires_in: number;
  /** Absent when there is none: the grammar of RFC 6749 §3.3 has no empty scope. */
  scope?: string;
  refresh_token?: string;
  id_token?: string;
}

/** What an authorization's tokens are made from. */
export interface TokensFor {
  client: Client;
  user: User;
  authorization: Authorization;
  /**
   * Where the revocation log stood in the snapshot of the check that allows this, or before: the claim `rev`. A later one
   * would let a token survive a revocation that the check did not see.
   */
  position: string;
  /** Narrower than the authorization's when the client asked for less. */
  scopes?: readonly string[];
  resources?: readonly string[];
  nonce?: string;
  refreshToken?: string;
}

/** Turns an authorization, or a client on its own behalf, into tokens. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly signer: TokenSigner,
    private readonly accessTokens: AccessTokens,
    private readonly resources: Resources,
    private readonly subjects: SubjectIdentifiers,
    private readonly policy: TokenPolicy,
    private readonly clock: Clock,
  ) {}

  /** Tokens for a person's authorization: access token, ID token with `openid`, and the refresh token that was made. */
  async issue(request: TokensFor): Promise<TokenSet> {
    const { client, user, authorization, refreshToken } = request;
    const wanted = request.scopes ?? authorization.scopes;
    const sub = await this.subjects.of(client, user.sub);
    const extra = await this.policy.claims?.({ user, clientId: client.id, scopes: wanted });
    const access = await this.accessToken(client, wanted, request.resources ?? authorization.resources, {
      ...ownClaims(extra?.accessToken),
      sub,
      auth_time: authorization.authTime,
      acr: authorization.acr,
      amr: authorization.amr,
      ...(authorization.offline ? {} : { sid: authorization.sid }),
      authorization_id: authorization.id,
      rev: request.position,
      ...(user.roles.length > 0 ? { roles: user.roles } : {}),
    });
    const idToken = wanted.includes('openid')
      ? await this.idToken(request, sub, access.access_token, ownClaims(extra?.idToken))
      : undefined;
    return {
      ...access,
      ...(refreshToken ? { refresh_token: refreshToken } : {}),
      ...(idToken ? { id_token: idToken } : {}),
    };
  }

  /** RFC 6749 §4.4: a token for the client itself; `sub` is the client (RFC 9068 §2.2). */
  async issueForClient(client: Client, scopes: readonly string[], resources: readonly string[]): Promise<TokenSet> {
    return this.accessToken(client, scopes, resources, { sub: client.id, rev: client.position });
  }

  /**
   * How long an access token for these lives.
   * @throws OAuthError invalid_target when the scopes and resources do not go together.
   */
  async lifetimeSeconds(scopes: readonly string[], resources: readonly string[]): Promise<number> {
    const target = audienceOf(scopes, resources, await this.resources.list(), this.policy.issuer);
    return this.lifetimeOf(target);
  }

  /** No token outlives the memory of its revocation. */
  private lifetimeOf({ accessTokenSeconds = this.policy.accessTokenSeconds }: TokenAudience): number {
    return Math.min(accessTokenSeconds, this.policy.revocationRetentionSeconds);
  }

  private async accessToken(
    client: Client,
    wanted: readonly string[],
    requested: readonly string[],
    about: Record<string, unknown>,
  ): Promise<TokenSet> {
    const target = audienceOf(wanted, requested, await this.resources.list(), this.policy.issuer);
    const { audience, scopes } = target;
    const format = target.format ?? client.policy.accessTokenFormat;
    const lifetime = this.lifetimeOf(target);
    const issuedAt = this.clock.seconds();
    const claims = {
      iss: this.policy.issuer,
      ...about,
      aud: audience.length === 1 ? audience[0] : audience,
      client_id: client.id,
      scope: scopes.join(' '),
      jti: randomToken(16),
      iat: issuedAt,
      exp: issuedAt + lifetime,
    };
    return {
      access_token:
        format === 'opaque'
          ? await this.accessTokens.keepOpaque(claims)
          : await this.signer.sign(claims, 'at+jwt', this.policy.accessTokenAlgorithm),
      token_type: 'Bearer',
      expires_in: lifetime,
      ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
    };
  }

  /** OpenID Connect Core §2: who signed in, for whom, how and when; other claims only where they were asked for by name. */
  private idToken(
    request: TokensFor,
    sub: string,
    accessToken: string,
    extra: Record<string, unknown>,
  ): Promise<string> {
    const { client, user, authorization, nonce } = request;
    const issuedAt = this.clock.seconds();
    const algorithm = client.metadata.id_token_signed_response_alg;
    const named = authorization.claims?.id_token ?? {};
    const requested = Object.keys(named).filter((name) => USER_CLAIMS.includes(name));
    // What a relying party of ours keeps with its session, to know by which revocations it ends.
    const isAskedFor = (name: string) => Object.hasOwn(named, name);
    return this.signer.sign(
      {
        ...extra,
        ...presentClaims(requested, user.claims),
        iss: this.policy.issuer,
        sub,
        aud: client.id,
        exp: issuedAt + this.policy.idTokenSeconds,
        iat: issuedAt,
        auth_time: authorization.authTime,
        acr: authorization.acr,
        amr: authorization.amr,
        sid: authorization.sid,
        ...(isAskedFor('authorization_id') ? { authorization_id: authorization.id } : {}),
        ...(isAskedFor('rev') ? { rev: request.position } : {}),
        at_hash: leftHalfHash(accessToken, algorithm),
        ...(nonce === undefined ? {} : { nonce }),
      },
      'JWT',
      algorithm,
    );
  }
}

/** OpenID Connect Core §3.1.3.6: `at_hash`. Ed25519 signs with SHA-512; every other algorithm of ours with SHA-256. */
function leftHalfHash(token: string, algorithm: SigningAlgorithm): string {
  const hash = createHash(algorithm === 'EdDSA' ? 'sha512' : 'sha256')
    .update(token, 'ascii')
    .digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}
