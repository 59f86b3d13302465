import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import type { SigningAlgorithm } from './key-source.js';

/** A public key as a JWK Set shows it (RFC 7517 §4): no private member, one algorithm, for signatures. */
export interface PublicJwk {
  kty: string;
  kid: string;
  alg: SigningAlgorithm;
  use: 'sig';
  [member: string]: unknown;
}

export interface KeyPair {
  privateKey: KeyObject;
  publicJwk: PublicJwk;
}

const generate = promisify(generateKeyPair);

/** Makes a key pair for one algorithm: RSA 2048, P-256 or Ed25519. Its `kid` is the thumbprint of RFC 7638. */
export async function makeKeyPair(algorithm: SigningAlgorithm): Promise<KeyPair> {
  const { publicKey, privateKey } = await generateFor(algorithm);
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { privateKey, publicJwk: { ...jwk, kty: jwk.kty!, kid, alg: algorithm, use: 'sig' } };
}

function generateFor(algorithm: SigningAlgorithm): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  switch (algorithm) {
    case 'RS256':
    case 'PS256':
      return generate('rsa', { modulusLength: 2048 });
    case 'ES256':
      return generate('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generate('ed25519');
  }
}
