import { createHash, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, type JWK, SignJWT } from 'jose';
import type { Clock } from '../../src/platform/clock.js';

/** A client with a key of its own, which proves that it holds it (RFC 9449). */
export class DpopClient {
  private constructor(
    private readonly clock: Clock,
    readonly privateKey: KeyObject,
    readonly jwk: JWK,
    /** What `cnf.jkt` of its tokens must be. */
    readonly thumbprint: string,
  ) {}

  static async create(clock: Clock): Promise<DpopClient> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = await exportJWK(publicKey);
    return new DpopClient(clock, privateKey, jwk, await calculateJwkThumbprint(jwk));
  }

  /** A good proof for this request, with some of it changed; `undefined` leaves a claim out. */
  proof(
    method: string,
    url: string,
    token?: string,
    { claims = {}, header = {}, key = this.privateKey }: { claims?: object; header?: object; key?: KeyObject } = {},
  ): Promise<string> {
    const ath = token === undefined ? undefined : createHash('sha256').update(token).digest('base64url');
    const payload = { jti: randomUUID(), htm: method, htu: url, iat: this.clock.seconds(), ath, ...claims };
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: this.jwk, ...header })
      .sign(key);
  }
}
