import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database, statement } from '../../platform/database/database.js';

/** Written down together after so many milliseconds: a thousand receivers confirm one event at the same moment. */
const TOGETHER_AFTER = 5;
/** Times of acknowledgements are kept for a day; that something was acknowledged is kept with the stream. */
const KEPT = 86_400_000;

const INSERT = statement(`
  WITH given AS (
    SELECT g.* FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[]) AS g (stream_id, seq, at, error)
    JOIN signal_stream s ON s.id = g.stream_id)
  INSERT INTO signal_acknowledgement (stream_id, seq, at, error) SELECT stream_id, seq, at, error FROM given
  ON CONFLICT (stream_id, seq) DO NOTHING`);
/** In one order, as everybody who writes many streams at once: else two of them would wait for each other. */
const ADVANCE = statement(`
  WITH given AS (
    SELECT s.id, g.seq FROM unnest($1::text[], $2::bigint[]) AS g (stream_id, seq)
    JOIN signal_stream s ON s.id = g.stream_id WHERE s.acknowledged < g.seq ORDER BY s.id FOR NO KEY UPDATE OF s)
  UPDATE signal_stream s SET acknowledged = greatest(s.acknowledged, given.seq) FROM given WHERE s.id = given.id`);
const BEYOND = statement(`SELECT seq FROM signal_acknowledgement WHERE stream_id = $1 AND seq > $2`);
const SWEEP = statement(`
  DELETE FROM signal_acknowledgement a USING signal_stream s
  WHERE s.id = a.stream_id AND a.at <= $1 AND a.seq <= s.acknowledged`);

/** Writes down which stream has confirmed which line, and when. */
@Injectable()
export class Acknowledgements implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Signals');
  private given: { streamId: string; seq: number; at: number; error?: string }[] = [];
  private through = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** A line was confirmed, or could not be used, as `error` says. */
  note(streamId: string, seq: number, error?: string): void {
    this.given.push({ streamId, seq, at: this.clock.now(), ...(error === undefined ? {} : { error }) });
    this.writeSoon();
  }

  /** Everything up to `seq` is done with. */
  advance(streamId: string, seq: number): void {
    if ((this.through.get(streamId) ?? -1) < seq) this.through.set(streamId, seq);
    this.writeSoon();
  }

  /** The lines beyond `seq` that a stream has confirmed out of turn. */
  async beyond(streamId: string, seq: number): Promise<Set<number>> {
    await this.write();
    const rows = await this.database.query<{ seq: string }>(BEYOND, [streamId, seq]);
    return new Set(rows.map((row) => Number(row.seq)));
  }

  /** Writes what was noted until now; resolves when it is written. */
  write(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { given, through } = this;
    this.given = [];
    this.through = new Map();
    this.writing = this.writing.then(() => this.writeDown(given, through));
    return this.writing;
  }

  async sweep(): Promise<void> {
    await this.database.query(SWEEP, [this.clock.now() - KEPT]);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.write();
  }

  private writeSoon(): void {
    this.timer ??= setTimeout(() => void this.write(), TOGETHER_AFTER).unref();
  }

  private async writeDown(given: typeof this.given, through: ReadonlyMap<string, number>): Promise<void> {
    try {
      if (given.length > 0) {
        await this.database.query(INSERT, [
          given.map(({ streamId }) => streamId),
          given.map(({ seq }) => seq),
          given.map(({ at }) => at),
          given.map(({ error }) => error ?? null),
        ]);
      }
      if (through.size > 0) await this.database.query(ADVANCE, [[...through.keys()], [...through.values()]]);
    } catch (error) {
      // The receivers are told again, which does them no harm.
      this.logger.warn(`acknowledgements could not be written: ${(error as Error).message}`);
    }
  }
}
