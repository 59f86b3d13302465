import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, type Queryable, statement } from '../platform/database/database.js';
import { POSITION_NOW } from '../platform/database/log-position.js';
import { sweepAll, sweeping } from '../platform/database/sweep.js';
import { digest, randomText, randomToken } from '../platform/secret.js';
import { USER_CODE_ALPHABET, USER_CODE_LENGTH } from '../protocol/user-code.js';
import { type Authorization, newAuthorizationId } from './authorization.js';
import {
  AUTHORIZATION_COLUMNS,
  type AuthorizationRow,
  authorizationOf,
  authorizationValues,
  MAY_BEGIN,
} from './authorizations.js';
import type { NewRefreshToken } from './refresh-tokens.js';
import { TokenPolicy } from './token-policy.js';

/** Between two polls a device waits this long, in seconds (RFC 8628 §3.2). */
const INTERVAL = 5;
/** What a poll that came too early adds to the interval (§3.5), and where that ends. */
const SLOWER_BY = 5;
const SLOWEST = 60;
/** A poll that the network delivered this much early, in milliseconds, is on time. */
const EARLY = 1_000;
/** How long after its end a device still learns that its code has expired, in milliseconds. */
const REMEMBERED = 60 * 60_000;

const BEGIN = statement(`
  INSERT INTO device_authorization
    (device_code_digest, user_code_digest, client_id, request, interval_seconds, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (user_code_digest) DO NOTHING RETURNING 1 AS begun`);
const FIND = statement(`
  SELECT client_id, request, expires_at FROM device_authorization
  WHERE user_code_digest = $1 AND decided_at IS NULL AND expires_at > $2`);
/**
 * Under the conditions of every authorization. The position is kept: tokens that the device fetches later carry it, so that
 * they die by whatever was revoked since, also by what did not see this yet.
 */
const ALLOW = statement(`
  WITH decided AS (
    UPDATE device_authorization SET decided_at = $12, authorization_id = $1, position = ${POSITION_NOW}
    WHERE user_code_digest = $14 AND client_id = $2 AND decided_at IS NULL AND expires_at > $12 AND ${MAY_BEGIN}
    RETURNING 1 AS one)
  INSERT INTO authorization_grant (${AUTHORIZATION_COLUMNS}, created_at, expires_at)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM decided RETURNING id`);
const DENY = statement(`
  UPDATE device_authorization SET decided_at = $2
  WHERE user_code_digest = $1 AND decided_at IS NULL AND expires_at > $2 RETURNING 1 AS denied`);
const POLL = statement(`
  WITH before AS (
    SELECT *, decided_at IS NULL AND last_polled_at + interval_seconds * 1000 - ${EARLY} > $3 AS too_early
    FROM device_authorization WHERE device_code_digest = $1 AND client_id = $2 FOR UPDATE)
  UPDATE device_authorization d SET last_polled_at = $3, interval_seconds =
    CASE WHEN before.too_early THEN LEAST(before.interval_seconds + ${SLOWER_BY}, ${SLOWEST}) ELSE before.interval_seconds END
  FROM before WHERE d.device_code_digest = before.device_code_digest
  RETURNING before.too_early, d.request, d.expires_at, d.decided_at, d.authorization_id, d.position, d.redeemed_at`);
const GRANTED = statement(`SELECT ${AUTHORIZATION_COLUMNS}, revoked_at FROM authorization_grant WHERE id = $1`);
/** Whoever comes second finds `redeemed_at` set; a revocation that comes meanwhile is waited for and counts. */
const REDEEM = `
  WITH redeemed AS (
    UPDATE device_authorization SET redeemed_at = $2
    WHERE device_code_digest = $1 AND redeemed_at IS NULL AND expires_at > $2 RETURNING authorization_id),
  granted AS (
    UPDATE authorization_grant g SET expires_at = GREATEST(g.expires_at, $3) FROM redeemed
    WHERE g.id = redeemed.authorization_id AND g.revoked_at IS NULL RETURNING g.id)`;
const REDEEM_ALONE = statement(`${REDEEM} SELECT id FROM granted`);
const REDEEM_WITH_REFRESH = statement(`${REDEEM}
  INSERT INTO refresh_token (authorization_id, current_digest, rotated_at, idle_expires_at, expires_at)
  SELECT id, $4, $2, $5, $6 FROM granted RETURNING authorization_id AS id`);
const SWEEP = sweeping('device_authorization', 'expires_at <= $1');

/** What is handed to a device (RFC 8628 §3.2). The user code is without its hyphen. */
export interface BegunDeviceAuthorization {
  deviceCode: string;
  userCode: string;
  expiresInSeconds: number;
  intervalSeconds: number;
}

/** A device that waits for a person's answer. `request` is what its owner put there. */
export interface WaitingDevice {
  clientId: string;
  request: Record<string, unknown>;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** What a person allowed and the device has not fetched. */
export interface AllowedDevice {
  state: 'allowed';
  authorization: Authorization;
  /** Where the revocation log stood when it was allowed. */
  position: string;
  request: Record<string, unknown>;
}

/** How things stand when a device asks (RFC 8628 §3.5). */
export type DevicePoll =
  | { state: 'pending' | 'slow_down' | 'denied' | 'expired' }
  | AllowedDevice
  /** Revoked before the device came for it. */
  | { state: 'revoked' }
  /** Its tokens were handed out already: somebody has a copy of the code, or an answer got lost. */
  | { state: 'redeemed'; authorizationId: string };

interface PollRow {
  too_early: boolean | null;
  request: Record<string, unknown>;
  expires_at: string;
  decided_at: string | null;
  authorization_id: string | null;
  position: string | null;
  redeemed_at: string | null;
}

/**
 * Keeps what devices wait for, one row each. A person's yes begins the authorization there and then, so whatever ends
 * authorizations (a sign-out, a suspension) ends one that the device has not fetched yet, too. The device fetches it once:
 * one statement, whoever else asks at the same moment.
 */
@Injectable()
export class DeviceAuthorizations {
  constructor(
    private readonly database: Database,
    private readonly policy: TokenPolicy,
    private readonly clock: Clock,
  ) {}

  async begin(clientId: string, request: object): Promise<BegunDeviceAuthorization> {
    const deviceCode = randomToken();
    const now = this.clock.now();
    const expiresInSeconds = this.policy.deviceCodeSeconds;
    const kept = [clientId, request, INTERVAL, now, now + expiresInSeconds * 1000];
    // Until one is free: of 2^34 codes only those of the last hour are not.
    for (;;) {
      const userCode = randomText(USER_CODE_ALPHABET, USER_CODE_LENGTH);
      const begun = await this.database.query(BEGIN, [digest(deviceCode), digest(userCode), ...kept]);
      if (begun.length > 0) return { deviceCode, userCode, expiresInSeconds, intervalSeconds: INTERVAL };
    }
  }

  /** The device behind a user code that waits right now. */
  async find(userCode: string): Promise<WaitingDevice | undefined> {
    const [row] = await this.database.query<{
      client_id: string;
      request: Record<string, unknown>;
      expires_at: string;
    }>(FIND, [digest(userCode), this.clock.now()]);
    return row && { clientId: row.client_id, request: row.request, expiresAt: Number(row.expires_at) };
  }

  /**
   * A person says yes: the authorization begins.
   * @returns false when the code was answered or has expired meanwhile, or the person's session has ended.
   */
  async allow(
    userCode: string,
    authorization: Omit<Authorization, 'id'>,
    queryable: Queryable = this.database,
  ): Promise<boolean> {
    const now = this.clock.now();
    const expiresAt = now + this.rememberedSeconds(this.policy.deviceCodeSeconds) * 1000;
    const values = authorizationValues({ id: newAuthorizationId(), ...authorization });
    return (await queryable.query(ALLOW, [...values, now, expiresAt, digest(userCode)])).length > 0;
  }

  /** A person says no; false when the code was answered or has expired meanwhile. */
  async deny(userCode: string): Promise<boolean> {
    return (await this.database.query(DENY, [digest(userCode), this.clock.now()])).length > 0;
  }

  /** A device asks. Undefined: not a code of this client. Asking too early is noted, and slows the device down. */
  async poll(deviceCode: string, clientId: string): Promise<DevicePoll | undefined> {
    const now = this.clock.now();
    const [row] = await this.database.query<PollRow>(POLL, [digest(deviceCode), clientId, now]);
    if (!row) return undefined;
    const { authorization_id: id } = row;
    if (row.redeemed_at !== null && id !== null) return { state: 'redeemed', authorizationId: id };
    if (Number(row.expires_at) <= now) return { state: 'expired' };
    if (row.decided_at === null) return { state: row.too_early ? 'slow_down' : 'pending' };
    if (id === null) return { state: 'denied' };
    const [granted] = await this.database.query<AuthorizationRow & { revoked_at: string | null }>(GRANTED, [id]);
    if (!granted || granted.revoked_at !== null) return { state: 'revoked' };
    const position = row.position!;
    return { state: 'allowed', authorization: authorizationOf(granted), position, request: row.request };
  }

  /**
   * Hands out what a person allowed, once.
   * @returns false when it was handed out, has expired or was revoked meanwhile.
   */
  async redeem(deviceCode: string, accessTokenSeconds: number, refreshToken?: NewRefreshToken): Promise<boolean> {
    const now = this.clock.now();
    const code = digest(deviceCode);
    const rows = refreshToken
      ? await this.database.query(REDEEM_WITH_REFRESH, [
          code,
          now,
          Math.max(refreshToken.expiresAt, now + this.rememberedSeconds(0) * 1000),
          refreshToken.digest,
          refreshToken.idleExpiresAt,
          refreshToken.expiresAt,
        ])
      : await this.database.query(REDEEM_ALONE, [code, now, now + this.rememberedSeconds(accessTokenSeconds) * 1000]);
    return rows.length > 0;
  }

  /** Removes what no device asks for any more. */
  sweep(): Promise<number> {
    return sweepAll(this.database, SWEEP, [this.clock.now() - REMEMBERED]);
  }

  /** An authorization is kept for as long as a token or a device's code is about, with an hour's margin, and as its revocation is told. */
  private rememberedSeconds(used: number): number {
    return Math.max(used + 3600, this.policy.revocationRetentionSeconds);
  }
}
