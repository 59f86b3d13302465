import { z } from 'zod';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../jwt/key-source.js';
import { Clock, SystemClock } from '../platform/clock.js';
import { type Duration, milliseconds } from '../platform/duration.js';
import { Outbound } from '../platform/outbound.js';
import type { Principal } from '../protocol/principal.js';
import { SessionStore } from '../sessions/session-store.js';
import {
  type BearerOptions,
  bearerProblems,
  bearerSchema,
  type BearerSettings,
  bearerSettings,
} from './bearer.options.js';
import type { Claims } from '../federation/oidc-client.js';
import { isLoopback, isSecure, issuerUrl, webUrl } from '../federation/web-url.js';
import { aFunction, duration, isDuration, text } from './option-schemas.js';
import { OptionsError } from './options-error.js';

export { isLoopback } from '../federation/web-url.js';
export type { BearerOptions } from './bearer.options.js';

/**
 * Tell TypeScript what your `mapUser` makes, and `@CurrentUser()` has a type everywhere:
 * `declare module 'nest-gatehouse/relying-party' { interface Register { user: ShopUser } }`.
 */
export interface Register {}

export type { Claims };

/** What `@CurrentUser()` gives: yours when it is registered, else the claims. */
export type CurrentUserType = Register extends { user: infer User } ? User : Claims;

/**
 * How a revoked credential is noticed: because the provider tells (`feed`), not before it ends (`expiry`), by asking the
 * provider each time (`introspect`, RFC 7662), or by a look into Redis: for what you have denied (`deny-list`, `DenyList`), or
 * for the number that a person's tokens must have at least (`version`, `TokenVersions`).
 */
export type RevocationMode = 'feed' | 'expiry' | 'introspect' | 'deny-list' | 'version';

/** What happens where the feed was silent for too long: the provider is asked, or nobody comes in. */
export type OnStale = 'introspect' | 'refuse';

/** How revoked credentials are noticed. */
export interface RevocationOptions {
  /** Default `feed` where the provider has one that this application may read (it needs a `clientSecret`), else `expiry`. */
  mode?: RevocationMode;
  /** The feed may have been silent for so long. Default `10s`. */
  maxStaleness?: Duration;
  /** Default `introspect`. */
  onStale?: OnStale;
  /** More rules than these are not held: then the feed counts as stale. Default 2 000 000. */
  maxRules?: number;
  /** What this process is called in receipts; no two may have one name. Default a random name. */
  instance?: string;
  /**
   * The full URL of this very process's `/auth/signals`, as the provider reaches it: events are then pushed (RFC 8935).
   * Default: they are polled for, which works from behind any firewall.
   */
  pushUrl?: string;
  /** `redis://…`, for `deny-list` and `version`. */
  redis?: string;
  /** The claim that `version` reads. Default `token_version`. */
  versionClaim?: string;
}

/** Sign-in through the provider, kept in a session of this application. */
export interface SessionOptions {
  /** `sealed-cookie` keeps nothing on the server; `memory` is for a provider on loopback only. */
  store: 'postgres' | 'redis' | 'sealed-cookie' | 'memory' | SessionStore;
  /** `postgres://…` or `redis://…` for the stores of these names. */
  url?: string;
  /** Seals what is kept in sessions. At least 32 bytes; in a list the first seals and all of them open. */
  secret: string | string[];
  /** `name` must begin with `__Host-` and be this application's own: cookies are not kept apart by port. */
  cookie: { name: string };
  /** Ends a session that is not used. Default `30m`. */
  idle?: Duration;
  /** Ends every session. Default `12h`. */
  absolute?: Duration;
  /**
   * How long a session that was read is used again without asking the store, at most `1s`: that much later an end in another
   * process is noticed; in this process at once. Default: the store is asked for every request.
   */
  cache?: Duration;
  /**
   * For `sealed-cookie`: how long the provider answers a repeated refresh token with the same answer (Gatehouse: `10s`). Without
   * it such sessions' access tokens are not renewed.
   */
  refreshGrace?: Duration;
}

const DEFAULT_ACR = { mfa: ['urn:gatehouse:mfa', 'phr'] };

/** What {@link RelyingPartyModule} is told. At least one of `session` and `bearer`. */
export interface RelyingPartyOptions {
  /** The provider, exactly as its tokens write it in `iss`. */
  issuer: string;
  clientId?: string;
  /** Left out by a public client. */
  clientSecret?: string;
  /** The full URL of this application's `/auth/callback`; also says what its own origin is. */
  redirectUri?: string;
  /** Where the provider sends the browser after sign-out. Default this application's start page. */
  postLogoutRedirectUri?: string;
  /** Asked for at sign-in. Default `openid profile email`. */
  scope?: string;
  /**
   * What ID tokens and logout tokens may be signed with: name the one that is registered (`id_token_signed_response_alg`).
   * Default whatever the provider has keys for.
   */
  idTokenAlgorithms?: SigningAlgorithm[];
  session?: SessionOptions;
  bearer?: BearerOptions;
  revocation?: RevocationOptions;
  /** `auto` sends a browser that navigates to sign in; `refuse` answers 401 to everything. Default `auto`. */
  unauthenticated?: 'auto' | 'refuse';
  /** How far the clocks may be apart, at most `60s`. Default `5s`. */
  clockSkew?: Duration;
  /** Makes your user of the claims; not called for programs that act for themselves. Throwing refuses the request. */
  mapUser?: (claims: Claims, principal: Principal) => unknown;
  /**
   * What `@RequireAcr` may say instead of the provider's own `acr` values, each with all that satisfy it, the preferred first.
   * Default `{ mfa: ['urn:gatehouse:mfa', 'phr'] }`.
   */
  acr?: Record<string, string[]>;
  /** Reads the roles from the claims. Default the claim `roles`. */
  roles?: (claims: Claims) => string[];
  /**
   * Serves `/auth/description`: how each route is guarded, and how long a revoked credential may be let in at worst, for
   * `npx nest-gatehouse explain`. `true` is for development: a provider on loopback, and to nobody but this machine. In
   * production give a secret of at least 32 bytes, which whoever asks must know. Default: nobody is told anything.
   */
  describe?: boolean | { secret: string };
  /** For tests. */
  clock?: Clock;
  /** How HTTP requests are made. Default one of its own. */
  outbound?: Outbound;
}

/** The options once they are checked and complete. It is its own injection token. */
export class Settings {
  readonly issuer: string;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly session: Pick<SessionOptions, 'store' | 'cookie'> & {
    url: string | undefined;
    secrets: string[];
    idleMilliseconds: number;
    absoluteMilliseconds: number;
    cacheMilliseconds: number;
    refreshGraceMilliseconds: number;
    redirectUri: string;
    postLogoutRedirectUri: string;
    /** This application's own origin: what `Origin` must be. */
    origin: string;
    loginPath: string;
    clientId: string;
  } | undefined; // prettier-ignore
  readonly bearer: BearerSettings | undefined;
  readonly revocation: RevocationMode;
  readonly revocationRedis: string | undefined;
  readonly versionClaim: string;
  readonly feed: {
    /** Without one, the application goes by `expiry`; it did not ask for it by name. */
    isOptional: boolean;
    maxStalenessMilliseconds: number;
    onStale: OnStale;
    maxRules: number;
    instance: string | undefined;
    pushUrl: string | undefined;
  }; // prettier-ignore
  readonly scope: string;
  readonly idTokenAlgorithms: readonly SigningAlgorithm[];
  readonly unauthenticated: 'auto' | 'refuse';
  readonly skewSeconds: number;
  readonly mapUser: NonNullable<RelyingPartyOptions['mapUser']>;
  readonly acr: Readonly<Record<string, readonly string[]>>;
  readonly roles: ((claims: Claims) => string[]) | undefined;
  /** To whom it is described how this application is guarded; undefined: to nobody. */
  readonly describe: true | { secret: string } | undefined;
  readonly clock: Clock;
  readonly outbound: Outbound;

  /** @throws OptionsError that names every option that is wrong and what to do about it */
  constructor(options: RelyingPartyOptions) {
    const result = schema.safeParse(options);
    if (!result.success) {
      const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'options'}: ${message}`);
      throw new OptionsError('options_invalid', problems);
    }
    const { session, bearer, redirectUri = '' } = options;
    this.issuer = options.issuer;
    this.clientId = options.clientId;
    this.clientSecret = options.clientSecret;
    this.session = session && {
      store: session.store,
      cookie: session.cookie,
      url: session.url,
      secrets: [session.secret].flat(),
      idleMilliseconds: milliseconds(session.idle ?? '30m'),
      absoluteMilliseconds: milliseconds(session.absolute ?? '12h'),
      cacheMilliseconds: milliseconds(session.cache ?? 0),
      refreshGraceMilliseconds: milliseconds(session.refreshGrace ?? 0),
      redirectUri,
      postLogoutRedirectUri: options.postLogoutRedirectUri ?? new URL('/', redirectUri).href,
      origin: new URL(redirectUri).origin,
      loginPath: new URL('login', redirectUri).pathname,
      clientId: options.clientId ?? '',
    };
    const { mode, maxStaleness, onStale, maxRules, instance, pushUrl } = options.revocation ?? {};
    this.revocation = mode ?? (options.clientId && options.clientSecret ? 'feed' : 'expiry');
    this.revocationRedis = options.revocation?.redis;
    this.versionClaim = options.revocation?.versionClaim ?? 'token_version';
    this.feed = {
      isOptional: mode === undefined,
      maxStalenessMilliseconds: milliseconds(maxStaleness ?? '10s'),
      onStale: onStale ?? 'introspect',
      maxRules: maxRules ?? 2_000_000,
      instance,
      pushUrl,
    };
    this.bearer = bearer && bearerSettings(bearer, this);
    this.scope = options.scope ?? 'openid profile email';
    this.idTokenAlgorithms = options.idTokenAlgorithms ?? SIGNING_ALGORITHMS;
    this.unauthenticated = options.unauthenticated ?? 'auto';
    this.skewSeconds = milliseconds(options.clockSkew ?? '5s') / 1000;
    this.mapUser = options.mapUser ?? ((claims) => claims);
    this.acr = { ...DEFAULT_ACR, ...options.acr };
    this.roles = options.roles;
    this.describe = options.describe || undefined;
    this.clock = options.clock ?? new SystemClock();
    this.outbound = options.outbound ?? new Outbound({ clock: this.clock });
  }

  /** How it is noticed that what this issuer issued was revoked. The feed is that of the module's own issuer. */
  revocationOf(issuer: string): RevocationMode {
    const own = this.bearer?.issuers.find((one) => one.issuer === issuer)?.revocation;
    return own ?? (this.revocation === 'feed' && issuer !== this.issuer ? 'expiry' : this.revocation);
  }

  /** Whether anything here may go by the feed. */
  get usesFeed(): boolean {
    return this.revocation === 'feed';
  }

  /** What this application calls itself in `WWW-Authenticate`. */
  get realm(): string {
    return this.session?.cookie.name.replace('__Host-', '') ?? this.bearer?.issuers[0]!.audience[0] ?? 'api';
  }
}

const secret = z
  .string()
  .refine((value) => Buffer.byteLength(value) >= 32, 'must have at least 32 bytes; try: openssl rand -base64 48')
  .refine((value) => new Set(value).size >= 8, 'is not random; try: openssl rand -base64 48');
const store = z.union([
  z.enum(['postgres', 'redis', 'sealed-cookie', 'memory']),
  z.custom<SessionStore>((value) => value instanceof SessionStore),
], "must be 'postgres', 'redis', 'sealed-cookie', 'memory' or a SessionStore"); // prettier-ignore

const SCHEMES: Record<string, RegExp> = { postgres: /^postgres(ql)?:\/\//, redis: /^rediss?:\/\// };

const sessionSchema = z
  .strictObject({
    store,
    url: z.string().optional(),
    secret: z.union(
      [secret, z.array(secret).min(1)],
      'must be a secret, or a list of them, of at least 32 random bytes',
    ),
    cookie: z.strictObject({
      name: z
        .string()
        .regex(/^__Host-[A-Za-z0-9_-]+$/, 'must be __Host- and a plain name')
        .refine((name) => !name.startsWith('__Host-gatehouse-'), 'must not begin with __Host-gatehouse-: so do those of the provider, perhaps on the same host'), // prettier-ignore
    }),
    idle: duration.optional(),
    absolute: duration.optional(),
    cache: duration.refine((value) => isDuration(value) && milliseconds(value) <= 1000, 'must be at most 1s').optional(), // prettier-ignore
    refreshGrace: duration.optional(),
  })
  .superRefine(({ store: kind, url, refreshGrace }, context) => {
    const complain = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    const name = typeof kind === 'string' ? kind : '';
    const scheme = SCHEMES[name];
    if (scheme && !(url && URL.canParse(url) && scheme.test(url))) {
      complain(['url'], `is needed for store: '${name}', such as ${name}://localhost/`);
    }
    if (!scheme && name && url !== undefined) complain(['url'], "is for store: 'postgres' and 'redis' only");
    if (refreshGrace !== undefined && kind !== 'sealed-cookie') {
      complain(['refreshGrace'], "is for store: 'sealed-cookie' only: other stores let one process renew at a time");
    }
  });

const schema = z
  .strictObject({
    issuer: issuerUrl,
    clientId: text.optional(),
    clientSecret: text.optional(),
    redirectUri: webUrl.optional(),
    postLogoutRedirectUri: webUrl.optional(),
    scope: z
      .string()
      .refine((value) => value.split(' ').includes('openid'), 'must contain openid')
      .optional(),
    idTokenAlgorithms: z.array(z.enum(SIGNING_ALGORITHMS)).min(1).optional(),
    session: sessionSchema.optional(),
    bearer: bearerSchema.optional(),
    revocation: z
      .strictObject({
        mode: z.enum(['feed', 'expiry', 'introspect', 'deny-list', 'version']).optional(),
        redis: z
          .string()
          .regex(/^rediss?:\/\//, 'must be a URL such as redis://localhost/')
          .optional(),
        versionClaim: text.optional(),
        maxStaleness: duration.optional(),
        onStale: z.enum(['introspect', 'refuse']).optional(),
        maxRules: z.int().min(1000, 'must be at least 1000').optional(),
        instance: z
          .string()
          .regex(/^[\w.:-]{1,100}$/, 'must be 1 to 100 letters, digits, dots, colons or hyphens')
          .optional(),
        pushUrl: webUrl
          .refine((url) => url.endsWith('/auth/signals'), 'must be the full URL of /auth/signals')
          .optional(),
      })
      .optional(),
    unauthenticated: z.enum(['auto', 'refuse']).optional(),
    clockSkew: duration.refine((value) => isDuration(value) && milliseconds(value) <= 60_000, 'must be at most 60s').optional(), // prettier-ignore
    mapUser: aFunction.optional(),
    acr: z.record(text, z.array(text).min(1)).optional(),
    roles: aFunction.optional(),
    describe: z.union([z.boolean(), z.strictObject({ secret })], 'must be true or { secret }').optional(),
    clock: z.custom<Clock>((value) => value instanceof Clock, 'must be a Clock').optional(),
    outbound: z.custom<Outbound>((value) => value instanceof Outbound, 'must be an Outbound').optional(),
  })
  .superRefine((options, context) => {
    const complain = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });
    const { issuer, session, bearer, clientId, clientSecret, redirectUri, revocation } = options;
    if (!session && !bearer) complain([], 'give session, bearer or both: without them no request can be authenticated');
    const { mode } = revocation ?? {};
    if (options.describe === true && !isLoopback(issuer)) {
      complain(
        ['describe'],
        'true is for development only: strangers would learn how you are guarded. Give { secret }',
      );
    }
    if ((mode === 'introspect' || mode === 'feed') && !(clientId && clientSecret)) {
      complain(['revocation', 'mode'], `'${mode}' needs clientId and clientSecret`);
    }
    if ((mode === 'deny-list' || mode === 'version') && revocation?.redis === undefined) {
      complain(['revocation', 'redis'], `'${mode}' needs the Redis to look into, such as redis://localhost/`);
    }
    const own = { issuer, clientId, clientSecret, revocation: revocation?.mode ?? 'expiry' };
    const problems = bearer ? bearerProblems(bearer as BearerOptions, own) : [];
    for (const { path, message } of problems) complain(['bearer', ...path], message);
    if (!session) return;
    if (!clientId) complain(['clientId'], 'is needed for session');
    if (!redirectUri?.endsWith('/auth/callback')) complain(['redirectUri'], 'must be the full URL of /auth/callback');
    else if (!isSecure(redirectUri)) {
      complain(['redirectUri'], 'must be https://: browsers keep __Host- cookies for secure origins only');
    }
    if (session.store === 'memory' && !(isLoopback(issuer) && redirectUri && isLoopback(redirectUri))) {
      complain(['session', 'store'], "'memory' forgets everybody at each restart: use 'postgres' in production");
    }
  });
