import { claimsOf, type House, openHouse } from '../support/house.js';
import { Receiver } from './receiver.js';

const PUSH = 'urn:ietf:rfc:8935';
const POLL = 'urn:ietf:rfc:8936';
const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

let house: House;
let receiver: Receiver;
beforeAll(async () => {
  house = await openHouse();
  receiver = new Receiver(house, house.web);
});
afterAll(() => house.close());

it('the transmitter’s metadata say what is served', async () => {
  const answer = await fetch(`${house.issuer}/.well-known/ssf-configuration`);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  const metadata = (await answer.json()) as Record<string, string>;
  expect(metadata).toMatchObject({
    spec_version: '1_0',
    issuer: house.issuer,
    jwks_uri: `${house.issuer}/jwks`,
    delivery_methods_supported: [PUSH, POLL],
    authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
    default_subjects: 'ALL',
  });
  for (const [name, url] of Object.entries(metadata).filter(([member]) => member.endsWith('_endpoint'))) {
    expect([name, (await fetch(url, { method: 'POST' })).status]).toEqual([name, 401]);
  }
});

it('a cursor of a log that is still empty goes on with its first line', async () => {
  const id = await receiver.createStream({ instance: 'first' });
  const snapshot = await receiver.send('GET', `/ssf/snapshot?stream_id=${id}&seconds=60`);
  const { cursor, position } = claimsOf(snapshot.page.split('\n', 1)[0]!) as { cursor: string; position: string };
  expect(position).toMatch(/\.0$/);
  await house.authorizations.revoke({ subject: 'somebody' }, 'administrative');
  const poll = await receiver.poll(id, { after: cursor, returnImmediately: true });
  expect([poll.status, poll.json]).toMatchObject([200, { sets: {}, high_water_mark: { last: 0 } }]);
  await receiver.send('DELETE', `/ssf/streams?stream_id=${id}`);
});

describe('BL-15 who may read and manage streams', () => {
  it.each([
    ['no token', undefined, 401],
    ['garbage', 'Bearer garbage', 401],
    ['another scheme', 'Basic cnAtYTpz', 401],
  ])('%s: 401', async (_, authorization, status) => {
    const answer = await fetch(`${house.issuer}/ssf/streams`, { headers: authorization ? { authorization } : {} });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm/);
  });

  it('a person’s token: 403, whatever it may do elsewhere', async () => {
    const { tokens } = await house.codeFlow();
    const answer = await fetch(`${house.issuer}/ssf/streams`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ error: 'insufficient_scope' });
  });

  it('a token for something else: 401; one that may only read does not manage: 403', async () => {
    const { json } = await house.token(house.service, { grant_type: 'client_credentials' });
    const ask = (token: string, method = 'GET') =>
      fetch(`${house.issuer}/ssf/streams`, { method, headers: { authorization: `Bearer ${token}` } });
    expect((await ask(json['access_token'] as string)).status).toBe(401);
    const reading = await receiver.accessToken('ssf.read');
    expect((await ask(reading)).status).toBe(200);
    expect((await ask(reading, 'POST')).status).toBe(403);
  });

  it('a stranger that registered itself, and a public client, get no token for it', async () => {
    const stranger = await house.client('signals-stranger', {}, { dynamic: true });
    for (const client of [stranger, house.spa]) {
      const { status } = await house.token(client, { grant_type: 'client_credentials', scope: 'ssf.read' });
      expect(status).toBe(400);
    }
  });

  it('another client’s stream does not exist', async () => {
    const id = await new Receiver(house, house.other).createStream();
    expect((await receiver.send('GET', `/ssf/streams?stream_id=${id}`)).status).toBe(404);
    expect((await receiver.send('GET', `/ssf/status?stream_id=${id}`)).status).toBe(404);
    expect((await receiver.poll(id)).status).toBe(404);
    expect((await receiver.send('DELETE', `/ssf/streams?stream_id=${id}`)).status).toBe(404);
    expect((await receiver.send('POST', '/ssf/verify', { stream_id: id })).status).toBe(404);
    expect((await receiver.send('GET', `/ssf/snapshot?stream_id=${id}&seconds=60`)).status).toBe(404);
  });
});

describe('a stream', () => {
  it('is created, read, changed, replaced and removed', async () => {
    expect((await receiver.send('GET', '/ssf/streams')).json).toEqual([]);
    const created = await receiver.send('POST', '/ssf/streams', {
      delivery: { method: POLL },
      events_requested: [SESSION_REVOKED, 'urn:example:unknown'],
      description: 'of a test',
    });
    expect(created.status).toBe(201);
    const stream = created.json;
    const id = stream['stream_id'] as string;
    expect(stream).toMatchObject({
      iss: house.issuer,
      aud: 'rp-a',
      events_delivered: [SESSION_REVOKED],
      delivery: { method: POLL, endpoint_url: `${house.issuer}/ssf/poll/${id}` },
      description: 'of a test',
    });
    expect((await receiver.send('GET', `/ssf/streams?stream_id=${id}`)).json).toEqual(stream);
    expect((await receiver.send('GET', '/ssf/streams')).json).toEqual([stream]);

    const push = { method: PUSH, endpoint_url: 'https://receiver.test/events', authorization_header: 'Bearer s3cret' };
    const changed = await receiver.send('PATCH', '/ssf/streams', { stream_id: id, delivery: push });
    expect([changed.status, changed.json['events_requested'], changed.json['description']]).toEqual([
      200,
      [SESSION_REVOKED, 'urn:example:unknown'],
      'of a test',
    ]);
    // What it gave us to show with pushes is not shown again.
    expect(changed.json['delivery']).toEqual({ method: PUSH, endpoint_url: 'https://receiver.test/events' });

    const replaced = await receiver.send('PUT', '/ssf/streams', { stream_id: id, events_requested: [SESSION_REVOKED] });
    expect([replaced.status, replaced.json['events_requested'], replaced.json['description']]).toEqual([
      200,
      [SESSION_REVOKED],
      undefined,
    ]);
    expect((replaced.json['delivery'] as { method: string }).method).toBe(POLL);

    expect((await receiver.send('DELETE', `/ssf/streams?stream_id=${id}`)).status).toBe(204);
    expect((await receiver.send('GET', `/ssf/streams?stream_id=${id}`)).status).toBe(404);
    expect((await receiver.send('DELETE', `/ssf/streams?stream_id=${id}`)).status).toBe(404);
  });

  it('one per instance: 409 for a second of the same only', async () => {
    const other = new Receiver(house, await house.client('signals-instances'));
    const first = await other.createStream();
    expect((await other.send('POST', '/ssf/streams', {})).status).toBe(409);
    const a = await other.createStream({ instance: 'a' });
    const b = await other.createStream({ instance: 'b' });
    expect(new Set([first, a, b]).size).toBe(3);
    const again = await other.send('POST', '/ssf/streams', { instance: 'a' });
    expect([again.status, again.json['error']]).toEqual([409, 'invalid_request']);
    expect((await other.send('GET', `/ssf/streams?stream_id=${a}`)).json).toMatchObject({ inactivity_timeout: 300 });
  });

  it('its status: enabled, paused, disabled', async () => {
    const other = new Receiver(house, await house.client('signals-status'));
    const id = await other.createStream();
    expect((await other.send('GET', `/ssf/status?stream_id=${id}`)).json).toEqual({ stream_id: id, status: 'enabled' });
    const paused = await other.send('POST', '/ssf/status', { stream_id: id, status: 'paused', reason: 'maintenance' });
    expect([paused.status, paused.json]).toEqual([200, { stream_id: id, status: 'paused', reason: 'maintenance' }]);
    expect((await other.send('GET', `/ssf/status?stream_id=${id}`)).json).toEqual(paused.json);
    expect((await other.send('POST', '/ssf/status', { stream_id: id, status: 'gone' })).status).toBe(400);
  });

  it.each([
    ['not JSON', 'text', 400],
    ['an array', [], 400],
    ['a member twice', '{"instance":"b","instance":"c"}', 400],
    ['another delivery', { delivery: { method: 'urn:example:pigeon' } }, 400],
    ['push without an address', { delivery: { method: PUSH } }, 400],
    ['a header with a line break', { delivery: { method: PUSH, endpoint_url: 'https://r.test', authorization_header: 'a\r\nb: c' } }, 400],
    ['events that are no list', { events_requested: 'all' }, 400],
    ['an instance with a space', { instance: 'a b' }, 400],
    ['a number for a description', { description: 1 }, 400],
  ])('bad input, %s: %s', async (_, body, status) => {
    const answer = await receiver.send('POST', '/ssf/streams', body);
    expect([answer.status, answer.json['error']]).toEqual([status, 'invalid_request']);
  }); // prettier-ignore

  it.each([
    'http://receiver.test/events',
    'https://127.0.0.1/events',
    'https://10.0.0.1/events',
    'https://[::1]/events',
    'https://169.254.169.254/latest',
    'https://0x7f000001/',
    'file:///etc/passwd',
    'https://user:secret@receiver.test/',
  ])('BL-11 a push address that is not for strangers is refused: %s', async (endpoint_url) => {
    const answer = await receiver.send('POST', '/ssf/streams', { delivery: { method: PUSH, endpoint_url } });
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_request']);
  });

  it('what is the transmitter’s to say cannot be changed', async () => {
    const other = new Receiver(house, await house.client('signals-ours'));
    const id = await other.createStream();
    for (const change of [{ aud: 'rp-b' }, { iss: 'https://evil.test' }, { events_delivered: [] }]) {
      expect((await other.send('PATCH', '/ssf/streams', { stream_id: id, ...change })).status).toBe(400);
    }
    expect((await other.send('PATCH', '/ssf/streams', { stream_id: id, aud: 'signals-ours' })).status).toBe(200);
  });

  it('a request must say which stream it is about', async () => {
    const about = { status: 'paused', subject: { format: 'opaque', id: 'x' } };
    for (const [method, path] of [['PATCH', '/ssf/streams'], ['PUT', '/ssf/streams'], ['POST', '/ssf/status'], ['POST', '/ssf/verify'],
      ['POST', '/ssf/subjects/add'], ['POST', '/ssf/subjects/remove'], ['DELETE', '/ssf/streams'], ['GET', '/ssf/status'], ['GET', '/ssf/snapshot']] as const) {
      const hasBody = method !== 'GET' && method !== 'DELETE';
      for (const stream_id of hasBody ? [undefined, null, 7, {}] : [undefined]) {
        const { status } = await receiver.send(method, path, hasBody ? { ...about, stream_id } : undefined);
        expect([method, path, stream_id, status]).toEqual([method, path, stream_id, 400]);
      }
    }
  }); // prettier-ignore

  it('another verb: 405', async () => {
    for (const [path, method] of [['/ssf/streams', 'OPTIONS'], ['/ssf/verify', 'GET'], ['/ssf/poll/x', 'GET'], ['/ssf/snapshot', 'POST']] as const) {
      const answer = await fetch(`${house.issuer}${path}`, { method });
      expect([path, answer.status, answer.headers.get('allow') !== null]).toEqual([path, 405, true]);
    }
  }); // prettier-ignore
});

describe('subjects', () => {
  it('unknown ones are not recognized, malformed ones are refused', async () => {
    const other = new Receiver(house, await house.client('signals-subjects'));
    const stream_id = await other.createStream();
    const send = (subject: unknown, path = 'remove') =>
      other.send('POST', `/ssf/subjects/${path}`, { stream_id, subject });
    for (const subject of [
      { format: 'email', email: 'alice@example.com' },
      { format: 'iss_sub', iss: house.issuer, sub: 'usr_nobody' },
      { format: 'iss_sub', iss: 'https://other.test', sub: 'x' },
      { format: 'opaque', id: 'no-session' },
    ]) {
      expect((await send(subject)).status).toBe(404);
      expect((await send(subject, 'add')).status).toBe(404);
    }
    for (const subject of [
      undefined,
      'alice',
      {},
      { format: 'iss_sub', sub: 'x' },
      { format: 'magic' },
      { format: 'complex' },
    ]) {
      expect((await send(subject)).status).toBe(400);
    }
  });

  it('a person who exists and never used the client is as unknown as nobody', async () => {
    const { sub } = await house.users.add({ username: 'unmet', password: 'a long password' });
    const other = new Receiver(house, await house.client('signals-probe'));
    const stream_id = await other.createStream();
    const subject = { format: 'iss_sub', iss: house.issuer, sub };
    expect((await other.send('POST', '/ssf/subjects/remove', { stream_id, subject })).status).toBe(404);
  });
});
