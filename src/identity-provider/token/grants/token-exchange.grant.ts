import { Injectable, Logger } from '@nestjs/common';
import { z } from 'zod';
import { type AccessTokenClaims, AccessTokens, type LiveAccessToken } from '../../../authorizations/access-tokens.js';
import { audienceOf, checkResources } from '../../../authorizations/audience.js';
import { TokenIssuer, type TokenSet } from '../../../authorizations/token-issuer.js';
import { registeredScopes } from '../../../clients/client-metadata.js';
import { type Client, isPublic } from '../../../clients/client.js';
import { type Resource, Resources, serves } from '../../../clients/resources.js';
import {
  type Actor,
  actingFor,
  actorsIn,
  lineage,
  mayAct,
  MOST_ACTORS,
  MOST_PARENTS,
} from '../../../protocol/delegation.js';
import { TOKEN_EXCHANGE } from '../../../protocol/grant-type.js';
import { invalidRequest, OAuthError } from '../../../protocol/oauth-error.js';
import { earliest } from '../../../protocol/position.js';
import { invalidScope, isCovered, parseScope, STANDARD_SCOPES } from '../../../protocol/scope.js';
import { ACCESS_TOKEN_TYPE, JWT_TYPE } from '../../../protocol/token-type.js';
import { type User } from '../../../users/users.js';
import { IdentityProviderSettings } from '../../identity-provider.options.js';
import { type Grant, GrantType } from '../grant.js';

const parameters = z.object({
  subject_token: z.string().max(16_384),
  subject_token_type: z.string(),
  actor_token: z.string().max(16_384).optional(),
  actor_token_type: z.string().optional(),
  requested_token_type: z.string().optional(),
  scope: z.string().optional(),
  resource: z.array(z.string()),
  audience: z.array(z.string()),
});
type Parameters = z.infer<typeof parameters>;

/** What the new token is for. No resources: the provider's own userinfo. */
interface Target {
  resources: string[];
  /** The scopes that mean something there. */
  scopes: readonly string[];
}

/** What the provider itself understands; `offline_access` has no meaning without a refresh token, and there is none. */
const OWN_SCOPES = STANDARD_SCOPES.filter((scope) => scope !== 'offline_access');

/**
 * RFC 8693: a client makes of a person's access token another one, for another API, with fewer scopes, that says who acts.
 * What it may is its policy, which denies by default; what it gets never outlives what it was made from.
 */
@Injectable()
@GrantType(TOKEN_EXCHANGE)
export class TokenExchangeGrant implements Grant<typeof parameters> {
  readonly parameters = parameters;
  private readonly logger = new Logger(TokenExchangeGrant.name);

  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly tokens: TokenIssuer,
    private readonly resources: Resources,
    private readonly settings: IdentityProviderSettings,
  ) {}

  async grant(presented: Parameters, client: Client): Promise<TokenSet> {
    if (isPublic(client) || client.policy.exchange.audiences.length === 0) {
      throw new OAuthError('unauthorized_client', 'this client may not exchange tokens');
    }
    checkTypes(presented);
    const registered = await this.resources.list();
    const subject = await this.subjectOf(presented, client, registered);
    const actor = await this.actorOf(presented, client);
    const act = this.act(subject.claims, actor, client);
    const target = this.targetOf(presented, client, subject.claims, registered);
    const scopes = scopesOf(presented.scope, client, subject.claims, target);
    const sources = [subject.claims, ...(actor ? [actor] : [])];
    const parents = sources.flatMap(lineage);
    if (actorsIn(act) > MOST_ACTORS || parents.length > MOST_PARENTS) {
      throw invalidToken('subject_token', 'it was exchanged too often');
    }
    const issued = await this.tokens.exchange({
      client,
      user: subject.user,
      subject: subject.claims,
      scopes,
      resources: target.resources,
      ...(act ? { act } : {}),
      parents,
      notAfter: Math.min(...sources.map(({ exp }) => exp)),
      position: earliest(sources.map(({ rev }) => rev)) ?? client.position,
      jwtOnly: presented.requested_token_type === JWT_TYPE,
    });
    const chain = act ? `acted for by ${act.sub}` : 'without an actor';
    this.logger.log(`client ${client.id} exchanged a token of ${subject.user.sub}, ${chain}, for ${issued.scope}`);
    return issued;
  }

  /** The token that is exchanged: a living one of a person, that this client holds rightly. */
  private async subjectOf(
    { subject_token: token, subject_token_type: type }: Parameters,
    client: Client,
    registered: readonly Resource[],
  ): Promise<LiveAccessToken & { user: User }> {
    const live = await this.read(token, type, 'subject_token');
    const { claims, user } = live;
    const received = registered.some(
      (resource) => [claims.aud].flat().includes(resource.audience) && serves(resource, client.id),
    );
    if (claims.client_id !== client.id && !received) {
      throw invalidToken('subject_token', 'it was neither issued to this client nor meant for an API that it serves');
    }
    if (!user) throw invalidToken('subject_token', 'it is not about a person');
    return { ...live, user };
  }

  /** The token of who acts, when one is named: issued to this client, to whom nobody else's may have come. */
  private async actorOf(
    { actor_token: token, actor_token_type: type }: Parameters,
    client: Client,
  ): Promise<AccessTokenClaims | undefined> {
    if (token === undefined || type === undefined) return undefined;
    const { claims } = await this.read(token, type, 'actor_token');
    if (claims.client_id !== client.id) throw invalidToken('actor_token', 'it was not issued to this client');
    // Whoever acts for the actor would be left out of the new token.
    if (claims.act) throw invalidToken('actor_token', 'it is one by which somebody acts for another');
    return claims;
  }

  private async read(token: string, type: string, parameter: string): Promise<LiveAccessToken> {
    const isJwt = token.includes('.');
    const live = type === JWT_TYPE && !isJwt ? undefined : await this.accessTokens.findLive(token);
    if (!live) throw invalidToken(parameter, 'it is unknown, expired or revoked');
    // It would come out as a Bearer token, which everybody may use who has it.
    if (live.claims['cnf'] !== undefined) throw invalidToken(parameter, 'it is bound to a key');
    return live;
  }

  /**
   * Who acts, from the outermost to the first: the actor that is named, else the client itself. Only a client whose policy
   * lets it impersonate is not named; who acted before stays named in any case.
   */
  private act(subject: AccessTokenClaims, actor: AccessTokenClaims | undefined, client: Client): Actor | undefined {
    const by = actor ? { sub: actor.sub, client_id: actor.client_id } : { sub: client.id, client_id: client.id };
    if (!mayAct(subject, { ...by, iss: this.settings.issuer })) {
      throw invalidToken('subject_token', 'its may_act names another actor');
    }
    return !actor && client.policy.exchange.impersonation ? subject.act : actingFor(by, subject.act);
  }

  /**
   * What the new token is for: what was asked for, else whoever owns the scopes, else what the old one is for.
   * @throws OAuthError invalid_target, the same for what is unknown and what this client may not exchange toward (§2.2.2).
   */
  private targetOf(
    { resource, audience, scope }: Parameters,
    client: Client,
    subject: AccessTokenClaims,
    registered: readonly Resource[],
  ): Target {
    const { issuer } = this.settings;
    const asked = [...new Set([...resource, ...audience])];
    const wanted = asked.length > 0 ? asked : this.unnamed(scope, subject, registered);
    const allowed = wanted.every((one) => client.policy.exchange.audiences.includes(one));
    if (!allowed || (wanted.includes(issuer) && wanted.length > 1)) {
      throw new OAuthError('invalid_target', 'this client may not exchange tokens toward what it asks for', {
        parameter: audience.length > 0 ? 'audience' : 'resource',
      });
    }
    if (wanted.includes(issuer)) return { resources: [], scopes: OWN_SCOPES };
    const resources = checkResources(wanted, registered);
    const scopes = registered.filter((one) => resources.includes(one.audience)).flatMap((one) => one.scopes);
    return { resources, scopes };
  }

  private unnamed(scope: string | undefined, { aud }: AccessTokenClaims, registered: readonly Resource[]): string[] {
    if (scope === undefined) return [aud].flat();
    return audienceOf(parseScope(scope), [], registered, this.settings.issuer).audience;
  }
}

/**
 * Fewer scopes than before, never more, except for those that the policy adds; and of these the ones that mean something
 * at the target, so that no API learns what else was allowed.
 * @throws OAuthError invalid_scope when it asks for others, or nothing is left.
 */
function scopesOf(
  asked: string | undefined,
  client: Client,
  { scope: held }: AccessTokenClaims,
  target: Target,
): string[] {
  const holds = [...held.split(' '), ...client.policy.exchange.scopes];
  const registered = registeredScopes(client.metadata);
  const available = target.scopes.filter((scope) => holds.includes(scope) && registered.includes(scope));
  const wanted = asked === undefined ? available : parseScope(asked);
  if (!isCovered(wanted, available)) throw invalidScope('scope asks for more than the subject_token allows there');
  if (wanted.length === 0) throw invalidScope('the subject_token allows nothing there');
  return wanted;
}

/** @throws OAuthError invalid_request for kinds of tokens that are not exchanged, or not given. */
function checkTypes(presented: Parameters): void {
  const { actor_token: actor, actor_token_type: actorType, requested_token_type: requested } = presented;
  if ((actor === undefined) !== (actorType === undefined)) {
    throw invalidRequest('actor_token and actor_token_type come together', 'actor_token_type');
  }
  const types = {
    subject_token_type: presented.subject_token_type,
    actor_token_type: actorType,
    requested_token_type: requested,
  };
  for (const [parameter, type] of Object.entries(types)) {
    // A refresh token is for its own grant; an ID token says who signed in, not what they allowed, and is no secret.
    if (type !== undefined && type !== ACCESS_TOKEN_TYPE && type !== JWT_TYPE) {
      throw invalidRequest(`${parameter} is not supported; there are ${ACCESS_TOKEN_TYPE} and ${JWT_TYPE}`, parameter);
    }
  }
}

/** RFC 8693 §2.2.2: a token that is not valid, or not to be exchanged, is an invalid request; why goes to the log. */
function invalidToken(parameter: string, detail: string): OAuthError {
  return new OAuthError('invalid_request', `${parameter} is not valid for this client`, { parameter, detail });
}
