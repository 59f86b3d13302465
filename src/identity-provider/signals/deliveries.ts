import { Injectable } from '@nestjs/common';
import { isFor, type Reader, RevocationLog, type RevocationLine } from '../../authorizations/revocation-log.js';
import { writePosition } from '../../protocol/position.js';
import type { HighWaterMark, SubjectId } from '../../protocol/security-event.js';
import { Cursors } from './cursors.js';
import { LogWatch } from './log-watch.js';
import { Readers } from './readers.js';
import { type SecurityEventToken, SecurityEvents } from './security-events.js';
import { eventsDelivered } from './stream-configuration.js';
import { type Stream, Streams, subjectName } from './streams.js';

/** What a stream is told next. */
export interface Delivery {
  sets: SecurityEventToken[];
  /** It tells everything up to this line. */
  through: { epoch: number; seq: number; line: string };
  /** The last line up to there that is for the receiver; 0 for none. */
  last: number;
  /** When the log was read that it is of, by the monotonic clock. */
  readAt: number;
  /** There is more already. */
  more: boolean;
}

const LINES_AT_ONCE = 1_000;

/** Finds out what comes next on a stream: the lines that are for its receiver, as SETs, in their order. */
@Injectable()
export class Deliveries {
  /** Per reader: the last line for it up to a line. Moves on with the log, so that a heartbeat costs nothing. */
  private readonly lasts = new Map<string, { epoch: number; upTo: number; last: number }>();

  constructor(
    private readonly watch: LogWatch,
    private readonly log: RevocationLog,
    private readonly readers: Readers,
    private readonly events: SecurityEvents,
    private readonly streams: Streams,
    private readonly cursors: Cursors,
  ) {}

  /** What follows `from` on a stream, at most `max` SETs, those of `skip` left out. Undefined before the log was read once. */
  async next(
    stream: Stream,
    { from, max, skip }: { from: number; max: number; skip?: ReadonlySet<number> },
  ): Promise<Delivery | undefined> {
    // Together: what the log says next is none of what is told here.
    const { head, readAt } = this.watch;
    if (!head) return undefined;
    const reader = await this.readers.of(stream.clientId);
    let last = await this.lastFor(reader, from, head.epoch);
    let through: Delivery['through'] | undefined;
    const sets: SecurityEventToken[] = [];
    let removed: ReadonlySet<string> | undefined;
    for (let at = from; at < head.seq;) {
      const lines = await this.watch.after(at, LINES_AT_ONCE);
      for (const line of lines) {
        if (line.seq > head.seq) break;
        if (isFor(line, reader)) {
          if (sets.length >= max && through) return { sets, through, last, readAt, more: true };
          removed ??= await this.streams.removedSubjects(stream);
          const set = await this.setOf(line, reader, stream, last, removed);
          if (set && !skip?.has(line.seq)) sets.push(set);
          last = line.seq;
        }
        through = { epoch: line.epoch, seq: line.seq, line: line.line };
      }
      if (lines.length < LINES_AT_ONCE) break;
      at = lines.at(-1)!.seq;
    }
    return { sets, through: head, last, readAt, more: false };
  }

  /**
   * Makes and signs what a stream is told once these lines are committed, so that it is there when they are: PostgreSQL writes
   * to the disk meanwhile. What is never committed must never be told.
   * @returns what follows the head of the log then; undefined when that is only known when they are committed
   */
  async prepare(stream: Stream, lines: readonly RevocationLine[]): Promise<Delivery | undefined> {
    const { head, readAt } = this.watch;
    const [first] = lines;
    if (!head || first?.epoch !== head.epoch || first.seq !== head.seq + 1) return undefined;
    const reader = await this.readers.of(stream.clientId);
    const removed = await this.streams.removedSubjects(stream);
    let last = await this.lastFor(reader, head.seq, head.epoch);
    const sets: SecurityEventToken[] = [];
    for (const line of lines) {
      // What tokens say about a person now is only known when it is committed.
      if (line.kind === 'claims') return undefined;
      if (!isFor(line, reader)) continue;
      const set = await this.setOf(line, reader, stream, last, removed);
      if (set) sets.push(set);
      last = line.seq;
    }
    const { epoch, seq, line } = lines.at(-1)!;
    const through = { epoch, seq, line };
    this.cursors.write(through, stream.clientId);
    // Subjects may be removed until then.
    return stream.removesSubjects ? undefined : { sets, through, last, readAt, more: false };
  }

  /** What a receiver of ours is told beside the events. @param arrived when it asked, by the monotonic clock */
  mark({ through, last, readAt }: Delivery, clientId: string, arrived: number): HighWaterMark {
    return {
      cursor: this.cursors.write(through, clientId),
      position: writePosition(through),
      last,
      age: Math.max(0, Math.ceil(arrived - readAt)),
    };
  }

  /** Up to where a stream has nothing left to confirm, when it has confirmed `lines` beyond what it had. */
  async acknowledgedUpTo(stream: Stream, lines: ReadonlySet<number>): Promise<number> {
    const reader = await this.readers.of(stream.clientId);
    const removed = await this.streams.removedSubjects(stream);
    const { seq: head } = this.watch.head!;
    let upTo = stream.acknowledged;
    while (upTo < head) {
      const next = await this.watch.after(upTo, LINES_AT_ONCE);
      for (const line of next) {
        const isTold = isFor(line, reader) && (await this.tells(line, reader, stream, removed));
        if (isTold && !lines.has(line.seq)) return upTo;
        upTo = line.seq;
      }
      if (next.length < LINES_AT_ONCE) break;
    }
    return Math.max(upTo, head);
  }

  /** The last line up to `seq` that is for `reader`; 0 for none. */
  async lastFor(reader: Reader, seq: number, epoch: number): Promise<number> {
    const name = `${reader.servesResource ? 'api' : 'app'} ${reader.clientId}`;
    const known = this.lasts.get(name);
    if (known?.epoch === epoch && known.upTo === seq) return known.last;
    if (known?.epoch !== epoch || known.upTo > seq || seq - known.upTo > LINES_AT_ONCE) {
      const last = await this.log.lastFor(reader, seq);
      if (!known || known.epoch !== epoch || known.upTo < seq) this.lasts.set(name, { epoch, upTo: seq, last });
      return last;
    }
    let { last } = known;
    for (const line of await this.watch.after(known.upTo, LINES_AT_ONCE)) {
      if (line.seq <= seq && isFor(line, reader)) last = line.seq;
    }
    this.lasts.set(name, { epoch, upTo: seq, last });
    return last;
  }

  private async setOf(
    line: RevocationLine,
    reader: Reader,
    stream: Stream,
    prev: number,
    removed: ReadonlySet<string>,
  ): Promise<SecurityEventToken | undefined> {
    if (await this.isRemoved(line, reader, removed)) return undefined;
    return this.events.ofLine(line, reader, { events: eventsDelivered(stream), algorithm: stream.algorithm, prev });
  }

  private async tells(
    line: RevocationLine,
    reader: Reader,
    stream: Stream,
    removed: ReadonlySet<string>,
  ): Promise<boolean> {
    if (await this.isRemoved(line, reader, removed)) return false;
    return this.events.tells(line, reader, eventsDelivered(stream));
  }

  private async isRemoved(line: RevocationLine, reader: Reader, removed: ReadonlySet<string>): Promise<boolean> {
    if (removed.size === 0) return false;
    const subjects = await this.events.subjectsOf(line, reader);
    return subjects.some((subject: SubjectId) => removed.has(subjectName(subject)));
  }
}
