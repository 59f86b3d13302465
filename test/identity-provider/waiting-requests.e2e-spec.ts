import { WaitingRequests } from '../../src/identity-provider/authorize/waiting-requests.js';
import { statement } from '../../src/platform/database/database.js';
import { authorizationRequest, type House, openHouse, type TestClient } from '../support/house.js';
import { TestClock } from '../support/test-clock.js';

const MOST = 6_000;
const PUSHED = statement('SELECT count(*) FROM pushed_request');

function many(waiting: WaitingRequests, ip: string, count: number) {
  for (let times = 0; times < count; times += 1) waiting.admit(ip);
}

describe('requests that wait for a person', () => {
  it('are as many as a campus needs, by network and time', () => {
    const clock = new TestClock();
    const waiting = new WaitingRequests(clock);
    many(waiting, '2001:db8::1', MOST);
    expect(() => waiting.admit('2001:db8::2')).toThrow(expect.objectContaining({ status: 429, code: 'slow_down' }));
    waiting.admit('2001:db8:0:1::1');
    clock.pass('10m');
    waiting.admit('2001:db8::1');
  });

  it('are not counted for this machine, which is every proxy that nobody has named', () => {
    const waiting = new WaitingRequests(new TestClock());
    for (const ip of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) many(waiting, ip, MOST + 1);
  });
});

describe('behind a proxy', () => {
  let house: House;
  beforeAll(async () => (house = await openHouse({ settings: { TRUST_PROXY: 'loopback' } })));
  afterAll(() => house.close());

  it('a flood from one address meets a page, and writes nothing; others sign in as ever', async () => {
    const { browser } = await house.codeFlow();
    many(house.app.get(WaitingRequests, { strict: false }), '203.0.113.9', MOST);
    const begin = (address: string, from = house.browser()) =>
      from.send(from.authorizePath(house.web), { headers: { 'x-forwarded-for': address } });
    const refused = await begin('203.0.113.9');
    expect([refused.status, refused.headers.get('location')]).toEqual([429, null]);
    expect(refused.page).toContain('slow_down');
    expect((await begin('203.0.113.10')).status).toBe(303);
    // What is pushed is counted by itself.
    expect((await push('203.0.113.9', house.spa)).status).toBe(201);
    // Who is signed in has nothing to wait for.
    expect((await begin('203.0.113.9', browser)).headers.get('location')).toMatch(/^https:\/\/rp-a\.test\/cb\?code=/);
  });

  it('a flood that is pushed in a public client’s name is told to wait, and writes nothing', async () => {
    const waiting = house.part(WaitingRequests);
    const before = await house.database.query(PUSHED);
    for (let times = 0; times < MOST; times += 1) waiting.admitPushed('203.0.113.20');
    const refused = await push('203.0.113.20', house.spa);
    expect([refused.status, refused.json['error']]).toEqual([429, 'slow_down']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await house.database.query(PUSHED)).toEqual(before);
    expect((await push('203.0.113.21', house.spa)).status).toBe(201);
    // Who proves who they are is a client that somebody knows.
    expect((await push('203.0.113.20', house.web)).status).toBe(201);
  });

  const push = (address: string, client: TestClient) =>
    house.post('/par', client, authorizationRequest(client, { client_id: undefined }), {
      headers: { 'x-forwarded-for': address },
    });
});
