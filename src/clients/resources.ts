import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, statement } from '../platform/database/database.js';

/** A registered API: which scopes are its own, what its tokens look like, and which client may introspect them. */
export interface Resource {
  /** An absolute URI without fragment (RFC 8707 §2), also a URN. It is the token's `aud`. */
  audience: string;
  scopes: string[];
  tokenFormat: 'jwt' | 'opaque';
  accessTokenSeconds?: number;
  ownerClientId?: string;
}

/** The registry is small and asked by every request, and changes by hand: read again after this long, in milliseconds. */
const REREAD_AFTER = 5_000;

const LIST = statement(`
  SELECT audience, scopes, token_format, access_token_seconds, owner_client_id FROM resource ORDER BY audience`);
const PUT = statement(`
  INSERT INTO resource (audience, scopes, token_format, access_token_seconds, owner_client_id, created_at)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (audience) DO UPDATE SET scopes = EXCLUDED.scopes, token_format = EXCLUDED.token_format,
    access_token_seconds = EXCLUDED.access_token_seconds, owner_client_id = EXCLUDED.owner_client_id`);
const REMOVE = statement(`DELETE FROM resource WHERE audience = $1 RETURNING audience`);

interface ResourceRow {
  audience: string;
  scopes: string[];
  token_format: 'jwt' | 'opaque';
  access_token_seconds: number | null;
  owner_client_id: string | null;
}

@Injectable()
export class Resources {
  private known?: { readAt: number; resources: Promise<Resource[]> };

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** All resources; at most five seconds old. */
  list(): Promise<Resource[]> {
    const now = this.clock.now();
    if (!this.known || now - this.known.readAt >= REREAD_AFTER) {
      const resources = this.read();
      this.known = { readAt: now, resources };
      resources.catch(() => (this.known = undefined));
    }
    return this.known.resources;
  }

  async find(audience: string): Promise<Resource | undefined> {
    return (await this.list()).find((resource) => resource.audience === audience);
  }

  /** @throws Error when the audience is no absolute URI without fragment, or a scope belongs to another resource. */
  async put(resource: Resource): Promise<void> {
    if (!URL.canParse(resource.audience) || resource.audience.includes('#')) {
      throw new Error(`'${resource.audience}' is not an absolute URI without a fragment`);
    }
    const rival = (await this.read()).find(
      (other) => other.audience !== resource.audience && other.scopes.some((scope) => resource.scopes.includes(scope)),
    );
    if (rival) throw new Error(`a scope of '${resource.audience}' belongs to '${rival.audience}' already`);
    await this.database.query(PUT, [
      resource.audience,
      resource.scopes,
      resource.tokenFormat,
      resource.accessTokenSeconds ?? null,
      resource.ownerClientId ?? null,
      this.clock.now(),
    ]);
    this.known = undefined;
  }

  async remove(audience: string): Promise<boolean> {
    const removed = await this.database.query(REMOVE, [audience]);
    this.known = undefined;
    return removed.length > 0;
  }

  private async read(): Promise<Resource[]> {
    return (await this.database.query<ResourceRow>(LIST)).map((row) => ({
      audience: row.audience,
      scopes: row.scopes,
      tokenFormat: row.token_format,
      ...(row.access_token_seconds === null ? {} : { accessTokenSeconds: row.access_token_seconds }),
      ...(row.owner_client_id === null ? {} : { ownerClientId: row.owner_client_id }),
    }));
  }
}
