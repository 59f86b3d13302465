import { type Statement, statement } from '../platform/database/database.js';
import type { RevocationCause } from './authorization.js';

/**
 * What a revocation is about. A session's end spares what was granted offline (Back-Channel Logout 1.0 §2.7); a subject's or
 * a client's ends everything that was issued before it, and nothing after. `claims`: what tokens say about the person has
 * changed, so those that say it are not believed any more. `credential`: something that they sign in with came or went;
 * whoever has to do with them is told, and nothing ends.
 */
export type RevocationTarget =
  | { authorization: string }
  | { session: string }
  | { sessions: readonly string[] }
  | { subject: string }
  | { client: string }
  | { claims: string }
  | { credential: string }
  | { consent: { subject: string; clientId: string } }
  | { token: { jti: string; expiresAtSeconds: number; clientId: string } };

/**
 * Each of these ends something and writes the line that says so, as one statement, and answers what it wrote: an array of
 * lines, in JSON; null for none. The line comes last, over what was ended: `revocation_append_line` takes the lock of the whole
 * log, and nothing may be waited for under it. It holds for whom the line is: `clients`, whose sessions and tokens are ended,
 * and `authorizations`, by which APIs know those tokens.
 */
const ending = (condition: string) => `
  ended AS (
    UPDATE authorization_grant SET revoked_at = $2, revoked_by = $3
    WHERE ${condition} AND revoked_at IS NULL RETURNING id, client_id, subject, created_at)`;

/**
 * The ended authorizations that an access token may still be about: each was issued at the beginning or at a rotation, and
 * none lives longer than a day.
 */
const STILL_OUT = `
  still_out AS (
    SELECT count(*)::int AS ended, coalesce(array_agg(e.id) FILTER (
      WHERE greatest(e.created_at, coalesce(r.rotated_at, 0)) > $2 - 90000000), '{}') AS authorizations
    FROM ended e LEFT JOIN refresh_token r ON r.authorization_id = e.id)`;

const REVOKE = {
  authorization: statement(`
    WITH ${ending('id = $1')},
    told AS (SELECT count(*)::int AS ended, array_agg(client_id) AS clients, min(subject) AS subject FROM ended)
    SELECT ended, CASE WHEN ended > 0 THEN json_build_array(revocation_append_line(
      'authorization', NULL, NULL, $1, subject, NULL, $3, clients, ARRAY[$1], $2, $4)) END AS lines
    FROM told`),
  // All that ends first, then all the lines: nothing is waited for once the first line is written.
  sessions: statement(`
    WITH ${ending('sid = ANY($1) AND NOT offline')},
    told AS (
      SELECT sid, array_agg(DISTINCT client_id) AS clients, min(subject) AS subject FROM authorization_grant
      WHERE sid = ANY($1) GROUP BY sid),
    counted AS (SELECT count(*)::int AS ended FROM ended),
    written AS MATERIALIZED (
      SELECT revocation_append_line('session', NULL, sid, NULL, subject, NULL, $3, clients, '{}', $2, $4) AS line
      FROM told, counted)
    SELECT ended, (SELECT json_agg(line ORDER BY (line).seq) FROM written) AS lines FROM counted`),
  // Also whoever has a session but only offline tokens, or none that lives: they know the session by its `sid`.
  session: statement(`
    WITH ${ending('sid = $1 AND NOT offline')},
    told AS (SELECT array_agg(DISTINCT client_id) AS clients, min(subject) AS subject FROM authorization_grant WHERE sid = $1),
    counted AS (SELECT count(*)::int AS ended FROM ended)
    SELECT ended, CASE WHEN clients IS NOT NULL THEN json_build_array(revocation_append_line(
      'session', NULL, $1, NULL, subject, NULL, $3, clients, '{}', $2, $4)) END AS lines
    FROM told, counted`),
  subject: statement(`
    WITH ${ending('subject = $1')}, ${STILL_OUT},
    told AS (SELECT coalesce(array_agg(DISTINCT client_id), '{}') AS clients FROM authorization_grant WHERE subject = $1)
    SELECT ended, json_build_array(revocation_append_line(
      'subject', NULL, NULL, NULL, $1, NULL, $3, clients, authorizations, $2, $4)) AS lines
    FROM told, still_out`),
  client: statement(`
    WITH ${ending('client_id = $1')},
    counted AS (SELECT count(*)::int AS ended FROM ended)
    SELECT ended, json_build_array(revocation_append_line(
      'client', NULL, NULL, NULL, NULL, $1, $3, ARRAY[$1], '{}', $2, $4)) AS lines
    FROM counted`),
  consent: statement(`
    WITH ${ending('subject = $1 AND client_id = $5')}, ${STILL_OUT}
    SELECT ended, json_build_array(revocation_append_line(
      'consent', NULL, NULL, NULL, $1, $5, $3, ARRAY[$5], authorizations, $2, $4)) AS lines
    FROM still_out`),
  claims: statement(`
    WITH told AS (
      SELECT array_agg(DISTINCT g.client_id) AS clients, coalesce(array_agg(g.id) FILTER (
        WHERE g.revoked_at IS NULL AND greatest(g.created_at, coalesce(r.rotated_at, 0)) > $2::bigint - 90000000), '{}') AS authorizations
      FROM authorization_grant g LEFT JOIN refresh_token r ON r.authorization_id = g.id WHERE g.subject = $1)
    SELECT 0 AS ended, CASE WHEN clients IS NOT NULL THEN json_build_array(revocation_append_line(
      'claims', NULL, NULL, NULL, $1, NULL, $3, clients, authorizations, $2, $4)) END AS lines
    FROM told`),
  credential: statement(`
    WITH told AS (SELECT array_agg(DISTINCT client_id) AS clients FROM authorization_grant WHERE subject = $1)
    SELECT 0 AS ended, CASE WHEN clients IS NOT NULL THEN json_build_array(revocation_append_line(
      'credential', NULL, NULL, NULL, $1, NULL, $3, clients, '{}', $2, $4)) END AS lines
    FROM told`),
  token: statement(`
    WITH ended AS (
      INSERT INTO revoked_access_token (jti, expires_at) VALUES ($1, $4) ON CONFLICT (jti) DO NOTHING RETURNING jti),
    counted AS (SELECT count(*)::int AS tokens FROM ended)
    SELECT 0 AS ended, CASE WHEN tokens > 0 THEN json_build_array(revocation_append_line(
      'token', $1, NULL, NULL, NULL, $5, $3, ARRAY[$5], '{}', $2, $4)) END AS lines
    FROM counted`),
};

/**
 * Machines' clocks differ: the revocation of a token is remembered for five minutes more than the token, as applications do.
 * One that starts while its clock is behind is told of it still.
 */
const SKEW = 300_000;

/** The statement of a revocation and its values. `expiresAt`: when nothing lives any more that its line could be about. */
export function revocationOf(
  target: RevocationTarget,
  { cause, now, expiresAt }: { cause: RevocationCause; now: number; expiresAt: number },
): { statement: Statement; values: unknown[] } {
  if ('token' in target) {
    const { jti, expiresAtSeconds, clientId } = target.token;
    return { statement: REVOKE.token, values: [jti, now, cause, expiresAtSeconds * 1000 + SKEW, clientId] };
  }
  if ('consent' in target) {
    const { subject, clientId } = target.consent;
    return { statement: REVOKE.consent, values: [subject, now, cause, expiresAt, clientId] };
  }
  const [kind, value] = Object.entries(target)[0] as [keyof typeof REVOKE, string | readonly string[]];
  return { statement: REVOKE[kind], values: [value, now, cause, expiresAt] };
}

/**
 * Spends a code: its authorization is inserted as revoked, or revoked if it had begun. Only in the second case is there
 * anything that somebody must be told of.
 */
export const BURN = statement(`
  WITH burnt AS (
    INSERT INTO authorization_grant (id, client_id, subject, scopes, resources, claims, sid, offline, auth_time, acr, amr,
      created_at, expires_at, revoked_at, revoked_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $12, $14)
    ON CONFLICT (id) DO UPDATE SET revoked_at = EXCLUDED.revoked_at, revoked_by = 'code_reused'
      WHERE authorization_grant.revoked_at IS NULL
    RETURNING id, client_id, subject, xmax::text <> '0' AS had_begun),
  told AS (
    SELECT count(*) AS ended, array_agg(client_id) AS clients, min(subject) AS subject FROM burnt WHERE had_begun)
  SELECT CASE WHEN ended > 0 THEN json_build_array(revocation_append_line(
    'authorization', NULL, NULL, $1, subject, NULL, 'code_reused', clients, ARRAY[$1], $12, $15)) END AS lines
  FROM told`);
