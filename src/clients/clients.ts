import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, statement } from '../platform/database/database.js';
import { digest, matches, randomToken, Secrets } from '../platform/secret.js';
import { clientMetadata, type ClientMetadata, metadataProblem } from './client-metadata.js';
import { type Client, type ClientPolicy, DEFAULT_POLICY } from './client.js';

const COLUMNS = 'id, metadata, policy, secret_digest, secret_sealed, registration_token_digest, disabled_at';
const FIND = statement(`SELECT ${COLUMNS} FROM client WHERE id = $1`);
const LIST = statement(`SELECT ${COLUMNS} FROM client ORDER BY created_at, id`);
const INSERT = statement(`
  INSERT INTO client (id, metadata, policy, secret_digest, secret_sealed, registration_token_digest, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (id) DO NOTHING RETURNING id`);
const UPSERT = statement(`
  INSERT INTO client (id, metadata, policy, secret_digest, secret_sealed, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $6)
  ON CONFLICT (id) DO UPDATE SET metadata = EXCLUDED.metadata, policy = EXCLUDED.policy,
    secret_digest = EXCLUDED.secret_digest, secret_sealed = EXCLUDED.secret_sealed, updated_at = EXCLUDED.updated_at`);
const REPLACE = statement(`UPDATE client SET metadata = $2, updated_at = $3 WHERE id = $1 RETURNING id`);
const SECRET = statement(`
  UPDATE client SET secret_digest = $2, secret_sealed = $3, updated_at = $4 WHERE id = $1 RETURNING id`);
const DISABLE = statement(`UPDATE client SET disabled_at = $2, updated_at = $3 WHERE id = $1 RETURNING id`);
const REMOVE = statement(`DELETE FROM client WHERE id = $1 RETURNING id`);

interface ClientRow {
  id: string;
  metadata: ClientMetadata;
  policy: ClientPolicy;
  secret_digest: Buffer | null;
  secret_sealed: Buffer | null;
  registration_token_digest: Buffer | null;
  disabled_at: string | null;
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

/** Registers clients and finds them. Secrets are kept as digests, except those of `client_secret_jwt` clients (sealed). */
@Injectable()
export class Clients {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  async find(id: string): Promise<Client | undefined> {
    if (id.length > 200 || id.includes('\0')) return undefined;
    const [row] = await this.database.query<ClientRow>(FIND, [id]);
    return row && clientOf(row);
  }

  async list(): Promise<Client[]> {
    return (await this.database.query<ClientRow>(LIST)).map(clientOf);
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
   * @throws ClientMetadataError; Error when the id is taken.
   */
  async register(registration: {
    id?: string;
    metadata: unknown;
    policy?: Partial<ClientPolicy>;
    registrationToken?: string;
  }): Promise<{ client: Client; secret?: string }> {
    const metadata = this.check(registration.metadata);
    const id = registration.id ?? `client_${randomToken(16)}`;
    const secret = needsSecret(metadata) ? randomToken() : undefined;
    const policy = { ...DEFAULT_POLICY, ...registration.policy };
    const rows = await this.database.query(INSERT, [
      id,
      metadata,
      policy,
      ...this.kept(metadata, secret),
      registration.registrationToken ? digest(registration.registrationToken) : null,
      this.clock.now(),
    ]);
    if (rows.length === 0) throw new Error(`a client with the id '${id}' exists already`);
    return { client: (await this.find(id))!, ...(secret ? { secret } : {}) };
  }

  /** Writes a client whatever was there before: for seeds, which must be repeatable. */
  async put(id: string, metadata: unknown, policy: Partial<ClientPolicy> = {}, secret?: string): Promise<void> {
    const checked = this.check(metadata);
    await this.database.query(UPSERT, [
      id,
      checked,
      { ...DEFAULT_POLICY, ...policy },
      ...this.kept(checked, needsSecret(checked) ? secret : undefined),
      this.clock.now(),
    ]);
  }

  /** Replaces the metadata; false when there is no such client. @throws ClientMetadataError */
  async replace(id: string, metadata: unknown): Promise<boolean> {
    return (await this.database.query(REPLACE, [id, this.check(metadata), this.clock.now()])).length > 0;
  }

  /** A new secret, shown this once; the old one is dead at once. Undefined when the client has none. */
  async rotateSecret(client: Client): Promise<string | undefined> {
    if (!needsSecret(client.metadata)) return undefined;
    const secret = randomToken();
    await this.database.query(SECRET, [client.id, ...this.kept(client.metadata, secret), this.clock.now()]);
    return secret;
  }

  async disable(id: string, disabled = true): Promise<boolean> {
    const now = this.clock.now();
    return (await this.database.query(DISABLE, [id, disabled ? now : null, now])).length > 0;
  }

  async remove(id: string): Promise<boolean> {
    return (await this.database.query(REMOVE, [id])).length > 0;
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

function needsSecret(metadata: ClientMetadata): boolean {
  return metadata.token_endpoint_auth_method.startsWith('client_secret_');
}

function clientOf(row: ClientRow): Client {
  return {
    id: row.id,
    metadata: row.metadata,
    policy: row.policy,
    disabled: row.disabled_at !== null,
    ...(row.secret_digest ? { secretDigest: row.secret_digest } : {}),
    ...(row.secret_sealed ? { secretSealed: row.secret_sealed } : {}),
    ...(row.registration_token_digest ? { registrationTokenDigest: row.registration_token_digest } : {}),
  };
}
