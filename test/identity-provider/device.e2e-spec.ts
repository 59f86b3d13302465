import { RevocationLog } from '../../src/authorizations/revocation-log.js';
import { DEVICE_CODE } from '../../src/protocol/grant-type.js';
import {
  type Answer,
  claimsOf,
  type Form,
  type House,
  type JsonAnswer,
  openHouse,
  type PersonBrowser,
  type TestClient,
  type Tokens,
} from '../support/house.js';
import { hiddenFields } from '../support/login-house.js';

let house: House;
let tv: TestClient;
beforeAll(async () => {
  house = await openHouse();
  tv = await house.register(
    { id: 'tv', redirectUri: 'https://tv.test/cb', method: 'none' },
    { client_name: 'Living room TV', ...DEVICE },
  );
});
afterAll(() => house.close());

const DEVICE = { grant_types: [DEVICE_CODE, 'refresh_token'], response_types: [], redirect_uris: [] };
const device = (id: string, metadata: Form = {}, policy = {}) => house.client(id, { ...DEVICE, ...metadata }, policy);

interface Begun {
  device_code: string;
  user_code: string;
  verification_uri: string;
  verification_uri_complete: string;
  expires_in: number;
  interval: number;
}

async function begin(client = tv, form: Form = { scope: 'openid' }): Promise<Begun> {
  const { status, json } = await house.post('/device_authorization', client, form);
  expect([status, json['error']]).toEqual([200, undefined]);
  return json as unknown as Begun;
}

const poll = (deviceCode: string, client = tv, form: Form = {}, origin?: string): Promise<JsonAnswer> =>
  house.token(client, { grant_type: DEVICE_CODE, device_code: deviceCode, ...form }, origin ? { origin } : {});

/** Enters a code and goes on, as far as it goes without a decision: to the confirmation, or to an error. */
async function enter(browser: PersonBrowser, userCode: string, as = 'alice'): Promise<Answer> {
  const entry = await browser.get('/device');
  let answer: Answer = await browser.post('/device', { ...hiddenFields(entry.page), user_code: userCode });
  for (let hops = 0; hops < 5; hops += 1) {
    const location = answer.headers.get('location');
    if (location === null) return answer;
    const { pathname, searchParams } = new URL(location, house.issuer);
    answer =
      pathname === '/login'
        ? await browser.signIn(as, as === 'bob' ? 'builder' : 'wonderland', searchParams.get('interaction')!)
        : await browser.get(location);
  }
  throw new Error('sent in circles');
}

const decide = (browser: PersonBrowser, confirmation: Answer, decision: string) =>
  browser.post('/device/confirm', { ...hiddenFields(confirmation.page), decision });

/** A device that a person has allowed, and the browser in which they did. */
async function allowed(client = tv, form: Form = { scope: 'openid' }, as = 'alice') {
  const begun = await begin(client, form);
  const browser = house.browser();
  const done = await decide(browser, await enter(browser, begun.user_code, as), 'allow');
  expect(done.page).toContain('Your device is connected');
  return { ...begun, browser };
}

describe('the device authorization endpoint', () => {
  it('gives two codes and tells where to enter the one', async () => {
    const answer = await house.post('/device_authorization', tv, { scope: 'openid' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.json).toEqual({
      device_code: expect.stringMatching(/^[\w-]{43}$/),
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      verification_uri: `${house.issuer}/device`,
      verification_uri_complete: `${house.issuer}/device?user_code=${answer.json['user_code'] as string}`,
      expires_in: 600,
      interval: 5,
    });
  });

  it.each<[string, () => Promise<JsonAnswer>, number, string]>([
    ['no client', () => house.post('/device_authorization', undefined, {}), 401, 'invalid_client'],
    ['a client without the grant', () => house.post('/device_authorization', house.web, {}), 400, 'unauthorized_client'],
    ['a scope it may not have', () => house.post('/device_authorization', tv, { scope: 'openid admin' }), 400, 'invalid_scope'],
    ['an unknown resource', () => house.post('/device_authorization', tv, { resource: 'urn:nobody' }), 400, 'invalid_target'],
    ['scopes of two resources', () => house.post('/device_authorization', tv, { scope: 'orders:read invoices:read' }), 400, 'invalid_target'],
    ['prompt none', () => house.post('/device_authorization', tv, { prompt: 'none' }), 400, 'invalid_request'],
    ['parameters in the URL', () => house.post('/device_authorization?scope=openid', tv, {}), 400, 'invalid_request'],
    ['a scope sent twice', () => house.post('/device_authorization', tv, { scope: ['openid', 'openid'] }), 400, 'invalid_request'],
  ])('refuses %s', async (_, send, status, error) => {
    const answer = await send();
    expect([answer.status, answer.json['error']]).toEqual([status, error]);
  }); // prettier-ignore

  it('refuses a wrong secret and a disabled client', async () => {
    const client = await device('tv-confidential');
    await house.clients.disable(client.id);
    for (const one of [{ ...client, secret: 'wrong' }, client]) {
      expect((await house.post('/device_authorization', one, {})).json['error']).toBe('invalid_client');
    }
  });

  it('is called by POST only', async () => {
    const answer = await fetch(`${house.issuer}/device_authorization`);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('a device and its person', () => {
  it('waits, is allowed, and gets its tokens once', async () => {
    const begun = await begin(tv, { scope: 'openid profile offline_access', nonce: 'n1' });
    expect((await poll(begun.device_code)).json['error']).toBe('authorization_pending');
    const browser = house.browser();
    const confirmation = await enter(browser, begun.user_code.toLowerCase().replace('-', ' '));
    expect(confirmation.page).toContain(begun.user_code);
    expect(confirmation.page).toContain('Living room TV');
    expect(confirmation.page).toContain('Alice Liddell');
    house.clock.pass('5s');
    expect((await poll(begun.device_code)).json['error']).toBe('authorization_pending');
    expect((await decide(browser, confirmation, 'allow')).status).toBe(200);

    const before = await house.app.get(RevocationLog, { strict: false }).head();
    await house.authorizations.revoke({ client: 'somebody-else' }, 'administrative');
    const { status, json, headers } = await poll(begun.device_code);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    // As of the person's yes: whatever was revoked since ends these tokens, too.
    expect(claimsOf(json['access_token'] as string)['rev']).toBe(`${before.epoch}.${before.seq}`);
    const tokens = json as unknown as Tokens;
    expect(claimsOf(tokens.id_token)).toMatchObject({ aud: 'tv', nonce: 'n1', acr: 'urn:gatehouse:pwd' });
    expect((await house.userinfo(tokens.access_token)).json['name']).toBe('Alice Liddell');
    expect((await house.refresh(tv, tokens.refresh_token)).status).toBe(200);
  });

  it('is told no', async () => {
    const begun = await begin();
    const browser = house.browser();
    const done = await decide(browser, await enter(browser, begun.user_code), 'deny');
    expect([done.status, done.page]).toEqual([200, expect.stringContaining('was refused')]);
    const { status, json } = await poll(begun.device_code);
    expect([status, json['error']]).toEqual([400, 'access_denied']);
    expect((await enter(browser, begun.user_code)).page).toContain('not known');
  });

  it('asks a person who is signed in already, and who allowed it before, again', async () => {
    const { browser } = await allowed();
    const second = await begin();
    const confirmation = await enter(browser, second.user_code);
    expect(confirmation.page).toContain(second.user_code);
    expect((await poll(second.device_code)).json['error']).toBe('authorization_pending');
  });

  it('asks for a first-party client, too', async () => {
    const client = await device('tv-ours', {}, { firstParty: true });
    const begun = await begin(client);
    expect((await enter(house.browser(), begun.user_code)).page).toContain('consent-allow');
  });

  it('the link with the code only fills the field in', async () => {
    const begun = await begin();
    const browser = house.browser();
    const page = await browser.get(new URL(begun.verification_uri_complete).pathname + `?user_code=${begun.user_code}`);
    expect(page.page).toContain(`value="${begun.user_code}"`);
    expect(page.page).not.toContain('Living room TV');
    expect((await poll(begun.device_code)).json['error']).toBe('authorization_pending');
  });

  it('what stands in the link is text', async () => {
    const { page } = await house.browser().get('/device?user_code=%22%3E%3Cscript%3Ealert(1)%3C/script%3E');
    expect(page).not.toContain('<script>');
  });

  it('asks for the sign-in that the device wants: max_age, prompt', async () => {
    const fresh = await house.client('tv-fresh', { ...DEVICE, default_max_age: 60 });
    const { browser } = await allowed();
    house.clock.pass('2m');
    for (const [one, form] of [[fresh, {}], [tv, { max_age: '60' }], [tv, { prompt: 'login' }]] as const) {
      const begun = await begin(one, { scope: 'openid', ...form });
      const entry = await browser.get('/device');
      const first = await browser.post('/device', { ...hiddenFields(entry.page), user_code: begun.user_code });
      const confirm = first.headers.get('location')!;
      expect((await browser.get(confirm)).headers.get('location')).toMatch(/^\/login\?/);
      // Nobody skips it: the decision is refused without the page, too.
      const skipped = await browser.post('/device/confirm', { interaction: new URL(confirm, house.issuer).searchParams.get('interaction')!, decision: 'allow' });
      expect(skipped.status).toBe(400);
      expect((await poll(begun.device_code, one)).json['error']).toBe('authorization_pending');
    }
  }); // prettier-ignore

  it('wants the second factor that the operator demands of the client’s users', async () => {
    const client = await device('tv-strict', {}, { secondFactor: true });
    const begun = await begin(client);
    const browser = house.browser();
    const entry = await browser.get('/device');
    const first = await browser.post('/device', { ...hiddenFields(entry.page), user_code: begun.user_code });
    const confirm = first.headers.get('location')!;
    const interaction = new URL(confirm, house.issuer).searchParams.get('interaction')!;
    const signedIn = await browser.signIn('alice', 'wonderland', interaction);
    expect(signedIn.headers.get('location')).not.toContain('/device');
    expect((await browser.get(confirm)).headers.get('location')).toMatch(/^\/login\?/);
    expect((await browser.post('/device/confirm', { interaction, decision: 'allow' })).status).toBeGreaterThanOrEqual(
      400,
    );
    expect((await poll(begun.device_code, client)).json['error']).toBe('authorization_pending');
  });

  it('is told no when the sign-in that it demands is not to be had', async () => {
    const claims = JSON.stringify({ id_token: { acr: { essential: true, values: ['urn:nobody'] } } });
    const begun = await begin(tv, { scope: 'openid', claims });
    const page = await enter(house.browser(), begun.user_code);
    expect(page.page).toContain('unmet_authentication_requirements');
    expect((await poll(begun.device_code)).json['error']).toBe('access_denied');
  });
});

describe('polling', () => {
  it('too early: five seconds more, for that and every later request', async () => {
    const { device_code: code } = await begin();
    expect((await poll(code)).json['error']).toBe('authorization_pending');
    house.clock.pass('2s');
    const early = await poll(code);
    expect([early.status, early.json['error']]).toEqual([400, 'slow_down']);
    house.clock.pass('6s');
    expect((await poll(code)).json['error']).toBe('slow_down');
    house.clock.pass('15s');
    expect((await poll(code)).json['error']).toBe('authorization_pending');
  });

  it('does not keep an impatient device waiting for what it may have', async () => {
    const { device_code: code } = await allowed();
    expect((await poll(code)).status).toBe(200);
  });

  it('ends with the code', async () => {
    const begun = await begin();
    const granted = await allowed();
    const browser = house.browser();
    const confirmation = await enter(browser, begun.user_code);
    house.clock.pass('10m');
    for (const { device_code: code } of [begun, granted]) {
      const { status, json } = await poll(code);
      expect([status, json['error']]).toEqual([400, 'expired_token']);
    }
    const late = await decide(browser, confirmation, 'allow');
    expect([late.status, late.page]).toEqual([400, expect.stringContaining('expired_token')]);
    expect((await enter(browser, begun.user_code)).page).toContain('not known');
  });

  it.each<[string, string]>([
    ['garbage', 'garbage'],
    ['nothing that we made', 'x'.repeat(43)],
  ])('%s is invalid_grant', async (_, code) => {
    const { status, json } = await poll(code);
    expect([status, json['error']]).toEqual([400, 'invalid_grant']);
  });

  it('another client’s code is nothing, and lives on', async () => {
    const other = await device('tv-other');
    const { device_code: code } = await allowed();
    expect((await poll(code, other)).json['error']).toBe('invalid_grant');
    expect((await poll(code)).status).toBe(200);
  });

  it('wants a code, and the registration for it', async () => {
    expect((await house.token(tv, { grant_type: DEVICE_CODE })).json['error']).toBe('invalid_request');
    expect((await poll('x'.repeat(43), house.web)).json['error']).toBe('unauthorized_client');
  });
});

describe('used once', () => {
  it('a second time ends what the first gave', async () => {
    const { device_code: code } = await allowed(tv, { scope: 'openid offline_access' });
    const tokens = (await poll(code)).json as unknown as Tokens;
    expect((await poll(code)).json['error']).toBe('invalid_grant');
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
    expect((await house.refresh(tv, tokens.refresh_token)).json['error']).toBe('invalid_grant');
  });

  it('CD-02 fifty at once over two processes: at most one succeeds, no more than one family', async () => {
    const origins = [house.issuer, await house.openAnother()];
    for (let round = 0; round < 2; round += 1) {
      const { device_code: code } = await allowed(tv, { scope: 'openid offline_access' });
      const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => poll(code, tv, {}, origins[i % 2]!)));
      const winners = answers.filter(({ status }) => status === 200);
      expect(winners).toHaveLength(1);
      for (const loser of answers.filter(({ status }) => status !== 200)) {
        expect([loser.status, loser.json['error']]).toEqual([400, 'invalid_grant']);
      }
      const { access_token: token } = winners[0]!.json as unknown as Tokens;
      const { authorization_id: id } = claimsOf(token);
      const families = await house.database.dataSource.query('SELECT 1 FROM refresh_token WHERE authorization_id = $1', [id]);
      expect(families).toHaveLength(1);
      expect((await house.userinfo(token)).status).toBe(401);
    }
  }); // prettier-ignore

  it('of two people who answer one code at once, one counts', async () => {
    const begun = await begin();
    const [alice, bob] = [house.browser(), house.browser()];
    const [hers, his] = [await enter(alice, begun.user_code), await enter(bob, begun.user_code, 'bob')];
    const answers = await Promise.all([decide(alice, hers, 'allow'), decide(bob, his, 'allow')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect((await poll(begun.device_code)).status).toBe(200);
  });
});

describe('what a person or an operator takes back before the device came for it', () => {
  const refused = async (code: string, client = tv) => {
    const { status, json } = await poll(code, client);
    expect([status, json['error']]).toEqual([400, 'invalid_grant']);
  };

  it('TK-16 a person who is disabled', async () => {
    const { device_code: code } = await allowed(tv, { scope: 'openid offline_access' }, 'bob');
    const { sub } = (await house.users.findByUsername('bob'))!.user;
    await house.suspensions.disableUser(sub);
    await refused(code);
    await house.users.enable(sub);
    await refused(code);
  });

  it('TK-16 a person who is disabled by an operator’s own hand', async () => {
    const { device_code: code } = await allowed(tv, { scope: 'openid offline_access' }, 'bob');
    const { sub } = (await house.users.findByUsername('bob'))!.user;
    await house.users.disable(sub);
    await refused(code);
    await house.users.enable(sub);
    await refused(code);
  });

  it('a disabled person cannot say yes', async () => {
    const begun = await begin();
    const browser = house.browser();
    const confirmation = await enter(browser, begun.user_code, 'bob');
    const { sub } = (await house.users.findByUsername('bob'))!.user;
    await house.users.disable(sub);
    expect((await decide(browser, confirmation, 'allow')).status).toBe(400);
    expect((await poll(begun.device_code)).json['error']).toBe('authorization_pending');
    await house.users.enable(sub);
  });

  it('a client that is disabled', async () => {
    const client = await device('tv-suspended');
    const { device_code: code } = await allowed(client);
    const waiting = await begin(client);
    const browser = house.browser();
    const confirmation = await enter(browser, waiting.user_code);
    await house.suspensions.disableClient(client.id);
    expect((await poll(code, client)).json['error']).toBe('invalid_client');
    expect((await decide(browser, confirmation, 'allow')).page).toContain('expired_token');
    expect((await enter(house.browser(), waiting.user_code)).page).toContain('not known');
    await house.clients.enable(client.id);
    await refused(code, client);
  });

  it('a consent that is withdrawn', async () => {
    const { device_code: code } = await allowed(tv, { scope: 'openid offline_access' });
    await house.consents.withdraw((await house.users.findByUsername('alice'))!.user.sub, tv.id);
    await refused(code);
  });

  it('a session that is signed out, unless it was allowed offline', async () => {
    for (const [scope, ends] of [['openid', true], ['openid offline_access', false]] as const) {
      const { device_code: code, browser } = await allowed(tv, { scope });
      const page = await browser.get('/logout');
      await browser.post('/logout', hiddenFields(page.page));
      if (ends) await refused(code);
      else expect((await poll(code)).status).toBe(200);
    }
  }); // prettier-ignore
});

describe('the pages', () => {
  it('send no form of another site, browser or person', async () => {
    const begun = await begin();
    const browser = house.browser();
    const entry = hiddenFields((await browser.get('/device')).page);
    const forms: [string, Record<string, string>][] = [
      ['no token', { user_code: begun.user_code }],
      ['a token of another browser', { ...hiddenFields((await house.browser().get('/device')).page), user_code: begun.user_code }],
    ];
    for (const [name, form] of forms) expect([name, (await browser.post('/device', form)).status]).toEqual([name, 403]);
    browser.headers = { 'sec-fetch-site': 'cross-site' };
    expect((await browser.post('/device', { ...entry, user_code: begun.user_code })).status).toBe(403);
    browser.headers = { 'sec-fetch-site': 'same-origin' };

    const confirmation = await enter(browser, begun.user_code);
    const { csrf: _, ...bare } = hiddenFields(confirmation.page);
    expect((await browser.post('/device/confirm', { ...bare, decision: 'allow' })).status).toBe(403);
    const stranger = house.browser();
    await stranger.signIn('bob', 'builder');
    expect((await stranger.post('/device/confirm', { ...hiddenFields(confirmation.page), decision: 'allow' })).status).toBe(400);
    browser.headers = { 'sec-fetch-site': 'cross-site' };
    expect((await decide(browser, confirmation, 'allow')).status).toBe(403);
    expect((await poll(begun.device_code)).json['error']).toBe('authorization_pending');
  }); // prettier-ignore

  it('take an interaction of their own only', async () => {
    const browser = house.browser();
    const login = await browser.start(house.web);
    const interaction = new URL(login.headers.get('location')!, house.issuer).searchParams.get('interaction')!;
    expect((await browser.get(`/device/confirm?interaction=${interaction}`)).status).toBe(400);
    const begun = await begin();
    const entry = await browser.get('/device');
    const first = await browser.post('/device', { ...hiddenFields(entry.page), user_code: begun.user_code });
    const ours = new URL(first.headers.get('location')!, house.issuer).search;
    for (const path of ['/authorize/resume', '/consent']) {
      expect([path, (await browser.get(`${path}${ours}`)).status]).toEqual([path, 400]);
    }
  });

  it('cannot be framed and keep nothing', async () => {
    const { headers } = await house.browser().get('/device');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

it('keeps neither code in the database as it is', async () => {
  const begun = await begin();
  const rows = await house.database.dataSource.query('SELECT d::text AS row FROM device_authorization d');
  const text = JSON.stringify(rows);
  for (const code of [begun.device_code, begun.user_code, begun.user_code.replace('-', '')]) {
    expect(text).not.toContain(code);
    expect(text).not.toContain(Buffer.from(code).toString('hex'));
  }
});

// Last: afterwards nobody at this address may try any more.
it('BF-10 wrong codes: after twenty from one network the next one waits, a right one too', async () => {
  const begun = await begin();
  const browser = house.browser();
  const entry = hiddenFields((await browser.get('/device')).page);
  const guess = (code: string) => browser.post('/device', { ...entry, user_code: code });
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => guess(`BBBB-BB${'BCDFGHJK'[i % 8]!}${'BCDFG'[i % 5]!}`)));
  expect(answers.filter(({ status }) => status === 400).length).toBeLessThanOrEqual(20);
  const blocked = await guess(begun.user_code);
  expect([blocked.status, Number(blocked.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
  expect(blocked.page).toContain('Too many wrong codes');
  expect((await poll(begun.device_code)).json['error']).toBe('authorization_pending');
}); // prettier-ignore
