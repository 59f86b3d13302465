import { createHash, randomBytes } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { checkSessionScript } from '../../src/identity-provider/session-management/check-session.script.js';
import { sessionState } from '../../src/protocol/session-state.js';
import { encode, type House, openHouse, PASSWORDS, type PersonBrowser, responseOf } from '../support/house.js';

const COOKIE = '__Secure-gatehouse-state';
const STATE = /^[0-9a-f]{64}\.[\w-]{16}$/;

let house: House;
beforeAll(async () => (house = await openHouse()));
afterAll(() => house.close());

/** A browser's frame with our script in it, as far as the script sees one. */
function frame(cookie: string, storageAccess?: boolean | 'refused') {
  let listener: ((event: object) => void) | undefined;
  const hasStorageAccess = async () => {
    if (storageAccess === 'refused') throw new Error('no');
    return storageAccess;
  };
  const document = { cookie, ...(storageAccess === undefined ? {} : { hasStorageAccess }) };
  const window = { addEventListener: (_: string, listen: (event: object) => void) => (listener = listen) };
  runInNewContext(checkSessionScript(COOKIE), { window, document, unescape, encodeURIComponent });
  return (data: unknown, origin = 'https://rp.test'): Promise<string> =>
    new Promise((answered) => {
      const source = { postMessage: (what: string, to: string) => answered(`${what} to ${to}`) };
      listener!({ data, origin, source });
    });
}

const stateFor = (browserState: string, clientId = 'rp', redirectUri = 'https://rp.test/cb', salt = 'a-salt_1') =>
  sessionState({ clientId, redirectUri, browserState, salt })!;

describe('the frame', () => {
  it('hashes as everybody does, whatever the length', async () => {
    for (let length = 0; length < 200; length += 1) {
      const state = randomBytes(length).toString('base64url').slice(0, length);
      const clientId = `client-${'x'.repeat(length % 67)}`;
      const hash = createHash('sha256').update(`${clientId} https://rp.test ${state} salt`).digest('hex');
      expect(await frame(`${COOKIE}=${state}`)(`${clientId} ${hash}.salt`)).toBe('unchanged to https://rp.test');
    }
  });

  it.each<[string, string, string, string]>([
    ['the same state', 'state', `rp ${stateFor('state')}`, 'unchanged'],
    ['a session that has ended', 'nobody', `rp ${stateFor('state')}`, 'changed'],
    ['another client', 'state', `rp2 ${stateFor('state')}`, 'changed'],
    ['another origin', 'state', `rp ${stateFor('state', 'rp', 'https://rp.test:8443/cb')}`, 'changed'],
    ['another salt', 'state', `rp ${stateFor('state').replace('a-salt_1', 'b')}`, 'changed'],
  ])('%s', async (_, state, question, answer) => {
    expect(await frame(`a=b; ${COOKIE}=${state}; c=d`)(question)).toBe(`${answer} to https://rp.test`);
  });

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['no session state', 'rp'],
    ['no client', ` ${stateFor('state')}`],
    ['no salt', `rp ${stateFor('state').split('.')[0]}`],
    ['something else', `rp ${stateFor('state')} more`],
    ['half a character', `\ud800 ${stateFor('state')}`],
    ['an object', { toString: () => `rp ${stateFor('state')}` }],
    ['a number', 1],
  ])('%s is malformed', async (_, question) => {
    expect(await frame(`${COOKIE}=state`)(question)).toBe('error to https://rp.test');
  });

  it('a page without an origin is nobody', async () => {
    expect(await frame(`${COOKIE}=state`)(`rp ${stateFor('state')}`, 'null')).toBe('error to null');
  });

  it.each<[string, string, boolean | 'refused' | undefined, string]>([
    ['is kept from frames by the browser', '', false, 'error'],
    ['may be kept from frames', '', 'refused', 'error'],
    ['was forgotten by the browser', '', true, 'changed'],
    ['is not there, in an old browser', '', undefined, 'changed'],
    ['is there twice', `${COOKIE}=state; ${COOKIE}=nobody`, false, 'error'],
  ])('when the cookie %s', async (_, cookie, storageAccess, answer) => {
    expect(await frame(cookie, storageAccess)(`rp ${stateFor('state')}`)).toBe(`${answer} to https://rp.test`);
  });

  it('SE-26 is served to be framed, by anybody, and can do nothing but answer', async () => {
    const answer = await fetch(`${house.issuer}/check-session`, { headers: { origin: 'https://rp.test' } });
    expect(answer.status).toBe(200);
    const page = await answer.text();
    const script = /<script>([^]*)<\/script>/.exec(page)![1]!;
    expect(script).toBe(checkSessionScript(COOKIE));
    expect(page.replace(script, '').match(/<\w+/g)).toEqual(['<html', '<head', '<meta', '<title', '<body', '<script']);
    const hash = createHash('sha256').update(script).digest('base64');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-security-policy': `default-src 'none'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors *`,
      'cache-control': 'public, max-age=3600',
      'x-content-type-options': 'nosniff',
    });
    expect(answer.headers.get('x-frame-options')).toBeNull();
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect((await fetch(`${house.issuer}/check-session`, { method: 'POST' })).status).toBe(405);
  });
});

/** Every `Set-Cookie` of the state that a browser is given, from now on. */
function watch(browser: PersonBrowser): string[] {
  const seen: string[] = [];
  const send = browser.send.bind(browser);
  browser.send = async (path, init) => {
    const answer = await send(path, init);
    seen.push(...answer.headers.getSetCookie().filter((cookie) => cookie.startsWith(COOKIE)));
    return answer;
  };
  return seen;
}

const valueOf = (cookie: string | undefined) => cookie?.split(';')[0]!.split('=')[1];

describe('session_state', () => {
  it('is in the answer, and fits what the frame reads until the person signs out', async () => {
    const browser = house.browser();
    const cookies = watch(browser);
    const first = await browser.authorize(house.web);
    expect(first.get('session_state')).toMatch(STATE);
    // To the frame's page alone, and to it also in another site's page.
    expect(new Set(cookies.map((cookie) => cookie.replace(/=[^;]*/, '')))).toEqual(
      new Set([`${COOKIE}; Path=/check-session; Secure; SameSite=None`]),
    );
    const ask = (response: URLSearchParams, clientId = 'rp-a', origin = 'https://rp-a.test') =>
      frame(`${COOKIE}=${valueOf(cookies.at(-1))}`)(`${clientId} ${response.get('session_state')}`, origin);
    expect(await ask(first)).toMatch(/^unchanged/);
    expect(await ask(first, 'rp-b')).toMatch(/^changed/);

    const silent = responseOf(await browser.start(house.web, { prompt: 'none' }));
    expect([await ask(silent), await ask(first)]).toEqual(Array(2).fill('unchanged to https://rp-a.test'));
    expect(silent.get('session_state')).not.toBe(first.get('session_state'));

    const { tokens } = await house.codeFlow({}, { browser });
    await browser.get(`/logout?${encode({ id_token_hint: tokens.id_token })}`);
    expect(await ask(first)).toMatch(/^changed/);
    const error = responseOf(await browser.start(house.web, { prompt: 'none' }));
    expect([error.get('error'), error.get('session_state')]).toEqual(['login_required', expect.stringMatching(STATE)]);
    expect(await ask(error)).toMatch(/^unchanged/);
  });

  it('another person changes it, and the state says nothing about the session', async () => {
    const browser = house.browser();
    const cookies = watch(browser);
    await browser.authorize(house.web);
    const alice = valueOf(cookies.at(-1));
    await browser.signIn('bob', PASSWORDS['bob']!);
    expect(valueOf(cookies.at(-1))).not.toBe(alice);
    const session = browser.cookies.get('__Host-gatehouse-session')!;
    expect(valueOf(cookies.at(-1))).not.toContain(session);
    // A cookie of a session that has ended elsewhere counts for nothing.
    house.clock.pass('25h');
    await browser.start(house.web, { prompt: 'none' });
    expect(valueOf(cookies.at(-1))).toBe('nobody');
  });

  it.each([
    ['a request without openid', { scope: 'profile' }, 'rp-a'],
    ['a native application, whose redirect URI has no origin', {}, 'com.example.app'],
  ])('not for %s', async (_, change, id) => {
    const native = { id, redirectUri: `${id}:/cb`, method: 'none' as const };
    const client = id === 'rp-a' ? house.web : await house.register(native, { application_type: 'native' });
    const response = await house.browser().authorize(client, change);
    expect([response.has('code'), response.has('session_state')]).toEqual([true, false]);
  });
});

it('the metadata say where the frame is', async () => {
  const metadata = (await (await fetch(`${house.issuer}/.well-known/openid-configuration`)).json()) as object;
  expect(metadata).toMatchObject({ check_session_iframe: `${house.issuer}/check-session` });
});
