import {
  type Answer,
  claimsOf,
  encode,
  type Form,
  type House,
  openHouse,
  type PersonBrowser,
  type Tokens,
} from '../support/house.js';
import { hiddenFields } from '../support/login-house.js';

let house: House;
beforeAll(async () => (house = await openHouse()));
afterAll(() => house.close());

const BYE = 'https://rp-a.test/bye';
const ask = (browser: PersonBrowser, form: Form) => browser.get(`/logout?${encode(form)}`);
const isSignedIn = async (browser: PersonBrowser) =>
  (await browser.start(house.web, { prompt: 'none' })).headers.get('location')!.includes('code=');

function expectConfirmation(answer: Answer) {
  expect(answer.status).toBe(200);
  expect(answer.headers.get('location')).toBeNull();
  expect(answer.page).toContain('id="logout-confirm"');
}

describe('with an ID token of this session', () => {
  it.each(['GET', 'POST'])('%s signs out and goes back with state and nothing else', async (method) => {
    const { browser, tokens, client } = await house.codeFlow();
    const form = { id_token_hint: tokens.id_token, post_logout_redirect_uri: BYE, state: 'a "state" & more' };
    const answer =
      method === 'GET' ? await ask(browser, form) : await browser.send('/logout', { method, body: encode(form) });
    expect(answer.status).toBe(303);
    const location = new URL(answer.headers.get('location')!);
    expect(location.origin + location.pathname).toBe(BYE);
    expect([...location.searchParams]).toEqual([['state', 'a "state" & more']]);
    expect(await isSignedIn(browser)).toBe(false);
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
    expect((await house.refresh(client, tokens.refresh_token)).json['error']).toBe('invalid_grant');
  });

  it('that has expired, too', async () => {
    const { browser, tokens } = await house.codeFlow();
    house.clock.pass('2h');
    const answer = await ask(browser, { id_token_hint: tokens.id_token, post_logout_redirect_uri: BYE });
    expect(answer.headers.get('location')).toBe(BYE);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('and no redirect stays here and says so', async () => {
    const { browser, tokens } = await house.codeFlow();
    const answer = await ask(browser, { id_token_hint: tokens.id_token });
    const done = await browser.get(answer.headers.get('location')!);
    expect(done.page).toMatch(/signed out/i);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('HD-18 clears what the browser kept, but no cookies of neighbours', async () => {
    const { browser, tokens } = await house.codeFlow();
    const answer = await ask(browser, { id_token_hint: tokens.id_token });
    expect(answer.headers.get('clear-site-data')).toBe('"cache", "storage"');
    expect(answer.headers.getSetCookie().some((cookie) => /session=;.*max-age=0/i.test(cookie))).toBe(true);
  });

  it('and nobody signed in any more goes back all the same', async () => {
    const { browser, tokens } = await house.codeFlow();
    const form = { id_token_hint: tokens.id_token, post_logout_redirect_uri: BYE };
    await ask(browser, form);
    expect((await ask(browser, form)).headers.get('location')).toBe(BYE);
  });
});

describe('SE-24 without proof the person is asked, and stays here', () => {
  let browser: PersonBrowser;
  let tokens: Tokens;
  beforeEach(async () => ({ browser, tokens } = await house.codeFlow()));

  it.each<[string, () => Form]>([
    ['nothing', () => ({})],
    ['a redirect without a hint', () => ({ post_logout_redirect_uri: BYE, state: 's' })],
    ['a redirect and a client_id', () => ({ post_logout_redirect_uri: BYE, client_id: 'rp-a' })],
    ['a redirect that nobody registered', () => ({ post_logout_redirect_uri: 'https://evil.test/' })],
    ['a logout_hint', () => ({ logout_hint: 'alice', ui_locales: '../x' })],
  ])('%s', async (_, form) => {
    expectConfirmation(await ask(browser, form()));
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('a hint of another session of the same person', async () => {
    const elsewhere = await house.codeFlow();
    const form = { id_token_hint: elsewhere.tokens.id_token, post_logout_redirect_uri: BYE };
    expectConfirmation(await ask(browser, form));
    expect(await isSignedIn(browser)).toBe(true);
    expect(await isSignedIn(elsewhere.browser)).toBe(true);
  });

  it('a hint of another person', async () => {
    const bob = await house.codeFlow({}, { as: 'bob' });
    expectConfirmation(await ask(browser, { id_token_hint: bob.tokens.id_token, post_logout_redirect_uri: BYE }));
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('is asked, and told that it is done, in the language that the application wishes for', async () => {
    const asked = await ask(browser, { ui_locales: 'tlh fr-CA de' });
    expect(asked.page).toContain('<html lang="fr"');
    const answer = await browser.post('/logout', hiddenFields(asked.page));
    expect(answer.headers.get('location')).toBe('/logout/done?ui_locales=fr');
    expect((await browser.follow(answer)).page).toContain('Vous êtes déconnecté');
  });

  it('confirmed, signs out', async () => {
    const { page } = await ask(browser, { post_logout_redirect_uri: BYE });
    const answer = await browser.post('/logout', hiddenFields(page));
    expect(answer.headers.get('location')).toBe('/logout/done');
    expect((await browser.get('/logout/done')).page).toMatch(/signed out/i);
    expect(await isSignedIn(browser)).toBe(false);
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
  });

  it.each([
    ['without a token', { csrf: '' }, {}],
    ['with a wrong token', { csrf: 'x'.repeat(43) }, {}],
    ['from another site', {}, { 'sec-fetch-site': 'cross-site' }],
  ])('SE-25 a form %s does not sign out', async (_, change, headers) => {
    const { page } = await ask(browser, {});
    const body = new URLSearchParams({ ...hiddenFields(page), ...change });
    expect((await browser.send('/logout', { method: 'POST', body, headers })).headers.get('location')).toBeNull();
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('SE-25 a form of another session does not sign out', async () => {
    const other = (await house.codeFlow()).browser;
    const { page } = await ask(other, {});
    expect((await browser.post('/logout', hiddenFields(page))).status).toBe(403);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it.each<[string, () => Form, string]>([
    ['a forged hint', () => ({ id_token_hint: `${tokens.id_token.slice(0, -6)}AAAAAA` }), 'id_token_hint'],
    ['a hint without signature', () => ({ id_token_hint: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${tokens.id_token.split('.')[1]}.` }), 'id_token_hint'],
    ['an access token', () => ({ id_token_hint: tokens.access_token }), 'id_token_hint'],
    ['garbage', () => ({ id_token_hint: 'garbage' }), 'id_token_hint'],
    ['another client_id', () => ({ id_token_hint: tokens.id_token, client_id: 'rp-b' }), 'client_id'],
    ['a parameter sent twice', () => ({ id_token_hint: [tokens.id_token, tokens.id_token] }), 'id_token_hint'],
  ])('%s is an error page', async (_, form, parameter) => {
    const answer = await ask(browser, { post_logout_redirect_uri: BYE, ...form() });
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    expect(answer.page).toContain(parameter);
    expect(await isSignedIn(browser)).toBe(true);
  }); // prettier-ignore

  it.each([
    'https://rp-a.test/bye/extra',
    'https://rp-a.test/x/../bye',
    'https://rp-a.test/bye/%2e%2e/evil',
    'HTTPS://rp-a.test/bye',
    'https://RP-A.test/bye',
    'https://rp-a.test/BYE',
    'https://rp-a.test/bye?x=1',
    'https://rp-a.test/bye#x',
    'https://rp-a.test:443/bye',
    'http://rp-a.test/bye',
    'https://rp-a.test.evil.test/bye',
    'https://evilrp-a.test/bye',
    'https://rp-aXtest/bye',
    'https://rp-a.test\\@evil.test',
    'https://rp-a.test/bye\r\nX: y',
    ' https://rp-a.test/bye',
    'https://rp-\u0430.test/bye',
    'https://rp-a.test./bye',
    'https://rp-b.test/bye',
    'https://rp-a.test/cb',
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.test',
    '/\\evil.test',
  ])('RU-26 no redirect to %j, signed in or not', async (post_logout_redirect_uri) => {
    const form = { id_token_hint: tokens.id_token, post_logout_redirect_uri };
    for (const visitor of [browser, house.browser()]) {
      const answer = await ask(visitor, form);
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
      expect(answer.page).toContain('post_logout_redirect_uri');
    }
    expect(await isSignedIn(browser)).toBe(true);
    // Without a hint nobody goes anywhere either.
    const answer = await ask(house.browser(), { post_logout_redirect_uri });
    expect(answer.headers.get('location') ?? '/logout/done').toBe('/logout/done');
  });
});

it('a person who is not signed in is told so', async () => {
  const browser = house.browser();
  const answer = await ask(browser, {});
  expect(answer.headers.get('location')).toBe('/logout/done');
});

it.each(['PUT', 'DELETE', 'HEAD', 'OPTIONS'])('AZ-25 %s is refused', async (method) => {
  const { browser, tokens } = await house.codeFlow();
  const answer = await browser.send(`/logout?id_token_hint=${tokens.id_token}`, { method });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, POST']);
  expect(await isSignedIn(browser)).toBe(true);
});

it('the session’s end is its own: a second browser stays signed in', async () => {
  const [one, two] = [await house.codeFlow(), await house.codeFlow()];
  expect(claimsOf(one.tokens.id_token)['sid']).not.toBe(claimsOf(two.tokens.id_token)['sid']);
  await ask(one.browser, { id_token_hint: one.tokens.id_token });
  expect(await isSignedIn(two.browser)).toBe(true);
  expect((await house.userinfo(two.tokens.access_token)).status).toBe(200);
});

// Alice's cookies are not all gone when Bob comes: a logout that the browser cut short, or a part that it kept.
it.each([
  ['all of them', []],
  ['all but that of the session', ['__Host-gatehouse-session']],
  ['all but that of the browser', ['__Host-gatehouse-browser']],
  ['all but that of the device', ['__Host-gatehouse-device']],
])('SE-17 who signs in next at the same browser shares nothing, after a sign-out left %s', async (_, lost) => {
  const offline = { scope: 'openid profile offline_access', prompt: 'consent' };
  const { browser, tokens, client } = await house.codeFlow(offline);
  const kept = new Map(browser.cookies);
  await ask(browser, { id_token_hint: tokens.id_token });
  for (const [name, value] of kept) {
    if (lost.includes(name as never)) browser.cookies.delete(name);
    else browser.cookies.set(name, value);
  }
  const bob = await house.codeFlow(offline, { browser, as: 'bob' });
  const [hers, his] = [claimsOf(tokens.id_token), claimsOf(bob.tokens.id_token)];
  expect(his['sid']).not.toBe(hers['sid']);
  expect(his['sub']).not.toBe(hers['sub']);

  // What she let an application have while she is away is hers, and ends with her word alone.
  const refreshed = await house.refresh(client, tokens.refresh_token);
  expect(claimsOf(refreshed.json['access_token'] as string)['sub']).toBe(hers['sub']);
  await ask(browser, { id_token_hint: bob.tokens.id_token });
  const again = await house.refresh(client, refreshed.json['refresh_token'] as string);
  expect(claimsOf(again.json['id_token'] as string)['sub']).toBe(hers['sub']);
});
