import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import * as openid from 'openid-client';
import { encode, type Form, type PersonBrowser } from '../support/house.js';
import { hiddenFields } from '../support/login-house.js';
import { CertifiedHouse } from './certified-house.js';
import { RelyingParty, type SignedIn } from './relying-party.js';

const BYE = 'https://rp.example.test/bye';

let house: CertifiedHouse;
let party: RelyingParty;
let browser: PersonBrowser;
let signedIn: SignedIn;
beforeAll(async () => {
  // Two processes take turns: nothing hangs on which of them knows what.
  house = await CertifiedHouse.open({ processes: 2 });
  party = await RelyingParty.register(house, { post_logout_redirect_uris: [BYE] });
});
afterAll(() => house.close());
beforeEach(async () => {
  browser = house.browser();
  signedIn = await party.signIn(browser);
});

const hint = () => signedIn.tokens.id_token;
const logout = (form: Form) => browser.get(`/logout?${encode(form)}`);
const isSignedIn = async () => {
  try {
    await party.authorize(browser, { prompt: 'none' });
    return true;
  } catch (error) {
    expect(error).toMatchObject({ error: 'login_required' });
    return false;
  }
};

it('goes back to the client with exactly its state, and everything is over', async () => {
  const config = new openid.Configuration(party.as as openid.ServerMetadata, party.registration.client_id);
  const state = 'a state/+?&=ä';
  const url = openid.buildEndSessionUrl(config, { id_token_hint: hint(), post_logout_redirect_uri: BYE, state });
  const { status, headers } = await browser.get(url.href);
  expect([303, 302]).toContain(status);
  const back = new URL(headers.get('location')!);
  expect(`${back.origin}${back.pathname}`).toBe(BYE);
  expect([...back.searchParams]).toEqual([['state', state]]);
  expect(await isSignedIn()).toBe(false);
  await expect(party.refresh(signedIn.tokens.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
});

it('appends nothing when there is no state, and takes a POST', async () => {
  const form = { id_token_hint: hint(), post_logout_redirect_uri: BYE };
  const { headers } = await browser.send('/logout', { method: 'POST', body: encode(form) });
  expect(headers.get('location')).toBe(BYE);
  expect(await isSignedIn()).toBe(false);
});

it('accepts a hint that has expired', async () => {
  house.clock.pass('10m');
  const { headers } = await logout({ id_token_hint: hint(), post_logout_redirect_uri: BYE });
  expect(headers.get('location')).toBe(BYE);
});

it('with a hint and no redirect ends at our own page', async () => {
  const { headers } = await logout({ id_token_hint: hint() });
  const { page } = await browser.get(headers.get('location')!);
  expect(page).toContain('signed out');
});

it.each<[string, () => Form]>([
  ['without anything', () => ({})],
  ['with a redirect and no hint', () => ({ post_logout_redirect_uri: BYE, state: 'x' })],
])('%s asks first, and stays here afterwards', async (_, form) => {
  const { status, headers, page } = await logout(form());
  expect([status, headers.get('location')]).toEqual([200, null]);
  expect(page).toContain('id="logout-confirm"');
  expect(await isSignedIn()).toBe(true);
  const confirmed = await browser.post('/logout', hiddenFields(page));
  const done = await browser.get(confirmed.headers.get('location')!);
  expect(done.page).toContain('signed out');
  expect(await isSignedIn()).toBe(false);
});

it.each<[string, () => Form]>([
  ['a redirect that is not registered', () => ({ id_token_hint: hint(), post_logout_redirect_uri: `${BYE}/other` })],
  ['a redirect with more query', () => ({ id_token_hint: hint(), post_logout_redirect_uri: `${BYE}?foo=bar` })],
  ['a forged hint', () => ({ id_token_hint: forged(hint()), post_logout_redirect_uri: BYE })],
  ['a hint that is no token', () => ({ id_token_hint: 'nonsense', post_logout_redirect_uri: BYE })],
  ['another client_id', () => ({ id_token_hint: hint(), client_id: 'somebody', post_logout_redirect_uri: BYE })],
])('HD-08: %s never redirects, and nobody is signed out', async (_, form) => {
  const { status, headers } = await logout(form());
  expect([status, headers.get('location')]).toEqual([400, null]);
  expect(await isSignedIn()).toBe(true);
});

describe('tells the applications', () => {
  const own = 'https://rp.example.test';

  it('over the back channel, by a logout token as the specification has it', async () => {
    const to = (path: string) => ({ backchannel_logout_uri: `${house.sites.tls}${path}` });
    const one = await RelyingParty.register(house, {
      ...to('/one?keep=it'),
      backchannel_logout_session_required: true,
      id_token_signed_response_alg: 'ES256',
      subject_type: 'pairwise',
    });
    const two = await RelyingParty.register(house, to('/two'));
    const elsewhere = await RelyingParty.register(house, to('/elsewhere'));
    expect(one.registration).toMatchObject({ ...to('/one?keep=it'), backchannel_logout_session_required: true });
    const atOne = await one.signIn(browser);
    const atTwo = await two.signIn(browser);
    await elsewhere.signIn(house.browser());
    const { headers } = await logout({ id_token_hint: hint(), post_logout_redirect_uri: BYE });
    expect(headers.get('location')).toBe(BYE);
    expect(await isSignedIn()).toBe(false);

    // The keys and the checks are of another library; when the browser goes on, the applications have been told.
    const keys = createLocalJWKSet((await (await fetch(party.as.jwks_uri!)).json()) as JSONWebKeySet);
    for (const [path, at, relyingParty, alg] of [
      ['/one?keep=it', atOne, one, 'ES256'],
      ['/two', atTwo, two, 'RS256'],
    ] as const) {
      const [form, ...more] = house.posted.get(path)!;
      expect([[...form!.keys()], more]).toEqual([['logout_token'], []]);
      const { payload, protectedHeader } = await jwtVerify(form!.get('logout_token')!, keys, {
        issuer: house.issuer,
        audience: relyingParty.registration.client_id,
        typ: 'logout+jwt',
        algorithms: [alg],
        requiredClaims: ['iat', 'exp', 'jti', 'events', 'sub', 'sid'],
        currentDate: new Date(house.clock.now()),
      });
      expect(protectedHeader.kid).toEqual(expect.any(String));
      expect([payload['sub'], payload['sid']]).toEqual([at.claims.sub, at.claims['sid']]);
      expect(payload['events']).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} });
      expect(payload).not.toHaveProperty('nonce');
    }
    expect(house.posted.get('/elsewhere')).toBeUndefined();
  });

  it('in frames, and goes on', async () => {
    const framed = await RelyingParty.register(house, {
      frontchannel_logout_uri: `${own}/frontchannel_logout`,
      frontchannel_logout_session_required: true,
    });
    const at = await framed.signIn(browser);
    const { status, page } = await logout({ id_token_hint: hint(), post_logout_redirect_uri: BYE, state: 'abc' });
    expect(status).toBe(200);
    const [frame, ...more] = [...page.matchAll(/<iframe src="([^"]+)"/g)].map(([, url]) =>
      url!.replaceAll('&amp;', '&'),
    );
    const url = new URL(frame!);
    expect([`${url.origin}${url.pathname}`, more]).toEqual([`${own}/frontchannel_logout`, []]);
    expect([...url.searchParams]).toEqual([
      ['iss', house.issuer],
      ['sid', at.claims['sid']],
    ]);
    expect(page).toContain(`url=${BYE}?state=abc`);
    expect(page).toContain('signed out');
    expect(await isSignedIn()).toBe(false);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a frame of another site', { frontchannel_logout_uri: 'https://elsewhere.test/out' }],
    ['a frame with a fragment', { frontchannel_logout_uri: `${own}/out#x` }],
    ['a back channel without TLS', { backchannel_logout_uri: 'http://rp.example.test/out' }],
    ['a back channel with a fragment', { backchannel_logout_uri: `${own}/out#x` }],
    ['a back channel that is a script', { backchannel_logout_uri: 'javascript:alert(1)' }],
  ])('nobody registers %s', async (_, metadata) => {
    await expect(RelyingParty.register(house, metadata)).rejects.toMatchObject({ error: 'invalid_client_metadata' });
  });

  it('by session_state, which every authentication response has, and a frame that serves itself to be framed', async () => {
    const { response } = await party.authorize(browser);
    expect(response.get('session_state')).toMatch(/^[^ ]+\.[^ ]+$/);
    await logout({ id_token_hint: hint() });
    const refusal = await party
      .authorize(browser, { prompt: 'none' })
      .catch((error: openid.AuthorizationResponseError) => error);
    const { error, cause } = refusal as openid.AuthorizationResponseError;
    expect([error, cause.get('session_state')]).toEqual(['login_required', expect.stringMatching(/^[^ ]+\.[^ ]+$/)]);
    const frame = await fetch(party.as['check_session_iframe'] as string);
    expect([frame.status, frame.headers.get('x-frame-options')]).toEqual([200, null]);
    expect(frame.headers.get('content-security-policy')).toContain('frame-ancestors *');
  });

  it('as the metadata say', () => {
    expect(party.as).toMatchObject({
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      frontchannel_logout_supported: true,
      frontchannel_logout_session_supported: true,
      check_session_iframe: `${house.issuer}/check-session`,
    });
  });
});

/** The same claims under a signature of nobody. */
function forged(token: string): string {
  const [header, payload, signature] = token.split('.') as [string, string, string];
  return [header, payload, signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))].join('.');
}
