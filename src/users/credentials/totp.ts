import { Injectable, Logger } from '@nestjs/common';
import { generateURI, ScureBase32Plugin, verifySync } from 'otplib';
import { Clock } from '../../platform/clock.js';
import { Database, type Queryable, statement } from '../../platform/database/database.js';
import { randomOctets, randomToken, Secrets } from '../../platform/secret.js';

/** RFC 4226 §4, R6 recommends 160 bits. */
const SECRET_OCTETS = 20;
const STEP_SECONDS = 30;
/** RFC 6238 §5.2: one step back for the way here, one forward for a phone that runs ahead. */
const TOLERANCE_SECONDS = STEP_SECONDS;
/** A code that would be right within this time tells the operator of a clock that is wrong. */
const ALARM_SECONDS = 10 * 60;
/** How long the page with the QR code may stay open, in milliseconds. */
const TICKET_LIFETIME = 15 * 60_000;
/** Authenticators of one person. */
const MOST = 5;

const SECRET = 'totp';
const TICKET = 'totp-enrolment';

const ADD = statement(`
  INSERT INTO totp (id, subject, name, secret_sealed, last_step, created_at)
  SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM totp WHERE subject = $2) < ${MOST} RETURNING id`);
const OF = statement(`
  SELECT id, name, secret_sealed, created_at, last_used_at FROM totp WHERE subject = $1 ORDER BY created_at, id`);
const SPEND = statement(`
  UPDATE totp SET last_step = $2, last_used_at = $3 WHERE id = $1 AND last_step < $2 RETURNING id`);
const RENAME = statement(`UPDATE totp SET name = $3 WHERE subject = $1 AND id = $2 RETURNING id`);
const REMOVE = statement(`DELETE FROM totp WHERE subject = $1 AND id = $2 RETURNING id`);
const SEALED = statement(`SELECT id, secret_sealed FROM totp WHERE id > $1 ORDER BY id LIMIT 500`);
const RESEAL = statement(`UPDATE totp SET secret_sealed = $2 WHERE id = $1 AND secret_sealed = $3`);

interface TotpRow {
  id: string;
  name: string;
  secret_sealed: Buffer;
  created_at: string;
  last_used_at: string | null;
}

/** An authenticator app as its owner sees it. Times are epoch milliseconds. */
export interface Authenticator {
  id: string;
  name: string;
  createdAt: number;
  lastUsedAt?: number;
}

/** An authenticator app that is being set up: nothing is kept of it until a code proves that the app has the secret. */
export interface TotpEnrolment {
  /** Base32, for whoever cannot scan. */
  secret: string;
  /** `otpauth://`, for the QR code. */
  uri: string;
  /** Brings the secret back, sealed, for this person alone, for a quarter of an hour. */
  ticket: string;
}

/** Time-based one-time passwords (RFC 6238): SHA-1, six digits, thirty seconds, as every authenticator app understands. */
@Injectable()
export class TotpCredentials {
  private readonly logger = new Logger(TotpCredentials.name);

  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /** @param service the name of the site, @param account that of the person, both as the app will show them. */
  begin(subject: string, service: string, account: string): TotpEnrolment {
    const secret = new ScureBase32Plugin().encode(randomOctets(SECRET_OCTETS));
    const pending = JSON.stringify({ subject, secret, expiresAt: this.clock.now() + TICKET_LIFETIME });
    const ticket = this.secrets.seal(TICKET, pending).toString('base64url');
    return { secret, uri: uriOf(secret, service, account), ticket };
  }

  /** What a ticket brings back, to show the page again after a wrong code; undefined when it is too old or another's. */
  resume(subject: string, ticket: string, service: string, account: string): TotpEnrolment | undefined {
    const secret = this.open(subject, ticket);
    return secret === undefined ? undefined : { secret, uri: uriOf(secret, service, account), ticket };
  }

  /** Keeps the authenticator when the code is the app's; the code is spent. Answers its id, or undefined. */
  async add(
    subject: string,
    { ticket, code, name }: { ticket: string; code: string; name: string },
    queryable: Queryable = this.database,
  ): Promise<string | undefined> {
    const secret = this.open(subject, ticket);
    const step = secret === undefined ? undefined : this.stepOf(secret, code);
    if (step === undefined) return undefined;
    const sealed = this.secrets.seal(SECRET, secret!);
    const id = randomToken(16);
    const [row] = await queryable.query(ADD, [id, subject, name, sealed, step, this.clock.now()]);
    return row && id;
  }

  /** Whether a code is right and was never used, for any of the person's authenticators: one atomic step spends it. */
  async verify(subject: string, code: string): Promise<boolean> {
    for (const { id, secret_sealed } of await this.database.query<TotpRow>(OF, [subject])) {
      const secret = this.secrets.open(SECRET, secret_sealed)?.toString();
      const step = secret === undefined ? undefined : this.stepOf(secret, code);
      if (step === undefined) continue;
      if ((await this.database.query(SPEND, [id, step, this.clock.now()])).length > 0) return true;
    }
    return false;
  }

  async list(subject: string): Promise<Authenticator[]> {
    return (await this.database.query<TotpRow>(OF, [subject])).map((row) => ({
      id: row.id,
      name: row.name,
      createdAt: Number(row.created_at),
      ...(row.last_used_at === null ? {} : { lastUsedAt: Number(row.last_used_at) }),
    }));
  }

  async rename(subject: string, id: string, name: string, queryable: Queryable = this.database): Promise<boolean> {
    return (await queryable.query(RENAME, [subject, id, name])).length > 0;
  }

  async remove(subject: string, id: string, queryable: Queryable = this.database): Promise<boolean> {
    return (await queryable.query(REMOVE, [subject, id])).length > 0;
  }

  /** Seals every secret under the first of the configured ones; answers how many were not. */
  async reseal(): Promise<number> {
    let count = 0;
    for (let after = ''; ;) {
      const rows = await this.database.query<Pick<TotpRow, 'id' | 'secret_sealed'>>(SEALED, [after]);
      for (const { id, secret_sealed: sealed } of rows) {
        const secret = this.secrets.isCurrent(SECRET, sealed) ? undefined : this.secrets.open(SECRET, sealed);
        if (!secret) continue;
        await this.database.query(RESEAL, [id, this.secrets.seal(SECRET, secret), sealed]);
        count += 1;
      }
      if (rows.length === 0) return count;
      after = rows.at(-1)!.id;
    }
  }

  private open(subject: string, ticket: string): string | undefined {
    const opened = this.secrets.open(TICKET, Buffer.from(ticket, 'base64url'));
    if (!opened) return undefined;
    const pending = JSON.parse(opened.toString()) as { subject: string; secret: string; expiresAt: number };
    return pending.subject === subject && pending.expiresAt > this.clock.now() ? pending.secret : undefined;
  }

  /** The time step that a code is of, or undefined. People type spaces between the digits. */
  private stepOf(secret: string, code: string): number | undefined {
    const token = code.replace(/[\s-]/g, '');
    if (!/^\d{6}$/.test(token)) return undefined;
    const epoch = this.clock.seconds();
    const result = verifySync({ secret, token, epoch, epochTolerance: TOLERANCE_SECONDS });
    if (result.valid && 'timeStep' in result) return result.timeStep;
    const wide = verifySync({ secret, token, epoch, epochTolerance: ALARM_SECONDS });
    if (wide.valid) this.logger.warn(`a one-time code is ${wide.delta} steps off: is the clock of this machine right?`);
    return undefined;
  }
}

/** A colon separates service and account in the URI, so neither may hold one. */
function uriOf(secret: string, service: string, account: string): string {
  const [issuer, name] = [service, account].map((part) => part.replaceAll(':', ' '));
  return generateURI({ issuer: issuer!, label: `${issuer}:${name}`, secret });
}
