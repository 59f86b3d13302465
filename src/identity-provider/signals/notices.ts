import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { arrayOf, Database, statement } from '../../platform/database/database.js';
import { randomToken } from '../../platform/secret.js';

const ADD = statement(`
  INSERT INTO signal_notice (id, stream_id, event, created_at)
  SELECT $1, $2, $3, $4 WHERE (SELECT count(*) FROM signal_notice WHERE stream_id = $2) < 100 RETURNING id`);
const FIND = statement(`
  SELECT id, stream_id, event, created_at FROM signal_notice WHERE stream_id = ANY(${arrayOf('$1', 'text')}) ORDER BY number`);
const REMOVE = statement(`DELETE FROM signal_notice WHERE stream_id = $1 AND id = ANY($2)`);
const REMOVE_ALL = statement(`DELETE FROM signal_notice WHERE stream_id = $1`);
const REMOVE_OF_TYPE = statement(`DELETE FROM signal_notice WHERE stream_id = $1 AND event ->> 'type' = $2`);
/** Wakes the processes that hold a poll of the stream. */
const WAKE = statement(`SELECT pg_notify('gatehouse_revocation', '')`);

/** What one stream is told about itself, until it has confirmed it. */
export interface Notice {
  id: string;
  streamId: string;
  type: string;
  members: Record<string, unknown>;
  /** Epoch milliseconds. */
  createdAt: number;
}

/** Keeps notices: verifications, and changes of a stream's status. */
@Injectable()
export class Notices {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** False when too many are waiting for the stream's receiver. */
  async add(streamId: string, type: string, members: Record<string, unknown>): Promise<boolean> {
    const values = [`notice.${randomToken(16)}`, streamId, { type, members }, this.clock.now()];
    const added = (await this.database.query(ADD, values)).length > 0;
    await this.database.query(WAKE);
    return added;
  }

  async of(streamIds: string[]): Promise<Notice[]> {
    const rows = await this.database.query<{
      id: string;
      stream_id: string;
      event: { type: string; members: Record<string, unknown> };
      created_at: string;
    }>(FIND, [streamIds]);
    return rows.map(({ id, stream_id: streamId, event, created_at }) => ({
      id,
      streamId,
      ...event,
      createdAt: Number(created_at),
    }));
  }

  async remove(streamId: string, ids: string[]): Promise<void> {
    await this.database.query(REMOVE, [streamId, ids]);
  }
  /** Removes those of a type, or all. */
  async clear(streamId: string, type?: string): Promise<void> {
    if (type === undefined) await this.database.query(REMOVE_ALL, [streamId]);
    else await this.database.query(REMOVE_OF_TYPE, [streamId, type]);
  }
}

/**
 * A stream that is suspended transmits nothing (SSF 1.0 §8.1.2.1), but is told that it is (§8.1.5): whoever listens at that
 * moment, for so many milliseconds at most.
 */
export const LAST_WORD = 1_000;
