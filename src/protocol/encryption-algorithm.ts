/** How the key of a message is agreed on (RFC 7518 §4.3 and §4.6). RSA1_5 and the passwords are not among them. */
export const KEY_MANAGEMENT_ALGORITHMS = ['RSA-OAEP-256', 'ECDH-ES'] as const;
export type KeyManagementAlgorithm = (typeof KEY_MANAGEMENT_ALGORITHMS)[number];

/** How a message is encrypted (RFC 7518 §5.2.3 and §5.3). */
export const CONTENT_ENCRYPTION_ALGORITHMS = ['A128CBC-HS256', 'A256GCM'] as const;
export type ContentEncryptionAlgorithm = (typeof CONTENT_ENCRYPTION_ALGORITHMS)[number];

/** What OpenID Connect Registration §2 lets a client mean that names no `enc`. */
export const DEFAULT_CONTENT_ENCRYPTION: ContentEncryptionAlgorithm = 'A128CBC-HS256';

const CURVES = ['P-256', 'P-384', 'P-521', 'X25519'];
const OPERATIONS: Record<KeyManagementAlgorithm, string[]> = {
  'RSA-OAEP-256': ['encrypt', 'wrapKey'],
  'ECDH-ES': ['deriveKey', 'deriveBits'],
};

/** Whether one may encrypt with this JWK by this algorithm: by its kind, and by what it says it is for (RFC 7517 §4). */
export function isEncryptionKey(jwk: Readonly<Record<string, unknown>>, algorithm: KeyManagementAlgorithm): boolean {
  const { kty, crv, use, alg, key_ops: operations } = jwk;
  if (use !== undefined && use !== 'enc') return false;
  if (alg !== undefined && alg !== algorithm) return false;
  // RFC 7518 §6: a public ECDH key may also name no operation at all.
  if (Array.isArray(operations) && operations.length > 0) {
    if (!OPERATIONS[algorithm].some((operation) => operations.includes(operation))) return false;
  }
  if (algorithm === 'RSA-OAEP-256') return kty === 'RSA';
  return (kty === 'EC' || kty === 'OKP') && CURVES.some((curve) => curve === crv);
}
