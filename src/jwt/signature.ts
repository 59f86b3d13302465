import { JwtService, type JwtVerifyOptions } from '@nestjs/jwt';
import { compactVerify } from 'jose';
import type { VerificationKey } from './key-source.js';
import { TokenError } from './token-error.js';

// Neither a secret nor a key of its own: a module-level one would win over the key of each call.
const jwt = new JwtService({});

/** The signature of a JWS whose header was checked. @throws TokenError signature_invalid */
export async function verifySignature(token: string, { key, algorithm }: VerificationKey): Promise<void> {
  try {
    if (algorithm === 'EdDSA') {
      await compactVerify(token, key, { algorithms: ['EdDSA', 'Ed25519'] });
    } else {
      // The library's types know only text, the library itself takes a KeyObject. Times are checked by our own clock.
      const publicKey = key as unknown as JwtVerifyOptions['publicKey'];
      jwt.verify(token, { publicKey, algorithms: [algorithm], ignoreExpiration: true, ignoreNotBefore: true });
    }
  } catch {
    throw new TokenError('signature_invalid', 'the signature does not verify');
  }
}
