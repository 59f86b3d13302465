import type pg from 'pg';

/** Each of these finds what must never be there, whatever broke. Times are epoch milliseconds; `$1` is now. */
const NEVER: Readonly<Record<string, string>> = {
  'a refresh token without its authorization': `
    SELECT r.authorization_id FROM refresh_token r LEFT JOIN authorization_grant g ON g.id = r.authorization_id
    WHERE g.id IS NULL AND $1::bigint > 0`,
  'two families with one leaf': `
    SELECT encode(current_digest, 'hex') FROM refresh_token WHERE $1::bigint > 0 GROUP BY current_digest HAVING count(*) > 1`,
  'a consent without its line in the audit': `
    SELECT c.subject || ' ' || c.client_id FROM consent c WHERE $1::bigint > 0 AND NOT EXISTS (
      SELECT 1 FROM audit_event a WHERE a.event = 'consent_given' AND a.subject = c.subject AND a.detail->>'client' = c.client_id)`,
  'a sign-on session without its line in the audit': `
    SELECT s.sid FROM session s WHERE s.realm = 'provider' AND $1::bigint > 0 AND NOT EXISTS (
      SELECT 1 FROM audit_event a WHERE a.event = 'sign_in' AND a.detail->>'sid' = s.sid)`,
  'an authorization that ended without a line in the revocation log': `
    SELECT g.id FROM authorization_grant g WHERE g.revoked_at IS NOT NULL AND $1::bigint > 0
      -- A code that was burnt before anything was given for it concerns nobody.
      AND NOT (g.revoked_by IN ('code_misused', 'code_reused') AND g.revoked_at = g.created_at)
      AND NOT EXISTS (SELECT 1 FROM revocation_log l WHERE l.authorization_id = g.id OR l.sid = g.sid
        OR (l.subject = g.subject AND l.kind IN ('subject', 'consent')) OR (l.client_id = g.client_id AND l.kind = 'client'))`,
  'a line in the revocation log whose authorization lives': `
    SELECT l.authorization_id FROM revocation_log l JOIN authorization_grant g ON g.id = l.authorization_id
    WHERE l.kind = 'authorization' AND g.revoked_at IS NULL AND $1::bigint > 0`,
  'an authorization that outlived its session': `
    SELECT g.id FROM authorization_grant g WHERE NOT g.offline AND g.revoked_at IS NULL AND g.expires_at > $1
      AND g.sid IS NOT NULL AND NOT EXISTS (SELECT 1 FROM session s WHERE s.realm = 'provider' AND s.sid = g.sid)`,
  'a hole in the revocation log': `
    SELECT l.seq::text FROM revocation_log l WHERE $1::bigint > 0 AND l.seq > (SELECT min(seq) FROM revocation_log)
      AND NOT EXISTS (SELECT 1 FROM revocation_log b WHERE b.seq = l.seq - 1 AND b.line = l.prev)`,
  'a head of the log that is not its last line': `
    SELECT h.seq::text FROM revocation_head h WHERE $1::bigint > 0
      AND h.seq <> coalesce((SELECT max(seq) FROM revocation_log), h.seq)`,
  'an algorithm without exactly one active key': `
    SELECT algorithm FROM signing_key WHERE $1::bigint > 0 GROUP BY algorithm
    HAVING count(*) FILTER (WHERE state = 'active') <> 1`,
  'a logout that is to be told while its session lives': `
    SELECT d.sid FROM logout_delivery d JOIN session s ON s.sid = d.sid AND s.realm = 'provider' WHERE $1::bigint > 0`,
};

/** What the database holds that it never should, in words; nothing when all is well. */
export async function brokenInvariants(database: pg.Pool): Promise<string[]> {
  const found: string[] = [];
  for (const [name, sql] of Object.entries(NEVER)) {
    const { rows } = await database.query<Record<string, string>>(sql, [Date.now()]);
    if (rows.length > 0) found.push(`${name}: ${rows.map((row) => Object.values(row).join(' ')).join(', ')}`);
  }
  return found;
}
