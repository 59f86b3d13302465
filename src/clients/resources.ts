import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, statement } from '../platform/database/database.js';
import type { SigningAlgorithm } from '../protocol/signing-algorithm.js';
import { STANDARD_SCOPES } from '../protocol/scope.js';

/** A registered API: which scopes are its own, what its tokens look like, and which client may introspect them. */
export interface Resource {
  /** An absolute URI without fragment (RFC 8707 §2), also a URN. It is the token's `aud`. */
  audience: string;
  scopes: string[];
  tokenFormat: 'jwt' | 'opaque';
  /** What its JWTs are signed with; left out: as the provider signs them (ES256). RFC 9068 §2.1 wants RS256 to be available. */
  tokenSigningAlg?: SigningAlgorithm;
  accessTokenSeconds?: number;
  ownerClientId?: string;
  /** Further clients that serve it: what the owner may ask and is told about its tokens, they are, too. */
  servedBy?: string[];
}

/** Whether a client stands behind a resource: it may introspect its tokens, and is told which of them were revoked. */
export function serves({ ownerClientId, servedBy = [] }: Resource, clientId: string): boolean {
  return ownerClientId === clientId || servedBy.includes(clientId);
}

/** The registry is small and asked by every request, and changes by hand: read again after this long, in milliseconds. */
const REREAD_AFTER = 5_000;

const LIST = statement(`
  SELECT audience, scopes, token_format, token_signing_alg, access_token_seconds, owner_client_id, served_by
  FROM resource ORDER BY audience`);
const PUT = statement(`
  INSERT INTO resource
    (audience, scopes, token_format, access_token_seconds, owner_client_id, created_at, served_by, token_signing_alg)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (audience) DO UPDATE SET scopes = EXCLUDED.scopes, token_format = EXCLUDED.token_format,
    access_token_seconds = EXCLUDED.access_token_seconds, owner_client_id = EXCLUDED.owner_client_id,
    served_by = EXCLUDED.served_by, token_signing_alg = EXCLUDED.token_signing_alg`);
const REMOVE = statement(`DELETE FROM resource WHERE audience = $1 RETURNING audience`);

interface ResourceRow {
  audience: string;
  scopes: string[];
  token_format: 'jwt' | 'opaque';
  token_signing_alg: SigningAlgorithm | null;
  access_token_seconds: number | null;
  owner_client_id: string | null;
  served_by: string[];
}

/** A retired key is believed for a day, so no token it signed may live longer. */
const LONGEST_TOKEN_SECONDS = 86_400;

/** A resource that may not be registered; the message says why. */
export class ResourceError extends Error {
  override readonly name = 'ResourceError';
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

  /** @throws ResourceError when the audience is no absolute URI without fragment, or a scope is another's already. */
  async put(resource: Resource): Promise<void> {
    if (!URL.canParse(resource.audience) || resource.audience.includes('#')) {
      throw new ResourceError(`'${resource.audience}' is not an absolute URI without a fragment.`);
    }
    const standard = resource.scopes.find((scope) => STANDARD_SCOPES.some((name) => name === scope));
    if (standard) throw new ResourceError(`The scope '${standard}' is OpenID Connect's own: no resource can have it.`);
    const signals = resource.scopes.find((scope) => scope.startsWith('ssf.'));
    if (signals)
      throw new ResourceError(`The scope '${signals}' is for the provider's own signals: no resource can have it.`);
    const seconds = resource.accessTokenSeconds ?? 1;
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_TOKEN_SECONDS) {
      throw new ResourceError(`An access token lives 1 to ${LONGEST_TOKEN_SECONDS} seconds.`);
    }
    const rival = (await this.read()).find(
      (other) => other.audience !== resource.audience && other.scopes.some((scope) => resource.scopes.includes(scope)),
    );
    if (rival) throw new ResourceError(`A scope of '${resource.audience}' belongs to '${rival.audience}' already.`);
    await this.database.query(PUT, [
      resource.audience,
      resource.scopes,
      resource.tokenFormat,
      resource.accessTokenSeconds ?? null,
      resource.ownerClientId ?? null,
      this.clock.now(),
      resource.servedBy ?? [],
      resource.tokenSigningAlg ?? null,
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
      ...(row.token_signing_alg === null ? {} : { tokenSigningAlg: row.token_signing_alg }),
      ...(row.access_token_seconds === null ? {} : { accessTokenSeconds: row.access_token_seconds }),
      ...(row.owner_client_id === null ? {} : { ownerClientId: row.owner_client_id }),
      ...(row.served_by.length === 0 ? {} : { servedBy: row.served_by }),
    }));
  }
}
