import { scrypt as scryptCallback, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { type User, Users, type UserWithPassword } from '../../src/users/users.js';
import { DataSource } from 'typeorm';

const scrypt = promisify<string, string, number, Buffer>(scryptCallback);

/** Somebody's hash, for names that nobody has: checking it takes as long as checking a real one. */
const NOBODY = `scrypt$c2FsdA$${Buffer.alloc(32).toString('base64url')}`;

interface Member {
  member_no: number;
  email: string;
  display_name: string;
  password: string;
  active: boolean;
}

@Injectable()
export class MyUsers extends Users {
  constructor(private readonly shop: DataSource) {
    super();
  }

  async findBySubject(sub: string): Promise<User | undefined> {
    const found = await this.find('member_no::text = $1', sub);
    return found?.user;
  }

  findByUsername(username: string): Promise<UserWithPassword | undefined> {
    return this.find('lower(email) = lower($1) OR nickname = $1', username.trim());
  }

  override async verifyPassword(found: UserWithPassword | undefined, password: string): Promise<boolean> {
    const [, salt, key] = (found?.passwordHash ?? NOBODY).split('$');
    const expected = Buffer.from(key!, 'base64url');
    const actual = await scrypt(password, salt!, expected.length);
    return timingSafeEqual(actual, expected) && found !== undefined;
  }

  override async replacePasswordHash(sub: string, passwordHash: string, previousHash: string): Promise<void> {
    await this.shop.query('UPDATE member SET password = $2 WHERE member_no::text = $1 AND password = $3', [
      sub,
      passwordHash,
      previousHash,
    ]);
  }

  private async find(condition: string, value: string): Promise<UserWithPassword | undefined> {
    const [member] = await this.shop.query<Member[]>(`SELECT * FROM member WHERE ${condition}`, [value]);
    return (
      member && {
        user: {
          sub: String(member.member_no),
          username: member.email,
          claims: { name: member.display_name, email: member.email },
          roles: [],
          disabled: !member.active,
        },
        passwordHash: member.password,
      }
    );
  }
}
