import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { clientVersion } from '../clients/client-version.js';
import { Clock } from '../platform/clock.js';
import { BatchedWrite } from '../platform/database/batched-write.js';
import { Database, octetsInJson, type RowOf, rowsOf, statement } from '../platform/database/database.js';
import { LOG_POSITION, POSITION_NOW } from '../platform/database/log-position.js';
import { deepFreeze } from '../platform/deep-freeze.js';
import { digest, matches, openUnderToken, randomOctets, sealUnderToken, Secrets } from '../platform/secret.js';
import type { Authorization } from './authorization.js';
import { userVersion } from '../users/user-version.js';
import { AUTHORIZATION_COLUMNS, type AuthorizationRow, authorizationOf, type SeenVersions } from './authorizations.js';
import { TokenPolicy } from './token-policy.js';

const ID_OCTETS = 16;
const SECRET_OCTETS = 32;
const TAG_OCTETS = 16;

const COLUMNS = AUTHORIZATION_COLUMNS.split(', ')
  .map((column) => `g.${column}`)
  .join(', ');

/** Nobody revoked it, and its session lives, unless it outlives that. */
const lives = (now: string) => `g.revoked_at IS NULL AND (g.offline OR EXISTS (
      SELECT 1 FROM session s
      WHERE s.realm = 'provider' AND s.sid = g.sid AND s.expires_at > ${now} AND s.idle_expires_at > ${now}))`;

const FIND = statement(`
  SELECT ${COLUMNS}, r.current_digest, r.previous_digest, r.previous_answer, r.rotated_at, r.idle_expires_at, r.expires_at,
    ${lives('$2')} AS lives, ${LOG_POSITION}, ${userVersion('g.subject')} AS user_version,
    ${clientVersion('g.client_id')} AS client_version
  FROM refresh_token r JOIN authorization_grant g ON g.id = r.authorization_id
  WHERE r.authorization_id = $1`);
const ROTATE = statement(`
  UPDATE refresh_token SET previous_digest = current_digest, current_digest = $3, previous_answer = $4, rotated_at = $5,
    idle_expires_at = LEAST($6, expires_at)
  WHERE authorization_id = $1 AND current_digest = $2 AND idle_expires_at > $5 AND expires_at > $5
    AND EXISTS (SELECT 1 FROM authorization_grant g WHERE g.id = $1 AND g.revoked_at IS NULL)
  RETURNING 1 AS rotated`);
/** What is known of a family that is rotated together with others. */
const ROTATION = {
  id: 'text',
  presented: 'bytea',
  successor: 'bytea',
  answer: 'bytea',
  idle_expires_at: 'bigint',
  client_version: 'text',
  user_version: 'text',
  client_id: 'text',
  position: 'text',
} as const;
/** Of several families at once: for each, what {@link FIND} and {@link ROTATE} ask, and whether all is as it was seen. */
const ROTATE_SEEN = statement(`
  UPDATE refresh_token r SET previous_digest = r.current_digest, current_digest = one.successor,
    previous_answer = one.answer, rotated_at = $2, idle_expires_at = LEAST(one.idle_expires_at, r.expires_at)
  FROM ${rowsOf('$1', 'one', ROTATION)}
  WHERE r.authorization_id = one.id AND r.current_digest = one.presented
    AND r.idle_expires_at > $2 AND r.expires_at > $2
    AND (SELECT ${lives('$2')} AND ${userVersion('g.subject')} = one.user_version
         FROM authorization_grant g WHERE g.id = one.id)
    AND ${clientVersion('one.client_id')} = one.client_version AND ${POSITION_NOW} = one.position
  RETURNING r.authorization_id AS id`);

/** So many authorizations are kept in memory. */
const MOST_KEPT = 10_000;

interface FamilyRow extends AuthorizationRow {
  current_digest: Buffer;
  previous_digest: Buffer | null;
  previous_answer: Buffer | null;
  rotated_at: string;
  idle_expires_at: string;
  expires_at: string;
  lives: boolean;
  position: string;
  user_version: string | null;
  client_version: string | null;
}

/** A refresh token that is about to be handed out, and how it is kept. Times are epoch milliseconds. */
export interface NewRefreshToken {
  token: string;
  digest: Buffer;
  idleExpiresAt: number;
  expiresAt: number;
}

/** The one leaf of a living family. */
export interface CurrentRefreshToken {
  state: 'current';
  authorization: Authorization;
  rotatedAt: number;
  /** Where the revocation log stood when it was found alive: what is issued for it carries this as `rev`. */
  position: string;
  /** For `Users.findBySubject`. */
  userVersion?: string;
  /** For `Clients.findSeen`. */
  clientVersion?: string;
}

/** The authorization of a family as it was once read, and where the revocation log stood when this process last looked. */
export interface KnownFamily {
  authorization: Authorization;
  position: string;
}

/** One of several that are made together. */
interface Rotation {
  presented: Buffer;
  successor: NewRefreshToken;
  sealed: Buffer;
  seen: KnownFamily & { versions: SeenVersions };
}

/** What a presented refresh token turns out to be. */
export type PresentedRefreshToken =
  | CurrentRefreshToken
  | { state: 'repeated'; authorization: Authorization; answer: string; userVersion?: string }
  /** Ours once, but used up: somebody has a copy. */
  | { state: 'reused'; authorization: Authorization }
  /** Expired, revoked, or its session has ended. */
  | { state: 'dead'; authorization: Authorization };

/**
 * One row per family, so there is one live leaf by construction. A token is `id ‖ secret ‖ tag`: the tag proves that we
 * made it, so garbage never reaches the database, and a genuine token that is neither the current nor the previous one
 * must be an old one that somebody kept (RFC 9700 §4.14.2).
 */
@Injectable()
export class RefreshTokens {
  /** What an authorization says never changes; whether it still counts is asked each time. */
  private readonly kept = new LRUCache<string, Authorization>({ max: MOST_KEPT });
  private lastPosition?: string;
  private readonly rotations = new BatchedWrite<Rotation, true>(
    ({ seen }) => seen.authorization.id,
    async (all) => {
      const values = [JSON.stringify(all.map(rotationRow)), this.clock.now()];
      const rows = await this.database.query<{ id: string }>(ROTATE_SEEN, values);
      return new Map(rows.map(({ id }) => [id, true]));
    },
  );

  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly policy: TokenPolicy,
    private readonly clock: Clock,
  ) {}

  /** Makes the first or the next token of a family; nothing is kept yet. */
  make(authorizationId: string): NewRefreshToken {
    const body = Buffer.concat([Buffer.from(authorizationId, 'base64url'), randomOctets(SECRET_OCTETS)]);
    const tag = this.secrets.authenticate('refresh-token', body).subarray(0, TAG_OCTETS);
    const token = Buffer.concat([body, tag]).toString('base64url');
    const now = this.clock.now();
    const expiresAt = now + this.policy.refreshAbsoluteSeconds * 1000;
    return {
      token,
      digest: digest(token),
      idleExpiresAt: Math.min(now + this.policy.refreshIdleSeconds * 1000, expiresAt),
      expiresAt,
    };
  }

  /** The authorization id in a token that we made, or undefined. */
  familyOf(token: string): string | undefined {
    const octets = Buffer.from(token, 'base64url');
    if (octets.length !== ID_OCTETS + SECRET_OCTETS + TAG_OCTETS || octets.toString('base64url') !== token)
      return undefined;
    const body = octets.subarray(0, -TAG_OCTETS);
    if (!this.secrets.isAuthentic('refresh-token', body, octets.subarray(-TAG_OCTETS))) return undefined;
    return octets.subarray(0, ID_OCTETS).toString('base64url');
  }

  /** What is in memory of the family of a token that we made. It may have ended. */
  recall(token: string): KnownFamily | undefined {
    const family = this.familyOf(token);
    const authorization = family === undefined ? undefined : this.kept.get(family);
    const position = this.lastPosition;
    return authorization && position !== undefined ? { authorization, position } : undefined;
  }

  /** Finds out what a presented token is; changes nothing. */
  async inspect(token: string): Promise<PresentedRefreshToken | undefined> {
    const family = this.familyOf(token);
    if (family === undefined) return undefined;
    const now = this.clock.now();
    const [row] = await this.database.query<FamilyRow>(FIND, [family, now]);
    if (!row) return undefined;
    const authorization = authorizationOf(row);
    if (!row.lives) return { state: 'dead', authorization };
    const presented = digest(token);
    this.kept.set(family, deepFreeze(authorization));
    this.lastPosition = row.position;
    const version = {
      ...(row.user_version === null ? {} : { userVersion: row.user_version }),
      ...(row.client_version === null ? {} : { clientVersion: row.client_version }),
    };
    if (matches(presented, row.current_digest)) {
      const expired = now >= Number(row.idle_expires_at) || now >= Number(row.expires_at);
      return expired
        ? { state: 'dead', authorization }
        : { state: 'current', authorization, rotatedAt: Number(row.rotated_at), position: row.position, ...version };
    }
    if (row.previous_digest && row.previous_answer && matches(presented, row.previous_digest)) {
      const graceEnds = Number(row.rotated_at) + this.policy.refreshGraceSeconds * 1000;
      const answer = now < graceEnds ? openUnderToken(token, row.previous_answer) : undefined;
      if (answer !== undefined) return { state: 'repeated', authorization, answer, ...version };
    }
    return { state: 'reused', authorization };
  }

  /**
   * Puts the successor in the place of the presented token and keeps the answer, sealed under the presented token, for
   * its repetition within the grace.
   * @returns false when somebody else was faster, or it died meanwhile: inspect again.
   */
  async rotate(presented: string, successor: NewRefreshToken, answer: string): Promise<boolean> {
    const rows = await this.database.query(ROTATE, [
      this.familyOf(presented),
      digest(presented),
      successor.digest,
      sealUnderToken(presented, answer),
      this.clock.now(),
      successor.idleExpiresAt,
    ]);
    return rows.length > 0;
  }

  /**
   * As {@link rotate}, together with others that come at the same time.
   * @param seen what the answer was made by: nothing happens unless all of it still stands
   */
  async rotateIfSeen(
    presented: string,
    successor: NewRefreshToken,
    answer: string,
    seen: KnownFamily & { versions: SeenVersions },
  ): Promise<boolean> {
    const sealed = sealUnderToken(presented, answer);
    return (await this.rotations.add({ presented: digest(presented), successor, sealed, seen })) ?? false;
  }
}

function rotationRow({ presented, successor, sealed, seen }: Rotation): RowOf<typeof ROTATION> {
  return {
    id: seen.authorization.id,
    presented: octetsInJson(presented),
    successor: octetsInJson(successor.digest),
    answer: octetsInJson(sealed),
    idle_expires_at: successor.idleExpiresAt,
    client_version: seen.versions.client,
    user_version: seen.versions.user,
    client_id: seen.authorization.clientId,
    position: seen.position,
  };
}
