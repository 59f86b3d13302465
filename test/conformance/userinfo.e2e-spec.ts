import { claimsOf } from '../support/house.js';
import { CertifiedHouse } from './certified-house.js';
import { RelyingParty, type SignedIn } from './relying-party.js';

const PROFILE = [
  'name', 'family_name', 'given_name', 'middle_name', 'nickname', 'preferred_username', 'profile', 'picture', 'website',
  'gender', 'birthdate', 'zoneinfo', 'locale', 'updated_at',
]; // prettier-ignore

let house: CertifiedHouse;
let party: RelyingParty;
let everything: SignedIn;
beforeAll(async () => {
  house = await CertifiedHouse.open();
  party = await RelyingParty.register(house);
  everything = await party.signIn(house.browser(), { scope: 'openid profile email address phone' });
});
afterAll(() => house.close());

it('tells all twenty claims of the standard scopes, typed as Core §5.1 says', async () => {
  const told = await party.userinfo(everything);
  expect(Object.keys(told).sort()).toEqual(
    ['sub', ...PROFILE, 'email', 'email_verified', 'address', 'phone_number', 'phone_number_verified'].sort(),
  );
  for (const value of Object.values(told)) expect([null, '']).not.toContain(value);
  expect(told).toMatchObject({
    sub: everything.claims.sub,
    email_verified: true,
    phone_number_verified: false,
    updated_at: expect.any(Number),
    address: { country: 'GB', formatted: expect.any(String) },
  });
});

it.each<[string, string[]]>([
  ['openid', []],
  ['openid profile', PROFILE],
  ['openid email', ['email', 'email_verified']],
  ['openid address', ['address']],
  ['openid phone', ['phone_number', 'phone_number_verified']],
])('tells what the scope %s asks for and nothing else', async (scope, names) => {
  const signedIn = await party.signIn(house.browser(), { scope });
  expect(Object.keys(await party.userinfo(signedIn)).sort()).toEqual(['sub', ...names].sort());
});

it('leaves out what a person does not have', async () => {
  const bob = await party.signIn(house.browser(), { scope: 'openid profile address phone' }, { as: 'bob' });
  const told = await party.userinfo(bob);
  expect(told).toMatchObject({ name: 'Bob Builder' });
  for (const name of ['address', 'phone_number', 'nickname']) expect(told).not.toHaveProperty(name);
});

it('puts no claims about the person into the ID token that nobody asked for there', () => {
  const known = ['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'sid', 'at_hash'];
  expect(Object.keys(claimsOf(everything.tokens.id_token)).filter((name) => !known.includes(name))).toEqual([]);
});

it('answers GET, POST with a header, and POST with a form', async () => {
  const { access_token } = everything.tokens;
  const headers = { authorization: `Bearer ${access_token}` };
  const url = `${house.issuer}/userinfo`;
  const told = await party.userinfo(everything);
  const requests = [
    { headers },
    { method: 'POST', headers },
    { method: 'POST', body: new URLSearchParams({ access_token }) },
  ];
  for (const request of requests) {
    const answer = await fetch(url, request);
    expect([answer.status, await answer.json()]).toEqual([200, told]);
  }
});

it.each<[string, (token: string) => [string, RequestInit], number]>([
  ['in the query (RFC 9700 §4.3.2)', (token) => [`?access_token=${token}`, {}], 401],
  [
    'in two places',
    (token) => [
      '',
      {
        method: 'POST',
        body: new URLSearchParams({ access_token: token }),
        headers: { authorization: `Bearer ${token}` },
      },
    ],
    400,
  ],
  ['that is malformed', () => ['', { headers: { authorization: 'Bearer nonsense' } }], 401],
])('refuses a token %s', async (_, request, status) => {
  const [query, init] = request(everything.tokens.access_token);
  const answer = await fetch(`${house.issuer}/userinfo${query}`, init);
  expect(answer.status).toBe(status);
  if (status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
});

it('lets the pages of a registered browser application read it, and nobody else’s', async () => {
  const headers = { authorization: `Bearer ${everything.tokens.access_token}` };
  await RelyingParty.register(house, {
    token_endpoint_auth_method: 'none',
    redirect_uris: ['https://spa.example.test/callback'],
  });
  house.clock.pass('6s');
  const ask = async (origin: string) => {
    const answer = await fetch(`${house.issuer}/userinfo`, { headers: { ...headers, origin } });
    return answer.headers.get('access-control-allow-origin');
  };
  expect(await ask('https://spa.example.test')).toBe('https://spa.example.test');
  expect(await ask('https://evil.example.test')).toBeNull();
});
