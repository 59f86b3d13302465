import type { KeyObject } from 'node:crypto';
import type { SigningAlgorithm } from '../protocol/signing-algorithm.js';

export { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../protocol/signing-algorithm.js';

/** A public key together with the one algorithm it is used with (RFC 8725 §3.1). */
export interface VerificationKey<K = KeyObject> {
  kid: string;
  algorithm: SigningAlgorithm;
  key: K;
  /** RFC 7638, where the key came as a JWK. */
  thumbprint?: string;
}

/** A private key that signs now. */
export interface SigningKey {
  kid: string;
  algorithm: SigningAlgorithm;
  key: KeyObject;
}

/** Where a verifier finds the key that a token's header names. */
export abstract class VerificationKeys<K = KeyObject> {
  /**
   * The key of this `kid` when it may be used with `algorithm`; undefined when there is none. Without a `kid`, the only
   * key for that algorithm, if there is exactly one.
   */
  abstract find(kid: string | undefined, algorithm: SigningAlgorithm): Promise<VerificationKey<K> | undefined>;

  /** Whether a key that was found here is still one to believe, without asking anybody. No when that is not known. */
  abstract holds(key: VerificationKey<K>): boolean;
}

/** Where a signer finds the key that is active now. */
export abstract class SigningKeys {
  /** @throws Error when there is no active key for the algorithm. */
  abstract active(algorithm: SigningAlgorithm): Promise<SigningKey>;
}
