import { accessTokenPrincipal } from '../jwt/access-token.js';
import { parseCompactJws } from '../jwt/compact-jws.js';
import { boundKey, checkPossession, DpopProofs } from '../jwt/dpop-proof.js';
import type { SigningAlgorithm } from '../protocol/signing-algorithm.js';
import { TokenError } from '../jwt/token-error.js';
import type { Expectation } from '../jwt/token-verification.js';
import { RememberedProofs } from '../jwt/used-proofs.js';
import {
  type AccessTokenProfile,
  accessTokenProfile,
  type AccessTokenProfileName,
} from '../protocol/access-token-profile.js';
import { type PresentedToken, presentedToken } from '../protocol/bearer.js';
import type { Principal } from '../protocol/principal.js';
import { type Fetch, platformFetch, platformNow } from './outside.js';
import { AuthenticationError, missingToken } from './refusal.js';
import { EdgeKeys, EdgeTokenVerification } from './web-crypto.js';

/** One issuer whose access tokens are taken. */
export interface EdgeIssuer {
  /** Exactly as its tokens write it in `iss`. */
  issuer: string;
  /** What `aud` must contain: this API, never a client id. */
  audience: string | string[];
  /** Asymmetric only. Default `['ES256']`, with the profiles `keycloak` and `auth0` `['RS256']`. */
  algorithms?: SigningAlgorithm[];
  /** How its access tokens look. Default `rfc9068`, which is what Gatehouse issues. */
  profile?: AccessTokenProfileName | AccessTokenProfile;
  /** Where its keys are. Default: asked by discovery. */
  jwksUri?: string;
  /** Tokens that live longer than this, from `iat` to `exp`, are refused. Default 30 days. */
  maxTokenLifetimeSeconds?: number;
}

/** What {@link createTokenVerifier} is told. */
export interface TokenVerifierOptions extends EdgeIssuer {
  /** More issuers. */
  issuers?: EdgeIssuer[];
  /** The public origin of this API: tokens that are bound to a key (RFC 9449) are taken with it. */
  resource?: string;
  /** How far clocks may be apart, in seconds, at most 60. Default 5. */
  clockSkewSeconds?: number;
  /** Reads the roles. Default as the profile has them. */
  roles?: (claims: Readonly<Record<string, unknown>>) => string[];
  /** Default the platform's. */
  fetch?: Fetch;
  /** Epoch milliseconds. Default the platform's clock. */
  now?: () => number;
}

/** Verifies access tokens with nothing but WebCrypto and `fetch`. */
export interface TokenVerifier {
  /**
   * Who makes this request, by its `Authorization` header.
   * @throws AuthenticationError, which knows the response to give
   */
  authenticate(request: Request): Promise<Principal>;
  /**
   * Whose this access token is. A token that is bound to a key needs a request, and is refused here.
   * @throws AuthenticationError
   */
  verify(token: string): Promise<Principal>;
}

interface Verification {
  issuer: EdgeTokenVerification;
  expect: Expectation;
  profile: AccessTokenProfile;
}

/** @throws Error when the options cannot be meant */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { issuers = [], resource, roles, fetch = platformFetch, now = platformNow, clockSkewSeconds = 5 } = options;
  if (!(clockSkewSeconds >= 0 && clockSkewSeconds <= 60)) throw new Error('clockSkewSeconds must be from 0 to 60');
  const clock = { now, seconds: () => Math.floor(now() / 1000) };
  const verifications = new Map<string, Verification>();
  for (const one of [options, ...issuers]) {
    if (verifications.has(one.issuer)) throw new Error(`${one.issuer} is named twice`);
    verifications.set(one.issuer, verificationOf(one, { clock, fetch, skewSeconds: clockSkewSeconds }));
  }
  const origin = resource === undefined ? undefined : new URL(resource).origin;
  const proofs = new DpopProofs({ clock, used: new RememberedProofs(clock), skewSeconds: clockSkewSeconds });

  async function principalOf(token: string): Promise<Principal> {
    const jws = parseCompactJws(token);
    const { iss } = jws.payload;
    const found = typeof iss === 'string' ? verifications.get(iss) : undefined;
    if (!found) throw new TokenError('issuer_mismatch', 'iss is no issuer that is believed here');
    const claims = await found.issuer.verify(token, found.expect);
    return accessTokenPrincipal(claims, { profile: found.profile, roles }, jws.type);
  }

  async function judge({ scheme, token }: PresentedToken, request?: Request): Promise<Principal> {
    try {
      const principal = await principalOf(token);
      const prove =
        origin !== undefined && request
          ? () => proofs.check(proofsOf(request), { ...targetOf(request, origin), accessToken: token })
          : undefined;
      await checkPossession({ scheme, thumbprint: boundKey(principal.claims), isRequired: false, prove });
      return principal;
    } catch (error) {
      throw AuthenticationError.of(error, origin === undefined ? undefined : proofs.algorithms);
    }
  }

  return {
    verify: (token) => judge({ scheme: 'Bearer', token }),
    async authenticate(request) {
      const header = request.headers.get('authorization');
      const presented = header === null ? undefined : presentedToken(header);
      if (!presented) throw missingToken(header !== null, origin === undefined ? undefined : proofs.algorithms);
      return judge(presented, request);
    },
  };
}

function verificationOf(
  { issuer, audience, algorithms, profile: shape = 'rfc9068', jwksUri, ...more }: EdgeIssuer,
  { clock, fetch, skewSeconds }: { clock: { now(): number; seconds(): number }; fetch: Fetch; skewSeconds: number },
): Verification {
  const { maxTokenLifetimeSeconds: maxLifetimeSeconds = 30 * 86_400 } = more;
  if (!(maxLifetimeSeconds > 0)) throw new Error('maxTokenLifetimeSeconds must be more than 0');
  const profile = accessTokenProfile(shape);
  const accepted: SigningAlgorithm[] =
    algorithms ?? (typeof shape === 'string' && shape !== 'rfc9068' ? ['RS256'] : ['ES256']);
  const keys = new EdgeKeys(issuer, jwksUri, fetch, { clock, algorithms: accepted });
  return {
    issuer: new EdgeTokenVerification({ keys, issuer, algorithms: accepted, clock, skewSeconds }),
    expect: { types: profile.types, audience: [audience].flat(), maxLifetimeSeconds },
    profile,
  };
}

/** `Headers` joins several of one name with a comma, which no proof contains. */
function proofsOf(request: Request): string[] {
  return request.headers.get('dpop')?.split(', ') ?? [];
}

function targetOf({ method, url }: Request, origin: string): { method: string; url: string } {
  return { method, url: origin + new URL(url).pathname };
}
