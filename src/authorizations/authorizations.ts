import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, type Queryable, type Statement, statement } from '../platform/database/database.js';
import type { ClaimsRequest } from '../protocol/claims.js';
import type { Authorization, RevocationCause } from './authorization.js';
import type { NewRefreshToken } from './refresh-tokens.js';
import { TokenPolicy } from './token-policy.js';

const COLUMNS = `id, client_id, subject, scopes, resources, claims, sid, offline, auth_time, acr, amr`;
const VALUES = `$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11`;

/**
 * The session it came from is still there: what was asked in a session does not survive its end. The lock makes a sign-out
 * that comes meanwhile wait, so that it finds the authorization and revokes it; one that came first is waited for.
 */
const SESSION_LIVES = `EXISTS (
  SELECT 1 FROM session WHERE realm = 'provider' AND sid = $7 AND expires_at > $12 AND idle_expires_at > $12
  FOR KEY SHARE)`;

const REDEEM = statement(`
  INSERT INTO authorization_grant (${COLUMNS}, created_at, expires_at)
  SELECT ${VALUES}, $12, $13 WHERE ${SESSION_LIVES}
  ON CONFLICT (id) DO NOTHING RETURNING id`);
const REDEEM_WITH_REFRESH = statement(`
  WITH authorized AS (
    INSERT INTO authorization_grant (${COLUMNS}, created_at, expires_at)
    SELECT ${VALUES}, $12, $13 WHERE ${SESSION_LIVES}
    ON CONFLICT (id) DO NOTHING RETURNING id)
  INSERT INTO refresh_token (authorization_id, current_digest, rotated_at, idle_expires_at, expires_at)
  SELECT id, $14, $12, $15, $16 FROM authorized RETURNING authorization_id AS id`);
const BURN = statement(`
  INSERT INTO authorization_grant (${COLUMNS}, created_at, expires_at, revoked_at, revoked_by)
  VALUES (${VALUES}, $12, $13, $12, $14)
  ON CONFLICT (id) DO UPDATE SET
    revoked_at = COALESCE(authorization_grant.revoked_at, EXCLUDED.revoked_at),
    revoked_by = COALESCE(authorization_grant.revoked_by, 'code_reused')`);
const FIND = statement(`SELECT ${COLUMNS} FROM authorization_grant WHERE id = $1 AND revoked_at IS NULL`);

const revokeWhere = (condition: string): Statement =>
  statement(`
    UPDATE authorization_grant SET revoked_at = $2, revoked_by = $3
    WHERE ${condition} AND revoked_at IS NULL RETURNING id`);
const REVOKE = {
  authorization: revokeWhere('id = $1'),
  session: revokeWhere('sid = $1 AND NOT offline'),
  subject: revokeWhere('subject = $1'),
  client: revokeWhere('client_id = $1'),
};
const REVOKE_CONSENT = statement(`
  UPDATE authorization_grant SET revoked_at = $3, revoked_by = $4
  WHERE subject = $1 AND client_id = $2 AND revoked_at IS NULL RETURNING id`);
const REVOKE_TOKEN = statement(`
  INSERT INTO revoked_access_token (jti, expires_at) VALUES ($1, $2) ON CONFLICT (jti) DO NOTHING`);
const STANDING = statement(`
  SELECT
    EXISTS (SELECT 1 FROM revoked_access_token WHERE jti = $1) AS revoked,
    COALESCE((SELECT disabled_at IS NULL FROM client WHERE id = $2), false) AS client_lives,
    $3::text IS NULL OR EXISTS (SELECT 1 FROM authorization_grant WHERE id = $3 AND revoked_at IS NULL) AS authorized,
    (SELECT claims FROM authorization_grant WHERE id = $3) AS claims`);

const SWEEP = [
  statement(`
    DELETE FROM authorization_grant WHERE id IN (
      SELECT id FROM authorization_grant WHERE expires_at <= $1 LIMIT 1000 FOR UPDATE SKIP LOCKED)`),
  statement(`DELETE FROM revoked_access_token WHERE expires_at <= $1`),
  statement(`DELETE FROM opaque_access_token WHERE expires_at <= $1`),
  statement(`DELETE FROM used_assertion WHERE expires_at <= $1`),
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

/** What a revocation is about. A session's end spares what was granted offline (Back-Channel Logout 1.0 §2.7). */
export type RevocationTarget =
  | { authorization: string }
  | { session: string }
  | { subject: string }
  | { client: string }
  | { consent: { subject: string; clientId: string } }
  | { token: { jti: string; expiresAtSeconds: number } };

/** Where an access token stands beyond what it says itself. */
export interface Standing {
  lives: boolean;
  /** The `claims` request of its authorization, for userinfo. */
  claims?: ClaimsRequest;
}

/** Keeps authorizations. Each verb is one atomic step in PostgreSQL. */
@Injectable()
export class Authorizations {
  constructor(
    private readonly database: Database,
    private readonly policy: TokenPolicy,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a redeemed code's authorization real, together with its refresh token: at most once per code, however many
   * try at once in however many processes.
   * @param accessTokenSeconds how long its access token lives: without a refresh token, it is remembered for that long.
   * @returns false when the code was redeemed before or its session has ended.
   */
  async redeem(
    authorization: Authorization,
    accessTokenSeconds: number,
    refreshToken?: NewRefreshToken,
  ): Promise<boolean> {
    const values = [...this.valuesOf(authorization), this.clock.now()];
    const rows = refreshToken
      ? await this.database.query(REDEEM_WITH_REFRESH, [
          ...values,
          refreshToken.expiresAt,
          refreshToken.digest,
          refreshToken.idleExpiresAt,
          refreshToken.expiresAt,
        ])
      : await this.database.query(REDEEM, [...values, this.lastTokenDies(accessTokenSeconds)]);
    return rows.length > 0;
  }

  /** Spends a code that was presented wrongly or twice: it is dead from now on, and so is everything issued from it. */
  async burn(authorization: Authorization, cause: RevocationCause = 'code_misused'): Promise<void> {
    await this.database.query(BURN, [...this.valuesOf(authorization), this.clock.now(), this.lastTokenDies(0), cause]);
  }

  /** The living authorization of this id. */
  async find(id: string): Promise<Authorization | undefined> {
    const [row] = await this.database.query<AuthorizationRow>(FIND, [id]);
    return row && authorizationOf(row);
  }

  /**
   * The only door through which anything is revoked.
   * @param queryable the transaction of the cause, so that cause and revocation are one.
   * @returns how many authorizations ended.
   */
  async revoke(
    target: RevocationTarget,
    cause: RevocationCause,
    queryable: Queryable = this.database,
  ): Promise<number> {
    const now = this.clock.now();
    if ('token' in target) {
      const skew = 60_000;
      await queryable.query(REVOKE_TOKEN, [target.token.jti, target.token.expiresAtSeconds * 1000 + skew]);
      return 0;
    }
    if ('consent' in target) {
      const { subject, clientId } = target.consent;
      return (await queryable.query(REVOKE_CONSENT, [subject, clientId, now, cause])).length;
    }
    const [kind, value] = Object.entries(target)[0] as [keyof typeof REVOKE, string];
    return (await queryable.query(REVOKE[kind], [value, now, cause])).length;
  }

  /** Whether an access token that proves itself still counts. */
  async standing(token: { jti: string; clientId: string; authorizationId?: string }): Promise<Standing> {
    const [row] = await this.database.query<{
      revoked: boolean;
      client_lives: boolean;
      authorized: boolean;
      claims: ClaimsRequest | null;
    }>(STANDING, [token.jti, token.clientId, token.authorizationId ?? null]);
    return {
      lives: !!row && !row.revoked && row.client_lives && row.authorized,
      ...(row?.claims ? { claims: row.claims } : {}),
    };
  }

  /** Removes what nobody can use any more; never needed for correctness. */
  async sweep(): Promise<void> {
    for (const sweep of SWEEP) await this.database.query(sweep, [this.clock.now()]);
  }

  private valuesOf(authorization: Authorization): unknown[] {
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

  /** When the last token of an authorization without refresh token is dead, and its code too; with an hour's margin. */
  private lastTokenDies(accessTokenSeconds: number): number {
    return this.clock.now() + (accessTokenSeconds + this.policy.codeSeconds + 3600) * 1000;
  }
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
