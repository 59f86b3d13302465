import { Database, statement } from '../../src/platform/database/database.js';
import { eventually } from '../relying-party/feed-world.js';
import { claimsOf, type House, openHouse, type TestClient } from '../support/house.js';
import { PushReceiver } from './push-receiver.js';
import { Receiver } from './receiver.js';

/** What receivers try who may have a stream, and want more: somebody else's, the provider's neighbours, or its time. */

const PUSH = 'urn:ietf:rfc:8935';

let house: House;
let server: PushReceiver;
let victim: { receiver: Receiver; client: TestClient; stream: string };
let mallory: { receiver: Receiver; client: TestClient; stream: string };
beforeAll(async () => {
  server = await PushReceiver.listen();
  house = await openHouse({ outboundAllow: server.allowance });
  const open = async (name: string) => {
    const client = await house.client(name);
    const receiver = new Receiver(house, client);
    return { client, receiver, stream: await receiver.createStream() };
  };
  victim = await open('victim');
  mallory = await open('mallory');
});
afterAll(async () => {
  await house.close();
  await server.close();
});

const revoke = (clientId: string, jti: string) =>
  house.authorizations.revoke(
    { token: { jti, expiresAtSeconds: house.clock.seconds() + 300, clientId } },
    'administrative',
  );
const snapshot = async ({ receiver, stream }: typeof victim, query = 'seconds=3600') => {
  const answer = await receiver.send('GET', `/ssf/snapshot?stream_id=${stream}&${query}`);
  return { ...answer, status: answer.status, claims: claimsOf(answer.page.split('\n', 1)[0]!) };
};

describe('BL-15 somebody else’s stream', () => {
  it('does not exist, whatever is asked of it, and nothing becomes of it', async () => {
    const stream_id = victim.stream;
    const subject = { format: 'iss_sub', iss: house.issuer, sub: 'x' };
    const before = (await victim.receiver.send('GET', `/ssf/streams?stream_id=${stream_id}`)).json;
    for (const [method, path, body] of [
      ['GET', `/ssf/streams?stream_id=${stream_id}`],
      ['PATCH', '/ssf/streams', { stream_id, delivery: { method: PUSH, endpoint_url: 'https://mallory.test/' } }],
      ['PUT', '/ssf/streams', { stream_id, description: 'mine now' }],
      ['DELETE', `/ssf/streams?stream_id=${stream_id}`],
      ['GET', `/ssf/status?stream_id=${stream_id}`],
      ['POST', '/ssf/status', { stream_id, status: 'disabled' }],
      ['POST', '/ssf/subjects/add', { stream_id, subject }],
      ['POST', '/ssf/subjects/remove', { stream_id, subject }],
      ['POST', '/ssf/verify', { stream_id, state: 'x' }],
      ['POST', `/ssf/poll/${stream_id}`, { returnImmediately: true }],
      ['GET', `/ssf/snapshot?stream_id=${stream_id}&seconds=60`],
    ] as const) {
      const answer = await mallory.receiver.send(method, path, body);
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    expect((await victim.receiver.send('GET', `/ssf/streams?stream_id=${stream_id}`)).json).toEqual(before);
    expect((await victim.receiver.send('GET', `/ssf/status?stream_id=${stream_id}`)).json).toMatchObject({ status: 'enabled' }); // prettier-ignore
    expect(await victim.receiver.sets(stream_id)).toEqual([]);
  });

  it('its events cannot be confirmed, or called unusable, by another', async () => {
    await revoke(victim.client.id, 'kept');
    const [set] = await victim.receiver.sets(victim.stream);
    const jti = set!.claims['jti'] as string;
    const setErrs = { [jti]: { err: 'invalid_key', description: 'x' } };
    expect((await mallory.receiver.poll(mallory.stream, { ack: [jti], setErrs, maxEvents: 0 })).status).toBe(200);
    expect(await victim.receiver.sets(victim.stream)).toHaveLength(1);
    expect(await victim.receiver.sets(victim.stream, { ack: [jti] })).toEqual([]);
  });

  it('its cursor is nobody else’s, and none can be made', async () => {
    const { claims } = await snapshot(victim);
    const cursor = claims['cursor'] as string;
    const [epoch, seq, line, tag] = cursor.split('.') as [string, string, string, string];
    for (const after of [
      `${epoch}.${Number(seq) + 1_000_000}.${line}.${tag}`,
      `${Number(epoch) + 1}.${seq}.${line}.${tag}`,
      `${epoch}.${seq}.${'0'.repeat(32)}.${tag}`,
      `${epoch}.${seq}.${line}.${'A'.repeat(22)}`,
      `${epoch}.${seq}.${line}`,
      `${cursor} `,
      'null',
    ]) {
      const answer = await victim.receiver.poll(victim.stream, { after, returnImmediately: true });
      expect([after, answer.status]).toEqual([after, 400]);
    }
    const stolen = await mallory.receiver.poll(mallory.stream, { after: cursor, returnImmediately: true });
    expect([stolen.status, stolen.json['error']]).toEqual([400, 'invalid_request']);
    expect((await victim.receiver.poll(victim.stream, { after: cursor, returnImmediately: true })).status).toBe(200);
  });

  it('two applications may call a process the same; one application may not have two of a name', async () => {
    const [one, other] = [
      await victim.receiver.createStream({ instance: 'a' }),
      await mallory.receiver.createStream({ instance: 'a' }),
    ];
    expect(one).not.toBe(other);
    expect((await mallory.receiver.send('POST', '/ssf/streams', { instance: 'a' })).status).toBe(409);
    const race = ['b', 'b', 'b'].map((instance) => mallory.receiver.send('POST', '/ssf/streams', { instance }));
    expect((await Promise.all(race)).map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    // To take its name it would have to become another process's stream.
    const renamed = await mallory.receiver.send('PATCH', '/ssf/streams', { stream_id: other, instance: 'b' });
    expect(renamed.status).toBe(400);
  });
});

describe('a snapshot’s pages', () => {
  it.each([
    ['of another client', async () => `2~0~${(await snapshot(victim)).claims['cursor'] as string}`],
    ['without a cursor', async () => '2~0~'],
    ['with half of one', async () => '2~0'],
    ['with more', async () => `2~0~${(await snapshot(mallory)).claims['cursor'] as string}~x`],
    ['before the first line', async () => `2~-1~${(await snapshot(mallory)).claims['cursor'] as string}`],
    ['with a huge number', async () => `9999999999~0~${(await snapshot(mallory)).claims['cursor'] as string}`],
  ])('%s: 400', async (_, page) => {
    const answer = await mallory.receiver.send(
      'GET',
      `/ssf/snapshot?stream_id=${mallory.stream}&seconds=60&page=${encodeURIComponent(await page())}`,
    );
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_request']);
  });

  it.each(['', 'seconds=-1', 'seconds=1e3', 'seconds=9999999999', 'seconds=60&seconds=61', 'seconds=', 'seconds=60&page=1&page=2'])(
    'asked for with %j: 400',
    async (query) => {
      const answer = await mallory.receiver.send('GET', `/ssf/snapshot?stream_id=${mallory.stream}&${query}`);
      expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_request']);
    },
  ); // prettier-ignore

  it('hold nothing of others', async () => {
    await revoke(victim.client.id, 'of-the-victim');
    await revoke(mallory.client.id, 'of-mallory');
    const { page } = await snapshot(mallory);
    expect(page).toContain('of-mallory');
    expect(page).not.toContain('of-the-victim');
    expect((await snapshot(victim)).page).toContain('of-the-victim');
  });
});

describe('credentials', () => {
  const ask = (headers: [string, string][], query = '') => fetch(`${house.issuer}/ssf/streams${query}`, { headers });

  it('an access token counts in one Authorization header only', async () => {
    const token = await mallory.receiver.accessToken();
    expect((await ask([], `?access_token=${token}`)).status).toBe(401);
    expect((await ask([['authorization', `Bearer ${token}, Bearer ${token}`]])).status).toBe(400);
    expect((await ask([['authorization', `Bearer  ${token}`]])).status).toBe(400);
    expect((await ask([['authorization', `DPoP ${token}`]])).status).toBe(401);
    expect((await ask([['authorization', `Bearer ${token.slice(0, -4)}AAAA`]])).status).toBe(401);
    expect((await ask([['authorization', `Bearer ${token}`]])).status).toBe(200);
  });

  it('neither an ID token nor a SET nor a refresh token is one', async () => {
    const { tokens } = await house.codeFlow({ scope: 'openid offline_access', prompt: 'consent' }, { client: mallory.client });
    await mallory.receiver.send('POST', '/ssf/verify', { stream_id: mallory.stream });
    const { json } = await mallory.receiver.poll(mallory.stream, { returnImmediately: true });
    const [set] = Object.values(json['sets'] as Record<string, string>);
    for (const token of [tokens.id_token, tokens.refresh_token, set!]) {
      expect((await ask([['authorization', `Bearer ${token}`]])).status).toBe(401);
    }
  }); // prettier-ignore

  it('a token that was given back, or whose client was disabled, is one no more, though it was known a moment ago', async () => {
    const client = await house.client('disabled-soon');
    const receiver = new Receiver(house, client);
    const [given, kept] = [await receiver.accessToken(), await receiver.accessToken()];
    const status = async (token: string) => (await ask([['authorization', `Bearer ${token}`]])).status;
    expect([await status(given), await status(kept)]).toEqual([200, 200]);
    await house.post('/revoke', client, { token: given });
    await eventually(async () => (await status(given)) === 401, 'the token given back is refused');
    expect(await status(kept)).toBe(200);
    await house.suspensions.disableClient(client.id);
    await eventually(async () => (await status(kept)) === 401, 'the token of a disabled client is refused');
  });
});

describe('the provider’s neighbours', () => {
  it.each([
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://[fec0::1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:0:7f00:1::]/',
    'https://127.1/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://0.0.0.0/',
    'https://100.64.0.1/',
    'https://192.168.0.1/',
    'https://172.16.0.1/',
    'https://224.0.0.1/',
    'https://127.0.0.1./',
    'https://receiver.test./',
    'https://receiver.test:22/',
    'https://receiver.test:6379/',
    'https://receiver.test@127.0.0.1/',
    'https://mallory:secret@receiver.test/',
    'https://receiver.test/\r\nX: y',
    'https://receiver.test/%0d%0aX:%20y',
    'https://ⓛocalhost/',
    'https:receiver.test',
    '//receiver.test/',
    'javascript:alert(1)',
    'ftp://receiver.test/',
    `https://receiver.test/${'x'.repeat(3000)}`,
    '',
  ])('BL-11 %s is no address to push to, neither at first nor later', async (endpoint_url) => {
    const delivery = { method: PUSH, endpoint_url };
    for (const [method, body] of [
      ['POST', { delivery, instance: 'neighbour' }],
      ['PATCH', { stream_id: mallory.stream, delivery }],
      ['PUT', { stream_id: mallory.stream, delivery }],
    ] as const) {
      const { status, json } = await mallory.receiver.send(method, '/ssf/streams', body);
      expect([method, status, json['error']]).toEqual([method, 400, 'invalid_request']);
    }
  });

  it('what a receiver wants to see at one address is not shown at another', async () => {
    const receiver = new Receiver(house, await house.client('moved'));
    const delivery = { method: PUSH, endpoint_url: 'https://receiver.test/', authorization_header: 'Bearer a-secret' };
    const stream_id = await receiver.createStream({ delivery });
    server.pushed.length = 0;
    const moved = { stream_id, delivery: { method: PUSH, endpoint_url: server.url } };
    expect((await receiver.send('PATCH', '/ssf/streams', moved)).status).toBe(200);
    await receiver.send('POST', '/ssf/verify', { stream_id });
    expect((await server.until(1))[0]!.authorization).toBeUndefined();
    server.pushed.length = 0;
  });

  it('BL-11 a name that leads to a private address is accepted, and nobody connects to it; a redirect is not followed', async () => {
    const { host } = new URL(server.url);
    const rebound = await mallory.receiver.createStream({
      instance: 'rebound',
      delivery: { method: PUSH, endpoint_url: `https://localhost:${new URL(server.url).port}/events` },
    });
    const client = await house.client('redirecting');
    const receiver = new Receiver(house, client);
    server.answer = () => ({ status: 302, headers: { location: `http://${host}/elsewhere` } });
    const delivery = { method: PUSH, endpoint_url: server.url };
    const redirected = await receiver.createStream({ delivery });
    await receiver.send('POST', '/ssf/verify', { stream_id: redirected });
    await mallory.receiver.send('POST', '/ssf/verify', { stream_id: rebound });
    await eventually(
      () => house.log.some((line) => line.includes(redirected) && line.includes('302')),
      'it is refused',
    );
    await eventually(() => house.log.some((line) => line.includes(rebound)), 'the private address is refused');
    expect(server.pushed.map(({ method }) => method)).toEqual(['POST']);
    // What is logged names where, and no more.
    expect(house.log.join('\n')).not.toContain('/elsewhere');
    server.answer = () => ({ status: 202 });
  });
});

describe('the provider’s time and room', () => {
  it('no more subjects are removed from a stream than can be read with each event', async () => {
    const client = await house.client('forgetful', { subject_type: 'pairwise' });
    const receiver = new Receiver(house, client);
    const stream_id = await receiver.createStream();
    const remove = async (sub: string) => {
      const subject = { format: 'iss_sub', iss: house.issuer, sub };
      return (await receiver.send('POST', '/ssf/subjects/remove', { stream_id, subject })).status;
    };
    // Whose a pairwise name is nobody can say, so it takes any.
    expect([await remove('one'), await remove('one')]).toEqual([204, 204]);
    const fill = statement(`INSERT INTO signal_removed_subject (stream_id, subject_digest)
      SELECT $1, sha256(n::text::bytea) FROM generate_series(1, 9999) AS n`);
    await house.part(Database).query(fill, [stream_id]);
    expect(await remove('one too many')).toBe(429);
    const subject = { format: 'iss_sub', iss: house.issuer, sub: 'one' };
    expect((await receiver.send('POST', '/ssf/subjects/add', { stream_id, subject })).status).toBe(200);
    expect(await remove('one too many')).toBe(204);
  });

  it('no more verifications wait than a receiver can be told', async () => {
    const receiver = new Receiver(house, await house.client('impatient'));
    const stream_id = await receiver.createStream();
    const asked = await Promise.all(
      Array.from({ length: 130 }, (_, index) => receiver.send('POST', '/ssf/verify', { stream_id, state: `${index}` })),
    );
    const slowed = asked.filter(({ status }) => status === 429);
    expect(slowed.length).toBeGreaterThanOrEqual(20);
    expect(slowed[0]!.headers.get('retry-after')).toBe('1');
    expect(asked.every(({ status }) => status === 204 || status === 429)).toBe(true);
  });

  it.each<[string, unknown, number]>([
    ['half of a body', '{"stream_id": ', 400],
    ['a huge one', JSON.stringify({ description: 'x'.repeat(3_000_000) }), 413],
    ['a deep one', `{"ack": ${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 400],
    ['a name twice', '{"ack": ["x"], "ack": "y"}', 400],
    ['a prototype', '{"__proto__": {"maxEvents": 1}}', 400],
    ['a lone surrogate', '{"ack": ["\\ud800"]}', 400],
    ['nothing that is a text', '{"ack": ["\\u0000"]}', 400],
    ['too many faults', { setErrs: Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`${i}`, { err: 'x' }])) }, 400],
    ['a fault without a name', { setErrs: { x: { description: 'd' } } }, 400],
    ['half an event', { maxEvents: 0.5 }, 400],
    ['endless events', '{"maxEvents": 1e999}', 400],
  ])('a poll with %s is refused, and nothing happens', async (_, body, status) => {
    const answer = await mallory.receiver.poll(mallory.stream, body as Record<string, unknown>);
    expect(answer.status).toBe(status);
  }); // prettier-ignore

  it('a body that is no JSON, by name or by nature', async () => {
    for (const [path, method] of [['/ssf/streams', 'POST'], ['/ssf/streams', 'PATCH'], ['/ssf/streams', 'PUT'], ['/ssf/status', 'POST'],
      ['/ssf/verify', 'POST'], ['/ssf/subjects/add', 'POST'], ['/ssf/subjects/remove', 'POST'], [`/ssf/poll/${mallory.stream}`, 'POST']] as const) {
      const broken = await mallory.receiver.send(method, path, '{"stream_id": ');
      const form = await mallory.receiver.send(method, path, 'stream_id=x', { 'content-type': 'application/x-www-form-urlencoded' });
      const text = await mallory.receiver.send(method, path, '{}', { 'content-type': 'text/plain' });
      expect([method, path, broken.status, form.status, text.status]).toEqual([method, path, 400, 415, 415]);
      expect(broken.json['error']).toBe('invalid_request');
    }
  }); // prettier-ignore
});
