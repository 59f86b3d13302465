import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { withPackages } from '../../platform/optional-package.js';
import type { Settings } from '../relying-party.options.js';
import { RevocationsUnknownError } from './revocation.js';

/** The Redis that the modes `deny-list` and `version` look into; it is shared by whoever goes by them. */
@Injectable()
export class RevocationRedis implements OnModuleInit, BeforeApplicationShutdown {
  private redis: Redis | undefined;

  constructor(private readonly settings: Settings) {}

  /** @throws DatabaseError that names `revocation.redis` */
  async onModuleInit(): Promise<void> {
    const url = this.settings.revocationRedis;
    if (url === undefined) return;
    this.redis = await withPackages('revocation.redis', ['ioredis'], async () => {
      const { connectRedis } = await import('../../platform/redis.js');
      return connectRedis({ url, setting: 'revocation.redis', name: 'revocations' });
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.redis?.disconnect();
  }

  /** @throws RevocationsUnknownError when there is none, or it does not answer */
  async run<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    if (!this.redis) throw new RevocationsUnknownError('revocation.redis is not set');
    try {
      return await work(this.redis);
    } catch (error) {
      throw new RevocationsUnknownError(`revocation.redis gives no answer: ${(error as Error).message}`);
    }
  }
}
