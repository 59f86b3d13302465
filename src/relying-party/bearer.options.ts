import { z } from 'zod';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../jwt/key-source.js';
import {
  ACCESS_TOKEN_PROFILES,
  type AccessTokenProfile,
  accessTokenProfile,
  type AccessTokenProfileName,
} from '../protocol/access-token-profile.js';
import type { RevocationMode } from './relying-party.options.js';
import { type Duration, seconds } from '../platform/duration.js';
import { aFunction, duration, text } from './option-schemas.js';
import { isSecure, issuerUrl, webUrl } from '../federation/web-url.js';

/** What is expected of the access tokens of one issuer. */
export interface AccessTokenOptions {
  /** What `aud` must contain: this API, never the application's own client id. */
  audience: string | string[];
  /** Asymmetric only. Default `['ES256']`, with the profiles `keycloak` and `auth0` `['RS256']`. */
  algorithms?: SigningAlgorithm[];
  /** How its access tokens look. Default `rfc9068`, which is what Gatehouse issues. */
  profile?: AccessTokenProfileName | AccessTokenProfile;
  /**
   * Also tokens that only the provider can read, by introspection (RFC 7662); they do not say whose they are, so one
   * issuer may have this. Default: that of the module, when it introspects.
   */
  opaqueTokens?: boolean;
  /**
   * Tokens that live longer than this, from `iat` to `exp`, are refused (`lifetime_too_long`): whoever steals one has it for
   * as long. Default `30d`, the longest that Auth0 gives; say what your provider issues.
   */
  maxTokenLifetime?: Duration;
}

/** One more issuer whose access tokens are taken. */
export interface FurtherIssuer extends AccessTokenOptions {
  /** Exactly as its tokens write it in `iss`. */
  issuer: string;
  /** Where its keys are, for an authorization server without OpenID Connect discovery. */
  jwksUri?: string;
  /** This application at that issuer, for introspection. */
  clientId?: string;
  clientSecret?: string;
  /** How its revoked tokens are noticed. Default that of the module. */
  revocation?: RevocationMode;
}

/** RFC 9728 §2: what clients may read about this API. */
export interface ResourceMetadata {
  name?: string;
  scopes?: string[];
  /** A page for developers. */
  documentation?: string;
}

/** Tokens that are bound to a key of the client (RFC 9449). */
export interface DpopOptions {
  /** Only such tokens. Default false: a token that is bound needs its proof, others come as Bearer. */
  required?: boolean;
  /** Clients must put a nonce of ours into their proofs (§9), so that none can be made in advance. Default false. */
  nonce?: boolean;
}

/** Access tokens in the `Authorization` header (RFC 6750, RFC 9449). */
export interface BearerOptions extends AccessTokenOptions {
  /** Issuers beside the module's own. */
  issuers?: FurtherIssuer[];
  /** The public URL of this API, as clients address it: needed for DPoP, and for the metadata. */
  resource?: string;
  /** Serves the protected resource metadata (RFC 9728), and points to them in `WWW-Authenticate`. */
  metadata?: boolean | ResourceMetadata;
  dpop?: DpopOptions;
}

/** One issuer, checked and complete. */
export interface IssuerSettings {
  issuer: string;
  audience: readonly string[];
  algorithms: readonly SigningAlgorithm[];
  profile: AccessTokenProfile;
  opaqueTokens: boolean;
  maxLifetimeSeconds: number;
  jwksUri?: string;
  clientId?: string;
  clientSecret?: string;
  revocation?: RevocationMode;
}

/** The options of `bearer`, checked and complete. */
export interface BearerSettings {
  /** The module's own issuer first. */
  issuers: readonly IssuerSettings[];
  resource: URL | undefined;
  metadata: ResourceMetadata | undefined;
  /** Absent where no address of ours is known that a proof could name. */
  dpop: Required<DpopOptions> | undefined;
}

/** The longest that Auth0 gives (2 592 000 s), and no provider that we know gives more. */
const LONGEST_TOKEN_LIFETIME = '30d';

const profile = z.union(
  [
    z.enum(Object.keys(ACCESS_TOKEN_PROFILES) as [AccessTokenProfileName]),
    z.strictObject({
      types: z.array(z.string()).min(1),
      isAccessToken: aFunction,
      scopes: aFunction,
      roles: aFunction,
      isClient: aFunction,
    }),
  ],
  `must be one of ${Object.keys(ACCESS_TOKEN_PROFILES).join(', ')}, or a profile of your own`,
);

const accessToken = {
  audience: z.union([text, z.array(text).min(1)], 'must be the audience of this API, or a list of them'),
  algorithms: z.array(z.enum(SIGNING_ALGORITHMS)).min(1).optional(),
  profile: profile.optional(),
  opaqueTokens: z.boolean().optional(),
  maxTokenLifetime: duration.optional(),
};

const furtherIssuer = z
  .strictObject({
    ...accessToken,
    issuer: issuerUrl,
    jwksUri: webUrl.refine(isSecure, 'must be https://').optional(),
    clientId: text.optional(),
    clientSecret: text.optional(),
    revocation: z.enum(['expiry', 'introspect']).optional(),
  })
  .superRefine(({ audience, clientId, clientSecret, opaqueTokens, revocation }, context) => {
    const complain = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    if (clientId && [audience].flat().includes(clientId)) {
      complain('audience', 'must not be the client id: ID tokens carry that audience');
    }
    if ((opaqueTokens || revocation === 'introspect') && !(clientId && clientSecret)) {
      complain('clientSecret', 'is needed for introspection, and clientId with it');
    }
  });

/** The shape of {@link BearerOptions}. */
export const bearerSchema = z
  .strictObject({
    ...accessToken,
    issuers: z.array(furtherIssuer).optional(),
    resource: webUrl
      .refine(isSecure, 'must be https://')
      .refine((value) => !/[?#]/.test(value), 'must have neither query nor fragment')
      .optional(),
    metadata: z
      .union([
        z.boolean(),
        z.strictObject({ name: text.optional(), scopes: z.array(text).optional(), documentation: webUrl.optional() }),
      ])
      .optional(),
    dpop: z.strictObject({ required: z.boolean().optional(), nonce: z.boolean().optional() }).optional(),
  })
  .superRefine(({ resource, metadata, dpop, issuers = [], opaqueTokens }, context) => {
    const complain = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (!resource && metadata) complain(['resource'], 'is needed for metadata: they say what this API is called');
    if (!resource && dpop) complain(['resource'], 'is needed for dpop: a proof names the address that it is for');
    if ([{ opaqueTokens }, ...issuers].filter((issuer) => issuer.opaqueTokens).length > 1) {
      complain(['opaqueTokens'], 'can be true for one issuer: such a token does not say whose it is');
    }
  });

/** What the module's own options say about its own issuer. */
export interface OwnIssuer {
  issuer: string;
  clientId?: string | undefined;
  clientSecret?: string | undefined;
  /** How revoked tokens are noticed, where an issuer does not say otherwise. */
  revocation: RevocationMode;
}

/** What no schema of one option alone can see. */
export function bearerProblems(bearer: BearerOptions, own: OwnIssuer): { path: PropertyKey[]; message: string }[] {
  const problems: { path: PropertyKey[]; message: string }[] = [];
  const issuers = bearer.issuers ?? [];
  if (own.clientId && [bearer.audience].flat().includes(own.clientId)) {
    problems.push({ path: ['audience'], message: 'must not be the client id: ID tokens carry that audience' });
  }
  if (bearer.opaqueTokens && !(own.clientId && own.clientSecret)) {
    problems.push({ path: ['opaqueTokens'], message: 'needs clientId and clientSecret' });
  }
  const known = new Set([own.issuer]);
  for (const [index, { issuer, revocation, clientId, clientSecret }] of issuers.entries()) {
    const path = (name: string) => ['issuers', index, name];
    if (known.has(issuer)) problems.push({ path: path('issuer'), message: 'is named twice' });
    known.add(issuer);
    if ((revocation ?? own.revocation) === 'introspect' && !(clientId && clientSecret)) {
      const message = "is needed where revocation is 'introspect'; or say revocation: 'expiry' for this issuer";
      problems.push({ path: path('clientSecret'), message });
    }
  }
  return problems;
}

/** Fills in what is not said. */
export function bearerSettings(bearer: BearerOptions, own: OwnIssuer): BearerSettings {
  const { resource, metadata, dpop, issuers = [] } = bearer;
  const isOther = issuers.some(({ opaqueTokens }) => opaqueTokens);
  const introspects = own.revocation === 'introspect' && !isOther;
  const { clientId, clientSecret } = own;
  return {
    issuers: [
      {
        ...issuerSettings({ ...bearer, issuer: own.issuer }),
        opaqueTokens: bearer.opaqueTokens ?? introspects,
        ...(clientId === undefined ? {} : { clientId }),
        ...(clientSecret === undefined ? {} : { clientSecret }),
      },
      ...issuers.map(issuerSettings),
    ],
    resource: resource === undefined ? undefined : new URL(resource),
    metadata: metadata === true ? {} : metadata || undefined,
    dpop: resource === undefined ? undefined : { required: false, nonce: false, ...dpop },
  };
}

function issuerSettings(options: FurtherIssuer): IssuerSettings {
  const { issuer, audience, algorithms, profile: shape = 'rfc9068', opaqueTokens = false } = options;
  const { maxTokenLifetime = LONGEST_TOKEN_LIFETIME } = options;
  const { jwksUri, clientId, clientSecret, revocation } = options;
  return {
    issuer,
    audience: [audience].flat(),
    algorithms: algorithms ?? [typeof shape === 'string' && shape !== 'rfc9068' ? 'RS256' : 'ES256'],
    profile: accessTokenProfile(shape),
    opaqueTokens,
    maxLifetimeSeconds: seconds(maxTokenLifetime),
    ...(jwksUri === undefined ? {} : { jwksUri }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(revocation === undefined ? {} : { revocation }),
  };
}
