import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../platform/clock.js';
import { BatchedRead } from '../platform/database/batched-read.js';
import { arrayOf, Database, type Queryable, statement } from '../platform/database/database.js';
import { LOG_POSITION } from '../platform/database/log-position.js';
import { ROW_VERSION } from '../platform/database/row-version.js';
import { deepFreeze } from '../platform/deep-freeze.js';
import { digest, matches, randomToken, Secrets } from '../platform/secret.js';
import { clientMetadata, type ClientMetadata, metadataProblem } from './client-metadata.js';
import { lookPolicy } from './client-policy.js';
import { type Client, type ClientPolicy, DEFAULT_POLICY } from './client.js';

const COLUMNS = `id, metadata, policy, secret_digest, secret_sealed, registration_token_digest, disabled_at, created_at,
  ${LOG_POSITION}`;
const FIND = statement(`
  SELECT ${COLUMNS}, ${ROW_VERSION} AS version FROM client WHERE id = ANY(${arrayOf('$1', 'text')})`);
const VERSIONS = statement(`
  SELECT id, ${ROW_VERSION} AS version, ${LOG_POSITION} FROM client WHERE id = ANY(${arrayOf('$1', 'text')})`);
/** So many clients are kept in memory, each for a minute: a database restored from a backup could count its versions anew. */
const MOST_KEPT = 2_000;
const KEPT_FOR = 60_000;
const LIST = statement(`SELECT ${COLUMNS} FROM client ORDER BY created_at, id`);
const ORIGINS = statement(`
  SELECT DISTINCT substring(uri FROM '^https?://[^/?#]+') AS origin
  FROM client, jsonb_array_elements_text(metadata->'redirect_uris') AS uri
  WHERE disabled_at IS NULL AND metadata->>'application_type' = 'web'`);
const INSERT = statement(`
  INSERT INTO client (id, metadata, policy, secret_digest, secret_sealed, registration_token_digest, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (id) DO NOTHING RETURNING id`);
const UPSERT = statement(`
  INSERT INTO client (id, metadata, policy, secret_digest, secret_sealed, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $6)
  ON CONFLICT (id) DO UPDATE SET metadata = EXCLUDED.metadata, policy = EXCLUDED.policy,
    secret_digest = EXCLUDED.secret_digest, secret_sealed = EXCLUDED.secret_sealed, updated_at = EXCLUDED.updated_at`);
const REPLACE = statement(`UPDATE client SET metadata = $2, updated_at = $3 WHERE id = $1 RETURNING id`);
const REREGISTER = statement(`
  UPDATE client SET metadata = $2, policy = $3, secret_digest = $4, secret_sealed = $5, updated_at = $6
  WHERE id = $1 RETURNING id`);
const DECIDE = statement(`
  UPDATE client SET policy = policy || $2, updated_at = $3 WHERE id = $1 RETURNING id`);
const SECRET = statement(`
  UPDATE client SET secret_digest = $2, secret_sealed = $3, updated_at = $4 WHERE id = $1 RETURNING id`);
const DISABLE = statement(`UPDATE client SET disabled_at = $2, updated_at = $3 WHERE id = $1 RETURNING id`);
const REMOVE = statement(`DELETE FROM client WHERE id = $1 RETURNING id`);
const SEALED = statement(`SELECT id, secret_sealed FROM client WHERE secret_sealed IS NOT NULL ORDER BY id`);
/** Only what was read is replaced: a secret that was rotated meanwhile is a newer one. */
const RESEAL = statement(`UPDATE client SET secret_sealed = $3 WHERE id = $1 AND secret_sealed = $2 RETURNING id`);

/** What OAuth lets a client id be made of (RFC 6749 appendix A.1), without the space. */
const CLIENT_ID = /^[\x21-\x7e]{1,200}$/;
/** How the subject identifiers of people begin. */
const SUBJECT_PREFIX = 'usr_';

interface ClientRow {
  id: string;
  metadata: ClientMetadata;
  policy: ClientPolicy;
  secret_digest: Buffer | null;
  secret_sealed: Buffer | null;
  registration_token_digest: Buffer | null;
  disabled_at: string | null;
  created_at: string;
  position: string;
}

/** A client as it was read a while ago, and which version of its row that was. */
export interface KnownClient {
  client: Client;
  version: string;
}

/** Which version of a client is there now, and where the revocation log stood then. */
interface Seen {
  version: string;
  position: string;
}

/** Metadata that may not be registered. */
export class ClientMetadataError extends Error {
  override readonly name = 'ClientMetadataError';

  constructor(
    readonly code: 'invalid_redirect_uri' | 'invalid_client_metadata',
    readonly member: string,
    description: string,
  ) {
    super(description);
  }
}

/** A client that cannot be kept under this id, or whose sealed secret cannot be opened. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
}

/** Registers clients and finds them. Secrets are kept as digests, except those of `client_secret_jwt` clients (sealed). */
@Injectable()
export class Clients {
  private readonly byId = new BatchedRead<string, Client>(
    (id) => id,
    async (ids) => {
      const rows = await this.database.query<ClientRow & { version: string }>(FIND, [ids]);
      return new Map(rows.map((row) => [row.id, this.keep(row)]));
    },
  );
  private readonly versions = new BatchedRead<string, Seen>(
    (id) => id,
    async (ids) => {
      const rows = await this.database.query<Seen & { id: string }>(VERSIONS, [ids]);
      return new Map(rows.map((row) => [row.id, row]));
    },
  );
  private readonly known = new LRUCache<string, KnownClient & { until: number }>({ max: MOST_KEPT });

  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /** As it is now. What is in memory counts only if its row is still of that version. */
  async find(id: string): Promise<Client | undefined> {
    if (id.length > 200 || id.includes('\0')) return undefined;
    return this.recall(id) ? this.findSeen(id, await this.versions.get(id)) : this.byId.get(id);
  }

  /**
   * As {@link find}, for whoever has just read which version is there.
   * @param seen undefined: there was none.
   */
  async findSeen(id: string, seen: Seen | undefined): Promise<Client | undefined> {
    if (!seen) return undefined;
    const known = this.recall(id);
    return known?.version === seen.version ? { ...known.client, position: seen.position } : this.byId.get(id);
  }

  /**
   * A client as it was last read, without asking anybody: for a statement that does nothing unless this version is still
   * there. It may have been disabled since.
   */
  recall(id: string): KnownClient | undefined {
    const known = this.known.get(id);
    return known && known.until > this.clock.now() ? known : undefined;
  }

  private keep(row: ClientRow & { version: string }): Client {
    const client = clientOf(row);
    // Several requests will hold them.
    deepFreeze(client.metadata);
    deepFreeze(client.policy);
    this.known.set(row.id, { client, version: row.version, until: this.clock.now() + KEPT_FOR });
    return client;
  }

  async list(): Promise<Client[]> {
    return (await this.database.query<ClientRow>(LIST)).map(clientOf);
  }

  /** The origins of web applications, by their redirect URIs. */
  async webOrigins(): Promise<Set<string>> {
    const rows = await this.database.query<{ origin: string | null }>(ORIGINS);
    return new Set(rows.flatMap(({ origin }) => (origin === null ? [] : new URL(origin).origin)));
  }

  /**
   * Checks metadata and fills in the defaults.
   * @throws ClientMetadataError that names the member at fault.
   */
  check(metadata: unknown): ClientMetadata {
    const parsed = clientMetadata.safeParse(metadata);
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      const member = String(issue.path[0] ?? 'metadata');
      const code = member === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata';
      throw new ClientMetadataError(code, member, `${member}: ${issue.message}`);
    }
    const problem = metadataProblem(parsed.data);
    if (problem) throw new ClientMetadataError(problem.code, problem.member, problem.description);
    return parsed.data;
  }

  /**
   * Registers a new client; its secret, when it has one, is shown this once.
   * @param id chosen by the operator; left out, a random one is made.
   * @throws ClientMetadataError; ClientError when the id is taken or may not be had.
   */
  async register(registration: {
    id?: string;
    metadata: unknown;
    policy?: Partial<ClientPolicy>;
    registrationToken?: string;
  }): Promise<{ client: Client; secret?: string }> {
    const metadata = this.check(registration.metadata);
    const id = registration.id === undefined ? `client_${randomToken(16)}` : checkedId(registration.id);
    const secret = needsSecret(metadata) ? randomToken() : undefined;
    const policy = { ...DEFAULT_POLICY, ...checkedPolicy(registration.policy) };
    const rows = await this.database.query(INSERT, [
      id,
      metadata,
      policy,
      ...this.kept(metadata, secret),
      registration.registrationToken ? digest(registration.registrationToken) : null,
      this.clock.now(),
    ]);
    if (rows.length === 0) throw new ClientError(`A client with the id '${id}' exists already.`);
    return { client: (await this.find(id))!, ...(secret ? { secret } : {}) };
  }

  /** Writes a client whatever was there before: for seeds, which must be repeatable. */
  async put(id: string, metadata: unknown, policy: Partial<ClientPolicy> = {}, secret?: string): Promise<void> {
    const checked = this.check(metadata);
    await this.database.query(UPSERT, [
      checkedId(id),
      checked,
      { ...DEFAULT_POLICY, ...checkedPolicy(policy) },
      ...this.kept(checked, needsSecret(checked) ? secret : undefined),
      this.clock.now(),
    ]);
  }

  /** Replaces the metadata; false when there is no such client. @throws ClientMetadataError */
  async replace(id: string, metadata: unknown): Promise<boolean> {
    return (await this.database.query(REPLACE, [id, this.check(metadata), this.clock.now()])).length > 0;
  }

  /**
   * Replaces metadata and policy; the secret stays as long as the new method can use it.
   * @param plain the secret, where the client has just proved it.
   * @returns the secret when a new one had to be made, and whether the client is still there.
   * @throws ClientMetadataError
   */
  async reregister(
    client: Client,
    { metadata, policy, plain }: { metadata: unknown; policy: ClientPolicy; plain?: string | undefined },
    queryable: Queryable = this.database,
  ): Promise<{ found: boolean; secret?: string }> {
    const checked = this.check(metadata);
    const needed = needsSecret(checked);
    const known = plain ?? this.plainSecret(client);
    const onlyDigest = known === undefined ? client.secretDigest : undefined;
    // A digest serves every method but the one that computes with the secret.
    const digestServes = needed && onlyDigest && checked.token_endpoint_auth_method !== 'client_secret_jwt';
    const fresh = needed && known === undefined && !digestServes ? randomToken() : undefined;
    const kept = digestServes ? [onlyDigest, null] : this.kept(checked, needed ? (known ?? fresh) : undefined);
    const rows = await queryable.query(REREGISTER, [client.id, checked, policy, ...kept, this.clock.now()]);
    return { found: rows.length > 0, ...(fresh === undefined ? {} : { secret: fresh }) };
  }

  /** Changes what we decided about a client, in these points; false when there is none. @throws ClientError */
  async decide(id: string, change: Partial<ClientPolicy>): Promise<boolean> {
    return (await this.database.query(DECIDE, [id, checkedPolicy(change), this.clock.now()])).length > 0;
  }

  /** A new secret, shown this once; the old one is dead at once. Undefined when the client has none. */
  async rotateSecret(client: Client): Promise<string | undefined> {
    if (!needsSecret(client.metadata)) return undefined;
    const secret = randomToken();
    await this.database.query(SECRET, [client.id, ...this.kept(client.metadata, secret), this.clock.now()]);
    return secret;
  }

  /** It is refused from now on; false when there is none. What it was authorized to do is ended by `Suspensions`. */
  async disable(id: string, queryable: Queryable = this.database): Promise<boolean> {
    const now = this.clock.now();
    return (await queryable.query(DISABLE, [id, now, now])).length > 0;
  }

  async enable(id: string): Promise<boolean> {
    return (await this.database.query(DISABLE, [id, null, this.clock.now()])).length > 0;
  }

  /** Its consents go with it; false when there is none. What it was authorized to do is ended by `Suspensions`. */
  async remove(id: string, queryable: Queryable = this.database): Promise<boolean> {
    return (await queryable.query(REMOVE, [id])).length > 0;
  }

  /**
   * Seals every kept secret under the first of GATEHOUSE_SECRET; answers how many were sealed under another.
   * @throws ClientError when one cannot be opened.
   */
  async reseal(): Promise<number> {
    let count = 0;
    for (const { id, secret_sealed: sealed } of await this.database.query<{ id: string; secret_sealed: Buffer }>(
      SEALED,
    )) {
      if (this.secrets.isCurrent('client-secret', sealed)) continue;
      const plain = this.secrets.open('client-secret', sealed);
      if (!plain) {
        throw new ClientError(
          `GATEHOUSE_SECRET: the secret of the client '${id}' was sealed under another secret. ` +
            'Add the old secret at the end of the list, or give the client a new one (client rotate-secret).',
        );
      }
      count += (await this.database.query(RESEAL, [id, sealed, this.secrets.seal('client-secret', plain)])).length;
    }
    return count;
  }

  /** Constant-time check of a client secret. */
  isSecret(client: Client, secret: string): boolean {
    if (client.secretDigest) return matches(client.secretDigest, digest(secret));
    const plain = this.plainSecret(client);
    return plain !== undefined && matches(digest(plain), digest(secret));
  }

  /** The plain secret of a `client_secret_jwt` client. */
  plainSecret(client: Client): string | undefined {
    return client.secretSealed && this.secrets.open('client-secret', client.secretSealed)?.toString();
  }

  private kept(metadata: ClientMetadata, secret: string | undefined): [Buffer | null, Buffer | null] {
    if (secret === undefined) return [null, null];
    return metadata.token_endpoint_auth_method === 'client_secret_jwt'
      ? [null, this.secrets.seal('client-secret', secret)]
      : [digest(secret), null];
  }
}

/** A client without a person is the subject of its tokens (RFC 9068 §2.2), so its id must never read as a person's. */
function checkedId(id: string): string {
  if (!CLIENT_ID.test(id)) throw new ClientError('A client id has 1 to 200 visible ASCII characters.');
  if (id.startsWith(SUBJECT_PREFIX)) {
    throw new ClientError(`A client id does not begin with ${SUBJECT_PREFIX}: that is how people are identified.`);
  }
  return id;
}

/** A look is written out on pages, so it must be one. @throws ClientError */
function checkedPolicy(policy: Partial<ClientPolicy> = {}): Partial<ClientPolicy> {
  if (policy.look === undefined) return policy;
  const parsed = lookPolicy.safeParse(policy.look);
  if (parsed.success) return policy;
  const { path, message } = parsed.error.issues[0]!;
  throw new ClientError(`The client's look cannot be kept: ${[...path, message].join(': ')}.`);
}

function needsSecret(metadata: ClientMetadata): boolean {
  return metadata.token_endpoint_auth_method.startsWith('client_secret_');
}

function clientOf(row: ClientRow): Client {
  return {
    id: row.id,
    metadata: row.metadata,
    // What was decided before a decision was there to be made is the default.
    policy: { ...DEFAULT_POLICY, ...row.policy },
    disabled: row.disabled_at !== null,
    registeredAt: Number(row.created_at),
    position: row.position,
    ...(row.secret_digest ? { secretDigest: row.secret_digest } : {}),
    ...(row.secret_sealed ? { secretSealed: row.secret_sealed } : {}),
    ...(row.registration_token_digest ? { registrationTokenDigest: row.registration_token_digest } : {}),
  };
}
