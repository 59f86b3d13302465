import { claimsOf, type House, openHouse, type TestClient } from '../support/house.js';
import { Receiver } from './receiver.js';

let house: House;
let one: Receiver;
let other: Receiver;
let stranger: Receiver;
beforeAll(async () => {
  house = await openHouse();
  one = new Receiver(house, house.web);
  other = new Receiver(house, house.other);
  stranger = new Receiver(house, await house.client('stranger'));
});
afterAll(() => house.close());

/** Somebody signs in at these applications, in one session, and signs out: its `sid`. */
async function signedOut(...clients: TestClient[]): Promise<string> {
  const browser = house.browser();
  const flows = [];
  for (const client of clients) flows.push(await house.codeFlow({}, { browser, client }));
  const { id_token: hint } = flows[0]!.tokens;
  await browser.get(`/logout?id_token_hint=${hint}`);
  return claimsOf(hint)['sid'] as string;
}

const receiptFor = (receiver: Receiver, sid: string) =>
  receiver.send('GET', `/ssf/receipt?${new URLSearchParams({ sid }).toString()}`);

it('says in numbers, and in numbers only, who enforces the end of a session', async () => {
  const streams = [await one.createStream(), await other.createStream(), await stranger.createStream()];
  const sid = await signedOut(house.web, house.other);
  const before = await receiptFor(one, sid);
  const revokedAt = Math.floor(house.clock.now() / 1000);
  expect([before.status, before.json]).toEqual([200, { revoked_at: revokedAt, enforced: 0, applications: 2 }]);

  for (const [index, receiver] of [one, other].entries()) {
    const { json } = await receiver.poll(streams[index]!, { returnImmediately: true });
    await receiver.poll(streams[index]!, { ack: Object.keys(json['sets'] as object), returnImmediately: true });
  }
  // What is confirmed is written down together, a few milliseconds later.
  let after = await receiptFor(other, sid);
  while (after.json['enforced'] !== 2) after = await receiptFor(other, sid);
  expect(after.json).toEqual({ revoked_at: revokedAt, enforced: 2, applications: 2, milliseconds: 0 });
  expect(after.headers.get('cache-control')).toBe('no-store');
});

it('tells nobody who was not in the session, and nothing of one that lives', async () => {
  const sid = await signedOut(house.web);
  const { tokens } = await house.codeFlow();
  const living = claimsOf(tokens.id_token)['sid'] as string;
  const [foreign, ...others] = await Promise.all([
    receiptFor(stranger, sid),
    receiptFor(one, living),
    receiptFor(one, 'x'),
    receiptFor(one, 'x'.repeat(300)),
    receiptFor(one, 'nul\0'),
  ]);
  expect([foreign!.status, foreign!.json['error']]).toEqual([404, 'invalid_request']);
  // Nobody learns from the answer whether there was such a session.
  for (const { status, json } of others) expect([status, json]).toEqual([404, foreign!.json]);
});

it('is for receivers of signals alone', async () => {
  const { tokens } = await house.codeFlow();
  const ask = (headers: Record<string, string>, method = 'GET') =>
    fetch(`${house.issuer}/ssf/receipt?sid=x`, { method, headers });
  expect((await ask({})).status).toBe(401);
  expect((await ask({ authorization: `Bearer ${tokens.access_token}` })).status).toBe(403);
  expect((await one.send('GET', '/ssf/receipt')).status).toBe(400);
  expect((await one.send('GET', '/ssf/receipt?sid=a&sid=b')).status).toBe(400);
  expect((await one.send('POST', '/ssf/receipt', {})).status).toBe(405);
});
