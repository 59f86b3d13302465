import { JwtService } from '@nestjs/jwt';
import { TokenError } from './token-error.js';
import { unproved } from './unproved.js';

const REFUSED_PARAMETERS = ['crit', 'jwk', 'jku', 'x5u', 'x5c', 'b64', 'zip', 'cty'];
const jwt = new JwtService({});

/**
 * The claims of a JWS under a shared secret, HS256 only: what `client_secret_jwt` sends. No other token of ours is
 * symmetric, and the key is never a public one (RFC 8725 §2.1).
 * @throws TokenError
 */
export function verifySecretJws(token: string, secret: string): Record<string, unknown> {
  const parsed = unproved(token);
  if (!parsed) throw new TokenError('malformed_token', 'it is not a compact JWS');
  if (REFUSED_PARAMETERS.some((name) => Object.hasOwn(parsed.header, name))) {
    throw new TokenError('malformed_token', 'a header parameter is not accepted');
  }
  try {
    return jwt.verify<Record<string, unknown>>(token, {
      secret,
      algorithms: ['HS256'],
      ignoreExpiration: true,
      ignoreNotBefore: true,
    });
  } catch {
    throw new TokenError('signature_invalid', 'the signature does not verify');
  }
}
