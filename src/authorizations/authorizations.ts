import { Injectable } from '@nestjs/common';
import { clientVersion } from '../clients/client-version.js';
import { Clock } from '../platform/clock.js';
import { BatchedRead } from '../platform/database/batched-read.js';
import { BatchedWrite } from '../platform/database/batched-write.js';
import {
  arrayOf,
  Database,
  octetsInJson,
  type Queryable,
  type RowOf,
  rowsOf,
  statement,
} from '../platform/database/database.js';
import { LOG_POSITION } from '../platform/database/log-position.js';
import { sweepAll, sweeping } from '../platform/database/sweep.js';
import type { ClaimsRequest } from '../protocol/claims.js';
import type { ParentToken } from '../protocol/delegation.js';
import { parsePosition } from '../protocol/position.js';
import { userVersion } from '../users/user-version.js';
import type { AssertedAuthorization, Authorization, RevocationCause } from './authorization.js';
import type { NewRefreshToken } from './refresh-tokens.js';
import { type LineRow, RevocationLog } from './revocation-log.js';
import { BURN, revocationOf, type RevocationTarget } from './revocation-statements.js';
import { TokenPolicy } from './token-policy.js';

export type { RevocationTarget } from './revocation-statements.js';

const COLUMNS = `id, client_id, subject, scopes, resources, claims, sid, offline, auth_time, acr, amr`;
const VALUES = `$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11`;

/**
 * The session it came from is still there: what was asked in a session does not survive its end. The lock makes a sign-out
 * that comes meanwhile wait, so that it finds the authorization and revokes it; one that came first is waited for. The
 * client is looked at again because the position is read here, and must not be later than the check.
 */
export const MAY_BEGIN = `EXISTS (
  SELECT 1 FROM session WHERE realm = 'provider' AND sid = $7 AND expires_at > $12 AND idle_expires_at > $12
  FOR KEY SHARE) AND EXISTS (SELECT 1 FROM client WHERE id = $2 AND disabled_at IS NULL)`;

/** An authorization that stands already began in the front channel; it takes its code back once. */
const CODE_ONCE = `ON CONFLICT (id) DO UPDATE SET
    code_pending = false, expires_at = GREATEST(authorization_grant.expires_at, EXCLUDED.expires_at)
  WHERE authorization_grant.code_pending AND authorization_grant.revoked_at IS NULL`;

const BEGIN = statement(`
  INSERT INTO authorization_grant (${COLUMNS}, created_at, expires_at, code_pending)
  SELECT ${VALUES}, $12, $13, $14 WHERE ${MAY_BEGIN} RETURNING ${LOG_POSITION}`);
/** Nobody signed in: no session, and nothing to say about how. */
const BEGIN_ASSERTED = statement(`
  INSERT INTO authorization_grant (${COLUMNS}, created_at, expires_at)
  SELECT $1, $2, $3, $4, $5, NULL, NULL, true, 0, '', '{}', $6, $7
  WHERE EXISTS (SELECT 1 FROM client WHERE id = $2 AND disabled_at IS NULL) RETURNING id`);
const REDEEM = statement(`
  INSERT INTO authorization_grant (${COLUMNS}, created_at, expires_at)
  SELECT ${VALUES}, $12, $13 WHERE ${MAY_BEGIN}
  ${CODE_ONCE} RETURNING ${LOG_POSITION}`);
const REDEEM_WITH_REFRESH = statement(`
  WITH authorized AS (
    INSERT INTO authorization_grant (${COLUMNS}, created_at, expires_at)
    SELECT ${VALUES}, $12, $13 WHERE ${MAY_BEGIN}
    ${CODE_ONCE} RETURNING id)
  INSERT INTO refresh_token (authorization_id, current_digest, rotated_at, idle_expires_at, expires_at)
  SELECT id, $14, $12, $15, $16 FROM authorized RETURNING ${LOG_POSITION}`);
/** What is known of a code that is redeemed together with others. */
const REDEMPTION = {
  id: 'text',
  client_id: 'text',
  subject: 'text',
  scopes: 'text[]',
  resources: 'text[]',
  claims: 'json',
  sid: 'text',
  offline: 'boolean',
  auth_time: 'bigint',
  acr: 'text',
  amr: 'text[]',
  client_version: 'text',
  user_version: 'text',
  kept_until: 'bigint',
  digest: 'bytea',
  idle_expires_at: 'bigint',
  expires_at: 'bigint',
} as const;
/**
 * Of several codes at once: for each, what {@link MAY_BEGIN} asks, and whether client and person are of the versions that were
 * seen. A session that somebody is about to end is waited for by nobody here: who finds it held has not redeemed.
 * @param along what else is made of those that were
 */
const redeemSeen = (along: string) =>
  statement(`
  WITH one AS (SELECT * FROM ${rowsOf('$1', 'one', REDEMPTION)}),
  authorized AS (
    INSERT INTO authorization_grant (${COLUMNS}, created_at, expires_at)
    SELECT ${COLUMNS}, $2, kept_until
    FROM one
    WHERE EXISTS (
      SELECT 1 FROM session s WHERE s.realm = 'provider' AND s.sid = one.sid AND s.expires_at > $2
        AND s.idle_expires_at > $2 FOR KEY SHARE SKIP LOCKED)
      AND ${clientVersion('one.client_id')} = client_version AND ${userVersion('one.subject')} = user_version
    ${CODE_ONCE} RETURNING id)${along}
  SELECT id, ${LOG_POSITION} FROM authorized`);
const REDEEM_SEEN = redeemSeen('');
const REDEEM_SEEN_WITH_REFRESH = redeemSeen(`,
  refreshable AS (
    INSERT INTO refresh_token (authorization_id, current_digest, rotated_at, idle_expires_at, expires_at)
    SELECT id, digest, $2, idle_expires_at, expires_at FROM authorized JOIN one USING (id) WHERE digest IS NOT NULL)`);

const texts = (value: string) => arrayOf(value, 'text');

const CONCERNS = statement(`
  SELECT 1 FROM authorization_grant WHERE client_id = $1 AND (subject = $2 OR sid = $3) LIMIT 1`);
/** Of each of several tokens that counts. Written as look-ups, so that a plan for many tokens never reads a whole table. */
const STANDING = statement(`
  SELECT token.jti, token.asker, g.subject, g.claims, c.userinfo_as_token, ${userVersion('g.subject')} AS user_version,
    ${clientVersion('token.asker')} AS asker_version
  FROM unnest(${texts('$1')}, ${texts('$2')}, ${texts('$3')}, ${texts('$4')}, ${texts('$5')})
    AS token (jti, client_id, authorization_id, rev, asker)
  CROSS JOIN LATERAL (
    SELECT metadata ?| '{userinfo_signed_response_alg,userinfo_encrypted_response_alg}' AS userinfo_as_token
    FROM client WHERE id = token.client_id AND disabled_at IS NULL LIMIT 1) c
  LEFT JOIN LATERAL (
    SELECT id, subject, claims FROM authorization_grant
    WHERE id = token.authorization_id AND revoked_at IS NULL LIMIT 1) g ON true
  WHERE (token.authorization_id IS NULL OR g.id IS NOT NULL)
    AND (SELECT jti FROM revoked_access_token r WHERE r.jti = token.jti) IS NULL
    AND NOT EXISTS (
      SELECT 1 FROM revocation_log c WHERE c.kind = 'claims' AND c.subject = g.subject
        AND (c.epoch, c.seq) > (split_part(token.rev, '.', 1)::bigint, split_part(token.rev, '.', 2)::bigint))`);

/** Of several tokens at once; for each, what {@link STANDING} asks. */
const LIVE = statement(`
  SELECT NOT EXISTS (
    SELECT 1 FROM unnest(${texts('$1')}, ${texts('$2')}, ${texts('$3')}) AS token (jti, client_id, authorization_id)
    LEFT JOIN client c ON c.id = token.client_id
    LEFT JOIN authorization_grant g ON g.id = token.authorization_id
    WHERE c.id IS NULL OR c.disabled_at IS NOT NULL
      OR (token.authorization_id IS NOT NULL AND (g.id IS NULL OR g.revoked_at IS NOT NULL))
      OR EXISTS (SELECT 1 FROM revoked_access_token r WHERE r.jti = token.jti)) AS live,
    ARRAY(SELECT DISTINCT subject FROM authorization_grant WHERE id = ANY(${texts('$3')})) AS subjects`);

const SWEEP = [
  // Those of a session that lives are kept: they say who is to be told of its end.
  sweeping(
    'authorization_grant',
    `expires_at <= $1 AND NOT EXISTS (
      SELECT 1 FROM session WHERE session.realm = 'provider' AND session.sid = authorization_grant.sid)`,
  ),
  ...['revoked_access_token', 'revocation_log', 'opaque_access_token', 'used_assertion'].map((table) =>
    sweeping(table, 'expires_at <= $1'),
  ),
];

interface AuthorizationRow {
  id: string;
  client_id: string;
  subject: string;
  scopes: string[];
  resources: string[];
  claims: ClaimsRequest | null;
  sid: string;
  offline: boolean;
  auth_time: string;
  acr: string;
  amr: string[];
}

/** Which versions of a client's and a person's row somebody has seen. */
export interface SeenVersions {
  client: string;
  user: string;
}

/** One of several codes that are redeemed together. */
interface Redemption {
  authorization: Authorization;
  keptUntil: number;
  refreshToken: NewRefreshToken | undefined;
  seen: SeenVersions;
}

/** What a revocation came to. */
export interface Revoked {
  authorizations: number;
  /** Its line in the revocation log; absent when nobody holds anything that it ended. */
  seq?: number;
}

/** What an access token names. */
export interface NamedByToken {
  jti: string;
  clientId: string;
  authorizationId?: string;
  /** Where the log stood when it was issued: what it says about the person is as of then. */
  rev?: string;
  /** The client that wants to know. */
  asker?: string;
}

/** Where an access token that counts stands, beyond what it says itself. */
export interface Standing {
  /** The person's own subject; absent for a client's own token. */
  subject?: string;
  /** For `Users.findBySubject`. */
  userVersion?: string;
  /** The `claims` request of its authorization, for userinfo. */
  claims?: ClaimsRequest;
  /** Its client registered userinfo to be signed or encrypted. */
  userinfoAsToken: boolean;
  /** Which version there is of whoever wants to know. */
  askerVersion?: string;
}

interface RevokedRow {
  ended: number;
  lines: LineRow[] | null;
}

interface StandingRow {
  jti: string;
  asker: string | null;
  asker_version: string | null;
  subject: string | null;
  user_version: string | null;
  claims: ClaimsRequest | null;
  userinfo_as_token: boolean;
}

/** Keeps authorizations. Each verb is one atomic step in PostgreSQL. */
@Injectable()
export class Authorizations {
  private readonly standings = new BatchedRead<NamedByToken, Standing>(
    ({ jti, asker }) => `${jti} ${asker ?? ''}`,
    async (tokens) => {
      const rows = await this.database.query<StandingRow>(STANDING, [
        tokens.map(({ jti }) => jti),
        tokens.map(({ clientId }) => clientId),
        tokens.map(({ authorizationId }) => authorizationId ?? null),
        tokens.map(({ rev }) => (parsePosition(rev) ? rev : '0.0')),
        tokens.map(({ asker }) => asker ?? null),
      ]);
      return new Map(rows.map((row) => [`${row.jti} ${row.asker ?? ''}`, standingOf(row)]));
    },
  );

  private readonly redemptions = new BatchedWrite<Redemption, string>(
    ({ authorization }) => authorization.id,
    (all) => this.redeemAll(all),
  );

  constructor(
    private readonly database: Database,
    private readonly policy: TokenPolicy,
    private readonly clock: Clock,
    private readonly log: RevocationLog,
  ) {}

  /**
   * Makes an authorization real whose answer holds more than a code.
   * @param codePending the answer holds a code, too, which may be redeemed once.
   * @returns the position of its tokens (the claim `rev`); undefined when its session or its client has ended.
   */
  async begin(
    authorization: Authorization,
    { accessTokenSeconds, codePending }: { accessTokenSeconds: number; codePending: boolean },
  ): Promise<string | undefined> {
    const expiresAt = Math.max(this.lastTokenDies(accessTokenSeconds), this.forgottenAt());
    const values = [...authorizationValues(authorization), this.clock.now(), expiresAt, codePending];
    return (await this.database.query<{ position: string }>(BEGIN, values))[0]?.position;
  }

  /**
   * Makes an authorization that hangs on no session: somebody who is trusted vouched for the person (RFC 7523 §2.1). It is
   * spared by sign-outs and ends with the person, the client or the consent.
   * @returns false when the client is disabled.
   */
  async beginAsserted(
    { id, clientId, subject, scopes, resources }: AssertedAuthorization,
    accessTokenSeconds: number,
  ): Promise<boolean> {
    const expiresAt = Math.max(this.lastTokenDies(accessTokenSeconds), this.forgottenAt());
    const values = [id, clientId, subject, scopes, resources, this.clock.now(), expiresAt];
    return (await this.database.query(BEGIN_ASSERTED, values)).length > 0;
  }

  /**
   * Makes a redeemed code's authorization real, together with its refresh token: at most once per code, however many
   * try at once in however many processes.
   * @param accessTokenSeconds how long its access token lives: without a refresh token, it is remembered for that long.
   * @returns the position of its tokens (the claim `rev`); undefined when the code was redeemed before, or its session or its
   * client has ended.
   */
  async redeem(
    authorization: Authorization,
    accessTokenSeconds: number,
    refreshToken?: NewRefreshToken,
  ): Promise<string | undefined> {
    const values = [
      ...authorizationValues(authorization),
      this.clock.now(),
      this.keptUntil(accessTokenSeconds, refreshToken),
    ];
    if (refreshToken) values.push(refreshToken.digest, refreshToken.idleExpiresAt, refreshToken.expiresAt);
    const verb = refreshToken ? REDEEM_WITH_REFRESH : REDEEM;
    return (await this.database.query<{ position: string }>(verb, values))[0]?.position;
  }

  /**
   * As {@link redeem}, together with others that come at the same time.
   * @param seen the versions of client and person that this is decided by: nothing happens unless they are the same now
   */
  redeemIfSeen(
    authorization: Authorization,
    accessTokenSeconds: number,
    refreshToken: NewRefreshToken | undefined,
    seen: SeenVersions,
  ): Promise<string | undefined> {
    const keptUntil = this.keptUntil(accessTokenSeconds, refreshToken);
    return this.redemptions.add({ authorization, keptUntil, refreshToken, seen });
  }

  private async redeemAll(all: Redemption[]): Promise<ReadonlyMap<string, string>> {
    const verb = all.some(({ refreshToken }) => refreshToken) ? REDEEM_SEEN_WITH_REFRESH : REDEEM_SEEN;
    const values = [JSON.stringify(all.map(redemptionRow)), this.clock.now()];
    const rows = await this.database.query<{ id: string; position: string }>(verb, values);
    return new Map(rows.map(({ id, position }) => [id, position]));
  }

  /** Spends a code that was presented wrongly or twice: it is dead from now on, and so is everything issued from it. */
  async burn(authorization: Authorization, cause: RevocationCause = 'code_misused'): Promise<void> {
    const [row] = await this.database.query<{ lines: LineRow[] | null }>(BURN, [
      ...authorizationValues(authorization),
      this.clock.now(),
      this.lastTokenDies(0),
      cause,
      this.forgottenAt(),
    ]);
    this.log.tellAppended(row?.lines ?? [], this.database);
  }

  /**
   * The only door through which anything is revoked. The change and its line in the revocation log are one statement, so
   * they are wholly there or absent; it comes last in a transaction, because what it locks everybody else waits for.
   * @param queryable the transaction of the cause, so that cause and revocation are one.
   * @returns how many authorizations ended, and the line that says so, if anybody must be told.
   * @throws Error of the database, with SQLSTATE 55P03 when the log was locked for too long: nothing has happened then.
   */
  async revoke(
    target: RevocationTarget,
    cause: RevocationCause,
    queryable: Queryable = this.database,
  ): Promise<Revoked> {
    const { statement: revocation, values } = revocationOf(target, {
      cause,
      now: this.clock.now(),
      expiresAt: this.forgottenAt(),
    });
    const [row] = await queryable.query<RevokedRow>(revocation, values, (made) =>
      this.log.tellComing(made.lines ?? []),
    );
    const lines = row?.lines ?? [];
    this.log.tellAppended(lines, queryable);
    const last = lines.at(-1);
    return { authorizations: row?.ended ?? 0, ...(last ? { seq: Number(last.seq) } : {}) };
  }

  /** Where an access token stands that proves itself; undefined when it does not count any more. */
  standing(token: NamedByToken): Promise<Standing | undefined> {
    return this.standings.get(token);
  }

  /** Whether this client was ever authorized by the person, or in the session, as far as that is remembered. */
  async concerns(clientId: string, about: { subject?: string; sid?: string }): Promise<boolean> {
    const values = [clientId, about.subject ?? null, about.sid ?? null];
    return (await this.database.query(CONCERNS, values)).length > 0;
  }

  /**
   * The people that these tokens are about, if all of them still count; undefined when one does not. Whether the people are
   * welcome is for the caller to ask.
   */
  async subjectsOfLive(tokens: readonly ParentToken[]): Promise<string[] | undefined> {
    const [row] = await this.database.query<{ live: boolean; subjects: string[] }>(LIVE, [
      tokens.map(({ jti }) => jti),
      tokens.map(({ client_id: clientId }) => clientId),
      tokens.map(({ authorization_id: authorizationId }) => authorizationId ?? null),
    ]);
    return row?.live ? row.subjects : undefined;
  }

  /** Removes what nobody can use any more; never needed for correctness. */
  async sweep(): Promise<void> {
    for (const sweep of SWEEP) await sweepAll(this.database, sweep, [this.clock.now()]);
  }

  /** How long an authorization is remembered that begins now. */
  private keptUntil(accessTokenSeconds: number, refreshToken: NewRefreshToken | undefined): number {
    const lastUse = refreshToken ? refreshToken.expiresAt : this.lastTokenDies(accessTokenSeconds);
    return Math.max(lastUse, this.forgottenAt());
  }

  /** When whatever was issued until now is dead everywhere, in sessions of relying parties, too. */
  private forgottenAt(): number {
    return this.clock.now() + this.policy.revocationRetentionSeconds * 1000;
  }

  /** When the last token of an authorization without refresh token is dead, and its code too; with an hour's margin. */
  private lastTokenDies(accessTokenSeconds: number): number {
    return this.clock.now() + (accessTokenSeconds + this.policy.codeSeconds + 3600) * 1000;
  }
}

function standingOf({
  subject,
  user_version: version,
  claims,
  userinfo_as_token: userinfoAsToken,
  asker_version: askerVersion,
}: StandingRow): Standing {
  return {
    ...(subject === null ? {} : { subject }),
    ...(version === null ? {} : { userVersion: version }),
    ...(claims ? { claims } : {}),
    userinfoAsToken,
    ...(askerVersion === null ? {} : { askerVersion }),
  };
}

function redemptionRow({ authorization, keptUntil, refreshToken, seen }: Redemption): RowOf<typeof REDEMPTION> {
  return {
    id: authorization.id,
    client_id: authorization.clientId,
    subject: authorization.subject,
    scopes: authorization.scopes,
    resources: authorization.resources,
    claims: authorization.claims,
    sid: authorization.sid,
    offline: authorization.offline,
    auth_time: authorization.authTime,
    acr: authorization.acr,
    amr: authorization.amr,
    client_version: seen.client,
    user_version: seen.user,
    kept_until: keptUntil,
    digest: refreshToken && octetsInJson(refreshToken.digest),
    idle_expires_at: refreshToken?.idleExpiresAt,
    expires_at: refreshToken?.expiresAt,
  };
}

/** In the order of {@link AUTHORIZATION_COLUMNS}. */
export function authorizationValues(authorization: Authorization): unknown[] {
  return [
    authorization.id,
    authorization.clientId,
    authorization.subject,
    authorization.scopes,
    authorization.resources,
    authorization.claims ?? null,
    authorization.sid,
    authorization.offline,
    authorization.authTime,
    authorization.acr,
    authorization.amr,
  ];
}

export function authorizationOf(row: AuthorizationRow): Authorization {
  return {
    id: row.id,
    clientId: row.client_id,
    subject: row.subject,
    scopes: row.scopes,
    resources: row.resources,
    ...(row.claims ? { claims: row.claims } : {}),
    sid: row.sid,
    offline: row.offline,
    authTime: Number(row.auth_time),
    acr: row.acr,
    amr: row.amr,
  };
}

export const AUTHORIZATION_COLUMNS = COLUMNS;
export type { AuthorizationRow };
