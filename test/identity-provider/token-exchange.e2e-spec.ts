import { INVOICES_AUDIENCE, ORDERS_AUDIENCE } from '../../src/apps/support/demo.js';
import { TokenPolicy } from '../../src/authorizations/token-policy.js';
import type { ExchangePolicy } from '../../src/clients/client-policy.js';
import { TOKEN_EXCHANGE } from '../../src/protocol/grant-type.js';
import { ACCESS_TOKEN_TYPE, JWT_TYPE } from '../../src/protocol/token-type.js';
import {
  claimsOf,
  type Form,
  headerOf,
  type House,
  type JsonAnswer,
  openHouse,
  type PersonBrowser,
  type TestClient,
  type Tokens,
} from '../support/house.js';

/**
 * `web` is what people sign in to; it calls orders for them. `api` serves the API `stock` and calls orders for its callers.
 * `office` is where an agent signs in and acts for others.
 */
let house: House;
let web: TestClient;
let api: TestClient;
let office: TestClient;
const STOCK = 'urn:test:stock';
const SCOPES = 'openid profile email offline_access orders:read orders:write invoices:read stock:read';

const mayExchange = (policy: Partial<ExchangePolicy>) => ({
  exchange: { audiences: [], scopes: [], impersonation: false, ...policy },
});
function exchanger(id: string, policy: Partial<ExchangePolicy>, metadata: Form = {}): Promise<TestClient> {
  const grants = ['authorization_code', 'refresh_token', 'client_credentials', TOKEN_EXCHANGE];
  return house.client(
    id,
    { grant_types: grants, scope: SCOPES, ...metadata },
    { firstParty: true, ...mayExchange(policy) },
  );
}

beforeAll(async () => {
  house = await openHouse();
  await house.resources.put({ audience: STOCK, scopes: ['stock:read'], tokenFormat: 'jwt', ownerClientId: 'api' });
  await house.resources.put({ audience: 'urn:test:opaque', scopes: ['opaque:read'], tokenFormat: 'opaque' });
  web = await exchanger('web', { audiences: [ORDERS_AUDIENCE, house.issuer] });
  api = await exchanger('api', { audiences: [ORDERS_AUDIENCE], scopes: ['orders:read'] });
  office = await exchanger('office', { audiences: [ORDERS_AUDIENCE] });
});
afterAll(() => house.close());

const ORDERS = { scope: 'openid profile orders:read orders:write', resource: ORDERS_AUDIENCE };

/** Each person keeps one browser, so that they type their password seldom. */
const browsers = new Map<string, PersonBrowser>();

/** A person's tokens, by sign-in at this client. */
async function signIn(client = web, form: Form = ORDERS, as = 'alice') {
  const browser = browsers.get(as) ?? house.browser();
  browsers.set(as, browser);
  const { tokens } = await house.codeFlow(form, { client, as, browser });
  return { token: tokens.access_token, tokens, browser };
}

const exchange = (client: TestClient | undefined, subject: string | undefined, form: Form = {}): Promise<JsonAnswer> =>
  house.token(client, {
    grant_type: TOKEN_EXCHANGE,
    subject_token: subject,
    subject_token_type: ACCESS_TOKEN_TYPE,
    audience: ORDERS_AUDIENCE,
    ...form,
  });

async function exchanged(client: TestClient, subject: string, form: Form = {}): Promise<string> {
  const { status, json } = await exchange(client, subject, form);
  expect([status, json['error_description']]).toEqual([200, undefined]);
  return json['access_token'] as string;
}

async function ownToken(client: TestClient, form: Form = { scope: 'orders:read' }): Promise<string> {
  return (await house.token(client, { grant_type: 'client_credentials', ...form })).json['access_token'] as string;
}

const isActive = async (token: string, client: TestClient) => (await house.introspect(token, client))['active'];

async function expectRefusal(answer: Promise<JsonAnswer>, error: string, status = 400) {
  const { status: got, json } = await answer;
  expect([got, json['error']]).toEqual([status, error]);
  expect(json).not.toHaveProperty('access_token');
}

describe('a client that calls an API for the person who is signed in', () => {
  it('gets a token of that person, for that API, that names it', async () => {
    const { token } = await signIn();
    const { status, json, headers } = await exchange(web, token, { scope: 'orders:read' });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(json).toEqual({
      access_token: expect.any(String),
      issued_token_type: ACCESS_TOKEN_TYPE,
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'orders:read',
    });
    const [claims, parent] = [claimsOf(json['access_token'] as string), claimsOf(token)];
    expect(headerOf(json['access_token'] as string)).toMatchObject({ typ: 'at+jwt', alg: 'ES256' });
    expect(claims).toMatchObject({
      sub: parent['sub'],
      aud: ORDERS_AUDIENCE,
      client_id: 'web',
      scope: 'orders:read',
      act: { sub: 'web', client_id: 'web' },
      sid: parent['sid'],
      authorization_id: parent['authorization_id'],
      auth_time: parent['auth_time'],
      acr: parent['acr'],
      amr: parent['amr'],
      rev: parent['rev'],
      roles: ['admin'],
    });
    expect(claims['jti']).not.toBe(parent['jti']);
  });

  it('without a scope: all that the API understands of what was allowed, and nothing else', async () => {
    const { token } = await signIn();
    expect(claimsOf(await exchanged(web, token))['scope']).toBe('orders:read orders:write');
  });

  it('the scope names the API, and so does the old token', async () => {
    const { token } = await signIn();
    for (const form of [{ audience: undefined, scope: 'orders:read' }, { audience: undefined }]) {
      expect(claimsOf(await exchanged(web, token, form))['aud']).toBe(ORDERS_AUDIENCE);
    }
    expect(claimsOf(await exchanged(web, token, { audience: undefined, resource: ORDERS_AUDIENCE }))['aud']).toBe(
      ORDERS_AUDIENCE,
    );
  });

  it('as a JWT, when it asks for one', async () => {
    const { token } = await signIn();
    const form = { subject_token_type: JWT_TYPE, requested_token_type: JWT_TYPE };
    expect((await exchange(web, token, form)).json['issued_token_type']).toBe(JWT_TYPE);
  });

  it('never lives longer than what it was made from, though it is exchanged again and again', async () => {
    const { token } = await signIn();
    const { exp } = claimsOf(token) as { exp: number };
    house.clock.pass('200s');
    const first = await exchange(web, token);
    expect(first.json['expires_in']).toBe(100);
    const second = await exchanged(web, first.json['access_token'] as string);
    expect(claimsOf(second)['exp']).toBe(exp);
    house.clock.pass('101s');
    await expectRefusal(exchange(web, second), 'invalid_request');
  });

  it('gives no refresh token and no ID token, whatever is asked', async () => {
    const { token } = await signIn();
    await expectRefusal(exchange(web, token, { scope: 'openid orders:read' }), 'invalid_scope');
    await expectRefusal(exchange(web, token, { scope: 'orders:read offline_access' }), 'invalid_scope');
    for (const kind of ['refresh_token', 'id_token', 'saml2']) {
      const type = `urn:ietf:params:oauth:token-type:${kind}`;
      await expectRefusal(exchange(web, token, { requested_token_type: type }), 'invalid_request');
    }
  });
});

describe('an API that calls another one for its callers', () => {
  it('exchanges what it received, up to what its policy adds', async () => {
    const { token } = await signIn(web, { scope: 'openid stock:read', resource: STOCK });
    const second = await exchanged(api, token);
    expect(claimsOf(second)).toMatchObject({
      aud: ORDERS_AUDIENCE,
      client_id: 'api',
      scope: 'orders:read',
      act: { sub: 'api' },
    });
    await expectRefusal(exchange(api, token, { scope: 'orders:write' }), 'invalid_scope');
  });

  it('the chain of those who act is told, the last one outermost', async () => {
    await house.register(
      web,
      { grant_types: ['authorization_code', 'refresh_token', TOKEN_EXCHANGE], scope: SCOPES },
      { firstParty: true, ...mayExchange({ audiences: [ORDERS_AUDIENCE, STOCK, house.issuer] }) },
    );
    const { token } = await signIn(web, { scope: 'openid stock:read', resource: STOCK });
    const forStock = await exchanged(web, token, { audience: STOCK });
    const forOrders = await exchanged(api, forStock);
    expect(claimsOf(forOrders)['act']).toEqual({ sub: 'api', client_id: 'api', act: { sub: 'web', client_id: 'web' } });
    expect(await house.introspect(forOrders, { ...api })).toMatchObject({
      active: true,
      username: 'alice',
      act: { sub: 'api', act: { sub: 'web' } },
    });
    // What it was made from ends: so does it, at every step.
    await house.post('/revoke', web, { token });
    for (const one of [forStock, forOrders]) expect(await isActive(one, api)).toBe(false);
    await expectRefusal(exchange(api, forStock), 'invalid_request');
  });

  it('has a limit to how often', async () => {
    let { token } = await signIn();
    let answer: JsonAnswer;
    let count = 0;
    do {
      answer = await exchange(web, token);
      token = (answer.json['access_token'] as string | undefined) ?? token;
    } while (answer.status === 200 && (count += 1) < 20);
    expect([count, answer.json['error']]).toEqual([10, 'invalid_request']);
  });
});

describe('a person who acts for another', () => {
  it('is named, and bounds how long', async () => {
    const customer = await signIn(office);
    house.clock.pass('100s');
    const agent = await signIn(office, ORDERS, 'bob');
    const actor = { actor_token: agent.token, actor_token_type: ACCESS_TOKEN_TYPE };
    const token = await exchanged(office, customer.token, actor);
    expect(claimsOf(token)).toMatchObject({
      sub: claimsOf(customer.token)['sub'],
      act: { sub: claimsOf(agent.token)['sub'], client_id: 'office' },
      exp: claimsOf(customer.token)['exp'],
    });
    const later = await exchanged(office, agent.token, {
      actor_token: customer.token,
      actor_token_type: ACCESS_TOKEN_TYPE,
    });
    expect(claimsOf(later)['exp']).toBe(claimsOf(customer.token)['exp']);
    // The agent signs out, and acts no more; the customer's own token lives on.
    const page = await agent.browser.get(`/logout?id_token_hint=${agent.tokens.id_token}`);
    expect(page.status).toBe(303);
    expect([await isActive(token, office), await isActive(customer.token, office)]).toEqual([false, true]);
  });

  it('a program may be the actor by a token of its own', async () => {
    const { token } = await signIn(office);
    const actor = { actor_token: await ownToken(office), actor_token_type: ACCESS_TOKEN_TYPE };
    expect(claimsOf(await exchanged(office, token, actor))['act']).toEqual({ sub: 'office', client_id: 'office' });
  });

  it.each<[string, () => Promise<Form>]>([
    ['somebody else’s token', async () => ({ actor_token: (await signIn(web)).token, actor_token_type: ACCESS_TOKEN_TYPE })],
    ['a token by which another acts', async () => ({ actor_token: await exchanged(office, (await signIn(office)).token), actor_token_type: ACCESS_TOKEN_TYPE })],
    ['garbage', async () => ({ actor_token: 'garbage', actor_token_type: ACCESS_TOKEN_TYPE })],
    ['a token without its type', async () => ({ actor_token: await ownToken(office) })],
    ['a type without a token', async () => ({ actor_token_type: ACCESS_TOKEN_TYPE })],
    ['a type without a meaning', async () => ({ actor_token: await ownToken(office), actor_token_type: 'nonsense' })],
  ])('%s is no actor', async (_, form) => {
    const { token } = await signIn(office);
    await expectRefusal(exchange(office, token, await form()), 'invalid_request');
  }); // prettier-ignore
});

describe('impersonation', () => {
  it('names nobody, where the policy says so; who acted before stays named', async () => {
    const quiet = await exchanger('quiet', { audiences: [ORDERS_AUDIENCE, STOCK], impersonation: true });
    await house.resources.put({ audience: STOCK, scopes: ['stock:read'], tokenFormat: 'jwt', ownerClientId: 'api', servedBy: ['quiet'] });
    const { token } = await signIn(quiet);
    const alone = await exchanged(quiet, token);
    expect(claimsOf(alone)).not.toHaveProperty('act');
    expect(claimsOf(alone)['client_id']).toBe('quiet');
    const named = await exchanged(quiet, token, { actor_token: await ownToken(quiet), actor_token_type: ACCESS_TOKEN_TYPE });
    expect(claimsOf(named)['act']).toMatchObject({ sub: 'quiet' });
    const chained = await exchanged(web, (await signIn(web, { scope: 'openid stock:read', resource: STOCK })).token, { audience: STOCK });
    expect(claimsOf(await exchanged(quiet, chained, { audience: STOCK }))['act']).toEqual({ sub: 'web', client_id: 'web' });
  }); // prettier-ignore
});

describe('denied by default', () => {
  it('a client without the policy, or without the registration', async () => {
    const { token } = await signIn();
    await expectRefusal(exchange(await exchanger('no-policy', {}), token), 'unauthorized_client');
    await house.client('no-grant', {}, mayExchange({ audiences: [ORDERS_AUDIENCE] }));
    await expectRefusal(exchange(house.web, token), 'unauthorized_client');
  });

  it('a public client cannot even be registered for it', async () => {
    const pub: TestClient = { id: 'pub', redirectUri: 'https://pub.test/cb', method: 'none' };
    await expect(house.register(pub, { grant_types: ['authorization_code', TOKEN_EXCHANGE] })).rejects.toThrow(
      'public',
    );
    await expectRefusal(exchange(house.spa, (await signIn()).token), 'unauthorized_client');
    await expectRefusal(exchange(undefined, (await signIn()).token), 'invalid_client', 401);
  });

  it.each<[string, Form]>([
    ['an API that its policy does not name', { audience: INVOICES_AUDIENCE }],
    ['one that it names and one that it does not', { audience: [ORDERS_AUDIENCE, INVOICES_AUDIENCE] }],
    ['one by each parameter', { resource: INVOICES_AUDIENCE }],
    ['an API that nobody knows', { audience: 'urn:nobody' }],
    ['the provider together with an API', { audience: () => [ORDERS_AUDIENCE, house.issuer] } as never],
    ['the owner of scopes that its policy does not name', { audience: undefined, scope: 'invoices:read' }],
    ['no API in particular: the scopes of two', { audience: undefined, scope: 'orders:read invoices:read' }],
  ])('%s: invalid_target', async (_, form) => {
    const { token } = await signIn();
    const { audience } = form as { audience?: unknown };
    const asked = typeof audience === 'function' ? { audience: (audience as () => string[])() } : form;
    await expectRefusal(exchange(web, token, asked), 'invalid_target');
  });

  it.each<[string, Form]>([
    ['more than the old token has', { scope: 'orders:read orders:write' }],
    ['a scope of another API', { scope: 'orders:read invoices:read' }],
    ['a scope that nobody knows', { scope: 'admin' }],
  ])('%s: invalid_scope', async (_, form) => {
    const { token } = await signIn(web, { ...ORDERS, scope: 'openid orders:read' });
    await expectRefusal(exchange(web, token, form), 'invalid_scope');
  });

  it('a scope that the client is not registered for, though the old token has it', async () => {
    const narrow = await exchanger('narrow', { audiences: [ORDERS_AUDIENCE] }, { scope: 'openid orders:read' });
    await house.resources.put({
      audience: STOCK,
      scopes: ['stock:read'],
      tokenFormat: 'jwt',
      ownerClientId: 'api',
      servedBy: ['narrow'],
    });
    const { token } = await signIn(web, {
      scope: 'openid stock:read orders:read orders:write',
      resource: [STOCK, ORDERS_AUDIENCE],
    });
    await expectRefusal(exchange(narrow, token, { scope: 'orders:write' }), 'invalid_scope');
    expect(claimsOf(await exchanged(narrow, token))['scope']).toBe('orders:read');
  });

  it('a token of which nothing means anything there', async () => {
    const { token } = await signIn(web, { scope: 'openid profile' });
    await expectRefusal(exchange(web, token), 'invalid_scope');
  });

  it('a JWT for an API that takes opaque tokens', async () => {
    const client = await exchanger('opaque', { audiences: ['urn:test:opaque'] }, { scope: 'openid opaque:read' });
    const { token } = await signIn(client, { scope: 'openid opaque:read' });
    const form = { audience: 'urn:test:opaque' };
    await expectRefusal(exchange(client, token, { ...form, requested_token_type: JWT_TYPE }), 'invalid_request');
    await expectRefusal(exchange(client, token, { ...form, subject_token_type: JWT_TYPE }), 'invalid_request');
    const opaque = await exchanged(client, token, form);
    expect(opaque).not.toContain('.');
    expect(await house.introspect(opaque, client)).toMatchObject({ active: true, act: { sub: 'opaque' } });
    await house.post('/revoke', client, { token });
    expect(await isActive(opaque, client)).toBe(false);
  });
});

describe('TK-17 the token that is exchanged', () => {
  it.each<[string, () => Promise<Form>]>([
    ['missing', async () => ({ subject_token: undefined })],
    ['empty', async () => ({ subject_token: '' })],
    ['sent twice', async () => ({ subject_token: ['a', 'b'] })],
    ['without its type', async () => ({ subject_token_type: undefined })],
    ['of an unknown type', async () => ({ subject_token_type: 'nonsense' })],
    ['garbage', async () => ({ subject_token: 'garbage' })],
    ['a program’s own', async () => ({ subject_token: await ownToken(office) })],
    ['an ID token', async () => ({ subject_token: (await signIn(office)).tokens.id_token })],
    ['an ID token by its type', async () => ({ subject_token: (await signIn(office)).tokens.id_token, subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' })],
    ['a refresh token', async () => ({ subject_token: (await signIn(office)).tokens.refresh_token })],
    ['a refresh token by its type', async () => ({ subject_token: (await signIn(office)).tokens.refresh_token, subject_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' })],
    ['another client’s', async () => ({ subject_token: (await signIn(web)).token })],
    ['forged', async () => {
      const [header, , signature] = (await signIn(office)).token.split('.');
      const claims = Buffer.from(JSON.stringify({ ...claimsOf((await signIn(office)).token), scope: 'orders:write' })).toString('base64url');
      return { subject_token: `${header}.${claims}.${signature}` };
    }],
  ])('%s: invalid_request, and never the client’s own privileges', async (_, form) => {
    await expectRefusal(exchange(office, undefined, await form()), 'invalid_request');
  }); // prettier-ignore

  it('expired', async () => {
    const { token } = await signIn(office);
    house.clock.pass('301s');
    await expectRefusal(exchange(office, token), 'invalid_request');
  });
});

describe('TK-16 what ends a token ends what was made of it, and lets no other be made', () => {
  it.each<[string, (about: { token: string; tokens: Tokens; child: string; sub: string; browser: { get(path: string): Promise<unknown> } }) => Promise<unknown>]>([
    ['the old token is revoked', ({ token }) => house.post('/revoke', office, { token })],
    ['its refresh token is revoked', ({ tokens }) => house.post('/revoke', office, { token: tokens.refresh_token })],
    ['the person signs out', ({ browser, tokens }) => browser.get(`/logout?id_token_hint=${tokens.id_token}`)],
    ['the person is disabled', ({ sub }) => house.suspensions.disableUser(sub)],
    ['the person is disabled by an operator’s own hand', ({ sub }) => house.users.disable(sub)],
    ['the consent is withdrawn', ({ sub }) => house.consents.withdraw(sub, 'office')],
  ])('%s', async (_, end) => {
    const { token, tokens, browser } = await signIn(office, ORDERS, 'bob');
    const child = await exchanged(office, token);
    const { sub } = claimsOf(token) as { sub: string };
    expect(await isActive(child, office)).toBe(true);
    await end({ token, tokens, child, sub, browser });
    expect(await isActive(child, office)).toBe(false);
    await expectRefusal(exchange(office, token), 'invalid_request');
    await house.users.enable(sub);
  }); // prettier-ignore

  it('the client of the old token is disabled', async () => {
    const first = await exchanger('first', { audiences: [STOCK] });
    const { token } = await signIn(first, { scope: 'openid stock:read', resource: STOCK });
    const child = await exchanged(api, await exchanged(first, token, { audience: STOCK }));
    expect(await isActive(child, api)).toBe(true);
    await house.suspensions.disableClient('first');
    expect(await isActive(child, api)).toBe(false);
  });

  it('revoked itself, it leaves the old one alone', async () => {
    const { token } = await signIn(office);
    const child = await exchanged(office, token);
    const grandchild = await exchanged(office, child);
    await house.post('/revoke', office, { token: child });
    expect([await isActive(token, office), await isActive(child, office), await isActive(grandchild, office)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('userinfo', () => {
  it('takes a token that was exchanged toward the provider, and tells what its scopes allow', async () => {
    const claims = JSON.stringify({ userinfo: { email: null } });
    const { token } = await signIn(web, { ...ORDERS, claims });
    expect((await house.userinfo(token)).json).toHaveProperty('email');
    const child = await exchanged(web, token, { audience: house.issuer });
    expect(claimsOf(child)).toMatchObject({ aud: house.issuer, scope: 'openid profile' });
    const { status, json } = await house.userinfo(child);
    expect([status, json['name']]).toEqual([200, 'Alice Liddell']);
    // What the first client asked for by name, it asked for itself.
    expect(json).not.toHaveProperty('email');
  });

  it('does not take one for an API', async () => {
    const { token } = await signIn();
    expect((await house.userinfo(await exchanged(web, token))).status).toBe(403);
  });
});

describe('may_act, which the operator’s own claims may hold', () => {
  const policy = () => house.app.get(TokenPolicy, { strict: false }) as { claims?: unknown };
  const say = (claim: unknown) =>
    (policy().claims = () => ({ accessToken: { may_act: claim, act: { sub: 'forged' } } }));
  afterEach(() => delete policy().claims);

  it('lets the one whom it names act, and nobody else', async () => {
    say({ sub: 'office' });
    const named = await signIn(office);
    const other = await signIn();
    expect(claimsOf(named.token)).not.toHaveProperty('act');
    expect(claimsOf(await exchanged(office, named.token))['act']).toEqual({ sub: 'office', client_id: 'office' });
    await expectRefusal(exchange(web, other.token), 'invalid_request');
    const agent = await signIn(office, ORDERS, 'bob');
    const actor = { actor_token: agent.token, actor_token_type: ACCESS_TOKEN_TYPE };
    await expectRefusal(exchange(office, named.token, actor), 'invalid_request');
  });
});
