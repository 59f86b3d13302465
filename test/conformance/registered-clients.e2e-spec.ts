import * as openid from 'openid-client';
import { CertifiedHouse } from './certified-house.js';
import { byKey, CALLBACK, makeOwnKey, type OwnKey, RelyingParty } from './relying-party.js';

let house: CertifiedHouse;
beforeAll(async () => void (house = await CertifiedHouse.open()));
afterAll(() => house.close());

let own: OwnKey;
let next: OwnKey;
beforeAll(async () => {
  [own, next] = await Promise.all([makeOwnKey('own-1'), makeOwnKey('own-2')]);
});

/** Publishes these keys of a client; answers where. */
function publishKeys(path: string, ...keys: OwnKey[]): string {
  const body = JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
  house.documents.set(path, { type: 'application/json', body });
  return house.sites.plain + path;
}

describe.each([
  ['client_secret_basic', () => ({})],
  ['client_secret_post', () => ({})],
  ['client_secret_jwt', () => ({})],
  ['private_key_jwt', () => ({ jwks: { keys: [own.jwk] } })],
  ['private_key_jwt', () => ({ jwks_uri: publishKeys('/life', own) })],
  ['none', () => ({})],
])('a client that registered itself with %s', (method, more) => {
  let party: RelyingParty;
  beforeAll(async () => {
    party = await RelyingParty.register(house, { token_endpoint_auth_method: method, ...more() }, own);
  });

  it('runs the flow, refreshes, is introspected and revokes', async () => {
    const browser = house.browser();
    const first = await party.signIn(browser, { scope: 'openid profile offline_access' });
    expect(await party.userinfo(first)).toMatchObject({ name: 'Alice Liddell' });
    const second = await party.refresh(first.tokens.refresh_token);
    expect(second.refresh_token).not.toBe(first.tokens.refresh_token);
    if (method === 'none') {
      await expect(party.introspect(second.access_token)).rejects.toMatchObject({ status: 401 });
    } else {
      expect(await party.introspect(second.access_token)).toMatchObject({
        active: true,
        client_id: party.client.client_id,
        sub: first.claims.sub,
      });
    }
    await party.revoke(second.refresh_token);
    await expect(party.refresh(second.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant', status: 400 });
    await expect(party.userinfo({ ...first, tokens: { ...first.tokens, ...second } as never })).rejects.toThrow();
    if (method !== 'none') expect(await party.introspect(second.access_token)).toEqual({ active: false });
  });

  it('goes on through a rotation of our keys', async () => {
    const browser = house.browser();
    const before = await party.signIn(browser);
    const { id_token: hint } = before.tokens;
    house.clock.pass('6m');
    await house.keys.rotate();
    const after = await party.signIn(browser, { prompt: 'none', id_token_hint: hint });
    expect(after.claims.sub).toBe(before.claims.sub);
    expect(after.claims.auth_time).toBe(before.claims.auth_time);
    expect((await party.refresh(before.tokens.refresh_token)).id_token).toEqual(expect.any(String));
  });
});

describe('a rotation of the client’s own keys', () => {
  it('at its jwks_uri is followed at once', async () => {
    const jwks_uri = publishKeys('/rotating', own);
    const party = await RelyingParty.register(house, { token_endpoint_auth_method: 'private_key_jwt', jwks_uri }, own);
    const { tokens } = await party.signIn(house.browser());
    publishKeys('/rotating', next);
    party.authentication = byKey(next);
    const refreshed = await party.refresh(tokens.refresh_token);
    party.authentication = byKey(own);
    await expect(party.refresh(refreshed.refresh_token)).rejects.toMatchObject({ status: 401 });
  });

  it('by value is told with RFC 7592', async () => {
    const metadata = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [own.jwk] } };
    const party = await RelyingParty.register(house, metadata, own);
    const { tokens } = await party.signIn(house.browser());
    const {
      registration_client_uri: url,
      registration_access_token: token,
      ...told
    } = party.registration as Record<string, string>;
    const answer = await fetch(url!, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...told, client_id_issued_at: undefined, jwks: { keys: [next.jwk] } }),
    });
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('own-2')]);
    party.authentication = byKey(next);
    const refreshed = await party.refresh(tokens.refresh_token);
    party.authentication = byKey(own);
    await expect(party.refresh(refreshed.refresh_token)).rejects.toMatchObject({ status: 401 });
  });
});

describe('the answer to a registration', () => {
  it('tells everything that was registered, and how to manage it', async () => {
    const metadata = {
      client_name: 'Suite',
      logo_uri: 'https://rp.example.test/logo.png',
      policy_uri: 'https://rp.example.test/policy',
      tos_uri: 'https://rp.example.test/terms',
      client_uri: 'https://rp.example.test/',
      contacts: ['certification@example.test'],
      initiate_login_uri: 'https://rp.example.test/login',
      redirect_uris: [CALLBACK],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      id_token_signed_response_alg: 'RS256',
      default_max_age: 3600,
      require_auth_time: true,
    };
    const { registration } = await RelyingParty.register(house, metadata);
    expect(registration).toMatchObject({ ...metadata, client_secret_expires_at: 0 });
    expect(registration['registration_client_uri']).toMatch(/^https:\/\/op\.example\.test:\d+\/register\//);
    expect(registration['registration_access_token']).toEqual(expect.any(String));
  });

  it('says nothing of members that nobody knows here, nor of a software statement', async () => {
    const { registration } = await RelyingParty.register(house, { software_statement: 'e30.e30.', unheard_of: 'x' });
    expect(registration).not.toHaveProperty('software_statement');
    expect(registration).not.toHaveProperty('unheard_of');
  });

  it.each([
    ['a redirect URI with a fragment', { redirect_uris: [`${CALLBACK}#part`] }, 'invalid_redirect_uri'],
    ['no redirect URI', { redirect_uris: [] }, 'invalid_redirect_uri'],
    ['initiate_login_uri over http', { initiate_login_uri: 'http://rp.example.test/login' }, 'invalid_client_metadata'],
    ['private_key_jwt without a key', { token_endpoint_auth_method: 'private_key_jwt' }, 'invalid_client_metadata'],
  ])('refuses %s', async (_, metadata, error) => {
    await expect(RelyingParty.register(house, metadata)).rejects.toMatchObject({ error, status: 400 });
  });
});

describe('pairwise subjects', () => {
  const redirects = ['https://a.example.test/callback', 'https://b.example.test/callback'];

  it('are the same over a sector that lists every redirect URI, and differ from the public one', async () => {
    house.documents.set('/sector', { type: 'application/json', body: JSON.stringify(redirects) });
    const sector_identifier_uri = `${house.sites.tls}/sector`;
    const subjects: string[] = [];
    for (const redirect_uri of redirects) {
      const party = await RelyingParty.register(house, {
        subject_type: 'pairwise',
        sector_identifier_uri,
        redirect_uris: [redirect_uri],
      });
      const signedIn = await party.signIn(house.browser());
      expect((await party.userinfo(signedIn)).sub).toBe(signedIn.claims.sub);
      subjects.push(signedIn.claims.sub);
    }
    const { claims } = await (await RelyingParty.register(house)).signIn(house.browser());
    expect(subjects[0]).toBe(subjects[1]);
    expect(subjects[0]).not.toBe(claims.sub);
  });

  it('are refused when the sector does not list a redirect URI', async () => {
    house.documents.set('/other-sector', { type: 'application/json', body: JSON.stringify([redirects[0]]) });
    const metadata = { sector_identifier_uri: `${house.sites.tls}/other-sector`, redirect_uris: redirects };
    await expect(RelyingParty.register(house, metadata)).rejects.toMatchObject({ error: 'invalid_client_metadata' });
  });
});

it.each(['RS256', 'PS256', 'ES256', 'EdDSA'])('signs ID tokens with %s when that is registered', async (alg) => {
  const party = await RelyingParty.register(house, { id_token_signed_response_alg: alg });
  const { tokens } = await party.signIn(house.browser());
  const header = JSON.parse(Buffer.from(tokens.id_token.split('.')[0]!, 'base64url').toString()) as object;
  expect(header).toMatchObject({ alg, kid: expect.any(String) });
});

it('signs userinfo and introspection when that is registered', async () => {
  const party = await RelyingParty.register(house, {
    userinfo_signed_response_alg: 'RS256',
    introspection_signed_response_alg: 'RS256',
  });
  const signedIn = await party.signIn(house.browser(), { scope: 'openid email' });
  const told = await party.userinfo(signedIn);
  expect(told).toMatchObject({ iss: house.issuer, aud: party.client.client_id, email: 'alice@example.com' });
  expect(told).not.toHaveProperty('nonce');
  expect(await party.introspect(signedIn.tokens.access_token)).toMatchObject({
    active: true,
    sub: signedIn.claims.sub,
  });
});

it('shows logo, policy and terms at sign-in and at consent', async () => {
  const logo = Buffer.from('iVBORw0KGgo=', 'base64');
  house.documents.set('/logo.png', { type: 'image/png', body: logo });
  const policy_uri = 'https://rp.example.test/policy';
  const tos_uri = 'https://rp.example.test/terms';
  const party = await RelyingParty.register(house, {
    client_name: 'A client to see',
    logo_uri: `${house.sites.plain}/logo.png`,
    policy_uri,
    tos_uri,
  });
  const browser = house.browser();
  const { parameters } = await party.request();
  const toSignIn = await browser.get(`/authorize?${new URLSearchParams(parameters as Record<string, string>)}`);
  const signInUrl = new URL(toSignIn.headers.get('location')!, house.issuer);
  expect(signInUrl.pathname).toBe('/login');
  const signIn = await browser.get(signInUrl.href);
  const signedIn = await browser.signIn('alice', 'wonderland', signInUrl.searchParams.get('interaction')!);
  const toConsent = await browser.get(signedIn.headers.get('location')!);
  const consent = await browser.get(toConsent.headers.get('location')!);
  for (const { page } of [signIn, consent]) {
    expect(page).toContain('A client to see');
    expect(page).toContain(`href="${policy_uri}"`);
    expect(page).toContain(`href="${tos_uri}"`);
    const [, src] = /<img[^>]+src="([^"]+)"/.exec(page)!;
    const image = await fetch(new URL(src!, house.issuer));
    expect(image.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await image.arrayBuffer())).toEqual(logo);
  }
  expect(signIn.page).toMatch(/<input[^>]+name="username"[^>]*>/);
  expect(signIn.page).toMatch(/<button[^>]+id="login-submit"/);
  expect(consent.page).toMatch(/id="consent-allow"/);
  expect(consent.page).toMatch(/id="consent-deny"/);
});

it('is understood by openid-client, too', async () => {
  const config = await openid.dynamicClientRegistration(new URL(house.issuer), {
    redirect_uris: [CALLBACK],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_post',
    [openid.clockSkew]: Math.round(house.clock.now() / 1000 - Date.now() / 1000),
  });
  openid.enableNonRepudiationChecks(config);
  const verifier = openid.randomPKCECodeVerifier();
  const state = openid.randomState();
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: 'openid email',
    state,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const browser = house.browser();
  const back = await browser.walk(await browser.get(url.href));
  const callback = new URL(back.headers.get('location')!);
  const tokens = await openid.authorizationCodeGrant(config, callback, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    idTokenExpected: true,
  });
  const { sub } = tokens.claims()!;
  expect(await openid.fetchUserInfo(config, tokens.access_token, sub)).toMatchObject({ email: 'alice@example.com' });
  const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token!);
  expect(await openid.tokenIntrospection(config, refreshed.access_token)).toMatchObject({ active: true });
  await openid.tokenRevocation(config, refreshed.access_token);
  expect(await openid.tokenIntrospection(config, refreshed.access_token)).toEqual({ active: false });
});
