import type { Resource } from '../clients/resources.js';
import { OAuthError } from '../protocol/oauth-error.js';
import type { SigningAlgorithm } from '../protocol/signing-algorithm.js';

/** More resources than this in one request are refused (RFC 8707 §2 leaves the number to us). */
const MOST_RESOURCES = 5;

/** Whom an access token is for, and what its resources say about it. */
export interface TokenAudience {
  audience: string[];
  /** The scopes that this audience understands. */
  scopes: string[];
  format?: 'jwt' | 'opaque';
  /** What the JWT is signed with; undefined: as the provider signs. */
  algorithm?: SigningAlgorithm;
  accessTokenSeconds?: number;
}

/** @throws OAuthError invalid_target when a resource is malformed, unknown, or there are too many (RFC 8707 §2). */
export function checkResources(requested: readonly string[], registered: readonly Resource[]): string[] {
  const wanted = [...new Set(requested)];
  if (wanted.length > MOST_RESOURCES) throw invalidTarget(`more than ${MOST_RESOURCES} resources`);
  for (const resource of wanted) {
    if (!URL.canParse(resource) || resource.includes('#')) {
      throw invalidTarget('resource is not an absolute URI without a fragment');
    }
    if (!registered.some(({ audience }) => audience === resource)) throw invalidTarget('resource is not registered');
  }
  return wanted;
}

/**
 * Decides a token's audience: the resources that were asked for, else the one resource that owns the scopes, else the
 * provider itself (RFC 9068 §3). Scopes of other resources are left out, so that no resource sees another's.
 * @throws OAuthError invalid_target when the scopes belong to several resources and none was named.
 */
export function audienceOf(
  scopes: readonly string[],
  requested: readonly string[],
  registered: readonly Resource[],
  issuer: string,
): TokenAudience {
  const owners = registered.filter((resource) => resource.scopes.some((scope) => scopes.includes(scope)));
  const targets = requested.length > 0 ? registered.filter(({ audience }) => requested.includes(audience)) : owners;
  if (requested.length === 0 && owners.length > 1) {
    throw invalidTarget('the scopes belong to several resources; name the one you want with the parameter resource');
  }
  if (targets.length === 0) return { audience: [issuer], scopes: [...scopes] };
  const foreign = new Set(owners.filter((owner) => !targets.includes(owner)).flatMap((owner) => owner.scopes));
  const [algorithm, ...others] = new Set(targets.map(({ tokenSigningAlg }) => tokenSigningAlg));
  const lifetimes = targets.flatMap(({ accessTokenSeconds }) => accessTokenSeconds ?? []);
  return {
    audience: targets.map(({ audience }) => audience),
    scopes: scopes.filter((scope) => !foreign.has(scope)),
    format: targets.some(({ tokenFormat }) => tokenFormat === 'opaque') ? 'opaque' : 'jwt',
    // RFC 9068 §2.1: RS256 is the one that every resource server knows.
    ...(others.length > 0 ? { algorithm: 'RS256' as const } : algorithm ? { algorithm } : {}),
    ...(lifetimes.length > 0 ? { accessTokenSeconds: Math.min(...lifetimes) } : {}),
  };
}

function invalidTarget(description: string): OAuthError {
  return new OAuthError('invalid_target', description, { parameter: 'resource' });
}
