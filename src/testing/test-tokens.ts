import { signCompactJws, unsignedCompactJws } from '../jwt/compact-signer.js';
import type { SigningAlgorithm } from '../jwt/key-source.js';
import type { Clock } from '../platform/clock.js';
import { type Duration, seconds } from '../platform/duration.js';
import { randomToken } from '../platform/secret.js';
import type { TestKeys } from './test-keys.js';

/** Who and what an access token is for. Everything has a default: a good token of `alice` for the application under test. */
export interface AccessTokenOptions {
  /** Whose it is. Default `alice`. */
  sub?: string;
  /** Space-separated. Default none. */
  scope?: string;
  roles?: string[];
  /** The client it was issued to. Default `test-client`; with `sub` the same, a program's own token. */
  clientId?: string;
  /** The provider's session behind it, for {@link TestIdentityProvider.revoke}. */
  sid?: string;
  /** Default what the connected application takes. */
  audience?: string | string[];
  /** From now. Default `5m`. */
  lifetime?: Duration;
  /** More claims, or others; `undefined` leaves one out. */
  claims?: Record<string, unknown>;
  /** Default the first algorithm of the issuer. */
  alg?: SigningAlgorithm;
}

/** What is wrong with a token that must be refused. */
export interface Flaws {
  /** Its end has passed. */
  expired?: boolean;
  /** Its time has not come. */
  notYetValid?: boolean;
  /** For another API. */
  wrongAudience?: boolean;
  /** From another issuer, by its `iss`. */
  wrongIssuer?: boolean;
  /** `alg: none`, and no signature. */
  unsigned?: boolean;
  /** Signed by a key that is not published. */
  unknownKey?: boolean;
  /** Somebody changed the claims after it was signed. */
  tampered?: boolean;
  /** Not an access token but the ID token of a sign-in. */
  idToken?: boolean;
  /** Good by itself, but the provider says that it is not active any more. */
  revoked?: boolean;
  /** A reference that only introspection can read. Not wrong by itself. */
  opaque?: boolean;
}

/** What {@link TestIdentityProvider.bearer} takes. */
export type BearerTokenOptions = AccessTokenOptions & Flaws;

/** What the issuer remembers of a token it made. */
export interface IssuedToken {
  claims: Record<string, unknown>;
  revoked: boolean;
}

/** Makes the tokens of the test issuer, good ones and bad ones, and knows them again when it is asked about one. */
export class TestTokens {
  private readonly issued = new Map<string, IssuedToken>();
  constructor(
    private readonly issuer: string,
    private readonly keys: TestKeys,
    private readonly clock: Clock,
    /** What tokens are for when a test does not say. */
    public audience: string | string[] | undefined,
  ) {}

  /** An access token (RFC 9068), or what the flaws make of it. */
  access({ claims, alg, lifetime = '5m', ...options }: BearerTokenOptions = {}): string {
    if (options.idToken) return this.id({ sub: options.sub ?? 'alice', clientId: options.clientId ?? 'test-client' });
    const now = this.clock.seconds();
    const payload = withoutUndefined({
      iss: options.wrongIssuer ? 'https://somebody-else.test' : this.issuer,
      sub: options.sub ?? 'alice',
      aud: options.wrongAudience ? 'urn:test:another-api' : (options.audience ?? this.audience ?? 'urn:test:api'),
      client_id: options.clientId ?? 'test-client',
      scope: options.scope,
      roles: options.roles,
      sid: options.sid,
      jti: randomToken(12),
      iat: options.expired ? now - 7200 : now,
      nbf: options.notYetValid ? now + 3600 : undefined,
      exp: options.expired ? now - 3600 : now + seconds(lifetime),
      ...claims,
    });
    const token = this.write(payload, options, alg);
    this.issued.set(token, { claims: payload, revoked: options.revoked ?? false });
    return token;
  }

  /** An ID token (OpenID Connect Core §2). */
  id({ sub, clientId, claims }: { sub: string; clientId: string; claims?: Record<string, unknown> }): string {
    const now = this.clock.seconds();
    const payload = { iss: this.issuer, sub, aud: clientId, iat: now, exp: now + 300, auth_time: now, ...claims };
    return this.sign(payload, 'JWT');
  }

  /** A logout token (Back-Channel Logout 1.0 §2.4). */
  logout(subject: { sub?: string; sid?: string }, clientId: string): string {
    const now = this.clock.seconds();
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const about = withoutUndefined({ ...subject });
    const claims = { iss: this.issuer, aud: clientId, iat: now, exp: now + 120, jti: randomToken(12), events };
    return this.sign({ ...claims, ...about }, 'logout+jwt');
  }

  /** The claims of a token that is active now (RFC 7662 §2.2). */
  active(token: string): Record<string, unknown> | undefined {
    const found = this.issued.get(token);
    return found && !found.revoked && Number(found.claims['exp']) > this.clock.seconds() ? found.claims : undefined;
  }

  /** Every token whose claims say so is active no more. */
  revoke(isMeant: (claims: Record<string, unknown>, token: string) => boolean): void {
    for (const [token, record] of this.issued) if (isMeant(record.claims, token)) record.revoked = true;
  }

  private write(payload: Record<string, unknown>, flaws: Flaws, alg?: SigningAlgorithm): string {
    if (flaws.opaque) return randomToken();
    if (flaws.unsigned) return unsignedCompactJws(payload);
    if (flaws.tampered) {
      const [header, , signature] = this.sign(payload, 'at+jwt', alg).split('.');
      const changed = Buffer.from(JSON.stringify({ ...payload, sub: 'admin' })).toString('base64url');
      return `${header}.${changed}.${signature}`;
    }
    return this.sign(payload, 'at+jwt', alg, flaws.unknownKey ? this.keys.unknown(alg) : undefined);
  }

  private sign(payload: object, typ: string, alg?: SigningAlgorithm, key = this.keys.active(alg)): string {
    return signCompactJws({ alg: key.algorithm, typ, kid: key.kid }, payload, key);
  }
}

function withoutUndefined<T extends object>(object: T): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
