import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import type { SigningAlgorithm, SigningKey } from '../jwt/key-source.js';

interface Published {
  signing: SigningKey;
  jwk: Record<string, unknown>;
}

interface Ring {
  next: Published;
  active: Published;
  retired: Published[];
}

/** The issuer's keys, a ring per algorithm, rotated as the real provider does it: next → active → retired. */
export class TestKeys {
  private readonly rings = new Map<SigningAlgorithm, Ring>();
  private made = 0;

  constructor(algorithms: readonly SigningAlgorithm[]) {
    for (const algorithm of algorithms) this.add(algorithm);
  }

  get algorithms(): SigningAlgorithm[] {
    return [...this.rings.keys()];
  }

  /** Makes the ring of an algorithm, unless there is one. */
  add(algorithm: SigningAlgorithm): void {
    if (this.rings.has(algorithm)) return;
    this.rings.set(algorithm, { next: this.make(algorithm), active: this.make(algorithm), retired: [] });
  }

  active(algorithm = this.algorithms[0]!): SigningKey {
    this.add(algorithm);
    return this.rings.get(algorithm)!.active.signing;
  }

  /** A key that nobody publishes. */
  unknown(algorithm = this.algorithms[0]!): SigningKey {
    return this.make(algorithm).signing;
  }

  /** What was published as next signs from now on. @param withdraw the keys before it vanish, as after a theft. */
  rotate({ withdraw = false }: { withdraw?: boolean } = {}): void {
    for (const [algorithm, { next, active, retired }] of this.rings) {
      this.rings.set(algorithm, {
        next: this.make(algorithm),
        active: next,
        retired: withdraw ? [] : [active, ...retired],
      });
    }
  }

  /** The JWK Set (RFC 7517 §5). */
  published(): { keys: Record<string, unknown>[] } {
    const keys = [...this.rings.values()].flatMap(({ next, active, retired }) => [active, next, ...retired]);
    return { keys: keys.map(({ jwk }) => jwk) };
  }

  private make(algorithm: SigningAlgorithm): Published {
    const { publicKey, privateKey } = generate(algorithm);
    this.made += 1;
    const kid = `test-${algorithm.toLowerCase()}-${this.made}`;
    return {
      signing: { kid, algorithm, key: privateKey },
      jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' },
    };
  }
}

function generate(algorithm: SigningAlgorithm): KeyPairKeyObjectResult {
  switch (algorithm) {
    case 'RS256':
    case 'PS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
  }
}
