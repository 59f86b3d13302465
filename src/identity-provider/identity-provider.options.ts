import type { ClaimsHook, TokenPolicy } from '../authorizations/token-policy.js';
import { LONGEST_TOKEN_SECONDS } from '../keys/key-ring.js';
import { type Duration, seconds } from '../platform/duration.js';

/** In seconds. */
const LONGEST = { accessToken: LONGEST_TOKEN_SECONDS, idToken: LONGEST_TOKEN_SECONDS, code: 600 };

/** `secure`: OAuth 2.1 and RFC 9700. `certification`: what the OpenID Foundation's suite wants beyond it. */
export type PolicyPreset = 'secure' | 'certification';

/** Who may register clients (RFC 7591): nobody, holders of the initial access token, or everybody. */
export type Registration = 'off' | 'token' | 'open';

export interface IdentityProviderOptions {
  /** The issuer identifier: an origin such as `https://id.example.com`, without a slash at the end. */
  issuer: string;
  policy?: PolicyPreset;
  registration?: Registration;
  /** For `registration: 'token'`: at least 32 characters. */
  initialAccessToken?: string;
  lifetimes?: {
    /** Default 5 minutes, at most a day: so long a retired key stays published. */
    accessToken?: Duration;
    /** Default 5 minutes, at most a day. */
    idToken?: Duration;
    /** Default 60 seconds, at most ten minutes (RFC 6749 §4.1.2). */
    code?: Duration;
    /** How long a person has to sign in for a device (RFC 8628 §3.2 `expires_in`). Default 10 minutes. */
    deviceCode?: Duration;
    /** A refresh token that rests for longer is dead. Default 14 days. */
    refreshIdle?: Duration;
    /** A refresh token's family ends, whatever its use. Default 90 days. */
    refreshAbsolute?: Duration;
    /** How long the same refresh token gets the same answer again. Default 10 seconds. */
    refreshGrace?: Duration;
    /**
     * How long a revocation is told. No application may keep a session for longer. Default 7 days, at least an hour; what was
     * revoked before it was lowered is told for as long as it was then.
     */
    revocationRetention?: Duration;
  };
  /** How often the signing keys are replaced. Default 30 days. */
  keyRotation?: Duration;
  /** Claims of your own in access tokens and ID tokens. A name that the protocol gives a meaning keeps that meaning. */
  claims?: ClaimsHook;
}

/** The options with every default filled in. It is its own injection token. */
export class IdentityProviderSettings {
  readonly issuer: string;
  readonly policy: PolicyPreset;
  readonly registration: Registration;
  readonly initialAccessToken?: string;
  readonly keyRotationMilliseconds: number;

  /** @throws Error naming the option that is malformed. */
  constructor(private readonly options: IdentityProviderOptions) {
    const { issuer } = options;
    if (!URL.canParse(issuer) || new URL(issuer).origin !== issuer) {
      throw new Error(`IdentityProviderModule: issuer '${issuer}' must be an origin such as https://id.example.com`);
    }
    this.issuer = issuer;
    this.policy = options.policy ?? 'secure';
    this.registration = options.registration ?? 'off';
    if (this.registration === 'token' && (options.initialAccessToken?.length ?? 0) < 32) {
      throw new Error(
        "IdentityProviderModule: registration 'token' needs an initialAccessToken of at least 32 characters",
      );
    }
    if (options.initialAccessToken) this.initialAccessToken = options.initialAccessToken;
    this.keyRotationMilliseconds = seconds(options.keyRotation ?? '30d') * 1000;
    for (const [name, most] of Object.entries(LONGEST)) {
      const chosen = options.lifetimes?.[name as keyof typeof LONGEST];
      if (chosen === undefined || (seconds(chosen) >= 1 && seconds(chosen) <= most)) continue;
      throw new Error(`IdentityProviderModule: lifetimes.${name} must be from 1 to ${most} seconds`);
    }
    const retention = options.lifetimes?.revocationRetention;
    if (retention !== undefined && seconds(retention) < 3600) {
      throw new Error('IdentityProviderModule: lifetimes.revocationRetention must be at least an hour');
    }
  }

  /** The part of the settings that tokens are made by. */
  tokenPolicy(): Partial<TokenPolicy> & { issuer: string } {
    const { lifetimes = {} } = this.options;
    const chosen = Object.entries({
      accessTokenSeconds: lifetimes.accessToken,
      idTokenSeconds: lifetimes.idToken,
      codeSeconds: lifetimes.code,
      deviceCodeSeconds: lifetimes.deviceCode,
      refreshIdleSeconds: lifetimes.refreshIdle,
      refreshAbsoluteSeconds: lifetimes.refreshAbsolute,
      refreshGraceSeconds: lifetimes.refreshGrace,
      revocationRetentionSeconds: lifetimes.revocationRetention,
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, seconds(value)] as const]));
    const { claims } = this.options;
    return {
      issuer: this.issuer,
      strangersMayUseAllowances: this.policy === 'certification',
      ...Object.fromEntries(chosen),
      ...(claims ? { claims } : {}),
    };
  }
}
