import { Injectable, Logger } from '@nestjs/common';
import { z } from 'zod';
import { checkResources } from '../../../authorizations/audience.js';
import { newAuthorizationId } from '../../../authorizations/authorization.js';
import { Authorizations } from '../../../authorizations/authorizations.js';
import { Consents } from '../../../authorizations/consents.js';
import { TokenIssuer, type TokenSet } from '../../../authorizations/token-issuer.js';
import { UsedAssertions } from '../../../authorizations/used-assertions.js';
import { registeredScopes } from '../../../clients/client-metadata.js';
import type { TrustedIssuer } from '../../../clients/client-policy.js';
import { type Client, isPublic } from '../../../clients/client.js';
import { Resources } from '../../../clients/resources.js';
import { KeysUnavailableError } from '../../../jwt/remote-keys.js';
import type { TokenClaims } from '../../../jwt/token-claims.js';
import { TokenError } from '../../../jwt/token-error.js';
import { TokenVerifier } from '../../../jwt/token-verifier.js';
import { unproved } from '../../../jwt/unproved.js';
import { Clock } from '../../../platform/clock.js';
import { JWT_BEARER } from '../../../protocol/grant-type.js';
import { OAuthError } from '../../../protocol/oauth-error.js';
import { invalidScope, isCovered, parseScope, STANDARD_SCOPES } from '../../../protocol/scope.js';
import { SIGNING_ALGORITHMS } from '../../../protocol/signing-algorithm.js';
import { type User, Users } from '../../../users/users.js';
import { ASSERTION_SKEW, ClientAssertions } from '../../client-auth/client-assertion.js';
import { ClientKeys } from '../../client-auth/client-keys.js';
import { type Grant, GrantType } from '../grant.js';

const parameters = z.object({
  assertion: z.string().max(8192),
  scope: z.string().optional(),
  resource: z.array(z.string()),
});

/** An assertion that is older, or good for longer, than this, in seconds, was not made for this request. */
const LONGEST_LIFETIME = 3600;

/**
 * RFC 7523 §2.1: somebody whom the operator trusts vouches for a person, and the client gets an access token about them.
 * Whose word counts is the client's policy, which trusts nobody by default. No ID token and no refresh token: nobody
 * signed in here.
 */
@Injectable()
@GrantType(JWT_BEARER)
export class JwtBearerGrant implements Grant<typeof parameters> {
  readonly parameters = parameters;
  private readonly logger = new Logger(JwtBearerGrant.name);

  constructor(
    private readonly keys: ClientKeys,
    private readonly assertions: ClientAssertions,
    private readonly used: UsedAssertions,
    private readonly users: Users,
    private readonly consents: Consents,
    private readonly resources: Resources,
    private readonly authorizations: Authorizations,
    private readonly tokens: TokenIssuer,
    private readonly clock: Clock,
  ) {}

  async grant({ assertion, scope, resource }: z.infer<typeof parameters>, client: Client): Promise<TokenSet> {
    if (isPublic(client) || client.policy.assertionIssuers.length === 0) {
      throw new OAuthError('unauthorized_client', 'nobody’s assertions are trusted for this client');
    }
    const scopes = scopesOf(scope, client);
    const resources = checkResources(resource, await this.resources.list());
    const accessTokenSeconds = await this.tokens.lifetimeSeconds(scopes, resources);
    const { claims, issuer } = await this.prove(assertion, client);
    const user = await this.personOf(claims.sub, issuer);
    if (!user || user.disabled) throw invalidGrant('its subject is nobody here, or disabled');
    await this.checkConsent(client, user, scopes);
    if (!(await this.use(claims))) throw invalidGrant('it was used before');
    const authorization = { id: newAuthorizationId(), clientId: client.id, subject: user.sub, scopes, resources };
    if (!(await this.authorizations.beginAsserted(authorization, accessTokenSeconds))) {
      throw invalidGrant('the client was disabled meanwhile');
    }
    this.logger.log(`client ${client.id} got a token of ${user.sub} by an assertion of ${issuer.issuer}`);
    return this.tokens.issueAsserted({ client, user, authorization });
  }

  /** The claims of an assertion that its issuer signed, for us, for now (RFC 7523 §3). @throws OAuthError invalid_grant */
  private async prove(assertion: string, client: Client): Promise<{ claims: TokenClaims; issuer: TrustedIssuer }> {
    const { header, payload } = unproved(assertion) ?? {};
    const issuer = client.policy.assertionIssuers.find((one) => one.issuer === payload?.['iss']);
    if (!issuer) throw invalidGrant('it is no JWT, or its issuer is not trusted for this client');
    const algorithm = SIGNING_ALGORITHMS.find((known) => known === header?.['alg']);
    const keys = algorithm && this.keys.from(issuer, algorithm);
    if (!keys) throw invalidGrant('alg is not accepted');
    const { clock } = this;
    const verifier = new TokenVerifier({
      keys,
      issuer: issuer.issuer,
      algorithms: [algorithm],
      clock,
      skewSeconds: ASSERTION_SKEW,
    });
    const { audience } = this.assertions;
    try {
      // An access token or an ID token is not an assertion, whoever signed it: the one has another type, the other's
      // audience is a client.
      const claims = await verifier.verify(assertion, {
        types: ['jwt', ''],
        audience,
        issuedAtOptional: true,
        maxAgeSeconds: LONGEST_LIFETIME,
      });
      // One for others, too, could be brought here by them.
      if (Array.isArray(claims.aud) && claims.aud.length > 1) throw invalidGrant('aud names others beside us');
      if (claims.exp! > clock.seconds() + LONGEST_LIFETIME + ASSERTION_SKEW) throw invalidGrant('exp is too far away');
      return { claims, issuer };
    } catch (error) {
      if (error instanceof TokenError) throw invalidGrant(`${error.code}: ${error.message}`);
      if (error instanceof KeysUnavailableError) {
        throw new OAuthError('temporarily_unavailable', 'the keys of the assertion’s issuer cannot be read now', {
          detail: error.message,
          retryAfterSeconds: 5,
        });
      }
      throw error;
    }
  }

  /** Whom the issuer means. */
  private async personOf(name: string, { subject, subjects = {} }: TrustedIssuer): Promise<User | undefined> {
    switch (subject) {
      case 'subject':
        return this.users.findBySubject(name);
      case 'username':
        return (await this.users.findByUsername(name))?.user;
      case 'listed':
        return Object.hasOwn(subjects, name) ? this.users.findBySubject(subjects[name]!) : undefined;
    }
  }

  /** Nobody can be asked here: what the client may is what the person allowed it before. */
  private async checkConsent(client: Client, user: User, scopes: readonly string[]): Promise<void> {
    if (client.policy.firstParty) return;
    const allowed = (await this.consents.find(user.sub, client.id))?.scopes;
    if (!allowed || !isCovered(scopes, allowed)) {
      throw invalidGrant('the person has not allowed this client these scopes');
    }
  }

  private use({ iss, jti, exp }: TokenClaims): Promise<boolean> {
    if (typeof jti !== 'string' || jti === '') throw invalidGrant('jti is missing');
    return this.used.use({ issuer: { trusted: iss }, jti, until: exp! + ASSERTION_SKEW });
  }
}

/**
 * The scopes that were asked for; without, those of APIs that the client is registered for.
 * @throws OAuthError invalid_scope
 */
function scopesOf(asked: string | undefined, client: Client): string[] {
  const allowed = registeredScopes(client.metadata).filter((scope) => scope !== 'offline_access');
  const standard: readonly string[] = STANDARD_SCOPES;
  const wanted = asked === undefined ? allowed.filter((scope) => !standard.includes(scope)) : parseScope(asked);
  if (!isCovered(wanted, allowed)) throw invalidScope('scope asks for something that this client may not have');
  if (wanted.length === 0)
    throw invalidScope('scope is needed: there is none of an API that this client is registered for');
  return wanted;
}

/** One public sentence for all causes; the cause goes to the log. */
function invalidGrant(detail: string): OAuthError {
  return new OAuthError(
    'invalid_grant',
    'the assertion is not valid: not trusted, expired, used, not for this provider, or about nobody',
    { parameter: 'assertion', detail },
  );
}
