import { Injectable } from '@nestjs/common';
import { signCompactJws } from './compact-signer.js';
import { type SigningAlgorithm, SigningKeys } from './key-source.js';

/** The media types of our tokens, as the header's `typ` names them (RFC 8725 §3.11). */
export type TokenType =
  'JWT' | 'at+jwt' | 'logout+jwt' | 'token-introspection+jwt' | 'secevent+jwt' | 'gatehouse-snapshot+jwt';

/** The only maker of JWTs. Every token has `typ`, `kid` and `alg`. */
@Injectable()
export class TokenSigner {
  constructor(private readonly keys: SigningKeys) {}

  /** Signs `claims` as they are; times in them are NumericDates. */
  async sign(
    claims: Record<string, unknown> & { iat: number },
    typ: TokenType,
    algorithm: SigningAlgorithm,
  ): Promise<string> {
    const key = await this.keys.active(algorithm);
    return signCompactJws({ alg: algorithm, typ, kid: key.kid }, claims, key);
  }
}
