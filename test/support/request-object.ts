import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export type RequestAlgorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA' | 'HS256';

/** A client's own key for one algorithm. */
export interface RequestKey {
  alg: RequestAlgorithm;
  kid: string;
  key: CryptoKey | Uint8Array;
  jwk: Record<string, unknown>;
}

export async function makeRequestKey(alg: Exclude<RequestAlgorithm, 'HS256'>, kid: string = alg): Promise<RequestKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, kid, key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** A request object as a client signs it. */
export function signRequest(
  claims: Record<string, unknown>,
  { alg, kid, key }: Pick<RequestKey, 'alg' | 'kid' | 'key'>,
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg, kid, typ: 'oauth-authz-req+jwt', ...header }).sign(key);
}

/** A request object that nobody signed. */
export function unsignedRequest(claims: Record<string, unknown>, header: Record<string, unknown> = {}): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode({ alg: 'none', ...header })}.${encode(claims)}.`;
}

/** The forms in which a public key could be mistaken for a secret. */
export function publicKeyAsSecret(jwk: Record<string, unknown>): Uint8Array[] {
  const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  return [key.export({ type: 'spki', format: 'pem' }), JSON.stringify(jwk)].map((text) => Buffer.from(text as string));
}
