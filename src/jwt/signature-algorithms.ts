import type { SigningAlgorithm } from './key-source.js';

interface Parameters {
  /** Null: the algorithm has one of its own. */
  digest: string | null;
  keyType: string;
  /** How the signature is written and padded, as `sign` and `verify` of Node's crypto take it. */
  options: { dsaEncoding?: 'ieee-p1363'; padding?: number; saltLength?: number };
}

const RSA_PSS_PADDING = 6;

/** RFC 7518 §3.3 to §3.5, RFC 8037 §3.1. */
export const PARAMETERS: Record<SigningAlgorithm, Parameters> = {
  ES256: { digest: 'sha256', keyType: 'ec', options: { dsaEncoding: 'ieee-p1363' } },
  RS256: { digest: 'sha256', keyType: 'rsa', options: {} },
  PS256: { digest: 'sha256', keyType: 'rsa', options: { padding: RSA_PSS_PADDING, saltLength: 32 } },
  EdDSA: { digest: null, keyType: 'ed25519', options: {} },
};
