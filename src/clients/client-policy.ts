import { z } from 'zod';
import { parseColour } from '../platform/branding/colour.js';
import { clientJwks, webUrl } from './client-metadata.js';

/**
 * Token exchange (RFC 8693): which tokens a client may make of those that it holds. Everything is denied that is not named.
 */
export interface ExchangePolicy {
  /** The audiences it may exchange toward: resources, or the issuer for the provider's own userinfo. */
  audiences: readonly string[];
  /** Scopes the new token may have although the old one lacks them: for an API that calls another one for its callers. */
  scopes: readonly string[];
  /** The new token need not say who acts (§1.1). */
  impersonation: boolean;
}

/** Somebody whose assertions a client may bring for tokens about a person (RFC 7523 §2.1). */
export const trustedIssuer = z
  .strictObject({
    /** Compared exactly with `iss`. */
    issuer: z.string().min(1).max(2000),
    jwks: clientJwks.optional(),
    jwks_uri: webUrl.optional(),
    /** What its `sub` is: a subject or a username of ours, or a name of its own that `subjects` lists. */
    subject: z.enum(['subject', 'username', 'listed']),
    /** Its names for people, and their subjects here. */
    subjects: z.record(z.string().min(1).max(500), z.string().min(1).max(200)).optional(),
  })
  .refine(({ jwks, jwks_uri: url }) => (jwks === undefined) !== (url === undefined), 'needs jwks or jwks_uri, not both')
  .refine(
    ({ subject, subjects }) => (subject === 'listed') === (subjects !== undefined),
    'needs subjects if, and only if, subject is listed',
  );
export type TrustedIssuer = z.infer<typeof trustedIssuer>;

const colour = z.string().refine((value) => parseColour(value) !== undefined, 'must be a colour such as #0a6558');

/** How the pages look that people see on behalf of a client. See `ClientLook`. */
export const lookPolicy = z
  .strictObject({ accent: colour.optional(), accentDark: colour.optional(), header: z.boolean().optional() })
  .refine(
    ({ accent, accentDark }) => accent !== undefined || accentDark === undefined,
    'accentDark needs accent as well',
  );
export type LookPolicy = z.infer<typeof lookPolicy>;

/** What we decided about a client; a stranger's registration never sets it. */
export interface ClientPolicy {
  /** Registered by a stranger (RFC 7591). */
  dynamic: boolean;
  /** Run by the people who run the provider: no consent page. */
  firstParty: boolean;
  /** S256 PKCE at the authorization endpoint. */
  requirePkce: boolean;
  /** Response types other than `code` and response modes other than `query`, also with the preset `secure`. */
  olderFlows: boolean;
  /** Form of its access tokens when no resource decides. */
  accessTokenFormat: 'jwt' | 'opaque';
  /** Nobody gets in with one factor alone; who has only one makes a second at sign-in. */
  secondFactor: boolean;
  exchange: ExchangePolicy;
  assertionIssuers: readonly TrustedIssuer[];
  look: LookPolicy;
}

export const DEFAULT_POLICY: ClientPolicy = {
  dynamic: false,
  firstParty: false,
  requirePkce: true,
  olderFlows: false,
  accessTokenFormat: 'jwt',
  secondFactor: false,
  exchange: { audiences: [], scopes: [], impersonation: false },
  assertionIssuers: [],
  look: {},
};
