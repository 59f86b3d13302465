import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { ClientMetadata } from '../../clients/client-metadata.js';
import type { Client } from '../../clients/client.js';
import type { SigningAlgorithm, VerificationKeys } from '../../jwt/key-source.js';
import { RemoteKeys } from '../../jwt/remote-keys.js';
import { StaticKeys } from '../../jwt/static-keys.js';
import { Clock } from '../../platform/clock.js';
import { Outbound } from '../../platform/outbound.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';

/** Key sets of this many clients are kept. */
const MOST_KEY_SETS = 500;

/** A client that rotates its keys uses the new one at once; its own server bears the fetches. */
const COOLDOWN = 1_000;

/** The public keys of clients, registered by value or by `jwks_uri`. A changed registration is another key set. */
@Injectable()
export class ClientKeys {
  private readonly known = new LRUCache<string, VerificationKeys>({ max: MOST_KEY_SETS });

  constructor(
    private readonly outbound: Outbound,
    private readonly clock: Clock,
    private readonly settings: IdentityProviderSettings,
  ) {}

  /**
   * The client's keys as they are used with one algorithm: a key that names none is for any that fits it.
   * Undefined when the client registered no keys.
   */
  of({ metadata, policy }: Client, algorithm: SigningAlgorithm): VerificationKeys | undefined {
    // A stranger's URL must not reach what the operator opened for the clients they registered themselves.
    const ignoreAllowances = policy.dynamic && this.settings.policy !== 'certification';
    return this.from(metadata, algorithm, ignoreAllowances);
  }

  /** As {@link of}, of anybody whose keys the operator has set down. */
  from(
    { jwks, jwks_uri: url }: Pick<ClientMetadata, 'jwks' | 'jwks_uri'>,
    algorithm: SigningAlgorithm,
    ignoreAllowances = false,
  ): VerificationKeys | undefined {
    if (!jwks && !url) return undefined;
    const name = JSON.stringify([url ?? jwks, algorithm, ignoreAllowances]);
    const known = this.known.get(name);
    if (known) return known;
    const algorithms = [algorithm];
    const keys = url
      ? new RemoteKeys({
          url,
          outbound: this.outbound,
          clock: this.clock,
          algorithms,
          fetch: { ignoreAllowances },
          cooldownMilliseconds: COOLDOWN,
        })
      : new StaticKeys(jwks, algorithms);
    this.known.set(name, keys);
    return keys;
  }
}
