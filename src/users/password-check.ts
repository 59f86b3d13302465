import { Injectable } from '@nestjs/common';
import { PasswordHasher } from './password-hasher.js';
import { Users, type UserWithPassword } from './users.js';

/**
 * Whether a password is somebody's. A wrong one costs the same work whoever was found, or nobody: one argon2 verification of
 * today's strength, one of the older kind as long as anybody has such a hash, and one of the bring-your-own kind where there
 * is one. So the time of an answer does not tell who has an account.
 */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly users: Users,
  ) {}

  async proves(found: UserWithPassword | undefined, password: string): Promise<boolean> {
    const hash = found?.passwordHash;
    const isToday = hash !== undefined && !this.hasher.needsRehash(hash);
    if (await (isToday ? this.hasher.verify(hash, password) : this.hasher.verifyNothing(password))) return true;
    const older = isToday ? undefined : hash;
    const isOurs = older !== undefined && this.isOurs(older);
    const byUs = await this.verifyOlder(isOurs ? older : await this.users.olderHash?.(), password);
    const byThem = await this.users.verifyPassword?.(older === undefined || isOurs ? undefined : found, password);
    return isOurs ? byUs : older !== undefined && byThem === true;
  }

  /** Whoever brings a check of their own is asked about all but argon2. */
  private isOurs(hash: string): boolean {
    return this.users.verifyPassword ? hash.startsWith('$argon2') : this.hasher.understands(hash);
  }

  private async verifyOlder(hash: string | undefined, password: string): Promise<boolean> {
    return hash !== undefined && this.hasher.verify(hash, password);
  }
}
