import type { SigningAlgorithm } from '../jwt/key-source.js';
import type { User } from '../users/users.js';

/** Claims of the operator's own, for one token. */
export interface ExtraClaims {
  accessToken?: Record<string, unknown>;
  idToken?: Record<string, unknown>;
}

/** Asked whenever tokens about a person are issued. What the protocol says of a name wins over what this says. */
export type ClaimsHook = (about: {
  user: User;
  clientId: string;
  scopes: readonly string[];
}) => ExtraClaims | Promise<ExtraClaims>;

/** What decides how tokens look and how long they live. It is its own injection token. */
export class TokenPolicy {
  /** The provider's issuer identifier: an origin, without a slash at the end. */
  readonly issuer: string;
  readonly accessTokenAlgorithm: SigningAlgorithm = 'ES256';
  readonly accessTokenSeconds: number = 300;
  readonly idTokenSeconds: number = 300;
  /** RFC 6749 §4.1.2 recommends at most ten minutes; a minute is plenty for a redirect. */
  readonly codeSeconds: number = 60;
  /** How long a person has to enter a device's code and to decide (RFC 8628 §3.2). */
  readonly deviceCodeSeconds: number = 600;
  readonly refreshIdleSeconds: number = 14 * 86_400;
  readonly refreshAbsoluteSeconds: number = 90 * 86_400;
  /** How long the same refresh token gets the same answer again: for an answer lost on the way. */
  readonly refreshGraceSeconds: number = 10;
  /** How long a revocation is told to whoever asks: no relying party may keep a session for longer. */
  readonly revocationRetentionSeconds: number = 7 * 86_400;

  /** Whether OUTBOUND_ALLOW counts for the URLs of clients that registered themselves. */
  readonly strangersMayUseAllowances: boolean = false;

  readonly claims?: ClaimsHook;

  constructor(settings: Partial<TokenPolicy> & { issuer: string }) {
    Object.assign(this, Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)));
    this.issuer = settings.issuer;
  }
}
