import { encode, type Form } from '../support/house.js';
import { CertifiedHouse } from './certified-house.js';
import { CALLBACK, RelyingParty } from './relying-party.js';

let house: CertifiedHouse;
let party: RelyingParty;
beforeAll(async () => {
  house = await CertifiedHouse.open();
  party = await RelyingParty.register(house, { redirect_uris: [CALLBACK, `${CALLBACK}?foo=bar&b=%20c`] });
});
afterAll(() => house.close());

const open = async (change: Form) =>
  house.browser().get(`/authorize?${encode((await party.request(change)).parameters)}`);

describe('the code flow', () => {
  it('works without PKCE for a confidential client that registered itself, and without a nonce', async () => {
    const { tokens, claims } = await party.signIn(house.browser(), { nonce: undefined });
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 300 });
    expect(claims).not.toHaveProperty('nonce');
    expect(claims).toMatchObject({ sub: expect.any(String), sid: expect.any(String), auth_time: expect.any(Number) });
  });

  it('works by POST, also when the request comes from the client’s page', async () => {
    const browser = house.browser();
    const { parameters, verifier } = await party.request();
    browser.headers = { 'sec-fetch-site': 'cross-site', origin: 'https://rp.example.test' };
    const first = await browser.send('/authorize', { method: 'POST', body: encode(parameters) });
    browser.headers = { 'sec-fetch-site': 'same-origin' };
    const back = await browser.walk(first);
    await party.redeem(party.read(back.headers.get('location'), parameters, verifier));
  });

  it('returns 512 characters of state, and a nonce of 512 untruncated', async () => {
    const state = 'S/+&=?%20 ~'.repeat(50).slice(0, 512);
    const nonce = 'n0-_'.repeat(128);
    const { claims } = await party.signIn(house.browser(), { state, nonce });
    expect(claims.nonce).toBe(nonce);
  });

  it.each<[string, Form]>([
    ['display=page', { display: 'page' }],
    ['display=popup', { display: 'popup' }],
    ['ui_locales', { ui_locales: 'se nb-NO' }],
    ['claims_locales', { claims_locales: 'se' }],
    ['acr_values that nobody knows', { acr_values: '1 2' }],
    ['unknown parameters', { extra: 'foobar', another: '1' }],
    ['login_hint of nobody', { login_hint: 'buffy@example.test' }],
    ['all scopes at once', { scope: 'openid profile email address phone offline_access', prompt: 'consent' }],
    ['max_age=10000', { max_age: '10000' }],
  ])('accepts %s', async (_, change) => {
    const { claims } = await party.signIn(house.browser(), change);
    expect(claims.sub).toEqual(expect.any(String));
  });

  it('fills login_hint in, and leaves the field open', async () => {
    const browser = house.browser();
    const { parameters } = await party.request({ login_hint: 'buffy@example.test' });
    const toSignIn = await browser.get(`/authorize?${encode(parameters)}`);
    const { page } = await browser.get(toSignIn.headers.get('location')!);
    const [field] = /<input[^>]+name="username"[^>]*>/.exec(page)!;
    expect(field).toContain('value="buffy@example.test"');
    expect(field).not.toMatch(/readonly|disabled/);
  });

  it('answers with one of acr_values when that is what a sign-in achieves', async () => {
    const acr = 'urn:gatehouse:pwd';
    expect(party.as['acr_values_supported']).toContain(acr);
    const { claims } = await party.signIn(house.browser(), { acr_values: `unheard-of ${acr}` });
    expect(claims['acr']).toBe(acr);
  });

  it('returns a registered query string as it is', async () => {
    const browser = house.browser();
    const { parameters, verifier } = await party.request({ redirect_uri: `${CALLBACK}?foo=bar&b=%20c` });
    const back = await browser.walk(await browser.get(`/authorize?${encode(parameters)}`));
    const location = back.headers.get('location')!;
    expect(location).toContain(`${CALLBACK}?foo=bar&b=%20c&`);
    await party.redeem(party.read(location, parameters, verifier));
  });
});

describe('nobody is redirected, but told which parameter is wrong', () => {
  it.each<[string, Form, string]>([
    ['a redirect URI that is not registered', { redirect_uri: 'https://rp.example.test/other' }, 'redirect_uri'],
    ['a redirect URI with another query', { redirect_uri: `${CALLBACK}?foo=baz` }, 'redirect_uri'],
    ['a redirect URI with more query', { redirect_uri: `${CALLBACK}?foo=bar&b=%20c&d=e` }, 'redirect_uri'],
    ['no redirect URI', { redirect_uri: undefined }, 'redirect_uri'],
    ['an unknown client', { client_id: 'nobody' }, 'client_id'],
    ['no client', { client_id: undefined }, 'client_id'],
  ])('%s', async (_, change, parameter) => {
    const { status, headers, page } = await open(change);
    expect([status, headers.get('location')]).toEqual([400, null]);
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    expect(page).toContain(parameter);
  });
});

describe('the client is told', () => {
  it.each<[string, Form, string]>([
    ['no response_type', { response_type: undefined }, 'invalid_request'],
    ['an unknown response_type', { response_type: 'unheard-of' }, 'unsupported_response_type'],
    ['an unsigned request object', { request: 'eyJhbGciOiJub25lIn0.e30.' }, 'invalid_request_object'],
    ['a request_uri that is not registered', { request_uri: 'https://rp.test/request' }, 'invalid_request_uri'],
    ['a registration', { registration: '{}' }, 'registration_not_supported'],
    ['a parameter sent twice', { nonce: ['one', 'two'] }, 'invalid_request'],
    ['prompt=none with another', { prompt: 'none login' }, 'invalid_request'],
    ['prompt=none when nobody is signed in', { prompt: 'none' }, 'login_required'],
  ])('%s', async (_, change, error) => {
    await expect(party.authorize(house.browser(), change)).rejects.toMatchObject({ error });
  });

  it('that the person said no', async () => {
    const denied = party.authorize(house.browser(), { prompt: 'consent' }, { decision: 'deny' });
    await expect(denied).rejects.toMatchObject({ error: 'access_denied' });
  });

  it('that a public client needs PKCE', async () => {
    const app = await RelyingParty.register(house, { token_endpoint_auth_method: 'none' });
    const bare = { code_challenge: undefined, code_challenge_method: undefined };
    await expect(app.authorize(house.browser(), bare)).rejects.toMatchObject({ error: 'invalid_request' });
  });
});

describe('a person who is signed in', () => {
  it('prompt=none answers silently right after the first consent: same sub, same auth_time', async () => {
    const browser = house.browser();
    const first = await party.signIn(browser);
    house.clock.pass('5s');
    const { parameters, verifier } = await party.request({ prompt: 'none' });
    const { headers } = await browser.get(`/authorize?${encode(parameters)}`);
    const second = await party.redeem(party.read(headers.get('location'), parameters, verifier));
    expect(second.claims.sub).toBe(first.claims.sub);
    expect(second.claims.auth_time).toBe(first.claims.auth_time);
  });

  it.each<[string, Form]>([
    ['prompt=login', { prompt: 'login' }],
    ['max_age=1', { max_age: '1' }],
  ])('%s signs in again: auth_time is later, sub the same', async (_, change) => {
    const browser = house.browser();
    const first = await party.signIn(browser);
    house.clock.pass(1_001);
    const { parameters } = await party.request(change);
    const { headers } = await browser.get(`/authorize?${encode(parameters)}`);
    expect(new URL(headers.get('location')!, house.issuer).pathname).toBe('/login');
    const maxAge = change['max_age'] === undefined ? {} : { maxAge: 1 };
    const second = await party.redeem(await party.authorize(browser, change), maxAge);
    expect(second.claims.sub).toBe(first.claims.sub);
    expect(second.claims.auth_time!).toBeGreaterThan(first.claims.auth_time!);
  });

  it('max_age=10000 keeps the sign-in and its auth_time', async () => {
    const browser = house.browser();
    const first = await party.signIn(browser);
    house.clock.pass('2s');
    const change = { max_age: '10000', prompt: 'none' };
    const second = await party.redeem(await party.authorize(browser, change), { maxAge: 10_000 });
    expect(second.claims.auth_time).toBe(first.claims.auth_time);
  });

  it('id_token_hint of the same person is silent; of another is login_required', async () => {
    const [alice, bob] = [house.browser(), house.browser()];
    const first = await party.signIn(alice);
    const { tokens } = await party.signIn(bob, {}, { as: 'bob' });
    const same = { prompt: 'none', id_token_hint: first.tokens.id_token };
    expect((await party.signIn(alice, same)).claims.sub).toBe(first.claims.sub);
    const other = party.authorize(alice, { prompt: 'none', id_token_hint: tokens.id_token });
    await expect(other).rejects.toMatchObject({ error: 'login_required' });
  });

  it('prompt=consent asks again; a new scope with prompt=none is consent_required', async () => {
    const browser = house.browser();
    await party.signIn(browser, {}, { as: 'bob' });
    const { parameters } = await party.request({ prompt: 'consent' });
    const { headers } = await browser.get(`/authorize?${encode(parameters)}`);
    expect(new URL(headers.get('location')!, house.issuer).pathname).toBe('/consent');
    const silent = party.authorize(browser, { scope: 'openid phone', prompt: 'none' });
    await expect(silent).rejects.toMatchObject({ error: 'consent_required' });
  });
});

describe('the claims parameter', () => {
  const ask = (claims: object) => ({ claims: JSON.stringify(claims) });

  it('has an essential name told at userinfo, and not in the ID token', async () => {
    const signedIn = await party.signIn(house.browser(), ask({ userinfo: { name: { essential: true } } }));
    expect(await party.userinfo(signedIn)).toEqual({ sub: signedIn.claims.sub, name: 'Alice Liddell' });
    expect(signedIn.claims).not.toHaveProperty('name');
  });

  it('has claims told in the ID token', async () => {
    const { claims } = await party.signIn(
      house.browser(),
      ask({ id_token: { auth_time: { essential: true }, acr: null, email: null } }),
    );
    expect(claims).toMatchObject({
      auth_time: expect.any(Number),
      acr: expect.any(String),
      email: 'alice@example.com',
    });
    expect(claims).not.toHaveProperty('name');
  });

  it('may ask for values of acr that nobody has, as long as they are not essential', async () => {
    const { claims } = await party.signIn(house.browser(), ask({ id_token: { acr: { values: ['unheard-of'] } } }));
    expect(claims['acr']).toBe('urn:gatehouse:pwd');
    const essential = ask({ id_token: { acr: { essential: true, values: ['unheard-of'] } } });
    await expect(party.authorize(house.browser(), essential)).rejects.toMatchObject({
      error: 'unmet_authentication_requirements',
    });
  });

  it('may name the person who must sign in', async () => {
    const browser = house.browser();
    const { claims } = await party.signIn(browser);
    const right = { ...ask({ id_token: { sub: { value: claims.sub } } }), prompt: 'none' };
    expect((await party.signIn(browser, right)).claims.sub).toBe(claims.sub);
    const wrong = { ...ask({ id_token: { sub: { value: 'somebody-else' } } }), prompt: 'none' };
    await expect(party.authorize(browser, wrong)).rejects.toMatchObject({ error: 'login_required' });
  });
});
