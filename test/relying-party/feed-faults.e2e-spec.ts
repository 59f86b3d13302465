import { claimsOf } from '../support/house.js';
import { eventually, FeedWorld, withToken } from './feed-world.js';

let world: FeedWorld;
let app: Awaited<ReturnType<FeedWorld['application']>>;
beforeAll(async () => {
  world = await FeedWorld.open(2);
  app = await world.application();
});
afterEach(() => (world.proxy.change = undefined));
afterAll(() => world.close());

const status = async (token: string) => (await withToken(app.application, token)).status;
const revoke = ({ client, tokens }: Awaited<ReturnType<FeedWorld['token']>>) =>
  world.provider.post('/revoke', client, { token: tokens.refresh_token });

/** Changes the SETs of poll answers. */
function changeSets(change: (sets: [string, string][]) => [string, string][]): void {
  world.proxy.change = (answer) => {
    if (!answer.path.startsWith('/ssf/poll/') || answer.status !== 200) return answer;
    const body = JSON.parse(answer.body.toString()) as { sets: Record<string, string> };
    const sets = Object.fromEntries(change(Object.entries(body.sets)));
    return { ...answer, body: Buffer.from(JSON.stringify({ ...body, sets })) };
  };
}

it('BL-12 a forged event is dropped and noticed, and nothing is missed for it', async () => {
  const found = await world.token();
  const before = app.feed.health().refused;
  const forge = (set: string) => `${set.slice(0, -8)}${set.at(-8) === 'A' ? 'B' : 'A'}${set.slice(-7)}`;
  changeSets((sets) => sets.map(([name, set]) => [name, forge(set)]));
  await revoke(found);
  await eventually(async () => (await status(found.accessToken)) === 401, 'the snapshot tells it');
  await eventually(() => app.feed.health().refused > before, 'the forgery is noticed');
  expect(app.feed.health().lastGap).toMatchObject({ reason: 'an event is not believed' });
});

it('BL-13 an event that is dropped on the way is missed, and a snapshot brings it', async () => {
  const found = await world.token();
  changeSets(() => []);
  await revoke(found);
  await eventually(async () => (await status(found.accessToken)) === 401, 'the snapshot tells it');
  expect(app.feed.health().lastGap).toMatchObject({ reason: 'an event is missing' });
});

it('BL-13 events that come again, and in another order: nothing is missing, nothing is taken back, no snapshot is needed', async () => {
  const { snapshots, duplicates } = app.feed.health();
  const kept: [string, string][] = [];
  let events = 0;
  changeSets((sets) => {
    kept.push(...sets);
    events += sets.length;
    // The old ones again, the newest first.
    return [...new Map(kept)].reverse();
  });
  const found = await Promise.all([world.token(), world.token(), world.token()]);
  await Promise.all(found.map(revoke));
  for (const { accessToken } of found) {
    await eventually(async () => (await status(accessToken)) === 401, 'each token is refused');
  }
  await eventually(() => events >= 3 && app.feed.health().duplicates > duplicates, 'events came again');
  for (const { accessToken } of found) expect(await status(accessToken)).toBe(401);
  expect(app.feed.health().snapshots).toBe(snapshots);
});

it('BL-13 an event that is held back while a later one passes is noticed as missing', async () => {
  const [first, second] = [await world.token(), await world.token()];
  const { snapshots } = app.feed.health();
  let held = 0;
  // The first is swallowed, the second passes.
  changeSets((sets) => sets.filter(([, set]) => !(isAbout(set, first) && (held += 1) > 0)));
  await revoke(first);
  await revoke(second);
  for (const { accessToken } of [first, second]) {
    await eventually(async () => (await status(accessToken)) === 401, 'each token is refused');
  }
  expect(held).toBeGreaterThan(0);
  expect(app.feed.health().snapshots).toBeGreaterThan(snapshots);

  function isAbout(set: string, { accessToken }: { accessToken: string }) {
    const { authorization_id: id } = claimsOf(accessToken);
    return JSON.stringify(claimsOf(set)).includes(id as string);
  }
});

it('BL-13 the database put back to an earlier point: a new epoch, and what was known stays known', async () => {
  const found = await world.token();
  await revoke(found);
  await eventually(async () => (await status(found.accessToken)) === 401, 'the token is refused');
  const { database } = world.provider;
  const { snapshots, position } = app.feed.health();
  await database.transaction(async (transaction) => {
    const back = `UPDATE revocation_head SET seq = l.seq - 1, line = l.prev
      FROM (SELECT seq, prev FROM revocation_log ORDER BY seq DESC LIMIT 1) l`;
    await transaction.query({ name: 'test-back', text: back });
    const forget = `DELETE FROM revocation_log WHERE seq = (SELECT max(seq) FROM revocation_log)`;
    await transaction.query({ name: 'test-forget', text: forget });
  });
  await eventually(() => app.feed.health().snapshots > snapshots, 'a snapshot is taken');
  expect(Number(app.feed.health().position!.split('.')[0])).toBeGreaterThan(Number(position!.split('.')[0]));
  expect(await status(found.accessToken)).toBe(401);
  const next = await world.token();
  expect(await status(next.accessToken)).toBe(200);
  await revoke(next);
  await eventually(async () => (await status(next.accessToken)) === 401, 'it goes on');
});

it('NOTIFY is lost: the log is read every second regardless', async () => {
  const found = await world.token();
  await world.provider.database.query({
    name: 'test-deaf',
    text: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE '%listener' AND pid <> pg_backend_pid()`,
  });
  await revoke(found);
  await eventually(async () => (await status(found.accessToken)) === 401, 'the token is refused');
});

it('two processes of one application are both told, and the receipt counts them', async () => {
  const twin = await world.application({ clientId: app.client.id });
  const found = await world.token();
  const { sid } = claimsOf(found.accessToken) as { sid: string };
  await world.provider.authorizations.revoke({ session: sid }, 'administrative');
  await eventually(async () => (await status(found.accessToken)) === 401, 'one refuses');
  const twinStatus = async () => (await withToken(twin.application, found.accessToken)).status;
  await eventually(async () => (await twinStatus()) === 401, 'the other refuses');
});
