import { Injectable } from '@nestjs/common';
import { digest } from '../../platform/secret.js';
import type { Settings } from '../relying-party.options.js';
import type { RevocationRedis } from './revocation-redis.js';

/** What may be denied. A `subject` is denied as of now: what is issued later is good. */
export type Denied = { jti: string } | { sid: string } | { authorizationId: string } | { subject: string };

/**
 * Credentials that are refused before their end, in Redis, for the mode `deny-list`: inject it, and put in what your own
 * application learns of. The sessions that a back-channel logout ends are put in by themselves.
 */
@Injectable()
export class DenyList {
  constructor(
    private readonly redis: RevocationRedis,
    private readonly settings: Settings,
  ) {}

  /**
   * @param milliseconds how long the last credential that is meant may still live
   * @throws RevocationsUnknownError when Redis does not answer: then nothing is denied
   */
  async deny(denied: Denied, milliseconds: number): Promise<void> {
    const [[kind, value]] = Object.entries(denied) as [[string, string]];
    await this.redis.run((redis) =>
      // Only ever later: of two the later one counts.
      redis.set(this.keyOf(kind, value), String(this.settings.clock.seconds()), 'PX', Math.ceil(milliseconds)),
    );
  }

  /** When each of these was denied, in seconds; undefined: it was not. */
  async find(names: readonly (readonly [kind: string, value: string])[]): Promise<(number | undefined)[]> {
    const keys = names.map(([kind, value]) => this.keyOf(kind, value));
    const found = await this.redis.run((redis) => redis.mget(...keys));
    return found.map((at) => (at === null ? undefined : Number(at)));
  }

  /** Names are of an issuer, and may be of any length. */
  private keyOf(kind: string, value: string): string {
    return `gatehouse:{denied}:${kind}:${digest(`${this.settings.issuer}\0${value}`).toString('base64url')}`;
  }
}
