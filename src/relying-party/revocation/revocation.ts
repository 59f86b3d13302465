import type { MaybePromise } from '../maybe-promise.js';
import type { Principal } from '../../protocol/principal.js';
import type { StalenessPolicy } from '../access.js';

/** A credential that is good by itself: what a revocation mode decides about. */
export interface Evidence {
  principal: Principal;
  accessToken: string;
}

/** One way of noticing that a credential was revoked before its end. */
export abstract class Revocation {
  /**
   * Whether this credential is revoked.
   * @param staleness what the route says about knowledge that is old
   * @throws ProviderUnavailableError, RevocationsUnknownError when it cannot be known: the request is refused with 503
   */
  abstract isRevoked(evidence: Evidence, staleness?: StalenessPolicy): MaybePromise<boolean>;
}

/** Nobody here can say whether a credential was revoked. */
export class RevocationsUnknownError extends Error {
  override readonly name = 'RevocationsUnknownError';
}
