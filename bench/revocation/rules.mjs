// A million rules in force: what they take of an application's memory, and what a guarded request costs with them, beside
// an application that has none.
import { awayFromServer } from '../support/cores.mjs';
import { startApplication } from './application.mjs';
import { sideBySide } from './burst.mjs';
import { openHouse } from './house.mjs';

const RULES = 1_000_000;
const ROUNDS = 16;
const TOKENS = 64;

/** Of every kind that comes in numbers, a quarter each; names as long as the provider's own. */
const FILL = `
  INSERT INTO revocation_log (seq, epoch, line, prev, kind, jti, sid, authorization_id, subject, client_id, cause, clients,
    authorizations, created_at, expires_at)
  SELECT h.seq + i, h.epoch, md5((h.seq + i)::text), CASE WHEN i = 1 THEN h.line ELSE md5((h.seq + i - 1)::text) END,
    (ARRAY['token', 'session', 'authorization', 'subject'])[1 + i % 4],
    CASE i % 4 WHEN 0 THEN left(md5('jti' || i), 22) END,
    CASE i % 4 WHEN 1 THEN left(md5('sid' || i), 22) END,
    CASE i % 4 WHEN 2 THEN md5('authorization' || i)::uuid::text END,
    CASE i % 4 WHEN 3 THEN md5('subject' || i)::uuid::text END,
    NULL, 'administrative', ARRAY['full'], '{}', n.now, n.now + 86400000
  FROM revocation_head h, (SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now) n, generate_series(1, $1::int) i`;
const MOVE_HEAD = `UPDATE revocation_head SET (seq, line) = (SELECT seq, line FROM revocation_log ORDER BY seq DESC LIMIT 1)`;

export async function measureRules({ postgres }) {
  // The API's own applications hear of every token; one that is none of them hears of nothing here.
  const house = await openHouse({ postgres, name: 'bench_rules', applications: ['other'] });
  const stops = [house.stop];
  try {
    awayFromServer(process.pid);
    await house.addClients(['full', 'empty']);
    await house.restart(async () => {
      await house.database.query(FILL, [RULES]);
      await house.database.query(MOVE_HEAD);
      // As autovacuum does within a minute.
      await house.database.query('ANALYZE revocation_log');
    });
    awayFromServer(house.pid());
    const empty = await startApplication(house, 'empty');
    stops.unshift(empty.stop);
    const full = await startApplication(house, 'full');
    stops.unshift(full.stop);
    const { rules } = await full.get('/health');
    if (rules !== RULES) throw new Error(`there are ${rules} rules, not ${RULES}`);
    const tokens = await Promise.all(Array.from({ length: TOKENS }, () => house.token()));
    const [ours, theirs] = await sideBySide([full, empty], tokens, ROUNDS);
    // After the same load, which makes every process grow.
    const [before, after] = [await empty.get('/memory'), await full.get('/memory')];
    const megabytes = (member) => (after[member] - before[member]) / 1e6;
    const details = {
      rules,
      heapMegabytes: megabytes('heapUsed'),
      snapshotSeconds: (full.followsAfterMilliseconds - empty.followsAfterMilliseconds) / 1000,
      full: ours,
      empty: theirs,
    };
    return [
      {
        name: 'revocation-rules-memory',
        measure: 'MB of resident memory for 1,000,000 rules',
        ours: megabytes('rss'),
        target: 150,
        details,
      },
      {
        name: 'revocation-rules-cost',
        measure: 'CPU µs per guarded request, 1,000,000 rules ÷ none',
        ours: ours.microseconds,
        theirs: theirs.microseconds,
        target: 1.1,
        details,
      },
    ];
  } finally {
    for (const stop of stops) await stop();
  }
}
