import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { TestDatabase } from '../support/database.js';
import { eventually } from '../relying-party/feed-world.js';
import { challengeOf, claimsOf } from '../support/house.js';
import { LogoutReceiver } from '../support/logout-receiver.js';
import { createProviderDatabase, SECRETS } from '../support/provider-database.js';
import { runHere } from './command-line.js';
import { addressesFrom, FrontDoor, freePortBase, temporaryDirectory } from './front-door.js';
import { Visitor } from './visitor.js';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let database: TestDatabase;
let at: ReturnType<typeof addressesFrom>;
let door: FrontDoor;
beforeEach(async () => {
  [directory, database] = await Promise.all([temporaryDirectory(), createProviderDatabase()]);
  at = addressesFrom(await freePortBase());
});
afterEach(async () => {
  await door.stop();
  await Promise.all([directory.remove(), database.drop()]);
});

async function query<Row>(sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

/** The API is one of them. */
const RECEIPT = /id="receipt"[^>]*>You are signed out\. \d of 3 applications enforced it, in [\d,.]+ (ms|sec)/;

/** How many sessions each of the demo's applications has kept. */
async function kept(): Promise<Record<string, number>> {
  const rows = await query<{ realm: string; count: number }>(
    `SELECT realm, count(*)::int AS count FROM session GROUP BY realm ORDER BY realm`,
  );
  return Object.fromEntries(rows.map(({ realm, count }) => [realm, count]));
}

/** Whoever signs out waits a second for the applications at the most; a busy machine may take longer. */
async function nothingIsKept(): Promise<void> {
  await eventually(async () => Object.keys(await kept()).length === 0, 'no session is kept', 60_000);
  const delivery = 'SELECT 1 FROM logout_delivery';
  await eventually(async () => (await query(delivery)).length === 0, 'everybody has been told', 60_000);
}

describe('the demo', () => {
  beforeEach(async () => {
    door = new FrontDoor('demo', {
      PORT_BASE: new URL(at.provider).port,
      GATEHOUSE_DIRECTORY: directory.path,
      GATEHOUSE_SECRET: SECRETS[0],
      DATABASE_URL: database.url,
    });
    await door.ready(...Object.values(at));
  });

  it('signs out everywhere at once: of the application, of the other one, of the provider, and from the command line', async () => {
    const visitor = new Visitor();
    const signIn = async () => {
      let page = await visitor.get(`${at.portal}/profile`);
      page = await visitor.submit(page, { username: 'alice', password: 'wonderland' });
      if (page.url.includes('/consent')) page = await visitor.submit(page, { decision: 'allow' });
      expect(page.url).toBe(`${at.portal}/profile`);
      expect((await visitor.get(`${at.desk}/`)).body).toContain('Looking glass');
      expect(await kept()).toEqual({ '__Host-desk': 1, '__Host-portal': 1, provider: 1 });
    };
    await signIn();
    // Where the browser comes back to is the portal's start page.
    const back = await visitor.submit(await visitor.get(`${at.portal}/profile`), {});
    expect(back.url).toBe(`${at.portal}/`);
    expect(back.body).toMatch(RECEIPT);
    await nothingIsKept();
    // It is shown once.
    expect((await visitor.get(`${at.portal}/`)).body).not.toContain('id="receipt"');

    await signIn();
    const bye = await visitor.submit(await visitor.get(`${at.desk}/`), {});
    expect(bye.url).toBe(`${at.desk}/signed-out`);
    expect(bye.body).toMatch(RECEIPT);
    await nothingIsKept();

    await signIn();
    expect((await visitor.submit(await visitor.get(`${at.provider}/logout`), {})).body).toContain('signed out');
    await nothingIsKept();
    expect((await visitor.get(`${at.desk}/`)).url).toContain('/login');

    await signIn();
    const settings = { DATABASE_URL: database.url, GATEHOUSE_SECRET: SECRETS[0], ISSUER: at.provider };
    const { code, stderr } = await runHere(['user', 'sign-out', 'alice'], settings);
    expect([code, stderr]).toEqual([0, '']);
    await nothingIsKept();
  });
});

describe('kill -9 while an application is being told', () => {
  it('loses nothing: it is told when a provider is there again', async () => {
    const receiver = await LogoutReceiver.listen();
    const settings = {
      ISSUER: at.provider,
      PORT: new URL(at.provider).port,
      GATEHOUSE_DIRECTORY: directory.path,
      GATEHOUSE_SECRET: SECRETS[0],
      DATABASE_URL: database.url,
      OUTBOUND_ALLOW: receiver.allowance,
    };
    const start = async () => {
      door = new FrontDoor('identity-provider', settings);
      await door.ready(at.provider);
    };
    await start();
    const callback = 'https://shop.test/cb';
    const add = ['client', 'add', '--id', 'shop', '--redirect-uri', callback, '--first-party', '--json'];
    const added = await runHere([...add, '--backchannel-logout-uri', `${receiver.url}/shop`], settings);
    const { secret } = JSON.parse(added.stdout) as { secret: string };
    const verifier = randomBytes(32).toString('base64url');
    const request = new URLSearchParams({
      client_id: 'shop',
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid',
      code_challenge: challengeOf(verifier),
      code_challenge_method: 'S256',
    });
    const visitor = new Visitor();
    visitor.stopAt = callback;
    const form = await visitor.get(`${at.provider}/authorize?${request}`);
    const { url } = await visitor.submit(form, { username: 'alice', password: 'wonderland' });
    const tokens = (await (
      await fetch(`${at.provider}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`shop:${secret}`)}` },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code: new URL(url).searchParams.get('code')!,
          redirect_uri: callback,
          code_verifier: verifier,
        }),
      })
    ).json()) as { id_token: string };

    // It takes the message, and before it answers the provider is gone.
    receiver.answers.set('/shop', () => {});
    const leaving = visitor.get(`${at.provider}/logout?id_token_hint=${tokens.id_token}`).catch(() => undefined);
    await receiver.until('/shop');
    door.kill('SIGKILL');
    await Promise.all([door.exited, leaving]);
    receiver.answers.clear();
    expect(await query('SELECT client_id, attempts FROM logout_delivery')).toEqual([
      { client_id: 'shop', attempts: 1 },
    ]);

    await start();
    // The dead process's claim runs out in ten seconds, which the test does not wait for.
    await query('UPDATE logout_delivery SET next_attempt_at = next_attempt_at - 10000');
    const [first, second] = await receiver.until('/shop', 2);
    expect(second!.claims['sid']).toBe(claimsOf(tokens.id_token)['sid']);
    expect(second!.claims['jti']).not.toBe(first!.claims['jti']);
    while ((await query('SELECT 1 FROM logout_delivery')).length > 0) await new Promise((soon) => setTimeout(soon, 10));
    await receiver.close();
  });
});
