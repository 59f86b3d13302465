import { join } from 'node:path';
import { addressesFrom, FrontDoor, freePortBase, temporaryDirectory } from '../apps/front-door.js';
import { Visitor } from '../apps/visitor.js';
import { createTestDatabase } from '../support/database.js';
import { describeWithNginx, startNginx } from '../support/nginx.js';
import { describeWithRedis, startRedis } from '../support/redis.js';

/** The parts of `docker compose --profile scale up`, without containers: two providers and two portals behind nginx. */
const cleanUp: (() => Promise<unknown>)[] = [];
const doors: Record<'provider1' | 'provider2' | 'portal1' | 'portal2', FrontDoor> = {} as never;
let at: ReturnType<typeof addressesFrom>;
let ownPorts: number;
let metricsPorts: number;

async function start(): Promise<void> {
  const [database, redis, directory, base] = await Promise.all([
    createTestDatabase(),
    startRedis(),
    temporaryDirectory(),
    freePortBase(),
  ]);
  ownPorts = await freePortBase();
  metricsPorts = await freePortBase();
  at = addressesFrom(base);
  cleanUp.push(database.drop, redis.stop, directory.remove);
  const common = { ISSUER: at.provider, GATEHOUSE_DIRECTORY: directory.path, TRUST_PROXY: 'loopback' };
  const open = (name: string, index: number, settings: NodeJS.ProcessEnv) => {
    const door = new FrontDoor(name, { ...common, PORT: String(ownPorts + index), ...settings });
    cleanUp.push(() => door.stop());
    return door.ready(`http://localhost:${ownPorts + index}`);
  };
  const ports = {
    4000: base,
    4001: base + 1,
    4010: ownPorts,
    4020: ownPorts + 1,
    4011: ownPorts + 2,
    4021: ownPorts + 3,
  };
  const nginx = await startNginx(join(import.meta.dirname, '../../deploy/nginx.conf'), ports);
  cleanUp.push(() => nginx.stop());
  const provider = { DATABASE_URL: database.url };
  const metrics = (index: number) => ({ METRICS_PORT: String(metricsPorts + index) });
  doors.provider1 = await open('identity-provider', 0, { ...provider, ...metrics(0), WORKERS: '2' });
  doors.provider2 = await open('identity-provider', 1, { ...provider, ...metrics(1) });
  const portal = { PUBLIC_URL: at.portal, REDIS_URL: redis.url };
  doors.portal1 = await open('portal', 2, portal);
  doors.portal2 = await open('portal', 3, portal);
}

/** How many requests this provider has answered, health checks apart. */
async function answeredBy(index: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPorts + index}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith('gatehouse_http_request_duration_seconds_count') && !line.includes('health'))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function signIn(visitor = new Visitor()) {
  let page = await visitor.submit(await visitor.get(`${at.portal}/profile`), {
    username: 'alice',
    password: 'wonderland',
  });
  if (page.body.includes('consent-allow')) page = await visitor.submit(page, { decision: 'allow' });
  return { visitor, page };
}

async function token(): Promise<number> {
  const headers = { authorization: `Basic ${btoa('demo-service:demo-service-secret')}` };
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  return (await fetch(`${at.provider}/token`, { method: 'POST', headers, body })).status;
}

describeWithRedis('the scale profile', () => {
  describeWithNginx('behind nginx', () => {
    let signedIn: Visitor;

    beforeAll(start);
    afterAll(async () => {
      for (const work of cleanUp.reverse()) await work();
    });

    const profile = async (visitor: Visitor) => {
      const { url, body } = await visitor.get(`${at.portal}/profile`);
      return [url, body.includes('Alice Liddell')];
    };

    it('signs in over both providers and both portals, with nothing sticky', async () => {
      const { visitor, page } = await signIn();
      signedIn = visitor;
      expect([page.url, page.body.includes('Alice Liddell')]).toEqual([`${at.portal}/profile`, true]);
      // One after the other goes to the other portal: both know the session.
      for (let visit = 0; visit < 4; visit += 1)
        expect(await profile(signedIn)).toEqual([`${at.portal}/profile`, true]);
      expect(await answeredBy(0)).toBeGreaterThan(2);
      expect(await answeredBy(1)).toBeGreaterThan(2);
    });

    it('no header of a visitor’s moves an address', async () => {
      const answer = await fetch(`${at.provider}/.well-known/openid-configuration`, {
        headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'https' },
      });
      expect(await answer.json()).toMatchObject({ issuer: at.provider, token_endpoint: `${at.provider}/token` });
    });

    it('one provider killed: the other goes on, for who is signed in and who signs in', async () => {
      doors.provider1.kill('SIGKILL');
      await doors.provider1.exited;
      for (let request = 0; request < 10; request += 1) expect(await token()).toBe(200);
      expect(await profile(signedIn)).toEqual([`${at.portal}/profile`, true]);
      const { page } = await signIn();
      expect([page.url, page.status]).toEqual([`${at.portal}/profile`, 200]);
    });

    it('one portal killed: the other knows the sessions of both, and a sign-out ends them', async () => {
      doors.portal1.kill('SIGKILL');
      await doors.portal1.exited;
      for (let visit = 0; visit < 3; visit += 1)
        expect(await profile(signedIn)).toEqual([`${at.portal}/profile`, true]);
      await signedIn.submit(await signedIn.get(`${at.portal}/profile`), {});
      const { url } = await signedIn.get(`${at.portal}/profile`);
      expect(url).toContain(`${at.provider}/login`);
    });
  });
});
