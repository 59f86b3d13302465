import {
  type Answer,
  type House,
  openHouse,
  PASSWORDS,
  type PersonBrowser,
  responseOf,
  type TestClient,
} from '../support/house.js';
import { hiddenFields } from '../support/login-house.js';

let house: House;
beforeAll(async () => (house = await openHouse()));
afterAll(() => house.close());

const interactionOf = (answer: Answer) =>
  new URL(answer.headers.get('location')!, house.issuer).searchParams.get('interaction')!;
const begin = async (browser: PersonBrowser, change = {}) =>
  interactionOf(await browser.start(house.web, { prompt: 'consent', ...change }));
const signIn = (browser: PersonBrowser, interaction: string, as = 'alice') =>
  browser.signIn(as, PASSWORDS[as]!, interaction);
const resume = (browser: PersonBrowser, interaction: string) =>
  browser.get(`/authorize/resume?interaction=${interaction}`);
const consentForm = async (browser: PersonBrowser, interaction: string) =>
  hiddenFields((await browser.get(`/consent?interaction=${interaction}`)).page);

const expectNoCode = (answer: Answer) => {
  expect(answer.headers.get('location') ?? '').not.toContain('code=');
};
const expectGone = (answer: Answer) => {
  expect(answer.status).toBe(400);
  expectNoCode(answer);
};

describe('AZ-27 an interaction of another browser', () => {
  it.each([
    ['a stranger’s browser', async () => house.browser()],
    ['a browser with a session of its own', async () => (await house.codeFlow({}, { as: 'bob' })).browser],
    [
      'a browser with an interaction of its own',
      async () => {
        const browser = house.browser();
        await begin(browser);
        return browser;
      },
    ],
  ])('does not exist for %s', async (_, make) => {
    const victim = house.browser();
    const attacker = await make();
    const id = await begin(victim);

    expectGone(await attacker.get(`/login?interaction=${id}`));
    expectGone(await resume(attacker, id));
    expectGone(await attacker.get(`/consent?interaction=${id}`));
    const own = await attacker.openForm();
    expectNoCode(
      await attacker.post('/login', { ...own, interaction: id, username: 'alice', password: PASSWORDS['alice']! }),
    );

    await signIn(victim, id);
    const form = await consentForm(victim, id);
    expect(form['csrf']).toBeDefined();
    expectGone(await attacker.post('/consent', { ...form, decision: 'allow' }));
    expectGone(await resume(attacker, id));

    // The victim goes on as if nothing had happened, and is asked: nobody else's consent counted.
    expect((await resume(victim, id)).headers.get('location')).toBe(`/consent?interaction=${id}`);
    const allowed = await victim.post('/consent', { ...form, decision: 'deny' });
    expect(responseOf(await victim.get(allowed.headers.get('location')!)).get('error')).toBe('access_denied');
  });

  it('is not taken over by a tossed cookie: a name sent twice does not count', async () => {
    const victim = house.browser();
    const id = await begin(victim);
    const [[name, value]] = [...victim.cookies] as [[string, string]];
    const headers = { cookie: `${name}=${value}; ${name}=${'x'.repeat(43)}` };
    expectGone(await house.browser().send(`/authorize/resume?interaction=${id}`, { headers }));
  });
});

describe('AZ-28 an interaction that is finished', () => {
  it('gives no second code', async () => {
    const browser = house.browser();
    const id = await begin(browser);
    await signIn(browser, id);
    const form = await consentForm(browser, id);
    const allowed = await browser.post('/consent', { ...form, decision: 'allow' });
    expect(responseOf(await browser.get(allowed.headers.get('location')!)).has('code')).toBe(true);

    expectGone(await resume(browser, id));
    expectGone(await browser.post('/consent', { ...form, decision: 'allow' }));
    expectGone(await browser.get(`/consent?interaction=${id}`));
    expectGone(await browser.get(`/login?interaction=${id}`));
    expectNoCode(await browser.post('/login', { ...form, username: 'alice', password: PASSWORDS['alice']! }));
  });

  it('gives one code to two tabs that come back at once', async () => {
    const browser = house.browser();
    const id = await begin(browser);
    await signIn(browser, id);
    await browser.post('/consent', { ...(await consentForm(browser, id)), decision: 'allow' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => resume(browser, id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(9).fill(400)]);
  });

  it('is also one that was denied', async () => {
    const browser = house.browser();
    const id = await begin(browser);
    await signIn(browser, id);
    const form = await consentForm(browser, id);
    const denied = await browser.post('/consent', { ...form, decision: 'deny' });
    const response = responseOf(await browser.get(denied.headers.get('location')!));
    expect(Object.fromEntries(response)).toMatchObject({ error: 'access_denied', state: 'a state', iss: house.issuer });
    expectGone(await browser.post('/consent', { ...form, decision: 'allow' }));
    expectGone(await resume(browser, id));
  });

  it('is also one that nobody went on with for an hour', async () => {
    const browser = house.browser();
    const id = await begin(browser);
    house.clock.pass('1h');
    expectGone(await browser.get(`/login?interaction=${id}`));
    expectGone(await resume(browser, id));
  });
});

describe('AZ-29 no step can be skipped', () => {
  it('resume before sign-in leads to sign-in', async () => {
    const browser = house.browser();
    const id = await begin(browser);
    expect((await resume(browser, id)).headers.get('location')).toBe(`/login?interaction=${id}`);
  });

  it('consent before sign-in is refused', async () => {
    const browser = house.browser();
    const id = await begin(browser);
    const shown = await browser.get(`/consent?interaction=${id}`);
    expect(shown.headers.get('location')).toBe(`/authorize/resume?interaction=${id}`);
    const csrf = (await browser.openForm(id))['csrf']!;
    expectGone(await browser.post('/consent', { interaction: id, csrf, decision: 'allow' }));
    expect((await resume(browser, id)).headers.get('location')).toBe(`/login?interaction=${id}`);
  });

  it('resume before consent leads to consent', async () => {
    const browser = house.browser();
    const id = await begin(browser);
    await signIn(browser, id);
    expect((await resume(browser, id)).headers.get('location')).toBe(`/consent?interaction=${id}`);
  });

  it('a session from elsewhere does not stand for prompt=login', async () => {
    const { browser } = await house.codeFlow();
    const id = await begin(browser, { prompt: 'login' });
    await browser.signIn('alice', PASSWORDS['alice']!);
    expectNoCode(await resume(browser, id));
  });

  it('a consent form of one person is no consent of the next', async () => {
    const browser = house.browser();
    const client = await house.client('two-people');
    const id = interactionOf(await browser.start(client, { prompt: 'consent' }));
    await signIn(browser, id, 'alice');
    const form = await consentForm(browser, id);
    await signIn(browser, id, 'bob');
    expect((await browser.post('/consent', { ...form, decision: 'allow' })).status).toBe(403);
    expect((await resume(browser, id)).headers.get('location')).toBe(`/consent?interaction=${id}`);
  });

  it('a consent given by one person does not count for the next, who signs in over it', async () => {
    const browser = house.browser();
    const client = await house.client('two-people-2');
    const id = interactionOf(await browser.start(client));
    await signIn(browser, id, 'alice');
    await browser.post('/consent', { ...(await consentForm(browser, id)), decision: 'allow' });
    await signIn(browser, id, 'bob');
    expect((await resume(browser, id)).headers.get('location')).toBe(`/consent?interaction=${id}`);
  });

  it('AZ-07 a client that was disabled meanwhile gets nothing', async () => {
    const client = await house.client('soon-disabled');
    const browser = house.browser();
    const id = interactionOf(await browser.start(client));
    await signIn(browser, id);
    const form = await consentForm(browser, id);
    await house.clients.disable(client.id);
    expectGone(await browser.post('/consent', { ...form, decision: 'allow' }));
    expectGone(await resume(browser, id));
  });

  it('a redirect URI that was taken away meanwhile gets nothing', async () => {
    const client = await house.client('moved', {}, { firstParty: true });
    const browser = house.browser();
    const id = interactionOf(await browser.start(client));
    await signIn(browser, id);
    await house.client('moved', { redirect_uris: ['https://moved.test/new'] }, { firstParty: true });
    expectGone(await resume(browser, id));
  });

  it('a person who was disabled meanwhile gets nothing', async () => {
    const { sub } = await house.users.add({ username: 'carol', password: 'carol-password' });
    const client = await house.client('carols', {}, { firstParty: true });
    const browser = house.browser();
    const id = interactionOf(await browser.start(client));
    await browser.signIn('carol', 'carol-password', id);
    await house.users.disable(sub);
    expectNoCode(await resume(browser, id));
    expectNoCode(await browser.start(client, { prompt: 'none' }));
  });
});

describe('the consent form', () => {
  const waiting = async () => {
    const browser = house.browser();
    const id = interactionOf(await browser.start(house.web, { prompt: 'consent' }));
    await signIn(browser, id);
    return { browser, id, form: await consentForm(browser, id) };
  };

  it.each([
    ['without its token', { csrf: '' }, {}],
    ['with another token', { csrf: 'x'.repeat(43) }, {}],
    ['from another site', {}, { 'sec-fetch-site': 'cross-site' }],
    ['from a neighbour', {}, { 'sec-fetch-site': 'same-site' }],
  ])('%s is refused', async (_, change, headers) => {
    const { browser, id, form } = await waiting();
    const body = new URLSearchParams({ ...form, ...change, decision: 'allow' });
    expect((await browser.send('/consent', { method: 'POST', body, headers })).status).toBe(403);
    expect((await resume(browser, id)).headers.get('location')).toBe(`/consent?interaction=${id}`);
  });

  it('with the token of another interaction is refused', async () => {
    const { browser, id } = await waiting();
    const other = interactionOf(await browser.start(house.web, { prompt: 'consent' }));
    const { csrf } = await consentForm(browser, other);
    expect((await browser.post('/consent', { interaction: id, csrf: csrf!, decision: 'allow' })).status).toBe(403);
  });

  it.each([{}, { decision: 'maybe' }, { decision: '__proto__' }])(
    'with %j for an answer is refused',
    async (answer) => {
      const { browser, form } = await waiting();
      expect((await browser.post('/consent', { ...form, ...(answer as Record<string, string>) })).status).toBe(400);
    },
  );

  it.each(['PUT', 'DELETE', 'HEAD'])('AZ-25 %s is refused', async (method) => {
    const { browser, id } = await waiting();
    expect((await browser.send(`/consent?interaction=${id}`, { method })).status).toBe(405);
  });
});

describe('consent', () => {
  it('is remembered per client and scope', async () => {
    const client = await house.client('remember');
    const { browser } = await house.codeFlow({ scope: 'openid email' }, { client });
    expect((await browser.start(client, { scope: 'email openid' })).headers.get('location')).toContain('code=');
    expect((await browser.start(client, { scope: 'openid' })).headers.get('location')).toContain('code=');
    expect((await browser.start(client, { scope: 'openid phone' })).headers.get('location')).toMatch(/^\/consent/);
    const other = await house.client('remember-not');
    expect((await browser.start(other, { scope: 'openid email' })).headers.get('location')).toMatch(/^\/consent/);
    const bob = (await house.codeFlow({}, { as: 'bob' })).browser;
    expect((await bob.start(client, { scope: 'openid email' })).headers.get('location')).toMatch(/^\/consent/);
  });

  it('adds up', async () => {
    const client = await house.client('adds-up');
    const { browser } = await house.codeFlow({ scope: 'openid email' }, { client });
    await house.codeFlow({ scope: 'openid phone' }, { client, browser });
    const both = await browser.start(client, { scope: 'openid email phone', prompt: 'none' });
    expect(responseOf(both).has('code')).toBe(true);
  });

  it('is not remembered when it was denied', async () => {
    const client = await house.client('denied');
    const browser = house.browser();
    expect((await browser.authorize(client, {}, { decision: 'deny' })).get('error')).toBe('access_denied');
    expect((await browser.start(client)).headers.get('location')).toMatch(/^\/consent/);
  });

  it('AZ-33 is asked every time by a client on loopback, and prompt=none answers consent_required', async () => {
    const { browser } = await house.codeFlow({}, { client: house.native });
    expect((await browser.start(house.native)).headers.get('location')).toMatch(/^\/consent/);
    const silent = await browser.start(house.native, { prompt: 'none' });
    expect(responseOf(silent).get('error')).toBe('consent_required');
  });

  it('AZ-33 is asked every time by a client on localhost that proves nothing', async () => {
    const redirectUri = 'http://localhost:49152/cb';
    const asks = async (client: TestClient) => {
      const { browser } = await house.codeFlow({}, { client });
      return (await browser.start(client)).headers.get('location')!.startsWith('/consent');
    };
    expect(await asks(await house.register({ id: 'local-spa', redirectUri, method: 'none' }))).toBe(true);
    const secret = 'of one that is in development';
    expect(await asks(await house.register({ ...house.web, id: 'local-web', redirectUri, secret }))).toBe(false);
  });

  it('is asked for claims by name as for their scope', async () => {
    const client = await house.client('claims-by-name');
    const { browser } = await house.codeFlow({}, { client });
    const request = { claims: JSON.stringify({ userinfo: { email: null }, id_token: { phone_number: null } }) };
    const silent = await browser.start(client, { ...request, prompt: 'none' });
    expect(responseOf(silent).get('error')).toBe('consent_required');
    const asked = await browser.start(client, request);
    const { page } = await browser.get(asked.headers.get('location')!);
    expect(page).toContain('See your email address');
    expect(page).toContain('See your phone number');
    expect(responseOf(await browser.walk(asked)).has('code')).toBe(true);
    expect(responseOf(await browser.start(client, { ...request, prompt: 'none' })).has('code')).toBe(true);
  });

  it('is asked once by a client that asks for no scope at all', async () => {
    const client = await house.client('no-scope');
    const { browser } = await house.codeFlow();
    const request = { scope: undefined };
    const silent = await browser.start(client, { ...request, prompt: 'none' });
    expect(responseOf(silent).get('error')).toBe('consent_required');
    const asked = await browser.start(client, request);
    const { page } = await browser.get(asked.headers.get('location')!);
    expect(page).toContain('nothing else about you');
    await browser.walk(asked);
    expect(responseOf(await browser.start(client, { ...request, prompt: 'none' })).has('code')).toBe(true);
  });

  it('takes any port of a native client', async () => {
    const redirect_uri = 'http://127.0.0.1:61234/callback';
    const { tokens } = await house.codeFlow({ redirect_uri, scope: 'openid' }, { client: house.native });
    expect(tokens.id_token).toBeDefined();
  });

  it('withdrawn, is asked again, and takes the tokens with it', async () => {
    const client = await house.client('withdrawn');
    const { browser, tokens } = await house.codeFlow({ scope: 'openid offline_access' }, { client });
    const { sub } = (await house.userinfo(tokens.access_token)).json;
    await house.consents.withdraw(sub as string, client.id);
    expect((await browser.start(client)).headers.get('location')).toMatch(/^\/consent/);
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
    expect((await house.refresh(client, tokens.refresh_token)).json['error']).toBe('invalid_grant');
  });

  it('AZ-34 shows names as text', async () => {
    const client = await house.client('markup', { client_name: '<b onmouseover=x>"Bank"</b>' });
    const browser = house.browser();
    const id = interactionOf(await browser.start(client));
    await signIn(browser, id);
    const { page } = await browser.get(`/consent?interaction=${id}`);
    expect(page).toContain('&lt;b onmouseover=x>');
    expect(page).not.toContain('<b onmouseover');
    expect(page).toMatch(/id="consent-allow"/);
    expect(page).toMatch(/id="consent-deny"/);
  });
});

it('PK-13 one challenge for every sign-in is noticed, once, and refused never', async () => {
  const client = await house.client('constant');
  const { browser } = await house.codeFlow({}, { client });
  const complaints = () => house.log.filter((line) => line.includes('client constant has sent one code_challenge 5'));
  for (let times = 1; times <= 7; times += 1) {
    expect(responseOf(await browser.start(client)).has('code')).toBe(true);
    expect(complaints()).toHaveLength(times < 5 ? 0 : 1);
  }
  for (let times = 1; times <= 7; times += 1) await browser.obtainCode({}, { client });
  expect(complaints()).toHaveLength(1);
});
