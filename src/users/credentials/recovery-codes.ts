import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database, type Queryable, statement } from '../../platform/database/database.js';
import { digest, randomText } from '../../platform/secret.js';

/** How many a person gets at once. */
export const RECOVERY_CODES = 10;

/** Crockford's: no I, L, O or U, which people misread. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 24 characters of five bits: 120, so that a digest protects them (NIST SP 800-63B-4 §3.1.2.2 asks for 112). */
const LENGTH = 24;
const GROUP = 4;

const FORGET = statement(`DELETE FROM recovery_code WHERE subject = $1`);
const ADD = statement(`
  INSERT INTO recovery_code (digest, subject, created_at) SELECT unnest($1::bytea[]), $2, $3`);
const SPEND = statement(`DELETE FROM recovery_code WHERE digest = $1 AND subject = $2 RETURNING 1 AS spent`);
const COUNT = statement(`SELECT count(*) AS left FROM recovery_code WHERE subject = $1`);

/** Codes that stand in for a lost second factor, each once. Only digests are kept: they can be shown at no other time. */
@Injectable()
export class RecoveryCodes {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Makes a new set, as people read them; every earlier code is dead. */
  async replace(subject: string, transaction: Queryable): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, () => randomText(ALPHABET, LENGTH));
    await transaction.query(FORGET, [subject]);
    await transaction.query(ADD, [codes.map((code) => digestOf(subject, code)), subject, this.clock.now()]);
    return codes.map((code) => code.match(new RegExp(`.{${GROUP}}`, 'g'))!.join('-'));
  }

  /** Whether it is a code of this person's that was never used; it is spent by the asking, once of however many at once. */
  async spend(subject: string, typed: string): Promise<boolean> {
    const code = canonical(typed);
    if (code.length !== LENGTH) return false;
    return (await this.database.query(SPEND, [digestOf(subject, code), subject])).length > 0;
  }

  /** How many are left. */
  async left(subject: string): Promise<number> {
    const [row] = await this.database.query<{ left: string }>(COUNT, [subject]);
    return Number(row!.left);
  }

  async forget(subject: string, queryable: Queryable = this.database): Promise<void> {
    await queryable.query(FORGET, [subject]);
  }
}

/** As people type them: any case, any separators, and the letters that look like digits. */
function canonical(typed: string): string {
  return typed
    .slice(0, 100)
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
}

function digestOf(subject: string, code: string): Buffer {
  return digest(`recovery\0${subject}\0${code}`);
}
