import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/** A public key of a client (RFC 7517 §4): the members that are known, and nothing else. */
export interface ClientJwk extends Record<string, unknown> {
  kty: string;
  kid?: string;
  use?: string;
  alg?: string;
}

/** A larger RSA key makes every check of a signature expensive for us. */
const RSA_BITS = { least: 2048, most: 8192 };
/** FIPS 186-5 §5.1: a smaller public exponent is no sound key, a larger one makes every check expensive, too. */
const RSA_EXPONENT = { least: 65_537n, most: 2n ** 256n };
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1'];
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const NUMBERS = ['n', 'e', 'x', 'y'];
const BASE64URL = /^[A-Za-z0-9_-]+$/;
const KEPT = ['kty', 'kid', 'use', 'alg', 'key_ops', 'crv', ...NUMBERS];

/** Why a client may not have this key (RFC 8725 §3.2 and §3.5): it must be public, asymmetric and strong. */
export function jwkProblem(jwk: Readonly<Record<string, unknown>>): string | undefined {
  if (jwk['kty'] === 'oct') return 'a symmetric key is no public key';
  if (PRIVATE_MEMBERS.some((member) => member in jwk)) return 'a key has private members';
  if (NUMBERS.some((member) => member in jwk && !isNumber(jwk[member]))) return 'a key is not in base64url';
  let key: KeyObject;
  try {
    key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    return 'a key is of an unknown kind or malformed';
  }
  return strengthProblem(key);
}

/** The key without members that we give no meaning to (certificates, URLs, anything of the sender's own). */
export function knownMembers(jwk: Readonly<Record<string, unknown>>): ClientJwk {
  return Object.fromEntries(KEPT.flatMap((member) => (member in jwk ? [[member, jwk[member]]] : []))) as ClientJwk;
}

function strengthProblem(key: KeyObject): string | undefined {
  const { modulusLength = 0, publicExponent = 0n, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
      if (modulusLength < RSA_BITS.least) return `an RSA key has fewer than ${RSA_BITS.least} bits`;
      if (modulusLength > RSA_BITS.most) return `an RSA key has more than ${RSA_BITS.most} bits`;
      if (publicExponent < RSA_EXPONENT.least) return 'an RSA key has a public exponent below 65537';
      return publicExponent > RSA_EXPONENT.most ? 'an RSA key has a public exponent of more than 256 bits' : undefined;
    case 'ec':
      return CURVES.includes(namedCurve) ? undefined : 'an EC key is not on P-256, P-384 or P-521';
    case 'ed25519':
    case 'x25519':
      return undefined;
    default:
      return 'a key is of an unknown kind or malformed';
  }
}

function isNumber(value: unknown): boolean {
  return typeof value === 'string' && BASE64URL.test(value);
}
