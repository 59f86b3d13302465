// The peer: `oidc-provider` with a plain PostgreSQL adapter (one table, prepared statements, a pool of the same size as
// ours), the same lifetimes, the same kinds of keys, and consent remembered. A process of its own, whose clients and keys are
// its configuration.
import Provider, { errors } from 'oidc-provider';
import pg from 'pg';
import { MACHINE_RESOURCE } from './clients.mjs';

const { PORT, DATABASE_URL, CLIENTS, JWKS } = process.env;
const issuer = `http://localhost:${PORT}`;
const DAY = 86_400;

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
await pool.query(`
  CREATE TABLE IF NOT EXISTS payload (
    model text NOT NULL, id text NOT NULL, payload jsonb NOT NULL, grant_id text, uid text, expires_at timestamptz,
    consumed_at timestamptz, PRIMARY KEY (model, id));
  CREATE INDEX IF NOT EXISTS payload_grant ON payload (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS payload_uid ON payload (uid) WHERE uid IS NOT NULL;`);

const query = (name, text, values) => pool.query({ name, text, values });

class PostgresAdapter {
  constructor(model) {
    this.model = model;
  }

  async upsert(id, payload, expiresIn) {
    await query(
      'upsert',
      `INSERT INTO payload (model, id, payload, grant_id, uid, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (model, id) DO UPDATE SET payload = $3, grant_id = $4, uid = $5, expires_at = $6`,
      [
        this.model,
        id,
        payload,
        payload.grantId ?? null,
        payload.uid ?? null,
        expiresIn ? new Date(Date.now() + expiresIn * 1000) : null,
      ],
    );
  }

  find(id) {
    return this.first('find', 'id = $2', id);
  }

  findByUid(uid) {
    return this.first('find_by_uid', 'uid = $2', uid);
  }

  async first(name, condition, value) {
    const { rows } = await query(
      name,
      `SELECT payload, consumed_at FROM payload
       WHERE model = $1 AND ${condition} AND (expires_at IS NULL OR expires_at > now())`,
      [this.model, value],
    );
    const [row] = rows;
    return row && { ...row.payload, ...(row.consumed_at ? { consumed: row.consumed_at } : {}) };
  }

  async consume(id) {
    await query('consume', 'UPDATE payload SET consumed_at = now() WHERE model = $1 AND id = $2', [this.model, id]);
  }

  async destroy(id) {
    await query('destroy', 'DELETE FROM payload WHERE model = $1 AND id = $2', [this.model, id]);
  }

  async revokeByGrantId(grantId) {
    await query('revoke', 'DELETE FROM payload WHERE grant_id = $1', [grantId]);
  }
}

const provider = new Provider(issuer, {
  adapter: PostgresAdapter,
  clients: JSON.parse(CLIENTS),
  jwks: JSON.parse(JWKS),
  cookies: { keys: ['a cookie key of this benchmark'] },
  scopes: ['openid', 'offline_access', 'profile'],
  claims: { openid: ['sub'], profile: ['name', 'given_name', 'family_name', 'preferred_username'] },
  enabledJWA: { idTokenSigningAlgValues: ['ES256', 'RS256'] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo(_ctx, resource) {
        if (resource !== MACHINE_RESOURCE) throw new errors.InvalidTarget();
        return {
          scope: 'bench:read',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 300,
          jwt: { sign: { alg: 'ES256' } },
        };
      },
      defaultResource: (ctx) => (ctx.oidc.params?.grant_type === 'client_credentials' ? MACHINE_RESOURCE : undefined),
      useGrantedResource: () => true,
    },
  },
  rotateRefreshToken: true,
  issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  ttl: {
    AccessToken: 300,
    AuthorizationCode: 60,
    ClientCredentials: 300,
    IdToken: 300,
    RefreshToken: 14 * DAY,
    Session: DAY,
    Grant: 90 * DAY,
    Interaction: 600,
  },
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: 'Alice Liddell',
      given_name: 'Alice',
      family_name: 'Liddell',
      preferred_username: 'alice',
    }),
  }),
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
});

// Whoever comes is alice and allows everything: the first visit is not measured.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  const grant = new provider.Grant({ accountId: 'alice', clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const result = { login: { accountId: 'alice' }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
  ctx.respond = false;
  return undefined;
});

const server = provider.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  void pool.end();
});
