import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Client } from '../clients/client.js';
import { encryptFor, type EncryptionKey, encryptionKeyOf } from '../jwt/encryption.js';
import { Clock } from '../platform/clock.js';
import { Outbound, OutboundError } from '../platform/outbound.js';
import { DEFAULT_CONTENT_ENCRYPTION, type KeyManagementAlgorithm } from '../protocol/encryption-algorithm.js';
import { OAuthError } from '../protocol/oauth-error.js';
import { TokenPolicy } from './token-policy.js';

/** What a client can have encrypted; the names of its metadata begin so. */
export type Encrypted = 'id_token' | 'userinfo' | 'introspection';

const MOST_KEY_SETS = 500;
/** A client that changes its key says so in its key set; what is older than this is read again. In milliseconds. */
const FRESH_FOR = 60_000;
/** When its key set cannot be had, the last one is used for this long. In milliseconds. */
const STALE_FOR = 3_600_000;

/** Encrypts what we tell a client, when it registered that (OpenID Connect Core §10.2): for a key of its `jwks` or `jwks_uri`. */
@Injectable()
export class ClientEncryption {
  private readonly logger = new Logger(ClientEncryption.name);
  private readonly kept = new LRUCache<string, { document: unknown; asOf: number }>({ max: MOST_KEY_SETS });

  constructor(
    private readonly outbound: Outbound,
    private readonly policy: TokenPolicy,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes sure that it will be possible, before anything is used up for it.
   * @throws OAuthError invalid_request when the client has no key for it; temporarily_unavailable when its keys cannot be had
   */
  async prepare(client: Client, what: Encrypted): Promise<void> {
    const algorithm = client.metadata[`${what}_encrypted_response_alg`];
    if (algorithm) await this.keyOf(client, algorithm);
  }

  /** The token as it is, or nested in a JWE of the client's, with this in its header. @throws as {@link prepare} */
  async seal(client: Client, what: Encrypted, token: string, header?: Record<string, unknown>): Promise<string> {
    return (await this.encrypted(client, what, token, 'token', header)) ?? token;
  }

  /** Claims that nobody signed, as a JWE; undefined when the client did not register one. @throws as {@link prepare} */
  async sealClaims(client: Client, what: Encrypted, claims: object): Promise<string | undefined> {
    return this.encrypted(client, what, JSON.stringify(claims), 'claims');
  }

  private async encrypted(
    client: Client,
    what: Encrypted,
    plaintext: string,
    content: 'token' | 'claims',
    header?: Record<string, unknown>,
  ): Promise<string | undefined> {
    const algorithm = client.metadata[`${what}_encrypted_response_alg`];
    if (!algorithm) return undefined;
    const enc = client.metadata[`${what}_encrypted_response_enc`] ?? DEFAULT_CONTENT_ENCRYPTION;
    return encryptFor(await this.keyOf(client, algorithm), enc, plaintext, content, header);
  }

  private async keyOf(client: Client, algorithm: KeyManagementAlgorithm): Promise<EncryptionKey> {
    const { jwks, jwks_uri: url } = client.metadata;
    const key = encryptionKeyOf(url === undefined ? jwks : await this.read(url, client), algorithm);
    if (!key) throw new OAuthError('invalid_request', `the client has published no key for ${algorithm}`);
    return key;
  }

  private async read(url: string, client: Client): Promise<unknown> {
    // A stranger's URL must not reach what the operator opened for the clients they registered themselves.
    const ignoreAllowances = client.policy.dynamic && !this.policy.strangersMayUseAllowances;
    const name = JSON.stringify([url, ignoreAllowances]);
    const known = this.kept.get(name);
    const now = this.clock.now();
    if (known && now - known.asOf < FRESH_FOR) return known.document;
    try {
      const document = (await this.outbound.fetch(url, { purpose: 'jwks', ignoreAllowances })).json();
      this.kept.set(name, { document, asOf: now });
      return document;
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      this.logger.log(`jwks_uri of ${client.id}: ${error.code}: ${error.detail}`);
      if (known && now - known.asOf < STALE_FOR) return known.document;
      throw new OAuthError('temporarily_unavailable', 'the keys of the client cannot be had', {
        retryAfterSeconds: 10,
      });
    }
  }
}
