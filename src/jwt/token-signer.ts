import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { SignJWT } from 'jose';
import type { SigningAlgorithm, SigningKey } from './key-source.js';
import { SigningKeys } from './key-source.js';

/** The media types of our tokens, as the header's `typ` names them (RFC 8725 §3.11). */
export type TokenType =
  'JWT' | 'at+jwt' | 'logout+jwt' | 'token-introspection+jwt' | 'secevent+jwt' | 'gatehouse-snapshot+jwt';

/** The only maker of JWTs. Every token has `typ`, `kid` and `alg`. */
@Injectable()
export class TokenSigner {
  // No module-level secret: it would win over the key of a call.
  private readonly jwt = new JwtService();

  constructor(private readonly keys: SigningKeys) {}

  /**
   * Signs `claims` as they are; times in them are NumericDates. `iat` is always among them: left out, the library would
   * fill it in from a clock of its own.
   */
  async sign(
    claims: Record<string, unknown> & { iat: number },
    typ: TokenType,
    algorithm: SigningAlgorithm,
  ): Promise<string> {
    const key = await this.keys.active(algorithm);
    return algorithm === 'EdDSA' ? this.signWithJose(claims, typ, key) : this.signWithNest(claims, typ, key);
  }

  private signWithNest(claims: Record<string, unknown>, typ: TokenType, { kid, algorithm, key }: SigningKey): string {
    return this.jwt.sign(claims, {
      privateKey: key as never,
      algorithm: algorithm as 'ES256',
      header: { alg: algorithm, typ, kid },
    });
  }

  /** `jsonwebtoken`, which `@nestjs/jwt` stands on, has no EdDSA. */
  private signWithJose(claims: Record<string, unknown>, typ: TokenType, { kid, algorithm, key }: SigningKey) {
    return new SignJWT(claims).setProtectedHeader({ alg: algorithm, typ, kid }).sign(key);
  }
}
