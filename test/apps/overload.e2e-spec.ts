import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import pg from 'pg';
import { type House, basic, type JsonAnswer, openHouse, type TestClient } from '../support/house.js';
import { Receiver } from '../signals/receiver.js';

/** As few places as show what becomes of the rest. */
const PLACES = 4;
const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

let house: House;
let blocker: pg.Client;
let television: TestClient;
beforeAll(async () => {
  house = await openHouse({ settings: { MAX_REQUESTS: String(PLACES) } });
  blocker = new pg.Client({ connectionString: house.databaseUrl });
  await blocker.connect();
  television = await house.client('television', { grant_types: [DEVICE_CODE] });
});
afterAll(async () => {
  await blocker.end();
  await house.close();
});

/** While `work` runs, a device that polls waits: requests stay at work, for as long as the test wants; then they are answered. */
async function whileDevicesWait<T>(work: () => Promise<T>): Promise<T> {
  await blocker.query('BEGIN; LOCK TABLE device_authorization IN ACCESS EXCLUSIVE MODE');
  try {
    return await work();
  } finally {
    await blocker.query('ROLLBACK');
    await Promise.all(polls.splice(0));
  }
}

const statuses = async (answers: Promise<{ status: number }>[]) =>
  (await Promise.all(answers)).map(({ status }) => status);

/** One that is answered with 400: nobody began this. */
const DEVICE_POLL = { grant_type: DEVICE_CODE, device_code: 'x'.repeat(43) };
const polls: Promise<JsonAnswer>[] = [];
function devicePolls(count: number): Promise<JsonAnswer>[] {
  const asked = Array.from({ length: count }, () => house.token(television, DEVICE_POLL));
  polls.push(...asked);
  return asked;
}

/** Takes all places with requests that wait, and answers the one that found none. */
async function fill(): Promise<{ refused: JsonAnswer; asked: Promise<JsonAnswer>[] }> {
  const asked = devicePolls(PLACES + 1);
  return { refused: await Promise.race(asked), asked };
}

describe('more requests than there are places', () => {
  it('are refused at once: 503, Retry-After, a stable code, a reference; and nobody when it is over', async () => {
    const asked = await whileDevicesWait(async () => {
      const filled = await fill();
      expect(filled.refused.status).toBe(503);
      expect(filled.refused.headers.get('retry-after')).toBe('2');
      expect(filled.refused.headers.get('cache-control')).toBe('no-store');
      expect(filled.refused.json).toMatchObject({
        error: 'temporarily_unavailable',
        correlation_id: filled.refused.headers.get('x-correlation-id'),
      });
      // A script of any origin may read as much: there is nobody in it.
      expect(filled.refused.headers.get('access-control-allow-origin')).toBe('*');
      expect(filled.refused.headers.get('access-control-expose-headers')).toContain('Retry-After');
      return filled.asked;
    });
    expect((await statuses(asked)).sort()).toEqual([...Array<number>(PLACES).fill(400), 503]);
    expect(await statuses(devicePolls(PLACES))).toEqual(Array(PLACES).fill(400));
  });

  it('show people a page, in their language and with a reference of their own, that scripts may read, too', async () => {
    await whileDevicesWait(async () => {
      await fill();
      const url = house.issuer + house.browser().authorizePath(house.web);
      const references = new Set<string>();
      for (const [language, heading] of [
        ['en', 'Something went wrong here'],
        ['de-AT,de;q=0.9', 'Hier ist etwas schiefgegangen'],
        ['en', 'Something went wrong here'],
      ] as const) {
        const headers = { accept: 'text/html', 'accept-language': language };
        const answer = await fetch(url, { headers, redirect: 'manual' });
        const html = await answer.text();
        const reference = answer.headers.get('x-correlation-id')!;
        references.add(reference);
        const sheet = /<style>([^<]*)<\/style>/.exec(html)![1]!;
        expect(answer.status).toBe(503);
        expect(html).toContain(`<h1>${heading}</h1>`);
        expect(html).toContain('temporarily_unavailable');
        expect(html).toContain(`<bdi>${reference}</bdi>`);
        expect(Object.fromEntries(answer.headers)).toMatchObject({
          'retry-after': '2',
          'cache-control': 'no-store',
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'/),
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'DENY',
          'referrer-policy': 'no-referrer',
          'access-control-allow-origin': '*',
        });
        expect(answer.headers.get('content-security-policy')).toContain(createHash('sha256').update(sheet).digest('base64')); // prettier-ignore
      }
      expect(references.size).toBe(3);
    });
  });

  it('never are revocations, sign-outs, the feed, and what says that the process lives', async () => {
    const receiver = new Receiver(house, await house.client('receiver'));
    const stream = await receiver.createStream();
    const { tokens } = await house.codeFlow();
    const { tokens: others, browser } = await house.codeFlow();
    await whileDevicesWait(async () => {
      await fill();
      expect((await house.post('/revoke', house.web, { token: tokens.refresh_token })).status).toBe(200);
      expect((await browser.get(`/logout?id_token_hint=${others.id_token}`)).status).toBe(303);
      expect((await receiver.poll(stream, { returnImmediately: true })).status).toBe(200);
      for (const path of ['/health/live', '/health/ready', '/jwks', '/.well-known/openid-configuration']) {
        expect([path, (await fetch(house.issuer + path)).status]).toEqual([path, 200]);
      }
    });
  });

  it('never are preflights, after which a script can read the refusal', async () => {
    await whileDevicesWait(async () => {
      await fill();
      const headers = { origin: 'https://spa.test', 'access-control-request-method': 'POST' };
      const answer = await fetch(`${house.issuer}/token`, { method: 'OPTIONS', headers });
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, 'https://spa.test']);
    });
  });

  it('leave a place to whoever needs a token for the feed', async () => {
    const receiver = new Receiver(house, await house.client('another-receiver'));
    await whileDevicesWait(async () => {
      await fill();
      const form = { grant_type: 'client_credentials', scope: 'ssf.read ssf.manage' };
      expect((await house.token(receiver.client, form)).status).toBe(200);
      expect((await house.token(house.service, { grant_type: 'client_credentials' })).status).toBe(503);
      expect((await house.token(house.service, { ...form, scope: 'ssf.read orders:read' })).status).toBe(503);
    });
  });

  it('do not keep people from signing in: sign-ins have places of their own', async () => {
    await whileDevicesWait(async () => {
      await fill();
      expect((await house.browser().signIn('alice', 'wonderland')).status).toBe(303);
    });
  });

  it('are refused when they begin something before those that go on', async () => {
    await whileDevicesWait(async () => {
      const asked = devicePolls((PLACES * 3) / 4);
      // Each that comes too early is answered, and so gives its place back.
      while ((await house.browser().start(house.web)).status !== 503);
      expect((await house.token(house.service, { grant_type: 'client_credentials' })).status).toBe(200);
      expect(asked).toHaveLength(3);
    });
  });

  it('have their place until their work is done, also when nobody waits for the answer any more', async () => {
    await whileDevicesWait(async () => {
      const leaving = new AbortController();
      const asked = Array.from({ length: PLACES + 1 }, () =>
        fetch(`${house.issuer}/token`, {
          method: 'POST',
          headers: { authorization: basic(television.id, television.secret!) },
          body: new URLSearchParams(DEVICE_POLL),
          signal: leaving.signal,
        }).then(
          ({ status }) => status,
          () => 'left',
        ),
      );
      expect(await Promise.race(asked)).toBe(503);
      leaving.abort();
      expect((await Promise.all(asked)).sort()).toEqual([503, ...Array<string>(PLACES).fill('left')]);
      expect((await house.token(house.service, { grant_type: 'client_credentials' })).status).toBe(503);
    });
    while ((await devicePolls(1)[0]!).status === 503);
    expect(await statuses(devicePolls(PLACES))).toEqual(Array(PLACES).fill(400));
  });
});

describe('who takes their time, or sends too much', () => {
  const open: Socket[] = [];
  afterAll(() => open.forEach((socket) => socket.destroy()));

  async function send(text: string, issuer = house.issuer): Promise<Socket> {
    const { hostname, port } = new URL(issuer);
    const socket = connect(Number(port), hostname);
    open.push(socket);
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  }

  async function everythingFrom(socket: Socket): Promise<string> {
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    if (!socket.closed) await once(socket, 'close');
    return text;
  }

  const head = (line: string, ...more: string[]) => [line, 'host: gatehouse', ...more, '', ''].join('\r\n');
  const FORM = 'content-type: application/x-www-form-urlencoded';

  it('takes no place with a body that trickles in, or headers that do not end', async () => {
    for (let count = 0; count < 3 * PLACES; count += 1) {
      await send(`${head('POST /token HTTP/1.1', FORM, 'content-length: 100')}grant_type`);
      await send('GET /authorize HTTP/1.1\r\nhost: gatehouse\r\nx-slow: ');
    }
    const asked = Array.from({ length: PLACES }, () =>
      house.token(house.service, { grant_type: 'client_credentials' }),
    );
    expect(await statuses(asked)).toEqual(Array(PLACES).fill(200));
  });

  it.each(['POST /token', 'POST /revoke', 'POST /nowhere', 'GET /jwks', 'PUT /logout'])(
    '%s: a body too large is not read, and the connection closed',
    async (line) => {
      const socket = await send(head(`${line} HTTP/1.1`, FORM, 'content-length: 100000000000'));
      const answer = await everythingFrom(socket);
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer).toMatch(/^connection: close\r$/im);
      expect(answer).toContain('"error":"too_large"');
    },
  );

  it.each(['POST /token', 'POST /nowhere', 'GET /jwks'])(
    '%s: a body without an end is not read to its end',
    async (line) => {
      const socket = await send(head(`${line} HTTP/1.1`, FORM, 'transfer-encoding: chunked'));
      const chunk = `4000\r\n${'a'.repeat(0x4000)}\r\n`;
      const sending = setInterval(() => socket.write(chunk), 1);
      expect(await everythingFrom(socket)).toMatch(/^HTTP\/1\.1 [24]\d\d /);
      clearInterval(sending);
    },
  );

  it('does not keep the server from closing', async () => {
    const closing = await openHouse();
    await send('', closing.issuer);
    await send('GET /jwks HTTP/1.1\r\nhost: gate', closing.issuer);
    await fetch(`${closing.issuer}/jwks`);
    await closing.close();
  });

  it('comes too late when the server closes, and learns when to come again', async () => {
    const closing = await openHouse();
    const form = 'grant_type=none';
    const post = head('POST /token HTTP/1.1', FORM, `content-length: ${form.length}`);
    const socket = await send(post + form.slice(0, 5), closing.issuer);
    const answers = everythingFrom(socket);
    // Two at once: the body of the one is still to come, so that this request is under way when the server begins to close.
    await fetch(`${closing.issuer}/jwks`);
    const closed = closing.close();
    const { hostname, port } = new URL(closing.issuer);
    const isOpen = () =>
      new Promise<boolean>((answer) => {
        const probe = connect(Number(port), hostname, () => (probe.destroy(), answer(true)));
        probe.on('error', () => answer(false));
      });
    while (await isOpen());
    socket.write(form.slice(5) + post + form);
    const [, first, second] = (await answers).split('HTTP/1.1 ');
    expect(first).toMatch(/^40[01] /);
    expect(second).toMatch(/^503 /);
    expect(second).toMatch(/^retry-after: 2\r$/im);
    expect(second).toMatch(/^connection: close\r$/im);
    expect(second).toContain('temporarily_unavailable');
    await closed;
  });
});
