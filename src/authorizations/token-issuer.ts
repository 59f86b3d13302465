import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Client } from '../clients/client.js';
import { Resources } from '../clients/resources.js';
import { SubjectIdentifiers } from '../clients/subject-identifiers.js';
import type { SigningAlgorithm } from '../jwt/key-source.js';
import { TokenSigner } from '../jwt/token-signer.js';
import { Clock } from '../platform/clock.js';
import { CLAIMS_BY_SCOPE, presentClaims, USER_CLAIMS } from '../protocol/claims.js';
import type { Actor, ParentToken } from '../protocol/delegation.js';
import { invalidRequest } from '../protocol/oauth-error.js';
import { ACCESS_TOKEN_TYPE, JWT_TYPE } from '../protocol/token-type.js';
import { randomToken } from '../platform/secret.js';
import { Traced } from '../platform/tracing.js';
import type { User } from '../users/users.js';
import { type AccessTokenClaims, AccessTokens } from './access-tokens.js';
import { audienceOf, type TokenAudience } from './audience.js';
import type { AssertedAuthorization, Authorization } from './authorization.js';
import { ClientEncryption } from './client-encryption.js';
import { ownClaims } from './extra-claims.js';
import { type ExtraClaims, TokenPolicy } from './token-policy.js';

/** A successful token response (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3). */
export interface TokenSet {
  access_token: string;
  token_type: 'Bearer';
  expires_in: number;
  /** Absent when there is none: the grammar of RFC 6749 §3.3 has no empty scope. */
  scope?: string;
  refresh_token?: string;
  id_token?: string;
  /** RFC 8693 §2.2.1: what `access_token` is, when it was exchanged. */
  issued_token_type?: string;
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

/** What is handed out at the authorization endpoint itself (OpenID Connect Core §3.2.2.5 and §3.3.2.5). */
export interface FrontChannelTokens extends Omit<TokensFor, 'refreshToken'> {
  accessToken: boolean;
  idToken: boolean;
  /** The code that goes with them. */
  code?: string;
}

/** What an exchanged token is made from (RFC 8693 §2.1). */
export interface Exchange {
  /** Who asks for it: it is issued to them. */
  client: Client;
  user: User;
  /** The claims of the token that it stands in for: where the person signed in and what they authorized is theirs. */
  subject: AccessTokenClaims;
  scopes: readonly string[];
  /** Registered ones; empty: the provider itself. */
  resources: readonly string[];
  act?: Actor;
  parents: readonly ParentToken[];
  /** Seconds since the epoch: it ends with the first of what it was made from. */
  notAfter: number;
  /** The earliest of theirs. */
  position: string;
  /** A JWT was asked for. */
  jwtOnly: boolean;
}

/** What an ID token is bound to, and whether it must speak for itself. */
interface IdTokenContext {
  accessToken?: string;
  code?: string;
  /** No access token goes with it, so what the scopes ask for has no other place (OpenID Connect Core §5.4). */
  scopeClaims?: boolean;
}

/** Turns an authorization, or a client on its own behalf, into tokens. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly signer: TokenSigner,
    private readonly accessTokens: AccessTokens,
    private readonly resources: Resources,
    private readonly subjects: SubjectIdentifiers,
    private readonly encryption: ClientEncryption,
    private readonly policy: TokenPolicy,
    private readonly clock: Clock,
  ) {}

  /** Tokens for a person's authorization: access token, ID token with `openid`, and the refresh token that was made. */
  @Traced('issue tokens')
  async issue(request: TokensFor): Promise<TokenSet> {
    const { authorization, refreshToken } = request;
    const about = await this.describe(request);
    const access = await this.personAccessToken(request, about);
    const idToken = (request.scopes ?? authorization.scopes).includes('openid')
      ? await this.idToken(request, about, { accessToken: access.access_token })
      : undefined;
    return {
      ...access,
      ...(refreshToken ? { refresh_token: refreshToken } : {}),
      ...(idToken ? { id_token: idToken } : {}),
    };
  }

  /** Tokens for the authorization response. Nothing of them may be refreshed (RFC 6749 §4.2.2). */
  @Traced('issue tokens at the authorization endpoint')
  async issueInFront(request: FrontChannelTokens): Promise<Partial<TokenSet>> {
    const about = await this.describe(request);
    const access = request.accessToken ? await this.personAccessToken(request, about) : undefined;
    const idToken = request.idToken
      ? await this.idToken(request, about, {
          ...(access ? { accessToken: access.access_token } : {}),
          ...(request.code === undefined ? {} : { code: request.code }),
          scopeClaims: !access && request.code === undefined,
        })
      : undefined;
    return { ...access, ...(idToken === undefined ? {} : { id_token: idToken }) };
  }

  /** RFC 6749 §4.4: a token for the client itself; `sub` is the client (RFC 9068 §2.2). */
  @Traced('issue a token for a client')
  async issueForClient(client: Client, scopes: readonly string[], resources: readonly string[]): Promise<TokenSet> {
    return this.accessToken(client, scopes, resources, { sub: client.id, rev: client.position });
  }

  /** A token for a person whom somebody vouched for. It does not say how or when they signed in: nobody knows. */
  @Traced('issue a token for an assertion')
  async issueAsserted({
    client,
    user,
    authorization: { id, scopes, resources },
  }: {
    client: Client;
    user: User;
    authorization: AssertedAuthorization;
  }): Promise<TokenSet> {
    const extra = await this.policy.claims?.({ user, clientId: client.id, scopes });
    return this.accessToken(client, scopes, resources, {
      ...ownClaims(extra?.accessToken),
      sub: await this.subjects.of(client, user.sub),
      authorization_id: id,
      // The client was read before the person was: whatever was revoked since ends this token.
      rev: client.position,
      ...(user.roles.length > 0 ? { roles: user.roles } : {}),
    });
  }

  /**
   * A token made from another one: of the same person and sign-in, under the same authorization, and no longer than that.
   * @throws OAuthError invalid_request when a JWT was asked for and the resource takes none.
   */
  @Traced('exchange a token')
  async exchange(request: Exchange): Promise<TokenSet> {
    const { client, user, subject, scopes, act, parents, position } = request;
    const { auth_time: authTime, acr, amr, sid, authorization_id: authorizationId } = subject;
    const extra = await this.policy.claims?.({ user, clientId: client.id, scopes });
    const about = {
      ...ownClaims(extra?.accessToken),
      sub: await this.subjects.of(client, user.sub),
      ...defined({ auth_time: authTime, acr, amr, sid, authorization_id: authorizationId, act }),
      rev: position,
      parents,
      ...(user.roles.length > 0 ? { roles: user.roles } : {}),
    };
    const { notAfter, jwtOnly } = request;
    const type = jwtOnly ? JWT_TYPE : ACCESS_TOKEN_TYPE;
    const issued = await this.accessToken(client, scopes, request.resources, about, { notAfter, jwtOnly });
    return { ...issued, issued_token_type: type };
  }

  /**
   * How long an access token for these lives.
   * @throws OAuthError invalid_target when the scopes and resources do not go together.
   */
  async lifetimeSeconds(scopes: readonly string[], resources: readonly string[]): Promise<number> {
    const target = audienceOf(scopes, resources, await this.resources.list(), this.policy.issuer);
    return this.lifetimeOf(target);
  }

  /**
   * Makes sure that an ID token can be made for the client, before a code or a consent is used up for it.
   * @throws OAuthError when the client wants it encrypted and has no key for that.
   */
  async prepare(client: Client, scopes: readonly string[]): Promise<void> {
    if (scopes.includes('openid')) await this.encryption.prepare(client, 'id_token');
  }

  /** No token outlives the memory of its revocation. */
  private lifetimeOf({ accessTokenSeconds = this.policy.accessTokenSeconds }: TokenAudience): number {
    return Math.min(accessTokenSeconds, this.policy.revocationRetentionSeconds);
  }

  /** The subject in the client's words, and the operator's own claims. */
  private async describe({ client, user, authorization, scopes }: TokensFor): Promise<{ sub: string } & ExtraClaims> {
    const wanted = scopes ?? authorization.scopes;
    const sub = await this.subjects.of(client, user.sub);
    const extra = await this.policy.claims?.({ user, clientId: client.id, scopes: wanted });
    return { ...extra, sub };
  }

  private personAccessToken(request: TokensFor, about: { sub: string } & ExtraClaims): Promise<TokenSet> {
    const { client, user, authorization } = request;
    const { scopes = authorization.scopes, resources = authorization.resources } = request;
    return this.accessToken(client, scopes, resources, {
      ...ownClaims(about.accessToken),
      sub: about.sub,
      auth_time: authorization.authTime,
      acr: authorization.acr,
      amr: authorization.amr,
      ...(authorization.offline ? {} : { sid: authorization.sid }),
      authorization_id: authorization.id,
      rev: request.position,
      ...(user.roles.length > 0 ? { roles: user.roles } : {}),
    });
  }

  private async accessToken(
    client: Client,
    wanted: readonly string[],
    requested: readonly string[],
    about: Record<string, unknown>,
    { notAfter = Infinity, jwtOnly = false }: { notAfter?: number; jwtOnly?: boolean } = {},
  ): Promise<TokenSet> {
    const target = audienceOf(wanted, requested, await this.resources.list(), this.policy.issuer);
    const { audience, scopes } = target;
    const format = target.format ?? client.policy.accessTokenFormat;
    if (jwtOnly && format === 'opaque') {
      throw invalidRequest('the resource takes opaque tokens, no JWT', 'requested_token_type');
    }
    const issuedAt = this.clock.seconds();
    const lifetime = Math.min(this.lifetimeOf(target), notAfter - issuedAt);
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
          : await this.signer.sign(claims, 'at+jwt', target.algorithm ?? this.policy.accessTokenAlgorithm),
      token_type: 'Bearer',
      expires_in: lifetime,
      ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
    };
  }

  /** OpenID Connect Core §2: who signed in, for whom, how and when; other claims only where they were asked for by name. */
  private async idToken(
    request: TokensFor,
    about: { sub: string } & ExtraClaims,
    { accessToken, code, scopeClaims = false }: IdTokenContext,
  ): Promise<string> {
    const { client, user, authorization, nonce } = request;
    const issuedAt = this.clock.seconds();
    const algorithm = client.metadata.id_token_signed_response_alg;
    const named = authorization.claims?.id_token ?? {};
    const byName = Object.keys(named).filter((name) => USER_CLAIMS.includes(name));
    const byScope = scopeClaims ? authorization.scopes.flatMap((scope) => CLAIMS_BY_SCOPE[scope] ?? []) : [];
    // What a relying party of ours keeps with its session, to know by which revocations it ends.
    const isAskedFor = (name: string) => Object.hasOwn(named, name);
    const signed = await this.signer.sign(
      {
        ...ownClaims(about.idToken),
        ...presentClaims([...byScope, ...byName], user.claims),
        iss: this.policy.issuer,
        sub: about.sub,
        aud: client.id,
        exp: issuedAt + this.policy.idTokenSeconds,
        iat: issuedAt,
        auth_time: authorization.authTime,
        acr: authorization.acr,
        amr: authorization.amr,
        sid: authorization.sid,
        ...(isAskedFor('authorization_id') ? { authorization_id: authorization.id } : {}),
        ...(isAskedFor('rev') ? { rev: request.position } : {}),
        ...(accessToken === undefined ? {} : { at_hash: leftHalfHash(accessToken, algorithm) }),
        ...(code === undefined ? {} : { c_hash: leftHalfHash(code, algorithm) }),
        ...(nonce === undefined ? {} : { nonce }),
      },
      'JWT',
      algorithm,
    );
    return this.encryption.seal(client, 'id_token', signed);
  }
}

/** OpenID Connect Core §3.1.3.6 and §3.3.2.11: `at_hash` and `c_hash`. Ed25519 signs with SHA-512; every other algorithm of ours with SHA-256. */
function leftHalfHash(token: string, algorithm: SigningAlgorithm): string {
  const octets = hash(algorithm === 'EdDSA' ? 'sha512' : 'sha256', token, 'buffer');
  return octets.subarray(0, octets.length / 2).toString('base64url');
}

function defined(claims: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}
