import { claimsOf, type House, openHouse, type TestClient } from '../support/house.js';
import { Receiver } from './receiver.js';

/** While processes are replaced, newer ones write what older ones, such as ours here, do not know. */
let house: House;
beforeAll(async () => {
  house = await openHouse();
  // As the migration of a newer version leaves it.
  await sql(`ALTER TABLE revocation_log DROP CONSTRAINT revocation_log_kind_check`);
});
afterAll(() => house.close());

const sql = (text: string, values: unknown[] = []) => house.database.query({ name: '', text }, values);

let count = 0;
async function receiving() {
  const client: TestClient = await house.client(`receiver-${(count += 1)}`);
  const receiver = new Receiver(house, client);
  return { client, receiver, stream: await receiver.createStream() };
}

/** Appends a line as another version would. */
async function append(line: { kind: string; cause: string; client: TestClient; subject?: string; sid?: string }) {
  const until = house.clock.now() + 3_600_000;
  const { kind, cause, client, subject = null, sid = null } = line;
  await sql(`SELECT revocation_append_line($1, $2, $3, NULL, $4, $5, $6, ARRAY[$5], '{}', $7, $8)`, [
    kind,
    kind === 'token' ? 'a-token' : null,
    sid,
    subject,
    client.id,
    cause,
    house.clock.now(),
    until,
  ]);
}

async function snapshot({ receiver, stream }: Awaited<ReturnType<typeof receiving>>) {
  const { status, page, json } = await receiver.send('GET', `/ssf/snapshot?stream_id=${stream}&seconds=3600`);
  return { status, json, rules: page.slice(page.indexOf('\n') + 1) };
}

describe('a cause that only a newer version knows', () => {
  it.each(['token', 'session', 'subject', 'consent', 'client', 'claims'])('of a %s: told by its line', async (kind) => {
    const world = await receiving();
    const { client, receiver, stream } = world;
    const { tokens } = await house.codeFlow({}, { client });
    const { sub, sid } = claimsOf(tokens.id_token) as { sub: string; sid: string };
    await append({ kind, cause: 'moon_phase', client, subject: sub, sid });
    const [set] = await receiver.sets(stream);
    const about = { token: 'a-token', session: sid, client: client.id }[kind] ?? sub;
    expect(set!.event).toMatchObject({
      initiating_entity: 'system',
      reason_admin: { en: 'It was revoked.' },
      rules: expect.objectContaining({}),
    });
    expect(JSON.stringify(set!.event['rules'])).toContain(about);
    expect((await snapshot(world)).rules).toContain(about);
    expect(await receiver.sets(stream, { ack: [set!.claims['jti'] as string] })).toEqual([]);
    if (kind !== 'session') return;
    const receipt = await receiver.send('GET', `/ssf/receipt?sid=${sid}`);
    expect([receipt.status, receipt.json]).toMatchObject([200, { applications: 1 }]);
  });

  it('of a credential: told as one that is not known, and not as a password', async () => {
    const { client, receiver, stream } = await receiving();
    const { tokens } = await house.codeFlow({}, { client });
    const { sub } = claimsOf(tokens.id_token) as { sub: string };
    await append({ kind: 'credential', cause: 'implant_added', client, subject: sub });
    const [set] = await receiver.sets(stream);
    expect(set!.event).toMatchObject({ credential_type: 'unknown', change_type: 'update', rules: {} });
  });

  it('is shown to the person by words of which each version has some', async () => {
    const browser = house.browser();
    const { tokens } = await house.codeFlow({}, { browser });
    const { sub } = claimsOf(tokens.id_token) as { sub: string };
    await sql(
      `INSERT INTO audit_event (at, event, subject, detail, ip, user_agent, correlation_id)
       VALUES ($1, 'credential_lent', $2, '{"kind":"implant"}', '127.0.0.1', '', 'x')`,
      [house.clock.now(), sub],
    );
    const { status, page } = await browser.get('/account/events');
    expect(status).toBe(200);
    expect(page).toContain('Something about the account changed');
    const data = await browser.post('/account/data', {
      csrf: /name="csrf" value="([^"]+)"/.exec((await browser.get('/account/data')).page)![1]!,
    });
    expect([data.status, data.page]).toEqual([200, expect.stringContaining('credential_lent')]);
  });
});

describe('a kind of line that only a newer version knows', () => {
  it('is neither passed over nor guessed: nothing is told beyond it to those whom it concerns', async () => {
    const world = await receiving();
    const { client, receiver, stream } = world;
    const bystander = await receiving();
    const waiting = receiver.poll(stream);
    await append({ kind: 'household', cause: 'administrative', client });
    const { tokens } = await house.codeFlow({}, { client: bystander.client });
    await house.post('/revoke', bystander.client, { token: tokens.access_token });

    for (const answer of [await waiting, await receiver.poll(stream, { returnImmediately: true })]) {
      expect([answer.status, answer.headers.get('retry-after'), answer.json]).toEqual([
        503,
        '1',
        { error: 'temporarily_unavailable', error_description: expect.stringContaining('another version') },
      ]);
    }
    expect((await snapshot(world)).status).toBe(503);
    expect(house.log.join()).toContain("is of the kind 'household', which a newer version has written");
    expect(await bystander.receiver.sets(bystander.stream)).toHaveLength(1);

    // A process that knows it tells it, and what follows.
    await sql(`UPDATE revocation_log SET kind = 'client' WHERE kind = 'household'`);
    const newer = new Receiver(house, client, await house.openAnother());
    const [set] = await newer.sets(stream);
    expect(set!.event['rules']).toEqual({ clients: [[client.id, set!.event['rev'], expect.any(Number)]] });
  });
});
