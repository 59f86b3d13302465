import { embeddedServer } from '../apps/front-door.js';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded-postgres.js';
import { eventually } from './feed-world.js';
import { ProcessWorld } from './process-world.js';
import { hasEnded } from '../support/processes.js';

const PATIENCE = 90_000;

// In everything that follows the clock of one application is 90 s ahead, and that of another as far behind as it may be
// without taking fresh tokens for those of the future.
let world: ProcessWorld;
beforeAll(async () => {
  world = await ProcessWorld.open([0, 90_000, -50_000]);
});
afterAll(() => world.close());

it('a token that is revoked is refused by each process of each application, and no other is', async () => {
  const [token, other] = [await world.token(), await world.token()];
  expect(await world.revoke(token, world.providers[0])).toBe(200);
  token.isRevoked();
  await token.isRefusedEverywhere();
  for (const application of world.applications) expect(await application.status(other.accessToken)).toBe(200);
  await other.end();
});

describe('the provider is killed in the middle of a revocation', () => {
  /** What a trigger of the log waits for: the line is written then. */
  const GATE = 42;
  const closeGate = (when: 'IMMEDIATE' | 'DEFERRED') => `
    CREATE OR REPLACE FUNCTION test_gate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      WHILE NOT pg_try_advisory_xact_lock(${GATE}) LOOP PERFORM pg_sleep(0.01); END LOOP;
      RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER test_gate AFTER INSERT ON revocation_log DEFERRABLE INITIALLY ${when}
      FOR EACH ROW EXECUTE FUNCTION test_gate();`;

  it.each<[string, { hold: (id: string) => string; prepare?: string }]>([
    ['before anything is written', { hold: (id) => `SELECT 1 FROM authorization_grant WHERE id = '${id}' FOR UPDATE` }],
    [
      'when the change is made, and its line in the log is not',
      { hold: () => 'SELECT pg_advisory_xact_lock(7126402032)' },
    ],
    ['when both are written', { prepare: closeGate('IMMEDIATE'), hold: () => `SELECT pg_advisory_xact_lock(${GATE})` }],
    [
      'when they are being committed',
      { prepare: closeGate('DEFERRED'), hold: () => `SELECT pg_advisory_xact_lock(${GATE})` },
    ],
  ])('%s: it is done wholly, or not at all', async (_, { hold, prepare }) => {
    const { database, proxy, providers } = world;
    const [victim, survivor] = providers;
    const token = await world.token();
    const before = await world.head();
    const holder = await database.connect();
    try {
      if (prepare) await holder.query(prepare);
      await holder.query('BEGIN');
      await holder.query(hold(token.authorizationId));
      const answer = world.revoke(token, victim).catch(() => 'no answer');
      await eventually(() => isHeldUp(), 'the revocation waits', PATIENCE);
      proxy.targets = [survivor.origin];
      await victim.die();
      expect(await answer).toBe('no answer');
      await holder.query('COMMIT');
      await eventually(async () => !(await isHeldUp()), 'its transaction is over', PATIENCE);
    } finally {
      await holder.query('ROLLBACK');
      if (prepare) await holder.query('DROP TRIGGER test_gate ON revocation_log');
      holder.release();
      void victim.revive();
    }
    const isActive = async () => (await world.house.introspect(token.accessToken, world.one))['active'];
    const isLogged = (await world.head()) > before;
    // PostgreSQL may have gone on with a statement whose sender was dead.
    expect(await isActive()).toBe(!isLogged);
    if (!isLogged) expect(await world.revoke(token, survivor)).toBe(200);
    token.isRevoked();
    await token.isRefusedEverywhere();
    expect([await world.head(), await isActive()]).toEqual([before + 1, false]);
    await victim.ready();
    proxy.targets = providers.map(({ origin }) => origin);
  });

  /** Whether the transaction of a revocation is at the place that is held. */
  async function isHeldUp(): Promise<boolean> {
    const { rowCount } = await world.database.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'
        AND (wait_event_type = 'Lock' OR wait_event = 'PgSleep')`,
    );
    return rowCount! > 0;
  }
});

it('the feed is cut: until it is back nobody is accepted later than the bound, and then nothing is missing', async () => {
  const [token, other] = [await world.token(), await world.token()];
  world.proxy.cut();
  expect(await world.revoke(token, world.providers[0])).toBe(200);
  token.isRevoked();
  await eventually(() => token.isBoundOver, 'the bound is over', PATIENCE);
  // Nothing is known of the other, either, and nobody can be asked.
  for (const application of world.applications) {
    expect(await application.status(token.accessToken)).toBe(503);
    expect(await application.status(other.accessToken)).toBe(503);
    expect(await application.status(other.accessToken, '/refusing')).toBe(503);
  }
  world.proxy.heal();
  await token.isRefusedEverywhere();
  for (const application of world.applications) {
    const status = async () => (await application.status(other.accessToken)) === 200;
    await eventually(status, 'whoever is not revoked is accepted again', PATIENCE);
  }
  await other.end();
});

it('an application that was stopped meanwhile does not accept what it believed when it was stopped', async () => {
  const token = await world.token();
  const [stopped] = world.applications;
  stopped.kill('SIGSTOP');
  try {
    expect(await world.revoke(token, world.providers[0])).toBe(200);
    token.isRevoked();
    await eventually(() => token.isBoundOver, 'the bound is over', PATIENCE);
    const late = stopped.status(token.accessToken);
    const strict = stopped.status(token.accessToken, '/refusing');
    stopped.kill('SIGCONT');
    expect([await late, await strict]).not.toContain(200);
  } finally {
    stopped.kill('SIGCONT');
  }
  await token.isRefusedEverywhere();
});

it('PostgreSQL is killed and comes back: no revocation is promised meanwhile, and none is lost', async () => {
  const [token, next] = [await world.token(), await world.token()];
  expect(await world.revoke(token, world.providers[0])).toBe(200);
  token.isRevoked();
  const { path } = world.directory;
  const pid = (await embeddedServer(path))!;
  process.kill(pid, 'SIGQUIT');
  await eventually(() => hasEnded(pid), 'PostgreSQL has ended', PATIENCE);
  const promised = await world.revoke(next, world.providers[1]);
  expect(promised).toBe(503);
  const again = await startEmbeddedPostgres({ directory: path });
  try {
    await token.isRefusedEverywhere();
    await eventually(async () => (await world.revoke(next, world.providers[1])) === 200, 'it works again', PATIENCE);
    next.isRevoked();
    await next.isRefusedEverywhere();
  } finally {
    await again.stop();
  }
});
