import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { isFor, type Reader, RevocationLog } from '../../authorizations/revocation-log.js';
import { type Receipt, RevocationReceipts } from '../../authorizations/revocation-receipts.js';
import { Clients } from '../../clients/clients.js';
import { Clock } from '../../platform/clock.js';
import { Database, statement } from '../../platform/database/database.js';
import { Readers } from './readers.js';

/** A receiver that was not heard for this long is not waited for, in milliseconds. */
export const LIVE_FOR = 6_000;
/** How often it is looked whether the last has confirmed. */
const LOOK_EVERY = 10;

const STREAMS = statement(`
  SELECT s.client_id, s.instance, s.acknowledged >= $1 OR e.seq IS NOT NULL AS acknowledged, e.error,
    coalesce(e.at, (SELECT min(a.at) FROM signal_acknowledgement a WHERE a.stream_id = s.id AND a.seq >= $1)) AS at
  FROM signal_stream s LEFT JOIN signal_acknowledgement e ON e.stream_id = s.id AND e.seq = $1
  WHERE s.status = 'enabled' AND (s.seen_at > $2 OR (s.push_url IS NOT NULL AND s.instance = '' AND s.push_attempts = 0))
  ORDER BY s.client_id, s.instance`);

interface StreamRow {
  client_id: string;
  instance: string;
  acknowledged: boolean;
  error: string | null;
  at: string | null;
}

/** Tells which applications enforce a revocation. Applications without a living feed are not among them. */
@Injectable()
export class Receipts extends RevocationReceipts {
  constructor(
    private readonly database: Database,
    private readonly log: RevocationLog,
    private readonly readers: Readers,
    private readonly clients: Clients,
    private readonly clock: Clock,
  ) {
    super();
  }

  async of(seq: number): Promise<Receipt | undefined> {
    const line = await this.log.find(seq);
    if (!line) return undefined;
    const rows = await this.database.query<StreamRow>(STREAMS, [seq, this.clock.now() - LIVE_FOR]);
    const applications = new Map<string, Receipt['applications'][number]>();
    for (const row of rows) {
      const reader: Reader = await this.readers.of(row.client_id);
      if (!isFor(line, reader)) continue;
      let application = applications.get(row.client_id);
      if (!application) {
        const client = await this.clients.find(row.client_id);
        application = {
          clientId: row.client_id,
          name: client?.metadata.client_name ?? row.client_id,
          instances: [],
          enforced: true,
        };
        applications.set(row.client_id, application);
      }
      const enforces = row.acknowledged && row.error === null;
      application.enforced &&= enforces;
      application.instances.push({
        instance: row.instance,
        ...(enforces && row.at !== null ? { enforcedAt: Number(row.at) } : {}),
        ...(row.error === null ? {} : { error: row.error }),
      });
    }
    const all = [...applications.values()];
    const times = all.flatMap(({ instances }) => instances.flatMap(({ enforcedAt }) => enforcedAt ?? []));
    return {
      seq,
      revokedAt: line.createdAt,
      applications: all,
      enforced: all.filter(({ enforced }) => enforced).length,
      ...(times.length > 0 ? { milliseconds: Math.max(0, Math.max(...times) - line.createdAt) } : {}),
    };
  }

  async settled(seq: number, milliseconds: number): Promise<Receipt | undefined> {
    const until = this.clock.monotonic() + milliseconds;
    let tries = Math.ceil(milliseconds / LOOK_EVERY);
    for (;;) {
      const receipt = await this.of(seq);
      if (!receipt || receipt.enforced === receipt.applications.length) return receipt;
      tries -= 1;
      if (tries <= 0 || this.clock.monotonic() >= until) return receipt;
      await pause(LOOK_EVERY);
    }
  }
}
