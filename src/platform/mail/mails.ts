import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../clock.js';
import { Database, type Queryable, statement } from '../database/database.js';
import { Secrets } from '../secret.js';
import { composeMail, type Letter } from './compose.js';
import { MailLook } from './mail-look.js';
import type { Mail, MailTransport } from './mail.js';

const CHANNEL = 'gatehouse_mail';
const PURPOSE = 'mail';
/** The queue is looked at this often without being told: for what is due again, and what a dead process left. */
const LOOK_EVERY = 5_000;
/** A claimed mail is nobody else's for this long. */
const LEASE = 60_000;
/** The wait before the second attempt; it triples with each further one. */
const FIRST_RETRY = 10_000;
const LONGEST_LIFE = 86_400_000;
const AT_ONCE = 5;

const ENQUEUE = statement(`
  INSERT INTO mail (sealed, created_at, next_attempt_at, expires_at) VALUES ($1, $2, $2, $3)`);
const NOTIFY = statement(`SELECT pg_notify('${CHANNEL}', '')`);
const CLAIM = statement(`
  UPDATE mail SET attempts = attempts + 1, next_attempt_at = $1::bigint + ${LEASE}
  WHERE id IN (
    SELECT id FROM mail WHERE next_attempt_at <= $1 AND expires_at > $1
    ORDER BY next_attempt_at, id LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED)
  RETURNING id, sealed, attempts, created_at`);
const DONE = statement(`DELETE FROM mail WHERE id = $1`);
const RETRY = statement(`UPDATE mail SET next_attempt_at = $2 WHERE id = $1`);
const LATEST = statement(`
  SELECT id, sealed, attempts, created_at FROM mail WHERE expires_at > $1 ORDER BY id DESC LIMIT $2`);
const WAITING = statement(`SELECT count(*) AS waiting FROM mail WHERE expires_at > $1`);
const SWEEP = statement(`DELETE FROM mail WHERE expires_at <= $1`);

interface MailRow {
  id: string;
  sealed: Buffer;
  attempts: number;
  created_at: string;
}

/** What carries mails, or `outbox`: they are kept for a page of the demo to show, and go nowhere. It is its own token. */
export class MailCarrier {
  constructor(readonly transport?: MailTransport | 'outbox') {}
}

/**
 * Mails on their way: written in the transaction of their cause, so that there is none without it, and none lost when the
 * process or the mail server goes away; sent by whoever claims them, and tried again for a day.
 */
@Injectable()
export class Mails implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Mails.name);
  private readonly transport: MailTransport | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopListening = () => {};
  private stopped = false;
  private delivering: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
    private readonly carrier: MailCarrier,
    private readonly look: MailLook,
  ) {
    this.transport = typeof carrier.transport === 'object' ? carrier.transport : undefined;
  }

  /** Whether there are mails at all. */
  get configured(): boolean {
    return this.carrier.transport !== undefined;
  }

  /** How many are still to be sent. */
  async waiting(): Promise<number> {
    const [row] = await this.database.query<{ waiting: string }>(WAITING, [this.clock.now()]);
    return Number(row!.waiting);
  }

  onApplicationBootstrap(): void {
    if (!this.transport) return;
    this.timer = setInterval(() => void this.deliver(), LOOK_EVERY).unref();
    this.stopListening = this.database.listen(CHANNEL, () => void this.deliver());
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    this.stopListening();
    await this.delivering;
  }

  /**
   * Puts a mail in, in the look of the site; it is sent when the transaction is committed. Without a carrier there is none,
   * and nothing happens.
   * @param lifetime in milliseconds: a mail whose link is dead by then is not sent any more.
   */
  async enqueue(letter: Letter, queryable: Queryable = this.database, lifetime = LONGEST_LIFE): Promise<void> {
    if (!this.configured) return;
    const now = this.clock.now();
    const sealed = this.secrets.seal(PURPOSE, JSON.stringify(composeMail(letter, this.look)));
    await queryable.query(ENQUEUE, [sealed, now, now + Math.min(lifetime, LONGEST_LIFE)]);
    await queryable.query(NOTIFY);
  }

  /** Sends what is due. Calls that come meanwhile are answered together by one more round. */
  deliver(): Promise<void> {
    this.again = true;
    return (this.delivering ??= this.rounds().finally(() => (this.delivering = undefined)));
  }

  /** The latest mails that are still here, for the outbox page of the demo. */
  async latest(limit = 50): Promise<(Mail & { id: string; at: number })[]> {
    const rows = await this.database.query<MailRow>(LATEST, [this.clock.now(), limit]);
    return rows.flatMap((row) => {
      const mail = this.open(row);
      return mail ? [{ ...mail, id: row.id, at: Number(row.created_at) }] : [];
    });
  }

  async sweep(): Promise<void> {
    await this.database.query(SWEEP, [this.clock.now()]);
  }

  private async rounds(): Promise<void> {
    try {
      while (this.again && !this.stopped && this.transport) {
        this.again = false;
        const rows = await this.database.query<MailRow>(CLAIM, [this.clock.now()]);
        await Promise.all(rows.map((row) => this.send(row, this.transport!)));
        if (rows.length === AT_ONCE) this.again = true;
      }
    } catch (error) {
      this.logger.error(`mails cannot be taken from the queue: ${(error as Error).message}`);
    }
  }

  private async send(row: MailRow, transport: MailTransport): Promise<void> {
    const mail = this.open(row);
    try {
      // Sealed under a secret that is gone: it can never be read again.
      if (mail) await transport.send(mail);
      await this.database.query(DONE, [row.id]);
    } catch (error) {
      const wait = FIRST_RETRY * 3 ** (row.attempts - 1);
      this.logger.warn(`mail ${row.id} was not sent (attempt ${row.attempts}): ${(error as Error).message}`);
      await this.database.query(RETRY, [row.id, this.clock.now() + wait]);
    }
  }

  private open({ sealed }: MailRow): Mail | undefined {
    const opened = this.secrets.open(PURPOSE, sealed);
    return opened && (JSON.parse(opened.toString()) as Mail);
  }
}
