import { createHash } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { basic, claimsOf, type Form, headerOf, type House, openHouse } from '../support/house.js';

const ORDERS = 'urn:gatehouse:demo:orders';
const INVOICES = 'urn:gatehouse:demo:invoices';

let house: House;
beforeAll(async () => (house = await openHouse()));
afterAll(() => house.close());

describe('the tokens of a code', () => {
  it('are an access token of RFC 9068, an ID token and a refresh token', async () => {
    const { tokens } = await house.codeFlow({ scope: 'openid profile', nonce: 'n-1' });
    expect(tokens).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'openid profile',
      refresh_token: expect.any(String),
      id_token: expect.any(String),
    });
    const now = house.clock.seconds();
    expect(headerOf(tokens.access_token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
    expect(claimsOf(tokens.access_token)).toEqual({
      iss: house.issuer,
      sub: expect.stringMatching(/^usr_/),
      aud: house.issuer,
      client_id: 'rp-a',
      scope: 'openid profile',
      jti: expect.stringMatching(/^[\w-]{22}$/),
      iat: now,
      exp: now + 300,
      auth_time: now,
      acr: 'urn:gatehouse:pwd',
      amr: ['pwd'],
      sid: expect.any(String),
      authorization_id: expect.any(String),
      rev: expect.stringMatching(/^\d+\.\d+$/),
      roles: ['admin'],
    });
    expect(headerOf(tokens.id_token)).toEqual({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) });
    expect(claimsOf(tokens.id_token)).toEqual({
      iss: house.issuer,
      sub: claimsOf(tokens.access_token)['sub'],
      aud: 'rp-a',
      iat: now,
      exp: now + 300,
      auth_time: now,
      nonce: 'n-1',
      acr: 'urn:gatehouse:pwd',
      amr: ['pwd'],
      sid: claimsOf(tokens.access_token)['sid'],
      at_hash: createHash('sha256').update(tokens.access_token).digest().subarray(0, 16).toString('base64url'),
    });
  });

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('verify with the published keys: %s', async (algorithm) => {
    const client = await house.client(`signed-${algorithm}`, { id_token_signed_response_alg: algorithm });
    const { tokens } = await house.codeFlow({}, { client });
    const keys = createRemoteJWKSet(new URL(`${house.issuer}/jwks`));
    const currentDate = new Date(house.clock.now());
    const options = { issuer: house.issuer, audience: client.id, algorithms: [algorithm], typ: 'JWT', currentDate };
    const { payload } = await jwtVerify(tokens.id_token, keys, options);
    const hash = createHash(algorithm === 'EdDSA' ? 'sha512' : 'sha256')
      .update(tokens.access_token)
      .digest();
    expect(payload['at_hash']).toBe(hash.subarray(0, hash.length / 2).toString('base64url'));
    await jwtVerify(tokens.access_token, keys, {
      issuer: house.issuer,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      currentDate,
    });
  });

  it('hold a nonce of 2000 characters whole, and none when there was none', async () => {
    const nonce = 'n'.repeat(2000);
    expect(claimsOf((await house.codeFlow({ nonce })).tokens.id_token)['nonce']).toBe(nonce);
    expect(claimsOf((await house.codeFlow({ nonce: undefined })).tokens.id_token)).not.toHaveProperty('nonce');
  });

  it('hold no ID token without openid, and no refresh token without its grant', async () => {
    const client = await house.client('plain', { grant_types: ['authorization_code'] });
    const { tokens } = await house.codeFlow({ scope: 'email' }, { client });
    expect(Object.keys(tokens).sort()).toEqual(['access_token', 'expires_in', 'scope', 'token_type']);
  });

  it('say no scope when there is none', async () => {
    const { tokens } = await house.codeFlow({ scope: undefined });
    expect(tokens).not.toHaveProperty('scope');
  });

  it('put into the ID token what was asked for it by name, and nothing that was asked for userinfo', async () => {
    const claims = JSON.stringify({ id_token: { email: null, acr: null }, userinfo: { phone_number: null } });
    const { tokens } = await house.codeFlow({ scope: 'openid profile', claims });
    expect(claimsOf(tokens.id_token)).toMatchObject({ email: 'alice@example.com' });
    for (const leaked of ['phone_number', 'name', 'email_verified']) {
      expect(claimsOf(tokens.id_token)).not.toHaveProperty(leaked);
    }
    expect(claimsOf(tokens.access_token)).not.toHaveProperty('email');
  });

  it('cannot be told to be somebody else by claims', async () => {
    const claims = JSON.stringify({ id_token: { iss: { value: 'x' }, aud: { value: 'x' }, exp: { value: 1 }, nonce: { value: 'x' } } });
    const { tokens } = await house.codeFlow({ claims, nonce: 'right' });
    expect(claimsOf(tokens.id_token)).toMatchObject({ iss: house.issuer, aud: 'rp-a', nonce: 'right' });
  }); // prettier-ignore

  it('are for the resource whose scopes were asked for', async () => {
    const { tokens } = await house.codeFlow({ scope: 'openid orders:read' });
    expect(claimsOf(tokens.access_token)).toMatchObject({ aud: ORDERS, scope: 'openid orders:read' });
  });

  it('are for the resource that was named, with its scopes only', async () => {
    const { tokens } = await house.codeFlow({
      scope: 'openid orders:read invoices:read',
      resource: [ORDERS, INVOICES],
    });
    expect(claimsOf(tokens.access_token)).toMatchObject({ aud: [INVOICES, ORDERS] });
    const grant = await house
      .browser()
      .obtainCode({ scope: 'openid orders:read invoices:read', resource: [ORDERS, INVOICES] });
    const { json } = await house.redeem(house.web, grant, { resource: INVOICES });
    expect(json['scope']).toBe('openid invoices:read');
    expect(claimsOf(json['access_token'] as string)).toMatchObject({ aud: INVOICES, scope: 'openid invoices:read' });
  });
});

describe('the request', () => {
  const RIGHT = { grant_type: 'client_credentials', scope: 'orders:read' };

  it('TK-21 is answered with no-store, right or wrong', async () => {
    for (const form of [RIGHT, { ...RIGHT, scope: 'x' }, {}]) {
      const { headers } = await house.token(house.service, form);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('pragma')).toBe('no-cache');
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD'])('TK-01 by %s is refused', async (method) => {
    const query = method === 'GET' ? '?grant_type=client_credentials' : '';
    const response = await fetch(`${house.issuer}/token${query}`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toMatch(/^POST/);
  });

  it('TK-02 with credentials in the URL is refused', async () => {
    const { status, json } = await house.post('/token?client_id=demo-service&client_secret=demo-service-secret', undefined, RIGHT);
    expect([status, json['error']]).toEqual([400, 'invalid_request']);
  }); // prettier-ignore

  it.each(['grant_type', 'scope', 'client_id', 'code', 'refresh_token', 'unheard_of'])('TK-05 with %s twice is refused', async (name) => {
    for (const twice of [['a', 'b'], ['a', 'a'], ['', 'a']]) {
      const { status, json } = await house.token(house.service, { ...RIGHT, [name]: twice });
      expect([status, json['error']]).toEqual([400, 'invalid_request']);
    }
  }); // prettier-ignore

  it('TK-06 with empty values is one without them', async () => {
    expect((await house.token(house.service, { ...RIGHT, scope: '', resource: '' })).json['scope']).toBe('orders:read');
    const { json } = await house.token(house.web, { grant_type: 'authorization_code', code: '' });
    expect(json['error']).toBe('invalid_request');
    expect((await house.token(house.web, { grant_type: '' })).json['error']).toBe('invalid_request');
  });

  it('TK-07 with parameters nobody knows is answered', async () => {
    const { status } = await house.token(house.service, { ...RIGHT, foo: 'bar', __proto__: 'x', 'a[b]': 'c' });
    expect(status).toBe(200);
  });

  it.each([
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'password',
    'urn:ietf:params:oauth:grant-type:saml2-bearer',
    'a\0',
  ])('TK-09 for the grant %j is refused', async (grant_type) => {
    const { status, json } = await house.token(house.service, { grant_type });
    expect([status, json['error']]).toEqual([400, 'unsupported_grant_type']);
  });

  it.each<[string, Form]>([
    ['authorization_code', { code: 'x' }],
    ['refresh_token', { refresh_token: 'x' }],
  ])('TK-10 for a grant the client has not: %s', async (grant_type, more) => {
    const { status, json } = await house.token(house.service, { grant_type, ...more });
    expect([status, json['error']]).toEqual([400, 'unauthorized_client']);
    expect((await house.token(house.web, RIGHT)).json['error']).toBe('unauthorized_client');
  });

  it.each([
    ['JSON', 'application/json', JSON.stringify({ ...RIGHT, client_id: 'demo-service' })],
    ['JSON with a prototype', 'application/json', '{"__proto__":{"a":1},"grant_type":"client_credentials"}'],
    ['JSON with a constructor', 'application/json', '{"constructor":{"prototype":{"a":1}}}'],
    ['bad JSON', 'application/json', '{"grant_type":'],
    ['empty JSON', 'application/json', ''],
    ['IJ-06 deep JSON', 'application/json', '['.repeat(30_000)],
    ['JSON as a form', 'application/x-www-form-urlencoded', JSON.stringify(RIGHT)],
    ['TK-04 text', 'text/plain', 'grant_type=client_credentials'],
    ['TK-04 multipart', 'multipart/form-data; boundary=x', '--x\r\n\r\n--x--'],
    ['IJ-22 multipart without boundary', 'multipart/form-data', 'x'],
    ['TK-04 no type', '', 'grant_type=client_credentials'],
    ['IJ-07 a type with a tab', 'application/json\t;x', '{}'],
    ['IJ-07 text/json', 'text/json', '{}'],
    ['IJ-07 XML', 'application/xml', '<a/>'],
    ['no body', 'application/x-www-form-urlencoded', ''],
    ['broken UTF-8', 'application/x-www-form-urlencoded', 'grant_type=%ff&scope=%c0%80'],
    ['a broken escape', 'application/x-www-form-urlencoded', 'grant_type=%&%=1'],
  ])('IJ-07 with a body that is %s is the client’s fault', async (_, type, body) => {
    const response = await fetch(`${house.issuer}/token`, {
      method: 'POST',
      body,
      headers: { 'content-type': type, authorization: basic('demo-service', 'demo-service-secret') },
    });
    expect([400, 415]).toContain(response.status);
    const json = (await response.json()) as Record<string, unknown>;
    expect(['invalid_request', 'unsupported_grant_type', 'unsupported_media_type']).toContain(json['error']);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('IJ-07 a body that is coded, by what it says', async () => {
    const response = await fetch(`${house.issuer}/token`, {
      method: 'POST',
      body: 'grant_type=client_credentials',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'content-encoding': 'gzip',
        authorization: basic('demo-service', 'demo-service-secret'),
      },
    });
    expect(response.status).toBe(415);
  });

  it.each([
    ['1 MB', `grant_type=client_credentials&x=${'a'.repeat(1_000_000)}`],
    ['1 MB of JSON', `"${'a'.repeat(1_000_000)}"`],
  ])('TK-23 of %s is refused', async (_, body) => {
    const type = body.startsWith('"') ? 'application/json' : 'application/x-www-form-urlencoded';
    const response = await fetch(`${house.issuer}/token`, { method: 'POST', body, headers: { 'content-type': type } });
    expect(response.status).toBe(413);
  });

  it('TK-23 of ten thousand parameters is refused', async () => {
    const form = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`p${i}`, '']));
    const { status, json } = await house.token(house.service, { ...RIGHT, ...form });
    expect([400, 413]).toContain(status);
    expect(json['error']).toEqual(expect.any(String));
  });

  it('TK-29 is never echoed', async () => {
    const probe = 'probe-7f3a';
    for (const name of ['grant_type', 'scope', 'code', 'code_verifier', 'redirect_uri', 'refresh_token', 'resource']) {
      for (const grant_type of ['authorization_code', 'refresh_token', 'client_credentials']) {
        const { page } = await house.token(house.web, { grant_type, [name]: probe });
        expect(page).not.toContain(probe);
      }
    }
    expect((await house.post('/token', { ...house.other, id: probe, secret: probe }, RIGHT)).page).not.toContain(probe);
  });

  it.each(["' OR 1=1 --", '"; DROP TABLE client; --', '$1', '\0', '\ud800', '%s', '{"$ne":1}', '../../x'])(
    'IJ-01 IJ-18 finds nothing by %j',
    async (payload) => {
      for (const form of [
        { grant_type: 'authorization_code', code: payload, redirect_uri: payload, code_verifier: payload },
        { grant_type: 'refresh_token', refresh_token: payload },
        { grant_type: 'client_credentials', scope: payload, resource: payload },
        { grant_type: payload },
      ]) {
        for (const client of [house.web, house.service]) expect((await house.token(client, form)).status).toBe(400);
      }
      const stranger = { ...house.other, id: payload, secret: payload };
      expect([400, 401]).toContain((await house.token(stranger, RIGHT)).status);
    },
  );
});

describe('client_credentials', () => {
  it('gives a token of the client’s own', async () => {
    const { json } = await house.token(house.service, { grant_type: 'client_credentials' });
    expect(json).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'orders:read',
    });
    expect(claimsOf(json['access_token'] as string)).toMatchObject({ sub: 'demo-service', aud: ORDERS });
    expect(claimsOf(json['access_token'] as string)).not.toHaveProperty('sid');
  });

  it.each(['openid', 'offline_access', 'orders:read openid', 'orders:write', 'admin'])(
    'TK-12 TK-14 refuses %s',
    async (scope) => {
      const { status, json } = await house.token(house.service, { grant_type: 'client_credentials', scope });
      expect([status, json['error']]).toEqual([400, 'invalid_scope']);
    },
  );

  it('TK-15 refuses a resource that nobody knows', async () => {
    const form = { grant_type: 'client_credentials', resource: 'urn:unknown' };
    expect((await house.token(house.service, form)).json['error']).toBe('invalid_target');
  });

  it('has no person at userinfo', async () => {
    const { json } = await house.token(house.service, { grant_type: 'client_credentials' });
    expect((await house.userinfo(json['access_token'] as string)).status).toBe(401);
  });

  it('TK-13 ends with the client', async () => {
    const machine = await house.client('machine', { grant_types: ['client_credentials'], response_types: [], redirect_uris: [], post_logout_redirect_uris: [], scope: 'orders:read' });
    const { json } = await house.token(machine, { grant_type: 'client_credentials' });
    const token = json['access_token'] as string;
    expect(await house.introspect(token, machine)).toMatchObject({ active: true });
    await house.clients.disable(machine.id);
    expect((await house.token(machine, { grant_type: 'client_credentials' })).json['error']).toBe('invalid_client');
    await house.clients.enable(machine.id);
    await house.clients.remove(machine.id);
    await house.client('machine-2');
    expect(await house.introspect(token, house.web)).toEqual({ active: false });
  }); // prettier-ignore
});
