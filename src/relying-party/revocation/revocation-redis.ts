import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { withPackages } from '../../platform/optional-package.js';
import type { Settings } from '../relying-party.options.js';
import { RevocationsUnknownError } from './revocation.js';

/** As much of Redis as we use: the types that applications see name no package that they may lack. */
interface RedisCommands {
  get(key: string): Promise<string | null>;
  mget(...keys: string[]): Promise<(string | null)[]>;
  set(key: string, value: string, unit: 'PX', milliseconds: number): Promise<unknown>;
  incr(key: string): Promise<number>;
  disconnect(): void;
}

/** The Redis that the modes `deny-list` and `version` look into; it is shared by whoever goes by them. */
@Injectable()
export class RevocationRedis implements OnModuleInit, BeforeApplicationShutdown {
  private redis: RedisCommands | undefined;

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
  async run<T>(work: (redis: RedisCommands) => Promise<T>): Promise<T> {
    if (!this.redis) throw new RevocationsUnknownError('revocation.redis is not set');
    try {
      return await work(this.redis);
    } catch (error) {
      throw new RevocationsUnknownError(`revocation.redis gives no answer: ${(error as Error).message}`);
    }
  }
}
