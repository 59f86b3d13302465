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
  house = await CertifiedHouse.open();
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
])('%s never redirects, and nobody is signed out', async (_, form) => {
  const { status, headers } = await logout(form());
  expect([status, headers.get('location')]).toEqual([400, null]);
  expect(await isSignedIn()).toBe(true);
});

/** The same claims under a signature of nobody. */
function forged(token: string): string {
  const [header, payload, signature] = token.split('.') as [string, string, string];
  return [header, payload, signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))].join('.');
}
