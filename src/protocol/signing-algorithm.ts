/** Signature algorithms we sign with and believe: asymmetric only (RFC 7518 §3.1, RFC 8037). */
export const SIGNING_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];
