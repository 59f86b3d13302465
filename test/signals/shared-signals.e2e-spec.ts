import { WaitingPolls } from '../../src/identity-provider/signals/waiting-polls.js';
import { Database, statement } from '../../src/platform/database/database.js';
import { eventually } from '../relying-party/feed-world.js';
import { claimsOf, type House, openHouse } from '../support/house.js';
import { PushReceiver } from './push-receiver.js';
import { type ReceivedSet, Receiver } from './receiver.js';
import { SignOuts } from './sign-outs.js';

/** What a receiver of another make sees, clause by clause: the Shared Signals Framework 1.0 and RFC 8936 on the wire. */

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const SSF = 'https://schemas.openid.net/secevent/ssf/event-type/';
const SESSION_REVOKED = `${CAEP}session-revoked`;
const PUSH = 'urn:ietf:rfc:8935';
const POLL = 'urn:ietf:rfc:8936';

let house: House;
let signOuts: SignOuts;
let second: string;
let server: PushReceiver;
beforeAll(async () => {
  server = await PushReceiver.listen();
  house = await openHouse({ outboundAllow: server.allowance });
  signOuts = new SignOuts(house);
  second = await house.openAnother();
});
afterAll(async () => {
  const statuses = new Set(await signOuts.statuses());
  await house.close();
  await server.close();
  expect(statuses).toEqual(new Set([303]));
});

let count = 0;
/** A client of its own with a stream, and what speaks for it to the other process of the provider. */
async function receiving(wish: Record<string, unknown> = {}) {
  const client = await house.client(`foreign-${(count += 1)}`);
  const receiver = new Receiver(house, client);
  const stream = await receiver.createStream(wish);
  const elsewhere = new Receiver(house, client, second);
  const revoke = async (...names: string[]) => {
    for (const name of names) {
      const token = { jti: `${client.id} ${name}`, expiresAtSeconds: house.clock.seconds() + 300, clientId: client.id };
      await house.authorizations.revoke({ token }, 'administrative');
    }
  };
  const setStatus = (status: string, reason?: string) =>
    receiver.send('POST', '/ssf/status', { stream_id: stream, status, ...(reason ? { reason } : {}) });
  const verify = (state: string) => receiver.send('POST', '/ssf/verify', { stream_id: stream, state });
  const read = async (from = receiver) => (await from.send('GET', `/ssf/streams?stream_id=${stream}`)).json;
  return { client, receiver, elsewhere, stream, revoke, setStatus, verify, read };
}
/** A verification by its state, a change of the status by the status, a revoked token by its name. */
const seen = (sets: ReceivedSet[]) =>
  sets.map(({ type, event }) => {
    const { state, status, rules } = event as { state?: string; status?: string; rules?: { tokens?: string[] } };
    return state ?? status ?? rules?.tokens?.[0]?.split(' ')[1] ?? type;
  });
const told = async ({ receiver, stream }: { receiver: Receiver; stream: string }) => seen(await receiver.sets(stream));
const user = (sub: string) => ({ format: 'iss_sub', iss: house.issuer, sub });

describe('a stream’s configuration (SSF 1.0 §8.1.1)', () => {
  it('what is not said in an update is not changed, whichever process was told what, and in whatever race', async () => {
    const { receiver, elsewhere, stream, read } = await receiving({ description: 'first', delivery: { method: POLL } });
    await read(elsewhere);
    const answers = await Promise.all([
      receiver.send('PATCH', '/ssf/streams', { stream_id: stream, description: 'second' }),
      elsewhere.send('PATCH', '/ssf/streams', { stream_id: stream, events_requested: [SESSION_REVOKED] }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const both = { description: 'second', events_requested: [SESSION_REVOKED] };
    expect(await read()).toMatchObject(both);
    expect(await read(elsewhere)).toMatchObject(both);
    expect((await receiver.send('DELETE', `/ssf/streams?stream_id=${stream}`)).status).toBe(204);
    expect((await elsewhere.send('GET', `/ssf/streams?stream_id=${stream}`)).status).toBe(404);
    expect((await elsewhere.send('GET', `/ssf/status?stream_id=${stream}`)).status).toBe(404);
    expect((await elsewhere.send('POST', '/ssf/verify', { stream_id: stream })).status).toBe(404);
  });

  it('what a replacement does not say is deleted; what nobody requested is not said to be', async () => {
    const { receiver, stream, read } = await receiving({ description: 'd', events_requested: [SESSION_REVOKED] });
    const { json } = await receiver.send('PUT', '/ssf/streams', { stream_id: stream });
    expect([json['description'], json['events_requested']]).toEqual([undefined, undefined]);
    expect(json['events_delivered']).toEqual(json['events_supported']);
    expect(await read()).toEqual(json);
    const nothing = await receiver.send('PATCH', '/ssf/streams', { stream_id: stream, events_requested: [] });
    expect([nothing.json['events_requested'], nothing.json['events_delivered']]).toEqual([[], []]);
  });

  it('what was read can be sent back changed, also in another order', async () => {
    const { receiver, stream, read } = await receiving();
    const configuration = await read();
    const events = [...(configuration['events_supported'] as string[])].reverse();
    const body = { ...configuration, aud: [configuration['aud']], events_supported: events, description: 'mine' };
    const { status, json } = await receiver.send('PUT', '/ssf/streams', body);
    expect([status, json['description']]).toEqual([200, 'mine']);
    const less = { stream_id: stream, events_delivered: events.slice(1) };
    expect((await receiver.send('PATCH', '/ssf/streams', less)).status).toBe(400);
  });

  it('a description that is too long is cut to a beginning of itself', async () => {
    const description = `${'x'.repeat(499)}😀😀`;
    const { read } = await receiving({ description });
    const kept = (await read())['description'] as string;
    expect([description.startsWith(kept), kept.length]).toEqual([true, 499]);
  });

  it('a request to create one need say nothing', async () => {
    const receiver = new Receiver(house, await house.client('says-nothing'));
    const { status, json } = await receiver.send('POST', '/ssf/streams');
    expect([status, json['delivery']]).toMatchObject([201, { method: POLL, endpoint_url: expect.any(String) }]);
    // What it does say is not overlooked for want of a type.
    const untyped = await fetch(`${house.issuer}/ssf/streams`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await receiver.accessToken()}` },
      body: Buffer.from('{"instance": "untyped"}'),
    });
    expect(untyped.status).toBe(415);
  });
});

describe('the status of a stream (§8.1.2)', () => {
  it('paused: nothing at all is transmitted, and it is when the stream is enabled again, in its order', async () => {
    const one = await receiving();
    await one.revoke('before');
    await one.setStatus('paused', 'maintenance');
    await one.verify('asked meanwhile');
    await one.revoke('meanwhile');
    expect(await told(one)).toEqual([]);
    const { json } = await one.receiver.poll(one.stream, { returnImmediately: true });
    expect(json).toEqual({ sets: {}, moreAvailable: false });
    await one.setStatus('enabled');
    expect((await told(one)).sort()).toEqual(['asked meanwhile', 'before', 'enabled', 'meanwhile']);
  });

  it('disabled: nothing is transmitted, nothing is kept, and it works again when it is enabled', async () => {
    const one = await receiving();
    await one.verify('asked before');
    await one.setStatus('disabled');
    expect((await one.verify('asked meanwhile')).status).toBe(204);
    await one.revoke('meanwhile');
    expect(await told(one)).toEqual([]);
    await one.setStatus('enabled');
    await one.verify('asked after');
    await one.revoke('after');
    expect((await told(one)).sort()).toEqual(['after', 'asked after', 'enabled']);
  });

  it('who waits for events when it is suspended is told that it is, and nothing after that', async () => {
    const one = await receiving();
    const waiting = one.receiver.poll(one.stream);
    await eventually(() => house.part(WaitingPolls)['waiting'].size > 0, 'it waits');
    await one.setStatus('paused', 'maintenance');
    const sets = Object.values((await waiting).json['sets'] as Record<string, string>);
    const events = await Promise.all(sets.map((set) => one.receiver.verify(set)));
    expect(events).toMatchObject([
      { type: `${SSF}stream-updated`, event: { status: 'paused', reason: 'maintenance' } },
    ]);
    expect(await told(one)).toEqual([]);
  });

  it('pushed, it is told at once that it is suspended, and nothing else until it is enabled', async () => {
    const one = await receiving({ delivery: { method: PUSH, endpoint_url: server.url } });
    server.pushed.length = 0;
    const pushed = async () => seen(await Promise.all(server.pushed.map(({ body }) => one.receiver.verify(body))));
    await one.setStatus('paused');
    await eventually(async () => (await pushed()).includes('paused'), 'it is told that it is paused');
    await one.verify('asked meanwhile');
    await one.revoke('meanwhile');
    // Several looks, by two processes.
    house.clock.pass('30s');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await pushed()).toEqual(['paused']);
    await one.setStatus('enabled');
    await eventually(async () => (await pushed()).length === 4, 'the rest comes');
    expect((await pushed()).sort()).toEqual(['asked meanwhile', 'enabled', 'meanwhile', 'paused']);
  });

  it('a poll that waits on a stream that is removed is answered 404', async () => {
    const { receiver, stream } = await receiving();
    const waiting = receiver.poll(stream);
    await eventually(() => house.part(WaitingPolls)['waiting'].size > 0, 'it waits');
    await receiver.send('DELETE', `/ssf/streams?stream_id=${stream}`);
    expect((await waiting).status).toBe(404);
  });
});

describe('delivery by poll (RFC 8936)', () => {
  it('no more than maxEvents, whatever they are about, and it is said that there are more', async () => {
    const one = await receiving();
    await one.verify('a');
    await one.verify('b');
    await one.revoke('c');
    let all: string[] = [];
    const more: unknown[] = [];
    let ack: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const { json } = await one.receiver.poll(one.stream, { maxEvents: 1, returnImmediately: true, ack });
      ack = Object.keys(json['sets'] as object);
      expect(ack).toHaveLength(1);
      const sets = Object.values(json['sets'] as Record<string, string>);
      all = all.concat(seen(await Promise.all(sets.map((set) => one.receiver.verify(set)))));
      more.push(json['moreAvailable']);
    }
    expect([all.sort(), more]).toEqual([
      ['a', 'b', 'c'],
      [true, true, false],
    ]);
  });

  it('a request that only acknowledges is told whether there are more', async () => {
    const one = await receiving();
    await one.revoke('a', 'b');
    const [first, ...rest] = (await one.receiver.sets(one.stream)).map(({ claims }) => claims['jti'] as string);
    const some = await one.receiver.poll(one.stream, { maxEvents: 0, ack: [first] });
    expect(some.json).toEqual({ sets: {}, moreAvailable: true });
    const none = await one.receiver.poll(one.stream, { maxEvents: 0, ack: rest });
    expect(none.json).toEqual({ sets: {}, moreAvailable: false });
  });
});

describe('delivery by push (RFC 8935)', () => {
  it.each(['invalid_state', 'setType'])(
    'an event that the receiver refuses (%s) keeps nothing back for longer than its tries',
    async (err) => {
      const one = await receiving({ delivery: { method: PUSH, endpoint_url: server.url } });
      server.pushed.length = 0;
      const stateOf = (body: string) => JSON.stringify(JSON.parse(atob(body.split('.')[1]!)));
      server.answer = ({ body }) =>
        stateOf(body).includes('"unloved"') ? { status: 400, body: { err, description: 'no' } } : { status: 202 };
      await one.verify('unloved');
      await eventually(() => server.pushed.length === 1, 'it is refused');
      const free = statement(`SELECT 1 FROM signal_stream WHERE id = $1 AND pusher IS NULL`);
      const passed = async () => {
        if ((await house.part(Database).query(free, [one.stream])).length > 0) house.clock.pass('3s');
        const left = await house
          .part(Database)
          .query(statement(`SELECT 1 FROM signal_notice WHERE stream_id = $1`), [one.stream]);
        return left.length === 0;
      };
      await eventually(passed, 'it is passed over');
      expect(server.pushed).toHaveLength(3);
      server.answer = () => ({ status: 202 });
      await one.receiver.send('DELETE', `/ssf/streams?stream_id=${one.stream}`);
    },
  );
});

describe('subjects (§8.1.3, RFC 9493)', () => {
  let strangers: Awaited<ReturnType<typeof receiving>>;
  beforeAll(async () => (strangers = await receiving()));

  it.each([
    { format: 'email' },
    { format: 'email', email: '' },
    { format: 'account', uri: 7 },
    { format: 'phone_number' },
    { format: 'did', uri: 'did:example:1' },
    { format: 'uri' },
    { format: 'jwt_id', iss: 'https://i.test' },
    { format: 'saml_assertion_id', issuer: 'i' },
    { format: 'ip-addresses', 'ip-addresses': '10.0.0.1' },
    { format: 'aliases' },
    { format: 'aliases', identifiers: [] },
    { format: 'aliases', identifiers: [{ format: 'aliases', identifiers: [{ format: 'email', email: 'a@b.test' }] }] },
    { format: 'complex', user: { format: 'complex', user: { format: 'opaque', id: 'x' } } },
    { format: 'complex', user: 'alice' },
    { format: 'complex', tenant: { format: 'opaque' } },
  ])('malformed: 400 %j', async (subject) => {
    const { receiver, stream } = strangers;
    for (const path of ['add', 'remove']) {
      const answer = await receiver.send('POST', `/ssf/subjects/${path}`, { stream_id: stream, subject });
      expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_request']);
    }
  });

  it.each([
    { format: 'email', email: 'alice@example.com' },
    { format: 'account', uri: 'acct:alice@example.com' },
    { format: 'phone_number', phone_number: '+12065550100' },
    { format: 'did', url: 'did:example:123' },
    { format: 'uri', uri: 'https://people.test/alice' },
    { format: 'jwt_id', iss: 'https://i.test', jti: 'x' },
    { format: 'saml_assertion_id', issuer: 'i', assertion_id: 'a' },
    { format: 'ip-addresses', 'ip-addresses': ['10.0.0.1'] },
    { format: 'aliases', identifiers: [{ format: 'email', email: 'a@b.test' }] },
    { format: 'complex', tenant: { format: 'opaque', id: 't' } },
    { format: 'complex', user: { format: 'email', email: 'a@b.test' } },
  ])('well formed, but nobody here is known by it: 404 %j', async (subject) => {
    const { receiver, stream } = strangers;
    const answer = await receiver.send('POST', '/ssf/subjects/add', { stream_id: stream, subject });
    expect(answer.status).toBe(404);
  });

  it.each<[string, (sub: string, sid: string) => object]>([
    ['by one of several names', (sub) => ({ format: 'aliases', identifiers: [{ format: 'email', email: 'a@b.test' }, user(sub)] })],
    ['by the user of a complex one', (sub) => ({ format: 'complex', user: user(sub) })],
    ['by the session of a complex one', (_, sid) => ({ format: 'complex', session: { format: 'opaque', id: sid } })],
    ['by both', (sub, sid) => ({ format: 'complex', session: { id: sid, format: 'opaque' }, user: user(sub) })],
    ['by more than the event has', (sub) => ({ format: 'complex', user: user(sub), device: { format: 'opaque', id: 'd' } })],
  ])('removed %s, it is not told about, and after it was added again it is', async (_, named) => {
    const { client, receiver, stream } = await receiving();
    const { browser, tokens } = await house.codeFlow({}, { client });
    const { sub, sid } = claimsOf(tokens.access_token) as { sub: string; sid: string };
    const body = { stream_id: stream, subject: named(sub, sid) };
    expect((await receiver.send('POST', '/ssf/subjects/remove', body)).status).toBe(204);
    await signOuts.begin({ browser, tokens });
    expect(await receiver.sets(stream)).toEqual([]);
    expect((await receiver.send('POST', '/ssf/subjects/add', { ...body, verified: true })).status).toBe(200);
    expect((await receiver.sets(stream)).map(({ type }) => type)).toEqual([SESSION_REVOKED]);
  }); // prettier-ignore
});
