import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Secrets } from '../../platform/secret.js';

/** A place in the log that we once told a receiver: proof that the log was that long, and which line stood there. */
export interface Cursor {
  epoch: number;
  seq: number;
  line: string;
}

const WRITTEN = /^(\d{1,16})\.(\d{1,16})\.([0-9a-f]{32})\.([\w-]{22})$/;
const TAG_OCTETS = 16;

/**
 * Cursors as receivers hold them, with a tag that shows that we made them for this client. A cursor beyond the end of the
 * log is therefore no guess: the database was put back to an earlier point.
 */
@Injectable()
export class Cursors {
  /**
   * The last one of each client, which its processes are told with every heartbeat and bring back with every poll: a tag
   * is computed once. Nobody can put one in here but us.
   */
  private readonly lasts = new LRUCache<string, { cursor: Cursor; written: string }>({ max: 10_000 });

  constructor(private readonly secrets: Secrets) {}

  write({ epoch, seq, line }: Cursor, clientId: string): string {
    const last = this.lasts.get(clientId);
    if (last?.cursor.line === line && last.cursor.seq === seq && last.cursor.epoch === epoch) return last.written;
    const text = `${epoch}.${seq}.${line}`;
    const tag = this.secrets.authenticate('signal-cursor', `${clientId}\0${text}`).subarray(0, TAG_OCTETS);
    const written = `${text}.${tag.toString('base64url')}`;
    this.lasts.set(clientId, { cursor: { epoch, seq, line }, written });
    return written;
  }

  /** Undefined when it is not one that this client was told. */
  read(written: unknown, clientId: string): Cursor | undefined {
    const last = this.lasts.get(clientId);
    if (last?.written === written) return last?.cursor;
    const parts = typeof written === 'string' ? WRITTEN.exec(written) : null;
    if (!parts) return undefined;
    const [, epoch, seq, line, tag] = parts as unknown as [string, string, string, string, string];
    const text = `${epoch}.${seq}.${line}`;
    if (!this.secrets.isAuthentic('signal-cursor', `${clientId}\0${text}`, Buffer.from(tag, 'base64url'))) {
      return undefined;
    }
    return { epoch: Number(epoch), seq: Number(seq), line };
  }
}
