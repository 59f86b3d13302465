import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import {
  type LogHead,
  REVOCATION_CHANNEL,
  RevocationLog,
  type RevocationLine,
} from '../../authorizations/revocation-log.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Queryable } from '../../platform/database/database.js';

/** The primary is read this often whether anybody notifies or not, in milliseconds. */
const EVERY = 1_000;
const LINES_AT_ONCE = 1_000;
/**
 * What a connection of this process has said is told by the answer to its statement, which comes at the same time. When it has not come after
 * so many milliseconds, as when the connection broke, the log is read.
 */
const OWN_ANSWER = 50;
/** Lines kept in memory for the streams that are up to date, which are nearly all of them. */
const KEPT = 2_000;

/**
 * One process's view of the revocation log: read on every notification of somebody else's and every second regardless, kept as far
 * as the streams of this process need it. What this process appends itself is known without a read as soon as it is committed,
 * if it follows what is known. Everything a stream is told comes from here.
 */
@Injectable()
export class LogWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('RevocationLog');
  private known: LogHead | undefined;
  /** Every line after `keptAfter`, up to the head. */
  private kept: RevocationLine[] = [];
  private keptAfter = 0;
  /** The name of that line; of an empty log, the one that its first line names as the one before it. */
  private keptAfterLine: string | undefined;
  private readonly waiting = new Set<() => void>();
  private readonly readers = new Set<(lines: readonly RevocationLine[] | undefined) => void>();
  private begunAt = -Infinity;
  private readonly ticks = new Set<() => Promise<void>>();
  /** Ends when every tick that was begun has ended. */
  private ticking: Promise<unknown> = Promise.resolve();
  private underWay: Promise<void> | undefined;
  private again = false;
  /** A connection on which it was just heard that the log has grown. */
  private heardOn: Queryable | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Transactions of this process that were heard of, less those that have said what they appended: the two come in any order. */
  private owed = 0;
  private expecting: NodeJS.Timeout | undefined;
  private stopListening: (() => void) | undefined;
  private failing = false;
  private closing = false;

  constructor(
    private readonly log: RevocationLog,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.database.listen(REVOCATION_CHANNEL, (heardOn, isOwn) => {
      if (isOwn) return this.expectOwn();
      this.heardOn = heardOn;
      void this.read();
    });
    this.log.onAppended((lines) => this.append(lines));
    this.timer = setInterval(() => void (this.ticking = Promise.all([this.ticking, this.tick()])), EVERY).unref();
    void this.read();
  }

  /**
   * Before the requests that are still held are waited for: they are answered now. Nothing that was begun asks the database after
   * this.
   */
  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    clearInterval(this.timer);
    clearTimeout(this.expecting);
    this.wake();
    this.stopListening?.();
    await Promise.all([this.underWay, this.ticking]);
  }

  /** The end of the log as it was last read; undefined before the first read. */
  get head(): LogHead | undefined {
    return this.known;
  }

  /** When the last read that succeeded was begun, by the monotonic clock: everything that was committed before is known. */
  get readAt(): number {
    return this.begunAt;
  }

  /** Calls `read` with the lines that were read, before anybody is told of them; with undefined when lines may be missing. */
  onLines(read: (lines: readonly RevocationLine[] | undefined) => void): void {
    this.readers.add(read);
  }

  /** Called every second after the log was read. */
  everySecond(work: () => Promise<void>): void {
    this.ticks.add(work);
  }

  /** Reads the log; whoever asks while it is read waits for another read, which sees what was committed before they asked. */
  read(): Promise<void> {
    if (this.closing) return Promise.resolve();
    if (this.underWay) {
      this.again = true;
      return this.underWay;
    }
    this.underWay = this.readAll();
    return this.underWay;
  }

  /** The lines after `seq` up to the head, at most `limit`: from memory when they are there, else from the database. */
  async after(seq: number, limit: number): Promise<RevocationLine[]> {
    if (seq < this.keptAfter) {
      const lines = await this.log.after(seq, limit);
      const end = this.known?.seq ?? 0;
      return lines.filter((line) => line.seq <= end);
    }
    let from = this.kept.length;
    while (from > 0 && this.kept[from - 1]!.seq > seq) from -= 1;
    return this.kept.slice(from, from + limit);
  }

  /** The line of this number, where it is still kept. */
  async find(seq: number): Promise<RevocationLine | undefined> {
    return seq > this.keptAfter ? this.kept.findLast((line) => line.seq === seq) : this.log.find(seq);
  }

  /** The name of the line of this number; undefined when it is not kept any more. */
  async nameOf(seq: number): Promise<string | undefined> {
    if (seq === this.keptAfter && this.keptAfterLine !== undefined) return this.keptAfterLine;
    return (await this.find(seq))?.line;
  }

  /** Calls `look` whenever there may be something new to tell. @returns what stops it. */
  onNews(look: () => void): () => void {
    this.waiting.add(look);
    return () => void this.waiting.delete(look);
  }

  /** Lets everybody who waits look again. */
  wake(): void {
    for (const wake of this.waiting) wake();
  }

  /** A statement of this process has appended something: its answer tells what. */
  private expectOwn(): void {
    this.owed += 1;
    if (this.owed <= 0 || this.closing) return;
    this.expecting ??= setTimeout(() => {
      this.expecting = undefined;
      if (this.owed > 0) void this.read();
    }, OWN_ANSWER).unref();
  }

  /** Lines of this process, one after the other; they are read when there is something between what is known and them. */
  private append(lines: readonly RevocationLine[]): void {
    this.owed -= 1;
    const [first] = lines;
    const { known } = this;
    if (this.closing || !first || (known?.epoch === first.epoch && known.seq >= first.seq)) return;
    const follows = known?.epoch === first.epoch && first.seq === known.seq + 1 && !isOfAnother(known, first);
    if (!follows) return void this.read();
    this.keep(lines);
    this.wake();
  }

  /** @param lines what follows what is known */
  private keep(lines: readonly RevocationLine[]): void {
    this.kept.push(...lines);
    for (const read of this.readers) read(lines);
    const { epoch, seq, line } = lines.at(-1)!;
    this.known = { epoch, seq, line };
  }

  private async tick(): Promise<void> {
    await this.read();
    for (const work of this.ticks) {
      if (!this.closing) await work().catch((error: unknown) => this.report(error));
    }
  }

  private async readAll(): Promise<void> {
    do {
      this.again = false;
      try {
        await this.readOnce();
        if (this.failing) this.logger.log('the revocation log can be read again');
        this.failing = false;
      } catch (error) {
        this.report(error);
      }
    } while (this.again && !this.closing);
    // In the same turn as the question above, so that nobody joins a read that is over.
    this.underWay = undefined;
  }

  private async readOnce(): Promise<void> {
    const begun = this.clock.monotonic();
    // What was heard of before is seen now.
    this.owed = 0;
    let grown = false;
    for (;;) {
      // What this process appends while it waits for the answer may be later than the answer.
      const before = this.known;
      const { head, lines } = await this.since(before?.seq ?? Number.MAX_SAFE_INTEGER);
      if (before && isShorter(before, head, lines[0])) {
        this.logger.warn('the revocation log is not the one it was: the database was put back. A new epoch begins');
        await this.log.beginEpoch(before.epoch);
        continue;
      }
      const { known } = this;
      if (!known || head.epoch !== known.epoch) {
        // The first read, or another log than before: nothing that was kept is of it.
        this.kept = [];
        this.keptAfter = head.seq;
        this.keptAfterLine = head.line;
        this.known = head;
        for (const read of this.readers) read(undefined);
        grown = true;
        break;
      }
      const following = lines.filter(({ seq }) => seq > known.seq);
      if (following.length === 0) break;
      // The log was put back meanwhile: the next read shows it.
      if (isOfAnother(known, following[0]!)) continue;
      grown = true;
      this.keep(following);
      if (this.known!.seq >= head.seq) break;
    }
    this.begunAt = begun;
    if (this.kept.length > KEPT) {
      const dropped = this.kept.splice(0, this.kept.length - KEPT);
      this.keptAfter = dropped.at(-1)!.seq;
      this.keptAfterLine = dropped.at(-1)!.line;
    }
    if (grown) this.wake();
  }

  /** By the connection that has just heard of something new, else, and when that breaks, by one of the pool's. */
  private async since(seq: number): Promise<{ head: LogHead; lines: RevocationLine[] }> {
    const { heardOn } = this;
    this.heardOn = undefined;
    if (heardOn) {
      try {
        return await this.log.since(seq, LINES_AT_ONCE, heardOn);
      } catch {
        // Every second it is read by the pool in any case; whatever is wrong with the database shows there.
      }
    }
    return this.log.since(seq, LINES_AT_ONCE);
  }

  private report(error: unknown): void {
    if (!this.failing) this.logger.error(`the revocation log cannot be read: ${(error as Error).message}`);
    this.failing = true;
  }
}

/** Whether a line has the next number after `known`, and names another one before it. */
function isOfAnother(known: LogHead, { seq, prev }: RevocationLine): boolean {
  return seq === known.seq + 1 && prev !== known.line;
}

/** Whether the log that once ended at `known` cannot be the one that ends at `head` now, with `next` after `known`. */
function isShorter(known: LogHead, head: LogHead, next: RevocationLine | undefined): boolean {
  if (head.epoch !== known.epoch) return false;
  if (head.seq < known.seq) return true;
  if (head.seq === known.seq) return head.line !== known.line;
  return next !== undefined && isOfAnother(known, next);
}
