import { type Form, type Grant, type House, openHouse, type TestClient, type Tokens } from '../support/house.js';

let house: House;
beforeAll(async () => (house = await openHouse()));
afterAll(() => house.close());

const lend = (client: TestClient = house.web, request: Form = {}) => house.browser().obtainCode(request, { client });

const expectInvalidGrant = ({ status, json }: { status: number; json: Record<string, unknown> }) => {
  expect(json).toEqual({ error: 'invalid_grant', error_description: expect.any(String) });
  expect(status).toBe(400);
};

/** Presents a code in a wrong way, then in the right one: the first try has spent it. */
async function expectSpentBy(change: Form, client = house.web) {
  const grant = await lend(client);
  expectInvalidGrant(await house.redeem(client, grant, change));
  expectInvalidGrant(await house.redeem(client, grant));
}

describe('a code is spent by any presentation', () => {
  it.each<[string, Form]>([
    ['PK-07 no verifier', { code_verifier: undefined }],
    ['an empty verifier', { code_verifier: '' }],
    ['another verifier', { code_verifier: 'w'.repeat(43) }],
    ['PK-11 42 characters', { code_verifier: 'w'.repeat(42) }],
    ['PK-11 129 characters', { code_verifier: 'w'.repeat(129) }],
    ['PK-11 40 KB', { code_verifier: 'w'.repeat(40_000) }],
    ['RU-25 another redirect URI', { redirect_uri: 'https://rp-a.test/cb2' }],
    ['RU-25 no redirect URI', { redirect_uri: undefined }],
  ])('%s', async (_, change) => {
    await expectSpentBy(change);
  });

  it('PK-11 a verifier with a line break or a space at its end', async () => {
    for (const end of ['\n', ' ']) {
      const grant = await lend();
      expectInvalidGrant(await house.redeem(house.web, grant, { code_verifier: grant.verifier + end }));
      expectInvalidGrant(await house.redeem(house.web, grant));
    }
  });

  it('the challenge as verifier', async () => {
    const grant = await lend(house.web, { code_challenge: 'c'.repeat(43) });
    expectInvalidGrant(await house.redeem(house.web, grant, { code_verifier: 'c'.repeat(43) }));
  });

  it('TK-15 a resource that was not granted', async () => {
    const grant = await lend();
    const { json } = await house.redeem(house.web, grant, { resource: 'urn:gatehouse:demo:invoices' });
    expect(json['error']).toBe('invalid_target');
    expectInvalidGrant(await house.redeem(house.web, grant));
  });

  it('CD-03 another client: nobody gets anything', async () => {
    const grant = await lend();
    expectInvalidGrant(await house.redeem(house.other, grant));
    expectInvalidGrant(await house.redeem(house.spa, await lend()));
    expectInvalidGrant(await house.redeem(house.web, grant));
  });

  it('PK-09 a verifier although there was no challenge', async () => {
    const client = await house.client('no-pkce', {}, { requirePkce: false });
    const none = { code_challenge: undefined, code_challenge_method: undefined };
    expectInvalidGrant(await house.redeem(client, await lend(client, none)));
    const { status } = await house.redeem(client, await lend(client, none), { code_verifier: undefined });
    expect(status).toBe(200);
  });
});

describe('CD-01 the second use', () => {
  it.each(['0s', '1s', '30s', '10m'] as const)(
    'after %s is refused and revokes all that came from the code',
    async (later) => {
      const client = await house.client('reuse', { scope: 'openid offline_access' });
      const { tokens, grant } = await house.codeFlow({ scope: 'openid offline_access' }, { client });
      const second = (await house.refresh(client, tokens.refresh_token)).json as unknown as Tokens;
      expect((await house.userinfo(tokens.access_token)).status).toBe(200);
      house.clock.pass(later);
      expectInvalidGrant(await house.redeem(client, grant));
      for (const one of [tokens, second]) {
        expect((await house.userinfo(one.access_token)).status).toBe(401);
        expect(await house.introspect(one.access_token, client)).toEqual({ active: false });
        expectInvalidGrant(await house.refresh(client, one.refresh_token));
      }
    },
  );

  it('by another client revokes, too', async () => {
    const { tokens, grant } = await house.codeFlow();
    expectInvalidGrant(await house.redeem(house.other, grant));
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
  });

  it('with a wrong verifier revokes, too', async () => {
    const { tokens, grant } = await house.codeFlow();
    expectInvalidGrant(await house.redeem(house.web, grant, { code_verifier: 'w'.repeat(43) }));
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
  });

  it('revokes opaque tokens, too', async () => {
    const client = await house.client('opaque', {}, { accessTokenFormat: 'opaque' });
    const { tokens, grant } = await house.codeFlow({}, { client });
    expect(tokens.access_token).not.toContain('.');
    expect((await house.userinfo(tokens.access_token)).status).toBe(200);
    expectInvalidGrant(await house.redeem(client, grant));
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
  });
});

describe('a code that is not as we made it', () => {
  const tampered = (code: string): [string, string][] => [
    ['CD-05 cut by one', code.slice(0, -1)],
    ['CD-05 cut by forty', code.slice(0, -40)],
    ['CD-05 without its beginning', code.slice(10)],
    ['CD-05 longer', `${code}A`],
    ['CD-05 padded', `${code}=`],
    ['CD-05 in another case', code.toUpperCase()],
    ['CD-05 with a space', `${code} `],
    ['another alphabet', code.replaceAll('-', '+').replaceAll('_', '/') + (/[-_]/.test(code) ? '' : '=')],
    ...[0, 5, 30, Math.floor(code.length / 2), code.length - 20, code.length - 1].map((at): [string, string] => [
      `CD-04 another character at ${at}`,
      code.slice(0, at) + (code[at] === 'A' ? 'B' : 'A') + code.slice(at + 1),
    ]),
    ['nothing of ours', 'guess'],
    ['a prototype name', '__proto__'],
    ['a NUL', '\0'],
    ['16 KB', 'A'.repeat(16_000)],
  ];

  it('CD-04 CD-05 is worth nothing, and the right one is not spent by it', async () => {
    const grant = await lend();
    for (const [, code] of tampered(grant.code)) expectInvalidGrant(await house.redeem(house.web, { ...grant, code }));
    expect((await house.redeem(house.web, grant)).status).toBe(200);
  });

  it('CD-04 parts of two codes make no third', async () => {
    const [one, two] = [await lend(), await lend()] as [Grant, Grant];
    for (const at of [20, 27, 28, 60, 200]) {
      const code = one.code.slice(0, at) + two.code.slice(at);
      expectInvalidGrant(await house.redeem(house.web, { ...one, code }));
    }
  });

  it('CD-12 a code of another provider', async () => {
    const elsewhere = await openHouse();
    try {
      const grant = await elsewhere.browser().obtainCode();
      // The same secret, even: its authorization names a person and a session that are not here.
      expectInvalidGrant(await house.redeem(house.web, grant));
    } finally {
      await elsewhere.close();
    }
  });

  it('CD-11 a code is no token', async () => {
    const { code } = await lend();
    expect((await house.userinfo(code)).status).toBe(401);
    expect(await house.introspect(code)).toEqual({ active: false });
    expectInvalidGrant(await house.refresh(house.web, code));
  });
});

it('lives for sixty seconds', async () => {
  const [early, late] = [await lend(), await lend()];
  house.clock.pass('59s');
  expect((await house.redeem(house.web, early)).status).toBe(200);
  house.clock.pass('1s');
  expectInvalidGrant(await house.redeem(house.web, late));
});

it('CD-13 is unique, and holds 160 random bits', async () => {
  const { browser } = await house.codeFlow();
  const codes = new Set<string>();
  for (let i = 0; i < 50; i += 1) codes.add((await browser.obtainCode()).code.slice(0, 27));
  expect(codes.size).toBe(50);
});

it('is not readable: it names neither person nor client', async () => {
  const { code } = await lend();
  const octets = Buffer.from(code, 'base64url').toString('latin1');
  expect(octets).not.toMatch(/rp-a|usr_|openid|authorization/);
});

describe('between code and redemption', () => {
  it('CD-08 the person is disabled', async () => {
    const { sub } = await house.users.add({ username: 'dave', password: 'dave-password' });
    const browser = house.browser();
    await browser.signIn('dave', 'dave-password');
    const grant = await browser.obtainCode({}, { as: 'dave' });
    await house.users.disable(sub);
    expectInvalidGrant(await house.redeem(house.web, grant));
    await house.users.enable(sub);
    expectInvalidGrant(await house.redeem(house.web, grant));
  });

  it('AZ-07 the client is disabled', async () => {
    const client = await house.client('disabled-later');
    const grant = await lend(client);
    await house.clients.disable(client.id);
    const { status, json } = await house.redeem(client, grant);
    expect([status, json['error']]).toEqual([401, 'invalid_client']);
  });

  it('the person signs out', async () => {
    const { browser, tokens } = await house.codeFlow();
    const grant = await browser.obtainCode();
    await browser.get(`/logout?id_token_hint=${tokens.id_token}`);
    expectInvalidGrant(await house.redeem(house.web, grant));
  });
});

it('CD-10 in the URL is refused', async () => {
  const { code, verifier, redirectUri } = await lend();
  const query = new URLSearchParams({ grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri });
  const { status, json } = await house.post(`/token?${query}`, house.web, {});
  expect([status, json['error']]).toEqual([400, 'invalid_request']);
}); // prettier-ignore
