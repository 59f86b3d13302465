import { claimsOf, headerOf } from '../support/house.js';
import { CertifiedHouse } from './certified-house.js';
import { CALLBACK, RelyingParty } from './relying-party.js';

let house: CertifiedHouse;
let party: RelyingParty;
beforeAll(async () => {
  house = await CertifiedHouse.open();
  party = await RelyingParty.register(house, { token_endpoint_auth_method: 'client_secret_post' });
});
afterAll(() => house.close());

/** A request to the token endpoint as the registered client makes it, with changes. */
const ask = (form: Record<string, string>, headers: Record<string, string> = {}) => {
  const { client_id, client_secret } = party.registration as { client_id: string; client_secret: string };
  const body = new URLSearchParams({ client_id, client_secret, ...form });
  return fetch(`${house.issuer}/token`, { method: 'POST', body, headers });
};

describe('an authorization code', () => {
  it.each(['1s', '30s'] as const)('used again after %s is refused, and what it gave is dead', async (wait) => {
    const callback = await party.authorize(house.browser(), { scope: 'openid offline_access' });
    const first = await party.redeem(callback);
    await party.userinfo(first);
    house.clock.pass(wait);
    await expect(party.redeem(callback)).rejects.toMatchObject({ error: 'invalid_grant', status: 400 });
    house.clock.pass('30s');
    await expect(party.userinfo(first)).rejects.toThrow();
    expect(await party.introspect(first.tokens.access_token)).toEqual({ active: false });
    await expect(party.refresh(first.tokens.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('lives for a minute at most', async () => {
    const callback = await party.authorize(house.browser());
    house.clock.pass('61s');
    await expect(party.redeem(callback)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('is spent by a wrong verifier', async () => {
    const app = await RelyingParty.register(house, { token_endpoint_auth_method: 'none' });
    const callback = await app.authorize(house.browser());
    const wrong = { ...callback, verifier: 'w'.repeat(43) };
    await expect(app.redeem(wrong)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(app.redeem(callback)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it.each([
    ['another redirect URI', { redirectUri: `${CALLBACK}/other` }],
    ['a verifier that there was no challenge for', { verifier: 'v'.repeat(43) }],
  ])('is refused with %s', async (_, change) => {
    const callback = await party.authorize(house.browser());
    await expect(party.redeem({ ...callback, ...change })).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('is refused to another client', async () => {
    const other = await RelyingParty.register(house);
    const callback = await party.authorize(house.browser());
    await expect(other.redeem(callback)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('has 128 bits that nobody can guess', async () => {
    const codes = [await party.authorize(house.browser()), await party.authorize(house.browser())];
    const [one, two] = codes.map(({ response }) => response.get('code')!);
    expect(one!.length).toBeGreaterThanOrEqual(22);
    expect(one).not.toBe(two);
  });
});

describe('the token endpoint', () => {
  it('lets nobody store its answers', async () => {
    const { response, redirectUri } = await party.authorize(house.browser());
    const answer = await ask({
      grant_type: 'authorization_code',
      code: response.get('code')!,
      redirect_uri: redirectUri,
    });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  });

  it.each<[string, Record<string, string>, Record<string, string>, number, string]>([
    [
      'a wrong secret',
      { client_secret: 'wrong', grant_type: 'authorization_code', code: 'x' },
      {},
      401,
      'invalid_client',
    ],
    [
      'two ways of authentication',
      { grant_type: 'authorization_code', code: 'x' },
      { authorization: 'Basic YTpi' },
      400,
      'invalid_request',
    ],
    ['no grant type', {}, {}, 400, 'invalid_request'],
    ['an unknown grant type', { grant_type: 'password' }, {}, 400, 'unsupported_grant_type'],
    [
      'a code that nobody made',
      { grant_type: 'authorization_code', code: 'x', redirect_uri: CALLBACK },
      {},
      400,
      'invalid_grant',
    ],
    ['a grant type that was not registered', { grant_type: 'client_credentials' }, {}, 400, 'unauthorized_client'],
  ])('answers %s as RFC 6749 §5.2 says', async (_, form, headers, status, error) => {
    const answer = await ask(form, headers);
    expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ error })]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    if (status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Basic/);
  });

  it('takes forms only', async () => {
    const body = JSON.stringify({ grant_type: 'authorization_code' });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${house.issuer}/token`, { method: 'POST', body, headers });
    expect([400, 415]).toContain(answer.status);
    expect(await answer.json()).toMatchObject({ error: 'invalid_request' });
  });
});

describe('an access token', () => {
  it('is what RFC 9068 says', async () => {
    const { tokens, claims } = await party.signIn(house.browser(), { scope: 'openid email' });
    expect(headerOf(tokens.access_token)).toMatchObject({ typ: 'at+jwt', kid: expect.any(String) });
    expect(claimsOf(tokens.access_token)).toMatchObject({
      iss: house.issuer,
      sub: claims.sub,
      aud: house.issuer,
      client_id: party.client.client_id,
      scope: 'openid email',
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
      auth_time: claims.auth_time,
      acr: claims['acr'],
      sid: claims['sid'],
    });
  });

  it('expires', async () => {
    const signedIn = await party.signIn(house.browser());
    house.clock.pass('5m');
    await expect(party.userinfo(signedIn)).rejects.toThrow();
  });

  it('is for the resource that was named (RFC 8707)', async () => {
    const resource = 'urn:gatehouse:demo:orders';
    const { tokens } = await house.codeFlow({ scope: 'openid orders:read', resource });
    expect(claimsOf(tokens.access_token)).toMatchObject({ aud: resource });
    const unknown = party.authorize(house.browser(), { resource: 'urn:example:unheard-of' });
    await expect(unknown).rejects.toMatchObject({ error: 'invalid_target' });
  });
});

describe('a refresh token', () => {
  const scope = 'openid profile email offline_access';

  it('gives the same answer again within the grace, and ends its family after it', async () => {
    const { tokens } = await party.signIn(house.browser(), { scope });
    const second = await party.refresh(tokens.refresh_token);
    house.clock.pass('5s');
    expect(await party.refresh(tokens.refresh_token)).toEqual(second);
    house.clock.pass('6s');
    await expect(party.refresh(tokens.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(party.refresh(second.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('is nothing to another client, and stays good for its own', async () => {
    const other = await RelyingParty.register(house);
    const { tokens } = await party.signIn(house.browser(), { scope });
    await expect(other.refresh(tokens.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant', status: 400 });
    expect(await party.refresh(tokens.refresh_token)).toMatchObject({ expires_in: 300 });
  });

  it('may ask for less, not for more', async () => {
    const { tokens } = await party.signIn(house.browser(), { scope: 'openid email offline_access' });
    const narrow = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    const wider = await ask({ ...narrow, scope: 'openid email phone' });
    expect([wider.status, await wider.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_scope' })]);
    const narrower = await ask({ ...narrow, scope: 'openid' });
    expect([narrower.status, await narrower.json()]).toEqual([200, expect.objectContaining({ scope: 'openid' })]);
  });

  it('names the same person and the same sign-in in its ID token, without a nonce of its own', async () => {
    const { tokens, claims } = await party.signIn(house.browser(), { scope });
    house.clock.pass('1m');
    const refreshed = await party.refresh(tokens.refresh_token);
    const again = claimsOf(refreshed.id_token!);
    expect(again).toMatchObject({ iss: claims.iss, sub: claims.sub, aud: claims.aud, auth_time: claims.auth_time });
    expect(again['iat']).toBeGreaterThan(claims.iat);
  });

  it('ends with the session, unless it was granted offline', async () => {
    const browser = house.browser();
    const online = await party.signIn(browser, { scope: 'openid' });
    const offline = await party.signIn(browser, { scope });
    house.clock.pass('25h');
    await expect(party.refresh(online.tokens.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await party.refresh(offline.tokens.refresh_token)).toMatchObject({ expires_in: 300 });
  });
});
