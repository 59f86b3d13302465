import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import { KEY_MANAGEMENT_ALGORITHMS, type KeyManagementAlgorithm } from '../protocol/encryption-algorithm.js';
import type { SigningAlgorithm } from './key-source.js';

/** What a key of ours is for. */
export type KeyAlgorithm = SigningAlgorithm | KeyManagementAlgorithm;

/** A public key as a JWK Set shows it (RFC 7517 §4): no private member, one algorithm, for signatures or for encryption. */
export interface PublicJwk {
  kty: string;
  kid: string;
  alg: KeyAlgorithm;
  use: 'sig' | 'enc';
  [member: string]: unknown;
}

export interface KeyPair {
  privateKey: KeyObject;
  publicJwk: PublicJwk;
}

const generate = promisify(generateKeyPair);

/**
 * Makes a key pair for one algorithm: RSA 2048, P-256 or Ed25519. Its `kid` is the thumbprint of RFC 7638, never one that
 * begins with a dash: `keys revoke` would take it for an option.
 */
export async function makeKeyPair(algorithm: KeyAlgorithm): Promise<KeyPair> {
  const { publicKey, privateKey } = await generateFor(algorithm);
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  if (kid.startsWith('-')) return makeKeyPair(algorithm);
  const use = isForEncryption(algorithm) ? 'enc' : 'sig';
  return { privateKey, publicJwk: { ...jwk, kty: jwk.kty!, kid, alg: algorithm, use } };
}

export function isForEncryption(algorithm: KeyAlgorithm): algorithm is KeyManagementAlgorithm {
  return KEY_MANAGEMENT_ALGORITHMS.some((known) => known === algorithm);
}

function generateFor(algorithm: KeyAlgorithm): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  switch (algorithm) {
    case 'RS256':
    case 'PS256':
    case 'RSA-OAEP-256':
      return generate('rsa', { modulusLength: 2048 });
    case 'ES256':
    case 'ECDH-ES':
      return generate('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generate('ed25519');
  }
}
