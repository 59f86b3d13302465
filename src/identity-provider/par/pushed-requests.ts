import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database, statement } from '../../platform/database/database.js';
import { digest, randomToken } from '../../platform/secret.js';
import { Parameters } from '../../protocol/parameters.js';

const PREFIX = 'urn:ietf:params:oauth:request_uri:';
/** A redirect takes a moment; RFC 9126 §2.2 speaks of 5 to 600 seconds. */
const LIFETIME_SECONDS = 90;

const PUSH = statement(`
  INSERT INTO pushed_request (id_digest, client_id, parameters, expires_at) VALUES ($1, $2, $3, $4)`);
const FIND = statement(`
  SELECT parameters, expires_at FROM pushed_request WHERE id_digest = $1 AND client_id = $2 AND expires_at > $3`);
const SWEEP = statement(`
  DELETE FROM pushed_request WHERE id_digest IN (
    SELECT id_digest FROM pushed_request WHERE expires_at <= $1 LIMIT 10000 FOR UPDATE SKIP LOCKED)`);

/** A pushed request on its way back; `expiresAt` in seconds since the epoch. */
export interface PushedRequest {
  parameters: Parameters;
  expiresAt: number;
}

/** Keeps pushed authorization requests (RFC 9126): the browser only carries their name. */
@Injectable()
export class PushedRequests {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  isPushed(requestUri: string): boolean {
    return requestUri.startsWith(PREFIX);
  }

  /** @param parameters checked, and without anything that only proves the client. */
  async push(clientId: string, parameters: Parameters): Promise<{ requestUri: string; expiresInSeconds: number }> {
    const requestUri = PREFIX + randomToken();
    const expiresAt = this.clock.now() + LIFETIME_SECONDS * 1000;
    await this.database.query(PUSH, [digest(requestUri), clientId, parameters.encode(), expiresAt]);
    return { requestUri, expiresInSeconds: LIFETIME_SECONDS };
  }

  /** What this client pushed under this name, as long as it lives; looking at it uses nothing up. */
  async find(requestUri: string, clientId: string): Promise<PushedRequest | undefined> {
    const [row] = await this.database.query<{ parameters: string; expires_at: string }>(FIND, [
      digest(requestUri),
      clientId,
      this.clock.now(),
    ]);
    return row && { parameters: Parameters.parse(row.parameters), expiresAt: Number(row.expires_at) / 1000 };
  }

  async sweep(): Promise<void> {
    await this.database.query(SWEEP, [this.clock.now()]);
  }
}
