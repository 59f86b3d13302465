import { Database, statement } from '../../src/platform/database/database.js';
import { eventually } from '../relying-party/feed-world.js';
import { type House, openHouse, type TestClient } from '../support/house.js';
import { PushReceiver } from './push-receiver.js';
import { Receiver } from './receiver.js';

const SSF = 'https://schemas.openid.net/secevent/ssf/event-type/';
const PUSH = 'urn:ietf:rfc:8935';

let house: House;
let server: PushReceiver;
beforeAll(async () => {
  server = await PushReceiver.listen();
  house = await openHouse({ outboundAllow: server.allowance });
  await house.openAnother();
});
afterAll(async () => {
  await house.close();
  await server.close();
});

let count = 0;
let client: TestClient;
let receiver: Receiver;
let stream: string;
beforeEach(async () => {
  client = await house.client(`pushed-${(count += 1)}`);
  receiver = new Receiver(house, client);
  server.answer = () => ({ status: 202 });
  server.pushed.length = 0;
  const delivery = { method: PUSH, endpoint_url: server.url, authorization_header: 'Bearer of-the-receiver' };
  stream = await receiver.createStream({ delivery });
});
afterEach(() => receiver.send('DELETE', `/ssf/streams?stream_id=${stream}`));

/** Revokes tokens of the client, by these names. */
async function revoke(...names: string[]): Promise<void> {
  for (const jti of names) {
    const token = { jti, expiresAtSeconds: house.clock.seconds() + 300, clientId: client.id };
    await house.authorizations.revoke({ token }, 'administrative');
  }
}
const come = (names: string[]) =>
  eventually(async () => (await tokens()).join() === names.join(), `${names.join()} are told`);
/** The tokens that were told as revoked, in their order. */
async function tokens(): Promise<string[]> {
  const sets = await Promise.all(server.pushed.map(({ body }) => receiver.verify(body)));
  return sets.flatMap(({ event }) => (event['rules'] as { tokens?: string[] } | undefined)?.tokens ?? []);
}
const statusTo = (status: string, reason?: string) =>
  receiver.send('POST', '/ssf/status', { stream_id: stream, status, ...(reason ? { reason } : {}) });

it('an event is pushed as RFC 8935 has it: one SET per request, with what the receiver wants to see', async () => {
  await revoke('a-token');
  const [pushed] = await server.until(1);
  expect(pushed).toMatchObject({
    method: 'POST',
    contentType: 'application/secevent+jwt',
    accept: 'application/json',
    authorization: 'Bearer of-the-receiver',
  });
  const set = await receiver.verify(pushed!.body);
  expect(set.header).toMatchObject({ typ: 'secevent+jwt', alg: 'RS256' });
  expect(set.event).toMatchObject({ rules: { tokens: ['a-token'] } });
  // It is not polled for.
  expect((await receiver.poll(stream)).status).toBe(400);
});

it('several processes share a stream: everything comes once and in its order', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `t${index}`);
  await revoke(...names);
  await come(names);
  await receiver.send('POST', '/ssf/verify', { stream_id: stream, state: 'the end' });
  await server.until(13);
  const last = await receiver.verify(server.pushed.at(-1)!.body);
  expect(last).toMatchObject({ type: `${SSF}verification`, event: { state: 'the end' } });
  expect(server.pushed).toHaveLength(13);
});

it('what is not taken comes again, after growing pauses, and before what is newer', async () => {
  server.answer = () => ({ status: 503 });
  await revoke('first');
  await server.until(1);
  await revoke('second');
  const inVain = async () =>
    (await house.part(Database).query<{ n: number }>(statement(
      `SELECT push_attempts AS n FROM signal_stream WHERE id = $1 AND pusher IS NULL`), [stream]))[0]?.n;
  await eventually(async () => (await inVain()) === 1, 'the failure is written down');
  // Before the pause is over nothing is tried, however often somebody looks.
  house.clock.pass('900ms');
  await revoke('third');
  expect(server.pushed).toHaveLength(1);
  house.clock.pass('200ms');
  await eventually(async () => (await inVain()) === 2, 'it was tried again');
  server.answer = () => ({ status: 202 });
  server.pushed.length = 0;
  house.clock.pass('3s');
  await come(['first', 'second', 'third']);
}); // prettier-ignore

it('an event that the receiver cannot use is passed over in the end; a receiver that refuses us is not', async () => {
  const isFirst = (body: string) => Buffer.from(body.split('.')[1]!, 'base64url').toString().includes('"unusable"');
  server.answer = ({ body }) =>
    isFirst(body) ? { status: 400, body: { err: 'invalid_request', description: 'no' } } : { status: 202 };
  await revoke('unusable', 'usable');
  await eventually(async () => (await nextTry(), (await tokens()).includes('usable')), 'the next one comes');
  expect(await tokens()).toEqual(['unusable', 'unusable', 'unusable', 'usable']);
  server.pushed.length = 0;
  server.answer = () => ({ status: 400, body: { err: 'access_denied', description: 'no' } });
  await revoke('kept');
  await eventually(async () => (await nextTry(), server.pushed.length >= 5), 'it is tried again and again');
  server.answer = () => ({ status: 202 });
  await eventually(async () => (await nextTry(), isConfirmed()), 'it is confirmed');
});

/** Passes the time to the next try, if none is under way: a stream is somebody else's ten seconds after it was taken. */
async function nextTry(): Promise<void> {
  const free = statement(`SELECT 1 FROM signal_stream WHERE id = $1 AND pusher IS NULL`);
  if ((await house.part(Database).query(free, [stream])).length > 0) house.clock.pass('3s');
}

/** Whether the receiver has everything. */
async function isConfirmed(): Promise<boolean> {
  const [row] = await house
    .part(Database)
    .query<{ done: boolean }>(
      statement(`SELECT s.acknowledged >= h.seq AS done FROM signal_stream s, revocation_head h WHERE s.id = $1`),
      [stream],
    );
  return row!.done;
}

it('a process that dies with a stream loses it to another', async () => {
  await house
    .part(Database)
    .query(statement(`UPDATE signal_stream SET pusher = 'dead', pusher_until = $2 WHERE id = $1`), [
      stream,
      house.clock.now() + 10_000,
    ]);
  await revoke('orphan');
  await receiver.send('POST', '/ssf/verify', { stream_id: stream });
  expect(server.pushed).toEqual([]);
  house.clock.pass('10s');
  await come(['orphan']);
});

it('a stream that is paused is told that it is, keeps its place, and goes on; disabled, it misses what happens', async () => {
  await statusTo('paused', 'maintenance');
  const [updated] = await server.until(1);
  expect(await receiver.verify(updated!.body)).toMatchObject({
    type: `${SSF}stream-updated`,
    claims: { sub_id: { format: 'opaque', id: stream } },
    event: { status: 'paused', reason: 'maintenance' },
  });
  await revoke('meanwhile');
  await statusTo('paused');
  expect(await tokens()).toEqual([]);
  await statusTo('enabled');
  await come(['meanwhile']);
  await statusTo('disabled');
  await revoke('unheard');
  await statusTo('enabled');
  await revoke('heard');
  await come(['meanwhile', 'heard']);
});
