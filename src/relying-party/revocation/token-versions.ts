import { Injectable } from '@nestjs/common';
import { digest } from '../../platform/secret.js';
import type { Settings } from '../relying-party.options.js';
import type { RevocationRedis } from './revocation-redis.js';

/**
 * A number for each person, in Redis, for the mode `version`: what carries an older one is refused. The provider has to put
 * the number into tokens (`claims` of `IdentityProviderModule`); nothing but everything of a person can be ended by it.
 */
@Injectable()
export class TokenVersions {
  constructor(
    private readonly redis: RevocationRedis,
    private readonly settings: Settings,
  ) {}

  /** Ends everything that was issued to a person until now; answers the number that is good. @throws RevocationsUnknownError */
  next(subject: string): Promise<number> {
    return this.redis.run((redis) => redis.incr(this.keyOf(subject)));
  }

  /** The number that is good now; 0 before the first {@link next}. @throws RevocationsUnknownError */
  async of(subject: string): Promise<number> {
    return Number((await this.redis.run((redis) => redis.get(this.keyOf(subject)))) ?? 0);
  }

  private keyOf(subject: string): string {
    return `gatehouse:version:${digest(`${this.settings.issuer}\0${subject}`).toString('base64url')}`;
  }
}
