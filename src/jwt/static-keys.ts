import { lookUp, readKeySet } from './fetched-keys.js';
import { type SigningAlgorithm, type VerificationKey, VerificationKeys } from './key-source.js';
import { keyObjectOf } from './remote-keys.js';

/** The public keys of a JWK Set that is at hand, for example one that a client registered by value. */
export class StaticKeys extends VerificationKeys {
  constructor(
    private readonly document: unknown,
    private readonly algorithms: readonly SigningAlgorithm[],
  ) {
    super();
  }

  async find(kid: string | undefined, algorithm: SigningAlgorithm): Promise<VerificationKey | undefined> {
    return lookUp(await readKeySet(this.document, this.algorithms, keyObjectOf), kid, algorithm);
  }

  /** Nothing is remembered here: the next look-up makes the key anew. */
  holds(): boolean {
    return false;
  }
}
