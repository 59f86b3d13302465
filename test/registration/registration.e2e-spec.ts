import { generateKeyPairSync } from 'node:crypto';
import { DEFAULT_POLICY } from '../../src/clients/client.js';
import { DEVICE_CODE, JWT_BEARER, TOKEN_EXCHANGE } from '../../src/protocol/grant-type.js';
import { claimsOf } from '../support/house.js';
import { INITIAL_ACCESS_TOKEN, playing, type Registered, RegistrationHouse, type Told } from './house.js';

const GOOD = { redirect_uris: ['https://app.test/cb'] };
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
const P256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });

let house: RegistrationHouse;
beforeAll(async () => {
  house = await RegistrationHouse.open({ registration: 'open' });
});
afterAll(() => house.close());

/** Registrations count per network; each test begins with none. */
beforeEach(() => house.database.dataSource.query('DELETE FROM rate_limit'));

function expectRefusal(answer: Told, error: string, member?: string) {
  expect([answer.status, answer.json['error']]).toEqual([400, error]);
  if (member !== undefined) expect(answer.json['error_description']).toContain(member);
  expect(answer.json).not.toHaveProperty('client_id');
}

async function clientCount(): Promise<number> {
  return (await house.clients.list()).length;
}

describe('a client registers itself', () => {
  it('learns everything about its registration, and nobody keeps it', async () => {
    const answer = await house.send({
      ...GOOD,
      client_name: 'Wonder',
      initiate_login_uri: 'https://app.test/start',
      policy_uri: 'https://app.test/policy',
      request_uris: ['https://app.test/request.jwt'],
      contacts: ['ops@app.test'],
      'client_name#ja': 'ワンダー',
      something_new: { nested: [1, 2] },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.json).toEqual({
      redirect_uris: GOOD.redirect_uris,
      client_name: 'Wonder',
      initiate_login_uri: 'https://app.test/start',
      policy_uri: 'https://app.test/policy',
      request_uris: ['https://app.test/request.jwt'],
      contacts: ['ops@app.test'],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      application_type: 'web',
      token_endpoint_auth_method: 'client_secret_basic',
      subject_type: 'public',
      id_token_signed_response_alg: 'RS256',
      client_id: expect.stringMatching(/^client_[\w-]{22}$/),
      client_id_issued_at: Math.floor(house.clock.now() / 1000),
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      client_secret_expires_at: 0,
      registration_client_uri: `${house.issuer}/register/${answer.json['client_id']}`,
      registration_access_token: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it('keeps neither the secret nor the registration access token in the database', async () => {
    const client = await house.add();
    const rows = JSON.stringify(
      await house.database.dataSource.query('SELECT * FROM client WHERE id = $1', [client.client_id]),
    );
    expect(rows).toContain(client.client_id);
    expect(rows).not.toContain(client.client_secret);
    expect(rows).not.toContain(client.registration_access_token);
  });

  it.each(['client_secret_basic', 'client_secret_post', 'none'] as const)(
    'signs people in with %s, refreshes, and is told what userinfo says',
    async (method) => {
      const client = playing(
        await house.add({ token_endpoint_auth_method: method, grant_types: ['authorization_code', 'refresh_token'] }),
      );
      expect(client.secret === undefined).toBe(method === 'none');
      const { tokens } = await house.codeFlow({ scope: 'openid email' }, { client });
      const refreshed = await house.refresh(client, tokens.refresh_token);
      expect(refreshed.status).toBe(200);
      expect((await house.userinfo(tokens.access_token)).json).toMatchObject({ email: 'alice@example.com' });
    },
  );

  it('is listed in discovery', async () => {
    const metadata = await (await fetch(`${house.issuer}/.well-known/openid-configuration`)).json();
    expect(metadata).toMatchObject({
      registration_endpoint: `${house.issuer}/register`,
      subject_types_supported: ['public', 'pairwise'],
    });
  });

  it('may have keys by value, with or without kid, and gets back the members that count', async () => {
    const { jwks } = await house.add({
      token_endpoint_auth_method: 'none',
      jwks: {
        keys: [RSA, { ...P256.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', x5u: 'https://x.test' }],
      },
    });
    expect(jwks).toEqual({
      keys: [RSA, { ...P256.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' }],
    });
  });

  it('a native one may have a loopback address and a private scheme', async () => {
    const redirect_uris = ['http://127.0.0.1/cb', 'com.example.app:/cb'];
    expect(await house.add({ application_type: 'native', redirect_uris })).toMatchObject({ redirect_uris });
  });
});

describe('what a client says about itself gives it no privilege', () => {
  it('DR-12: members that are ours to decide are ignored', async () => {
    const client = await house.add({
      id: 'desk',
      client_id: 'desk',
      secret: 'chosen',
      client_secret: 'chosen-by-the-client',
      registration_access_token: 'chosen',
      skip_consent: true,
      first_party: true,
      firstParty: true,
      trusted: true,
      service_account: true,
      roles: ['admin'],
      tenant_id: 'other',
      require_pkce: false,
      requirePkce: false,
      created_by: 'alice',
      disabled: false,
      policy: { dynamic: false, firstParty: true, requirePkce: false, olderFlows: true, accessTokenFormat: 'opaque' },
    });
    expect(client.client_id).not.toBe('desk');
    expect(client.client_secret).not.toBe('chosen-by-the-client');
    const kept = (await house.clients.find(client.client_id))!;
    expect(kept.policy).toEqual({ ...DEFAULT_POLICY, dynamic: true });
    expect(Object.keys(kept.metadata).sort()).toEqual([
      'application_type',
      'grant_types',
      'id_token_signed_response_alg',
      'redirect_uris',
      'response_types',
      'subject_type',
      'token_endpoint_auth_method',
    ]);
    const { page } = await house
      .browser()
      .start(playing(client), { code_challenge: undefined, code_challenge_method: undefined });
    expect(page).toBe('');
    const refused = await house
      .browser()
      .authorize(playing(client), { code_challenge: undefined, code_challenge_method: undefined });
    expect(refused.get('error')).toBe('invalid_request');
  });

  it('a person is asked before it gets anything', async () => {
    const client = playing(await house.add());
    const browser = house.browser();
    expect((await browser.authorize(client, {}, { decision: 'deny' })).get('error')).toBe('access_denied');
  });

  it.each([
    ['a scope of a resource', { scope: 'openid orders:read' }, 'scope'],
    ['a scope that nobody knows', { scope: 'openid admin' }, 'scope'],
    ['client_credentials', { grant_types: ['authorization_code', 'client_credentials'] }, 'grant_types'],
    ['device codes', { grant_types: ['authorization_code', DEVICE_CODE] }, 'grant_types'],
    ['token exchange', { grant_types: ['authorization_code', TOKEN_EXCHANGE] }, 'grant_types'],
    ['assertions as grants', { grant_types: ['authorization_code', JWT_BEARER] }, 'grant_types'],
    ['implicit', { grant_types: ['authorization_code', 'implicit'] }, 'grant_types'],
    ['a grant type that nobody knows', { grant_types: ['authorization_code', 'urn:nobody'] }, 'grant_types'],
    ['a response type without its grant', { grant_types: ['refresh_token'] }, 'grant_types'],
    ['a response type that is not served', { response_types: ['code', 'code id_token'] }, 'response_types'],
    ['a method that nobody knows', { token_endpoint_auth_method: 'tls_client_auth' }, 'token_endpoint_auth_method'],
    ['unsigned ID tokens', { id_token_signed_response_alg: 'none' }, 'id_token_signed_response_alg'],
    ['ID tokens signed with its secret', { id_token_signed_response_alg: 'HS256' }, 'id_token_signed_response_alg'],
    ['unsigned request objects', { request_object_signing_alg: 'none' }, 'request_object_signing_alg'],
    ['encrypted ID tokens', { id_token_encrypted_response_alg: 'RSA-OAEP' }, 'id_token_encrypted_response_alg'],
    ['encrypted userinfo', { userinfo_encrypted_response_enc: 'A128GCM' }, 'userinfo_encrypted_response_enc'],
    ['tokens bound to a key', { dpop_bound_access_tokens: true }, 'dpop_bound_access_tokens'],
    [
      'tokens bound to a certificate',
      { tls_client_certificate_bound_access_tokens: true },
      'tls_client_certificate_bound_access_tokens',
    ],
    ['encrypted request objects', { request_object_encryption_alg: 'RSA-OAEP' }, 'request_object_encryption_alg'],
  ])('%s is refused', async (_, change, member) => {
    expectRefusal(await house.send({ ...GOOD, ...change }), 'invalid_client_metadata', member);
  });

  it('DR-10: a foreign page can neither send a form nor read an answer', async () => {
    const before = await clientCount();
    const origin = 'https://evil.test';
    const form = new URLSearchParams({ redirect_uris: 'https://evil.test/cb' });
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']) {
      const answer = await house.send(form.toString(), { 'content-type': type, origin });
      expect(answer.status).toBe(415);
    }
    const preflight = await fetch(`${house.issuer}/register`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([405, null]);
    const sent = await house.send(GOOD, { origin });
    expect(sent.headers.get('access-control-allow-origin')).toBeNull();
    expect(await clientCount()).toBe(before + 1);
  });
});

describe('metadata that cannot be', () => {
  it.each([
    ['a fragment', ['https://app.test/cb#here']],
    ['no redirect URI', []],
    ['none at all', undefined],
    ['http on the web', ['http://app.test/cb']],
    ['a relative one', ['/cb']],
    ['a wildcard', ['https://*.app.test/cb']],
    ['user information', ['https://me@app.test/cb']],
    ['dot segments', ['https://app.test/a/../cb']],
    ['a parameter of the response', ['https://app.test/cb?code=1']],
    ['a private scheme on the web', ['com.example.app:/cb']],
    ['javascript', ['javascript:alert(1)']],
    ['JaVaScript', ['JaVaScRiPt:alert(1)']],
    ['data', ['data:text/html,x']],
    ['file', ['file:///etc/passwd']],
    ['gopher', ['GoPher://app.test/']],
    ['null', null],
    ['null inside', ['https://app.test/cb', null]],
    ['a string', 'https://app.test/cb'],
    ['an object', { 0: 'https://app.test/cb', length: 1 }],
    ['nested arrays', [['https://app.test/cb']]],
    ['too many', Array.from({ length: 51 }, (_, index) => `https://app.test/${index}`)],
    ['a NUL', ['https://app.test/\0']],
    ['half a character', ['https://app.test/\ud800']],
  ])('redirect_uris: %s', async (_, redirect_uris) => {
    expectRefusal(await house.send({ ...GOOD, redirect_uris }), 'invalid_redirect_uri', 'redirect_uris');
  });

  const members = [
    'client_uri', 'logo_uri', 'tos_uri', 'policy_uri', 'jwks_uri', 'initiate_login_uri', 'backchannel_logout_uri',
    'sector_identifier_uri',
  ]; // prettier-ignore
  const addresses = [
    'javascript:alert(1)', 'JavaScript:alert(1)', 'data:text/html,x', 'DATA:text/html,x', 'file:///etc/passwd',
    'gopher://app.test/', 'Gopher://app.test/', 'http://app.test/', 'http://app.test#.localhost/', '//app.test/',
    'https://app.test/\0', 'https://app.test/#\0', '\ud800', '', 7, null, ['https://app.test/'], {},
  ]; // prettier-ignore
  it.each(members)('%s may be none of these', async (member) => {
    for (const address of addresses) {
      const answer = await house.send({ ...GOOD, [member]: address });
      expect([address, answer.status, answer.json['error']]).toEqual([address, 400, 'invalid_client_metadata']);
      expect(answer.json['error_description']).toContain(member);
    }
    for (const address of addresses.slice(0, 7)) {
      const answer = await house.send({ ...GOOD, post_logout_redirect_uris: [address] });
      expectRefusal(answer, 'invalid_client_metadata', 'post_logout_redirect_uris');
    }
  });

  const rsa1024 = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
  const small = Buffer.from(rsa1024.n!, 'base64url');
  const k256 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export({ format: 'jwk' });
  it.each([
    ['both by value and by URL', { jwks: { keys: [RSA] }, jwks_uri: 'https://app.test/jwks' }],
    ['no key', { jwks: { keys: [] } }],
    ['no set', { jwks: [RSA] }],
    ['null', { jwks: null }],
    ['a null key', { jwks: { keys: [null] } }],
    ['a private key', { jwks: { keys: [P256.privateKey.export({ format: 'jwk' })] } }],
    ['a private key behind a good one', { jwks: { keys: [RSA, P256.privateKey.export({ format: 'jwk' })] } }],
    ['a symmetric key', { jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0' }] } }],
    ['RSA of 1024 bits', { jwks: { keys: [rsa1024] } }],
    [
      'RSA of 1024 bits, made long with zeros',
      { jwks: { keys: [{ ...rsa1024, n: Buffer.concat([Buffer.alloc(128), small]).toString('base64url') }] } },
    ],
    ['RSA with the exponent 1', { jwks: { keys: [{ ...RSA, e: 'AQ' }] } }],
    ['RSA with the exponent 3', { jwks: { keys: [{ ...RSA, e: 'Aw' }] } }],
    ['RSA without a modulus', { jwks: { keys: [{ kty: 'RSA', e: 'AQAB' }] } }],
    ['RSA with a modulus that is no text', { jwks: { keys: [{ ...RSA, n: [RSA.n] }] } }],
    ['secp256k1', { jwks: { keys: [k256] } }],
    ['P-192', { jwks: { keys: [{ kty: 'EC', crv: 'P-192', x: 'AAAA', y: 'AAAA' }] } }],
    ['a point that is not on its curve', { jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: RSA.e, y: RSA.e }] } }],
    ['a kind that nobody knows', { jwks: { keys: [{ kty: 'new' }] } }],
    ['a kid with a NUL', { jwks: { keys: [{ ...RSA, kid: '\0' }] } }],
    ['private_key_jwt without keys', { token_endpoint_auth_method: 'private_key_jwt' }],
  ])('keys: %s', async (_, change) => {
    const answer = await house.send({ ...GOOD, ...change });
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_client_metadata']);
  });

  it.each([
    ['a name with a NUL', { client_name: 'a\0b' }],
    ['a name that is half a character', { client_name: '\ud83d' }],
    ['a name that turns the line around', { client_name: 'evil\u202egood' }],
    ['a name that is an object', { client_name: { toString: 'x' } }],
    ['a name that is a number', { client_name: 7 }],
    ['a name that is too long', { client_name: 'x'.repeat(201) }],
    ['a scope with a NUL', { scope: 'openid \0' }],
    ['a scope with a quote', { scope: 'openid "' }],
    ['a scope as a list', { scope: ['openid'] }],
    ['contacts as a text', { contacts: 'ops@app.test' }],
    ['a max age below zero', { default_max_age: -1 }],
    ['a max age as a text', { default_max_age: '1' }],
    ['grant types as an object', { grant_types: { 0: 'authorization_code' } }],
    ['a null in grant types', { grant_types: ['authorization_code', null] }],
    ['a subject type that nobody knows', { subject_type: 'ephemeral' }],
    ['HS256 assertions without client_secret_jwt', { token_endpoint_auth_signing_alg: 'HS256' }],
  ])('%s', async (_, change) => {
    expectRefusal(await house.send({ ...GOOD, ...change }), 'invalid_client_metadata', Object.keys(change)[0]);
  });

  it.each([
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"https://app.test"'],
    ['a number', '7'],
    ['nothing', ''],
    ['half an object', '{"redirect_uris":['],
    ['single quotes', "{'redirect_uris':[]}"],
    ['a prototype', '{"__proto__":{"dynamic":false},"redirect_uris":["https://app.test/cb"]}'],
    ['deep nesting', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['DR-07 a member twice', '{"redirect_uris":["https://app.test/cb"],"redirect_uris":["https://evil.test/cb"]}'],
    ['DR-07 a member of a member twice', '{"redirect_uris":["https://app.test/cb"],"x":[{"a":1,"\\u0061":2}]}'],
  ])('the body: %s', async (_, body) => {
    const before = await clientCount();
    expect((await house.send(body)).status).toBe(400);
    expect(await clientCount()).toBe(before);
  });

  it.each(['utf-7', '"UTF-16"', 'iso-8859-1'])('IJ-07 JSON in %s', async (charset) => {
    const before = await clientCount();
    expect((await house.send(GOOD, { 'content-type': `application/json; charset=${charset}` })).status).toBe(415);
    expect(await clientCount()).toBe(before);
    expect((await house.send(GOOD, { 'content-type': 'application/json;charset="UTF-8"' })).status).toBe(201);
  });

  it.each([
    [
      '10,000 redirect URIs',
      { redirect_uris: Array.from({ length: 10_000 }, (_, index) => `https://a.test/${index}`) },
    ],
    ['a name of 1 MB', { ...GOOD, client_name: 'x'.repeat(1_000_000) }],
  ])('the body: %s is not even read', async (_, body) => {
    expect((await house.send(body)).status).toBe(413);
  });

  it.each(['GET', 'PUT', 'DELETE', 'HEAD'])('%s /register is not allowed', async (method) => {
    const answer = await fetch(`${house.issuer}/register`, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('who may register', () => {
  it('nobody when it is off', async () => {
    const closed = await RegistrationHouse.open({ registration: 'off' });
    try {
      expect(await closed.send(GOOD)).toMatchObject({ status: 403, json: { error: 'access_denied' } });
      const metadata = await (await fetch(`${closed.issuer}/.well-known/openid-configuration`)).json();
      expect(metadata).not.toHaveProperty('registration_endpoint');
    } finally {
      await closed.close();
    }
  });

  it('DR-02: holders of the initial access token, and nobody else', async () => {
    const guarded = await RegistrationHouse.open({ registration: 'token' });
    try {
      const count = (await guarded.clients.list()).length;
      for (const authorization of [
        undefined,
        'Bearer',
        'Bearer ',
        'Bearer wrong',
        `Bearer ${INITIAL_ACCESS_TOKEN.slice(0, -1)}`,
        `Bearer ${INITIAL_ACCESS_TOKEN}x`,
        `Basic ${INITIAL_ACCESS_TOKEN}`,
        `Bearer ${INITIAL_ACCESS_TOKEN}, Bearer wrong`,
      ]) {
        const answer = await guarded.send(GOOD, authorization === undefined ? {} : { authorization });
        expect([authorization, answer.status]).toEqual([authorization, 401]);
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
      }
      expect(await guarded.clients.list()).toHaveLength(count);
      const answer = await guarded.send(GOOD, { authorization: `Bearer ${INITIAL_ACCESS_TOKEN}` });
      expect(answer.status).toBe(201);
      const kept = await guarded.clients.find(answer.json['client_id'] as string);
      expect(kept?.policy).toMatchObject({ dynamic: true, requirePkce: true });
      // What opens the door does not manage the client.
      const asked = await guarded.configure(answer.json as Registered, 'GET', undefined, INITIAL_ACCESS_TOKEN);
      expect(asked.status).toBe(401);
    } finally {
      await guarded.close();
    }
  });

  it('with the certification preset a confidential client may leave PKCE out, a public one may not', async () => {
    const certified = await RegistrationHouse.open({ registration: 'open', policy: 'certification' });
    try {
      const withoutPkce = { code_challenge: undefined, code_challenge_method: undefined };
      const confidential = playing(await certified.add());
      expect((await certified.browser().authorize(confidential, withoutPkce)).get('code')).toBeTruthy();
      const open = await certified.add({ token_endpoint_auth_method: 'none' });
      expect((await certified.browser().authorize(playing(open), withoutPkce)).get('error')).toBe('invalid_request');
      // Nor may it by becoming public later.
      const changing = await certified.add();
      const change = { client_id: changing.client_id, ...GOOD, token_endpoint_auth_method: 'none' };
      expect((await certified.configure(changing, 'PUT', change)).status).toBe(200);
      expect((await certified.clients.find(changing.client_id))!.policy.requirePkce).toBe(true);
    } finally {
      await certified.close();
    }
  });

  it('DR-11: three hundred times in a quarter of an hour from one network', async () => {
    const statuses = new Map<number, number>();
    const send = async () => {
      const { status, headers } = await house.send(GOOD);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    };
    for (let round = 0; round < 31; round += 1) await Promise.all(Array.from({ length: 10 }, send));
    expect([...statuses].sort()).toEqual([
      [201, 300],
      [429, 10],
    ]);
    // What is refused anyway costs nobody anything.
    expect((await house.send({})).status).toBe(400);
  });
});

describe('a client manages its registration', () => {
  it('reads it', async () => {
    const client = await house.add({ client_name: 'Reader' });
    const { status, json, headers } = await house.configure(client, 'GET');
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    const { client_secret: _, client_secret_expires_at: __, ...rest } = client;
    expect(json).toEqual(rest);
  });

  it('replaces it: what is left out is gone, the secret stays', async () => {
    const client = await house.add({ client_name: 'Before', contacts: ['ops@app.test'] });
    const redirect_uris = ['https://app.test/other'];
    const { status, json } = await house.configure(client, 'PUT', {
      client_id: client.client_id,
      client_secret: client.client_secret,
      redirect_uris,
      client_name: 'After',
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({ client_name: 'After', redirect_uris, client_secret: client.client_secret });
    expect(json).not.toHaveProperty('contacts');
    const now = { ...playing(client), redirectUri: redirect_uris[0]! };
    expect((await house.codeFlow({}, { client: now })).tokens.access_token).toBeTruthy();
    expect((await house.browser().start(playing(client))).status).toBe(400);
  });

  it('changes how it authenticates; the secret comes and goes with it', async () => {
    const client = await house.add();
    const put = (method: string, more = {}) =>
      house.configure(client, 'PUT', {
        client_id: client.client_id,
        ...GOOD,
        token_endpoint_auth_method: method,
        ...more,
      });
    expect((await put('client_secret_post')).json).not.toHaveProperty('client_secret');
    await house.codeFlow({}, { client: { ...playing(client), method: 'client_secret_post' } });
    const open = await put('none');
    expect(open.json).not.toHaveProperty('client_secret');
    expect(await house.clients.find(client.client_id)).not.toHaveProperty('secretDigest');
    const again = await put('client_secret_basic');
    expect(again.json).toMatchObject({ client_secret: expect.any(String), client_secret_expires_at: 0 });
    expect(again.json['client_secret']).not.toBe(client.client_secret);
    await house.codeFlow({}, { client: { ...playing(client), secret: again.json['client_secret'] as string } });
  });

  it('a secret that must be computed with is kept sealed from then on', async () => {
    const client = await house.add();
    const put = (more: object) => house.configure(client, 'PUT', { client_id: client.client_id, ...GOOD, ...more });
    const proved = await put({ token_endpoint_auth_method: 'client_secret_jwt', client_secret: client.client_secret });
    expect(proved.json['client_secret']).toBe(client.client_secret);
    expect(house.clients.plainSecret((await house.clients.find(client.client_id))!)).toBe(client.client_secret);
    const back = await put({ token_endpoint_auth_method: 'client_secret_basic' });
    expect(back.json).not.toHaveProperty('client_secret');
    await house.codeFlow({}, { client: playing(client) });
    const made = await put({ token_endpoint_auth_method: 'client_secret_jwt' });
    expect(house.clients.plainSecret((await house.clients.find(client.client_id))!)).toBe(made.json['client_secret']);
    expect(made.json['client_secret']).not.toBe(client.client_secret);
  });

  it.each([
    ['without client_id', { client_id: undefined }, 'invalid_client_metadata'],
    ['with another client_id', { client_id: 'desk' }, 'invalid_client_metadata'],
    ['with another secret', { client_secret: 'wrong' }, 'invalid_client_metadata'],
    ['with a secret that is no text', { client_secret: null }, 'invalid_client_metadata'],
    ['with a fragment', { redirect_uris: ['https://app.test/#a'] }, 'invalid_redirect_uri'],
    ['with a scope of a resource', { scope: 'orders:write' }, 'invalid_client_metadata'],
  ])('but not %s', async (_, change, error) => {
    const client = await house.add({ client_name: 'Same' });
    expectRefusal(await house.configure(client, 'PUT', { client_id: client.client_id, ...GOOD, ...change }), error);
    expect((await house.configure(client, 'GET')).json['client_name']).toBe('Same');
  });

  it('but not with its name twice', async () => {
    const client = await house.add({ client_name: 'Same' });
    const body = `{"client_id":"desk","client_id":"${client.client_id}","redirect_uris":["https://app.test/cb"]}`;
    expect((await house.configure(client, 'PUT', body)).status).toBe(400);
    expect((await house.configure(client, 'GET')).json['client_name']).toBe('Same');
  });

  it('cannot give itself privileges later', async () => {
    const client = await house.add();
    const body = {
      client_id: client.client_id,
      ...GOOD,
      firstParty: true,
      policy: { firstParty: true, requirePkce: false },
    };
    expect((await house.configure(client, 'PUT', body)).status).toBe(200);
    expect((await house.clients.find(client.client_id))!.policy).toMatchObject({
      firstParty: false,
      requirePkce: true,
    });
  });

  it('removes itself, and everything people let it do ends with it', async () => {
    const registered = await house.add({ grant_types: ['authorization_code', 'refresh_token'] });
    const client = playing(registered);
    const { tokens } = await house.codeFlow({ scope: 'openid offline_access' }, { client });
    expect((await house.userinfo(tokens.access_token)).status).toBe(200);
    const answer = await house.configure(registered, 'DELETE');
    expect([answer.status, answer.page]).toEqual([204, '']);
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
    expect((await house.refresh(client, tokens.refresh_token)).json['error']).toBe('invalid_client');
    expect((await house.configure(registered, 'GET')).status).toBe(401);
    const [grant] = await house.database.dataSource.query<{ revoked_by: string }[]>(
      'SELECT revoked_by FROM authorization_grant WHERE client_id = $1',
      [client.id],
    );
    expect(grant).toEqual({ revoked_by: 'revoked_by_client' });
  });

  it.each(['GET', 'PUT', 'DELETE'] as const)(
    '%s with a wrong token and of an unknown client look the same',
    async (method) => {
      const client = await house.add();
      const other = await house.add();
      const disabled = await house.add();
      await house.clients.disable(disabled.client_id);
      const body = method === 'PUT' ? { client_id: client.client_id, ...GOOD } : undefined;
      const unknown = { ...client, registration_client_uri: `${house.issuer}/register/client_unknown` };
      const operators = { ...client, registration_client_uri: `${house.issuer}/register/rp-a` };
      const odd = { ...client, registration_client_uri: `${house.issuer}/register/%00` };
      const answers = [
        await house.configure(client, method, body, 'wrong'),
        await house.configure(client, method, body, other.registration_access_token),
        await house.configure(client, method, body, client.client_secret),
        await house.configure(client, method, body, ''),
        await house.configure(unknown, method, body),
        await house.configure(operators, method, body),
        await house.configure(odd, method, body),
        await house.configure(disabled, method, body),
      ];
      const seen = answers.map(({ status, page, headers }) => [status, page, headers.get('www-authenticate')]);
      expect(seen).toEqual(answers.map(() => seen[0]));
      expect(seen[0]![0]).toBe(401);
      expect((await house.configure(client, 'GET')).status).toBe(200);
    },
  );

  it('POST is not a way to manage it', async () => {
    const { registration_client_uri: url } = await house.add();
    const answer = await fetch(url, { method: 'POST' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, PUT, DELETE']);
  });
});

it('UN-09: a client identifier never reads like a person’s', async () => {
  const client = await house.add();
  const { tokens } = await house.codeFlow({}, { client: playing(client) });
  expect(claimsOf(tokens.id_token)['sub']).toMatch(/^usr_/);
  expect(client.client_id).toMatch(/^client_/);
});
