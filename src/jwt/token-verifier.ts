import type { KeyObject } from 'node:crypto';
import type { VerificationKey } from './key-source.js';
import { verifySignature } from './signature.js';
import { type ProvenToken as Proven, TokenVerification } from './token-verification.js';

export type { Expectation, TokenVerifierOptions } from './token-verification.js';

export type ProvenToken = Proven<KeyObject>;

/** The verifier of servers: signatures by Node's own crypto. */
export class TokenVerifier extends TokenVerification<KeyObject> {
  protected verifySignature(token: string, key: VerificationKey): Promise<void> {
    return verifySignature(token, key);
  }
}
