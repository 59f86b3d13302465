import { compactVerify, type CryptoKey, importJWK, type JWK } from 'jose';
import { FetchedKeys, type FetchedKeysOptions } from '../jwt/fetched-keys.js';
import type { SigningAlgorithm, VerificationKey } from '../jwt/key-source.js';
import { TokenError } from '../jwt/token-error.js';
import { TokenVerification } from '../jwt/token-verification.js';
import { type Fetch, fetchJson, platformRandom } from './outside.js';

/** Keys of an issuer, as WebCrypto holds them. */
export class EdgeKeys extends FetchedKeys<CryptoKey> {
  private url: string | undefined;

  constructor(
    private readonly issuer: string,
    jwksUri: string | undefined,
    private readonly fetch: Fetch,
    timing: FetchedKeysOptions,
  ) {
    super(timing);
    this.url = jwksUri;
  }

  protected async load(): Promise<unknown> {
    this.url ??= await this.discover();
    return fetchJson(this.fetch, this.url);
  }

  protected jitter(): number {
    return platformRandom();
  }

  protected async importKey(jwk: JWK, algorithm: SigningAlgorithm): Promise<CryptoKey> {
    // Of an asymmetric JWK it is never octets.
    return (await importJWK(jwk, algorithm)) as CryptoKey;
  }

  /** OpenID Connect Discovery 1.0 §4.3: the metadata must be of this very issuer. */
  private async discover(): Promise<string> {
    const url = `${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const { issuer, jwks_uri: jwksUri } = (await fetchJson(this.fetch, url)) as Record<string, unknown>;
    if (issuer !== this.issuer || typeof jwksUri !== 'string') throw new Error('the metadata are of another issuer');
    if (this.issuer.startsWith('https:') && !jwksUri.startsWith('https:')) throw new Error('jwks_uri is not https');
    return jwksUri;
  }
}

/** Signatures by WebCrypto. */
export class EdgeTokenVerification extends TokenVerification<CryptoKey> {
  protected async verifySignature(token: string, { key, algorithm }: VerificationKey<CryptoKey>): Promise<void> {
    try {
      const algorithms = algorithm === 'EdDSA' ? ['EdDSA', 'Ed25519'] : [algorithm];
      await compactVerify(token, key, { algorithms });
    } catch {
      throw new TokenError('signature_invalid', 'the signature does not verify');
    }
  }
}
