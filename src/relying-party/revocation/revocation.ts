import type { MaybePromise } from '../maybe-promise.js';
import type { Principal } from '../../protocol/principal.js';

/** A credential that is good by itself: what a revocation mode decides about. */
export interface Evidence {
  principal: Pick<Principal, 'scheme' | 'issuer'>;
  accessToken: string;
}

/** One way of noticing that a credential was revoked before its end. */
export abstract class Revocation {
  /**
   * Whether this credential is revoked.
   * @throws ProviderUnavailableError when it cannot be known: the request is refused with 503
   */
  abstract isRevoked(evidence: Evidence): MaybePromise<boolean>;
}
