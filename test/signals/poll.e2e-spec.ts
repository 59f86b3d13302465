import { setTimeout as pause } from 'node:timers/promises';
import { RevocationLog } from '../../src/authorizations/revocation-log.js';
import { PersonEnds } from '../../src/sessions/person-ends.js';
import { PollGate } from '../../src/identity-provider/signals/poll-gate.js';
import { StreamRegistry } from '../../src/identity-provider/signals/stream-registry.js';
import { LogWatch } from '../../src/identity-provider/signals/log-watch.js';
import { WaitingPolls } from '../../src/identity-provider/signals/waiting-polls.js';
import { eventually } from '../relying-party/feed-world.js';
import { claimsOf, type House, type JsonAnswer, openHouse, type TestClient } from '../support/house.js';
import { Receiver } from './receiver.js';
import { SignOuts } from './sign-outs.js';

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const SSF = 'https://schemas.openid.net/secevent/ssf/event-type/';
const REVOKED = 'urn:gatehouse:secevent:event-type:revoked';

let house: House;
let signOuts: SignOuts;
beforeAll(async () => {
  house = await openHouse();
  signOuts = new SignOuts(house);
});
afterAll(async () => {
  const statuses = new Set(await signOuts.statuses());
  await house.close();
  expect(statuses).toEqual(new Set([303]));
});

let count = 0;
/** A client of its own with a stream. */
async function receiving(metadata: Record<string, unknown> = {}, wish: Record<string, unknown> = {}) {
  const client: TestClient = await house.client(`receiver-${(count += 1)}`, metadata);
  const receiver = new Receiver(house, client);
  return { client, receiver, stream: await receiver.createStream(wish) };
}

const signOut = (flow: Awaited<ReturnType<House['codeFlow']>>) => signOuts.begin(flow);

describe('what is signed before it is committed', () => {
  /** PostgreSQL does this for each line when it commits it, when the line is known already. */
  async function atCommit(what: string, work: () => Promise<void>): Promise<void> {
    await house.database.dataSource.query(`
      CREATE FUNCTION test_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${what}; RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER test_commit AFTER INSERT ON revocation_log DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION test_commit();`);
    try {
      await work();
    } finally {
      await house.database.dataSource.query('DROP TRIGGER test_commit ON revocation_log; DROP FUNCTION test_commit');
    }
  }

  it('is told to nobody when it never is; what comes in its place is', async () => {
    const { client, receiver, stream } = await receiving();
    const [undone, done] = [await house.codeFlow({}, { client }), await house.codeFlow({}, { client })];
    const jtis = [undone, done].map(({ tokens }) => claimsOf(tokens.access_token)['jti'] as string);
    const [refused] = jtis;
    await atCommit(`IF NEW.jti = '${refused}' THEN RAISE 'not this one'; END IF`, async () => {
      const waiting = receiver.poll(stream);
      await eventually(() => house.part(WaitingPolls).waitingOn(stream) === 1, 'it waits');
      const revoke = ({ tokens }: typeof undone) => house.post('/revoke', client, { token: tokens.access_token });
      const coming: string[] = [];
      house.part(RevocationLog).onComing((lines) => coming.push(...lines.map(({ jti }) => jti!)));
      expect((await revoke(undone)).status).toBe(500);
      expect((await revoke(done)).status).toBe(200);
      expect(coming).toEqual(jtis);
      const { json } = await waiting;
      const sets = await Promise.all(
        Object.values(json['sets'] as object).map((set) => receiver.verify(set as string)),
      );
      expect(sets.map(({ event }) => event['rules'])).toEqual([{ tokens: [jtis[1]] }]);
    });
  });

  it('is told to nobody when another process commits something in its place', async () => {
    const { client, receiver, stream } = await receiving();
    const { tokens } = await house.codeFlow({}, { client });
    const waiting = receiver.poll(stream);
    await eventually(() => house.part(WaitingPolls).waitingOn(stream) === 1, 'it waits');
    await atCommit(`PERFORM pg_sleep(0.1); RAISE 'not this one'`, async () => {
      expect((await house.post('/revoke', client, { token: tokens.access_token })).status).toBe(500);
    });
    await house.database.query({
      name: 'append_elsewhere',
      text: `SELECT revocation_append('token', 'another', NULL, NULL, NULL, $1, 'administrative', ARRAY[$1], '{}', 1, $2)`,
    }, [client.id, house.clock.now() + 600_000]); // prettier-ignore
    await house.part(LogWatch).read();
    const [set] = Object.values((await waiting).json['sets'] as Record<string, string>);
    expect((await receiver.verify(set!)).event['rules']).toEqual({ tokens: ['another'] });
  });

  it('is told in the turn in which it is committed, before whoever revoked is answered', async () => {
    const { client, receiver, stream } = await receiving();
    const waits = () => house.part(WaitingPolls).waitingOn(stream);
    const stillWaiting: number[] = [];
    const ack: string[] = [];
    // The first time, the provider has to ask who the receiver is.
    for (let time = 0; time < 2; time += 1) {
      const { tokens } = await house.codeFlow({}, { client });
      const poll = receiver.poll(stream, { ack });
      await eventually(() => waits() === 1, 'it waits');
      const stop = house.part(LogWatch).onNews(() => stillWaiting.push(waits()));
      await atCommit('PERFORM pg_sleep(0.1)', async () => {
        await house.post('/revoke', client, { token: tokens.access_token });
      });
      stop();
      const [[jti, set] = []] = Object.entries((await poll).json['sets'] as Record<string, string>);
      const { rules } = (await receiver.verify(set!)).event;
      expect(rules).toEqual({ tokens: [claimsOf(tokens.access_token)['jti']] });
      ack.push(jti!);
    }
    expect(stillWaiting.at(-1)).toBe(0);
  });

  it('is not told as it was when the stream is not what it was', async () => {
    const { client, receiver, stream } = await receiving();
    const { tokens } = await house.codeFlow({}, { client });
    const registry = house.part(StreamRegistry);
    const poll = receiver.poll(stream);
    const waits = () => house.part(WaitingPolls).waitingOn(stream);
    await eventually(() => waits() === 1, 'it waits');
    const enabled = registry.current(stream)!;
    let isPaused = false;
    house.part(RevocationLog).onComing(() => {
      if (isPaused) return;
      isPaused = true;
      registry.keep({ ...enabled, status: 'paused' });
    });
    await atCommit('PERFORM pg_sleep(0.1)', async () => {
      await house.post('/revoke', client, { token: tokens.access_token });
    });
    expect([isPaused, waits()]).toEqual([true, 1]);
    registry.keep(enabled);
    house.part(LogWatch).wake();
    expect(Object.keys((await poll).json['sets'] as object)).toHaveLength(1);
  });

  it('is never more at once than was asked for', async () => {
    const { client, receiver, stream } = await receiving();
    const flows = [await house.codeFlow({}, { client }), await house.codeFlow({}, { client })];
    const poll = receiver.poll(stream, { maxEvents: 1 });
    await eventually(() => house.part(WaitingPolls).waitingOn(stream) === 1, 'it waits');
    const sessions = flows.map(({ tokens }) => claimsOf(tokens.access_token)['sid'] as string);
    await atCommit('PERFORM pg_sleep(0.1)', async () => {
      await house.authorizations.revoke({ sessions }, 'sign_out');
    });
    const { json } = await poll;
    expect([Object.keys(json['sets'] as object).length, json['moreAvailable']]).toEqual([1, true]);
  });
});

describe('what is told', () => {
  it('a sign-out, as CAEP session-revoked, in a SET as SSF wants it', async () => {
    const { client, receiver, stream } = await receiving();
    const flow = await house.codeFlow({}, { client });
    await signOut(flow);
    const { sub, sid } = claimsOf(flow.tokens.access_token);
    const [set, ...more] = await receiver.sets(stream);
    expect(more).toEqual([]);
    expect(set!.header).toMatchObject({ typ: 'secevent+jwt', alg: 'RS256' });
    expect(set!.claims).toEqual({
      iss: house.issuer,
      aud: client.id,
      iat: house.clock.seconds(),
      jti: expect.any(String),
      txn: expect.any(String),
      sub_id: {
        format: 'complex',
        user: { format: 'iss_sub', iss: house.issuer, sub },
        session: { format: 'opaque', id: sid },
      },
      events: { [`${CAEP}session-revoked`]: expect.any(Object) },
    });
    expect(set!.event).toMatchObject({
      event_timestamp: house.clock.seconds(),
      initiating_entity: 'user',
      reason_admin: { en: 'The person signed out.' },
      rules: { sessions: [sid] },
    });
  });

  it('a password change as credential-change; to who asked for less, as session-revoked', async () => {
    const { client, receiver, stream } = await receiving();
    const less = await receiving({}, { events_requested: [`${CAEP}session-revoked`] });
    const { tokens } = await house.codeFlow({}, { client, as: 'bob' });
    await house.codeFlow({}, { client: less.client, as: 'bob' });
    const { sub } = claimsOf(tokens.access_token) as { sub: string };
    await house.suspensions.setPassword(sub, 'builder');
    const [set] = await receiver.sets(stream);
    expect([set!.type, set!.claims['sub_id']]).toEqual([
      `${CAEP}credential-change`,
      { format: 'iss_sub', iss: house.issuer, sub },
    ]);
    expect(set!.event).toMatchObject({
      initiating_entity: 'admin',
      credential_type: 'password',
      change_type: 'update',
      rules: { subjects: [[sub, set!.event['rev'], expect.any(Number)]] },
    });
    const [other] = await less.receiver.sets(less.stream);
    expect(other!.type).toBe(`${CAEP}session-revoked`);
  });

  it.each([
    ['credential_change', `${CAEP}credential-change`, 'user'],
    ['factors_reset', `${CAEP}session-revoked`, 'admin'],
    ['address_recovered', `${CAEP}session-revoked`, 'user'],
    ['user_disabled', `${CAEP}session-revoked`, 'admin'],
  ] as const)('who ended everything of a person, and no password that nobody changed: %s', async (cause, type, by) => {
    const { client, receiver, stream } = await receiving();
    const { tokens } = await house.codeFlow({}, { client, as: 'bob' });
    const { sub } = claimsOf(tokens.access_token) as { sub: string };
    await house.part(PersonEnds).end(sub, cause);
    const [set] = await receiver.sets(stream);
    expect([set!.type, set!.event]).toMatchObject([
      type,
      { initiating_entity: by, reason_admin: { en: expect.any(String) }, rules: { subjects: [[sub, expect.anything(), expect.anything()]] } },
    ]); // prettier-ignore
  });

  it('other roles as token-claims-change, a passkey more as credential-change, by which nothing ends', async () => {
    const { client, receiver, stream } = await receiving();
    const { tokens } = await house.codeFlow({}, { client, as: 'bob' });
    const { sub } = claimsOf(tokens.access_token) as { sub: string };
    await house.suspensions.setRoles(sub, ['buyer', 'clerk']);
    await house.suspensions.setRoles(sub, ['buyer', 'clerk']);
    const ends = house.part(PersonEnds);
    await house.database.transaction((transaction) => ends.credentialChanged(transaction, sub, 'passkey_added'));
    const sets = await receiver.sets(stream);
    expect(sets.map(({ type, event }) => [type, event])).toEqual([
      [`${CAEP}token-claims-change`, expect.objectContaining({ claims: { roles: ['buyer', 'clerk'] } })],
      [
        `${CAEP}credential-change`,
        expect.objectContaining({ credential_type: 'fido2-roaming', change_type: 'create', rules: {} }),
      ],
    ]);
    for (const { claims } of sets) expect(claims['sub_id']).toEqual({ format: 'iss_sub', iss: house.issuer, sub });
    // What says the old roles counts no more here, either; what is issued from now on does.
    expect(await house.introspect(tokens.access_token, client)).toEqual({ active: false });
    const { json } = await house.refresh(client, tokens.refresh_token);
    const renewed = json['access_token'] as string;
    expect(claimsOf(renewed)['roles']).toEqual(['buyer', 'clerk']);
    expect(await house.introspect(renewed, client)).toMatchObject({ active: true });
    await house.suspensions.setRoles(sub, []);
  });

  it('a token, an authorization, the client itself, as an event of our own', async () => {
    const { client, receiver, stream } = await receiving();
    const { tokens } = await house.codeFlow({}, { client });
    const { jti, authorization_id } = claimsOf(tokens.access_token);
    await house.post('/revoke', client, { token: tokens.access_token });
    await house.post('/revoke', client, { token: tokens.refresh_token });
    await house.authorizations.revoke({ client: client.id }, 'administrative');
    const sets = await new Receiver(house, client).sets(stream);
    expect(sets.map(({ type }) => type)).toEqual([REVOKED, REVOKED, REVOKED]);
    expect(sets.map(({ event }) => event['rules'])).toEqual([
      { tokens: [jti] },
      { authorizations: [authorization_id] },
      { clients: [[client.id, sets[2]!.event['rev'], expect.any(Number)]] },
    ]);
    expect(sets[0]!.claims['sub_id']).toEqual({ format: 'jwt_id', iss: house.issuer, jti });
    void receiver;
  });

  it('BL-15 nothing of other clients, and people only as the client knows them', async () => {
    const bystander = await receiving();
    const pairwise = await receiving({ subject_type: 'pairwise' });
    const flow = await house.codeFlow({}, { client: pairwise.client });
    const { sub } = claimsOf(flow.tokens.access_token) as { sub: string };
    expect(sub).not.toMatch(/^usr_/);
    await signOut(flow);
    const [set] = await pairwise.receiver.sets(pairwise.stream);
    expect((set!.claims['sub_id'] as { user: unknown }).user).toEqual({ format: 'iss_sub', iss: house.issuer, sub });
    expect(JSON.stringify(set!.claims)).not.toContain('usr_');
    expect(await bystander.receiver.sets(bystander.stream)).toEqual([]);
  });

  it('BL-15 an event has another name for each client, and one for all processes and times that it is told', async () => {
    const both = [await receiving({ subject_type: 'pairwise' }), await receiving({ subject_type: 'pairwise' })];
    const browser = house.browser();
    const [flow] = [
      await house.codeFlow({}, { client: both[0]!.client, browser }),
      await house.codeFlow({}, { client: both[1]!.client, browser }),
    ];
    await signOut(flow);
    const told = await Promise.all(both.map(async ({ receiver, stream }) => (await receiver.sets(stream))[0]!));
    // What both are told that nobody else is: the session, as their ID tokens name it, too, and where the line stands.
    const { sid } = claimsOf(flow.tokens.id_token) as { sid: string };
    const words = new Set(['event_timestamp', 'initiating_entity', 'reason_admin', 'session-revoked']);
    const [texts, others] = told.map(({ claims }) => JSON.stringify(claims).match(/[\w.-]{12,}/g)!);
    const common = texts!.filter((text) => others!.includes(text) && !words.has(text) && !CAEP.includes(text));
    expect(new Set(common)).toEqual(new Set([sid, told[0]!.event['rev']]));

    const { client, stream } = both[0]!;
    const elsewhere = new Receiver(house, client, await house.openAnother());
    const [again] = await elsewhere.sets(stream, { ack: [told[1]!.claims['jti'] as string] });
    expect([again!.claims['jti'], again!.claims['txn']]).toEqual([told[0]!.claims['jti'], told[0]!.claims['txn']]);
    expect(await elsewhere.sets(stream, { ack: [again!.claims['jti'] as string] })).toEqual([]);
  });

  it('an API is told what its tokens are known by, and of nobody by name', async () => {
    const api = await receiving({ scope: 'stock:read' });
    await house.resources.put({
      audience: 'urn:stock',
      scopes: ['stock:read'],
      tokenFormat: 'jwt',
      servedBy: [api.client.id],
    });
    const flow = await house.codeFlow({ scope: 'openid' });
    const { sub, sid, authorization_id } = claimsOf(flow.tokens.access_token) as Record<string, string>;
    await signOut(flow);
    await house.suspensions.setPassword(sub!, 'wonderland');
    const flow2 = await house.codeFlow({ scope: 'openid' });
    await house.suspensions.setPassword(sub!, 'wonderland');
    const sets = await api.receiver.sets(api.stream);
    const text = JSON.stringify(sets.map(({ claims }) => claims));
    expect(text).not.toContain(sub);
    expect(text).toContain(sid);
    expect(text).not.toContain(authorization_id);
    expect(text).toContain(claimsOf(flow2.tokens.access_token)['authorization_id']);
  });
});

describe('RFC 8936', () => {
  it('acknowledged events are not told again, others are', async () => {
    const { client, receiver, stream } = await receiving();
    for (let i = 0; i < 3; i += 1) await signOut(await house.codeFlow({}, { client }));
    const first = await receiver.sets(stream, { maxEvents: 2 });
    expect(first).toHaveLength(2);
    const jtis = first.map(({ claims }) => claims['jti'] as string);
    // Out of turn: the first is still open.
    const second = await receiver.sets(stream, { ack: [jtis[1]!] });
    expect(second.map(({ claims }) => claims['jti'])).toEqual([jtis[0], expect.any(String)]);
    const third = await receiver.sets(stream, { ack: [jtis[0]!, second[1]!.claims['jti'] as string] });
    expect(third).toEqual([]);
  });

  it('says whether there is more; maxEvents 0 only acknowledges', async () => {
    const { client, receiver, stream } = await receiving();
    for (let i = 0; i < 2; i += 1) await signOut(await house.codeFlow({}, { client }));
    const one = (await receiver.poll(stream, { maxEvents: 1, returnImmediately: true })).json;
    expect([Object.keys(one['sets'] as object).length, one['moreAvailable']]).toEqual([1, true]);
    const none = (await receiver.poll(stream, { maxEvents: 0, ack: Object.keys(one['sets'] as object) })).json;
    expect(none).toEqual({ sets: {}, moreAvailable: true });
    const rest = (await receiver.poll(stream)).json;
    expect([Object.keys(rest['sets'] as object).length, rest['moreAvailable']]).toEqual([1, false]);
  });

  it('what a receiver could not use is noted and not told again', async () => {
    const { client, receiver, stream } = await receiving();
    await signOut(await house.codeFlow({}, { client }));
    const [set] = await receiver.sets(stream);
    const jti = set!.claims['jti'] as string;
    const setErrs = { [jti]: { err: 'invalid_key', description: 'who\n signed this?' } };
    expect(await receiver.sets(stream, { setErrs })).toEqual([]);
    expect(house.log.at(-1)).toContain('invalid_key: who? signed this?');
  });

  it('a long poll is answered when something happens', async () => {
    const { client, receiver, stream } = await receiving();
    const flow = await house.codeFlow({}, { client });
    const poll = receiver.poll(stream);
    await eventually(() => house.part(WaitingPolls).waitingOn(stream) === 1, 'it waits');
    // Not for its end: one that came later waits on.
    const bystander = await receiving();
    const later = bystander.receiver.poll(bystander.stream);
    await eventually(() => house.part(WaitingPolls).waitingOn(bystander.stream) === 1, 'another waits');
    await signOut(flow);
    const { json } = await poll;
    expect(Object.keys(json['sets'] as object)).toHaveLength(1);
    expect(house.part(WaitingPolls).waitingOn(bystander.stream)).toBe(1);
    await bystander.receiver.send('DELETE', `/ssf/streams?stream_id=${bystander.stream}`);
    expect((await later).status).toBe(404);
  });

  it('of the polls that wait on one stream the oldest gives way to more than one receiver needs', async () => {
    const { client, receiver, stream } = await receiving();
    const bystander = await receiving({});
    const other = bystander.receiver.poll(bystander.stream);
    const flow = await house.codeFlow({}, { client });
    const answered: number[] = [];
    const polls: Promise<JsonAnswer>[] = [];
    const wait = () => {
      const index = polls.length;
      polls.push(receiver.poll(stream).finally(() => answered.push(index)));
    };
    wait();
    const waits = () => house.part(WaitingPolls).waitingOn(stream);
    const until = (count: number) => eventually(() => waits() === count, `${count} wait`);
    await until(1);
    for (let more = 0; more < 15; more += 1) wait();
    await until(16);
    // Whoever only confirms is no further one.
    expect((await receiver.poll(stream, { maxEvents: 0 })).status).toBe(200);
    expect(answered).toEqual([]);

    wait();
    const { status, headers, json } = await polls[0]!;
    expect([status, headers.get('retry-after'), json['error']]).toEqual([429, '1', 'slow_down']);
    await until(16);
    expect(answered).toEqual([0]);
    await signOut(flow);
    for (const poll of polls.slice(1)) expect(Object.keys((await poll).json['sets'] as object)).toHaveLength(1);
    expect(waits()).toBe(0);
    await house.database.transaction((transaction) =>
      house.authorizations.revoke({ client: bystander.client.id }, 'administrative', transaction),
    );
    expect((await other).status).toBe(200);
  });

  it('whoever asks while others are told waits for their turn', async () => {
    const { client, receiver, stream } = await receiving();
    const { tokens } = await house.codeFlow({}, { client });
    const gate = house.part(PollGate);
    // More than are told in the same turn.
    const polls = Array.from({ length: 9 }, () => receiver.poll(stream));
    await eventually(() => house.part(WaitingPolls).waitingOn(stream) === 9, 'they wait');
    const closed: boolean[] = [];
    const stop = house.part(LogWatch).onNews(() => closed.push(gate.isClosed));
    await house.post('/revoke', client, { token: tokens.access_token });
    for (const { json } of await Promise.all(polls)) expect(Object.keys(json['sets'] as object)).toHaveLength(1);
    stop();
    expect(closed[0]).toBe(true);
    expect(gate.isClosed).toBe(false);

    gate.close();
    let isAnswered = false;
    const asks = receiver.poll(stream, { maxEvents: 0 }).finally(() => (isAnswered = true));
    await pause(200);
    expect(isAnswered).toBe(false);
    gate.open();
    expect((await asks).status).toBe(200);
  });

  it.each([
    ['acknowledgements that are no list', { ack: 'all' }],
    ['numbers', { ack: [1] }],
    ['too many', { ack: Array.from({ length: 1001 }, String) }],
    ['a wrong number', { maxEvents: -1 }],
    ['text for yes', { returnImmediately: 'yes' }],
    ['errors that are a list', { setErrs: ['x'] }],
    ['a cursor of nobody', { after: 'x' }],
  ])('bad input, %s: 400', async (_, body) => {
    const { receiver, stream } = await receiving();
    const { status, json } = await receiver.poll(stream, body);
    expect([status, json['error']]).toEqual([400, 'invalid_request']);
  });

  it('garbage acknowledgements do nothing', async () => {
    const { client, receiver, stream } = await receiving();
    await signOut(await house.codeFlow({}, { client }));
    const ack = ['garbage', '__proto__', '999999.0123456789abcdef012345', `1.${'f'.repeat(22)}`, ''];
    expect(await receiver.sets(stream, { ack })).toHaveLength(1);
    expect(await receiver.sets(stream, { ack })).toHaveLength(1);
  });

  it('a stream that is disabled misses what happens, a paused one does not', async () => {
    const { client, receiver, stream } = await receiving();
    const set = (status: string) => receiver.send('POST', '/ssf/status', { stream_id: stream, status });
    await set('paused');
    await signOut(await house.codeFlow({}, { client }));
    const told = async () => {
      const sets = await receiver.sets(stream);
      await receiver.poll(stream, { ack: sets.map(({ claims }) => claims['jti'] as string), maxEvents: 0 });
      return sets.map(({ type, event }) => event['status'] ?? type);
    };
    expect(await told()).toEqual([]);
    await set('enabled');
    expect(await told()).toEqual(['enabled', `${CAEP}session-revoked`]);
    await set('disabled');
    await signOut(await house.codeFlow({}, { client }));
    await set('enabled');
    expect(await told()).toEqual(['enabled']);
  });

  it('a removed subject is not told about until it is added again', async () => {
    const { client, receiver, stream } = await receiving();
    const flow = await house.codeFlow({}, { client });
    const { sub } = claimsOf(flow.tokens.access_token);
    const subject = { sub, iss: house.issuer, format: 'iss_sub' };
    expect((await receiver.send('POST', '/ssf/subjects/remove', { stream_id: stream, subject })).status).toBe(204);
    await signOut(flow);
    expect(await receiver.sets(stream)).toEqual([]);
    expect((await receiver.send('POST', '/ssf/subjects/add', { stream_id: stream, subject })).status).toBe(200);
    expect(await receiver.sets(stream)).toHaveLength(1);
  });

  it('verification comes with its state, and goes when it is acknowledged', async () => {
    const { receiver, stream } = await receiving();
    const asked = await receiver.send('POST', '/ssf/verify', { stream_id: stream, state: 'nonce-1' });
    expect([asked.status, asked.page]).toEqual([204, '']);
    const [set, ...more] = await receiver.sets(stream);
    expect(more).toEqual([]);
    expect([set!.type, set!.event]).toEqual([`${SSF}verification`, { state: 'nonce-1' }]);
    expect(set!.claims['sub_id']).toEqual({ format: 'opaque', id: stream });
    expect(await receiver.sets(stream, { ack: [set!.claims['jti'] as string] })).toEqual([]);
    expect((await receiver.send('POST', '/ssf/verify', { stream_id: stream, state: 1 })).status).toBe(400);
  });
});

describe('two processes of the provider', () => {
  it('one tells what the other revoked, and knows what the other was told', async () => {
    const { client, receiver, stream } = await receiving();
    const second = new Receiver(house, client, await house.openAnother());
    const flow = await house.codeFlow({}, { client });
    const poll = second.poll(stream);
    await signOut(flow);
    const [jti] = Object.keys((await poll).json['sets'] as object);
    expect(jti).toBeDefined();
    expect(await second.sets(stream, { ack: [jti!] })).toEqual([]);
    // At the latest a second later.
    await eventually(async () => (await receiver.sets(stream)).length === 0, 'the acknowledgement is seen');
  });
});
