import { SubjectIdentifiers } from '../../src/clients/subject-identifiers.js';
import { Secrets } from '../../src/platform/secret.js';
import { createTestDatabase } from '../support/database.js';
import { claimsOf, type PersonBrowser, SECRETS, type TestClient } from '../support/house.js';
import { playing, RegistrationHouse, Site } from './house.js';

const REFRESHING = { grant_types: ['authorization_code', 'refresh_token'] };
const PAIRWISE = { subject_type: 'pairwise', ...REFRESHING };

/** What the site answers, by path. */
const documents = new Map<string, { status?: number; type?: string; body: string }>();
let site: Site;
let house: RegistrationHouse;

beforeAll(async () => {
  site = await Site.open((request, response) => {
    const { status = 200, type = 'application/json', body } = documents.get(request.url!) ?? { status: 404, body: '' };
    response.writeHead(status, { 'content-type': type, location: `${site.origin}/good` }).end(body);
  });
  house = await RegistrationHouse.open({ registration: 'open', policy: 'certification', allow: [site.allowance] });
});
afterAll(async () => {
  await house.close();
  await site.close();
});

let documentCount = 0;
function publish(body: unknown, more: { status?: number; type?: string } = {}): string {
  const path = `/sector-${(documentCount += 1)}.json`;
  documents.set(path, { body: typeof body === 'string' ? body : JSON.stringify(body), ...more });
  return `${site.origin}${path}`;
}

async function person(client: TestClient, as = 'alice', browser: PersonBrowser = house.browser()) {
  const { tokens } = await house.codeFlow({ scope: 'openid email' }, { client, as, browser });
  const idToken = claimsOf(tokens.id_token);
  return { sub: idToken['sub'] as string, sid: idToken['sid'] as string, tokens, browser };
}

async function pairwise(host: string, metadata: Record<string, unknown> = {}) {
  return playing(await house.add({ redirect_uris: [`https://${host}/cb`], ...PAIRWISE, ...metadata }));
}

describe('a pairwise subject', () => {
  it('is the same in everything one client is told', async () => {
    const client = await pairwise('app.test');
    const { sub, tokens } = await person(client);
    expect(sub).toMatch(/^[\w-]{43}$/);
    expect(claimsOf(tokens.access_token)['sub']).toBe(sub);
    expect((await house.userinfo(tokens.access_token)).json).toMatchObject({ sub, email: 'alice@example.com' });
    const refreshed = await house.refresh(client, tokens.refresh_token);
    expect(claimsOf(refreshed.json['id_token'] as string)['sub']).toBe(sub);
    expect((await house.userinfo(refreshed.json['access_token'] as string)).json['sub']).toBe(sub);
    const introspected = await house.introspect(tokens.access_token, client);
    expect(introspected).toMatchObject({ active: true, sub });
    // The name would tell what the subject hides.
    expect(introspected).not.toHaveProperty('username');
  });

  it('is the person’s own for a client that did not ask for it', async () => {
    const client = playing(await house.add({ redirect_uris: ['https://app.test/cb'] }));
    const { sub, tokens } = await person(client);
    expect(sub).toMatch(/^usr_/);
    expect(await house.introspect(tokens.access_token, client)).toMatchObject({ sub, username: 'alice' });
  });

  it('is one per person and sector', async () => {
    const { sub } = await person(await pairwise('app.test'));
    expect((await person(await pairwise('app.test', { client_name: 'Another' }))).sub).toBe(sub);
    expect((await person(await pairwise('app.test:8443'))).sub).toBe(sub);
    expect((await person(await pairwise('other.test'))).sub).not.toBe(sub);
    expect((await person(await pairwise('app.test'), 'bob')).sub).not.toBe(sub);
  });

  it('ends with the user: the access token of somebody disabled says nothing', async () => {
    const { tokens } = await person(await pairwise('app.test'), 'bob');
    const bob = (await house.users.findByUsername('bob'))!.user;
    await house.users.disable(bob.sub);
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
    await house.users.enable(bob.sub);
    expect((await house.userinfo(tokens.access_token)).status).toBe(200);
  });

  it('as a hint means the person it was made for, also from another sector', async () => {
    const client = await pairwise('app.test');
    const { browser, tokens } = await person(client);
    const silent = { prompt: 'none', scope: 'openid email' };
    const ask = async (hint: string) => browser.authorize(client, { ...silent, id_token_hint: hint });
    expect((await ask(tokens.id_token)).get('code')).toBeTruthy();
    expect((await ask((await person(await pairwise('other.test'))).tokens.id_token)).get('code')).toBeTruthy();
    expect((await ask((await person(house.web)).tokens.id_token)).get('code')).toBeTruthy();
    expect((await ask((await person(client, 'bob')).tokens.id_token)).get('error')).toBe('login_required');
    expect((await ask((await person(house.web, 'bob')).tokens.id_token)).get('error')).toBe('login_required');
  });

  it('of a client that is gone hints at nobody', async () => {
    const gone = await house.add({ redirect_uris: ['https://gone.test/cb'], ...PAIRWISE });
    const { tokens, browser } = await person(playing(gone));
    await house.configure(gone, 'DELETE');
    const client = await pairwise('app.test');
    await person(client, 'alice', browser);
    const answer = await browser.authorize(client, { prompt: 'none', id_token_hint: tokens.id_token });
    expect(answer.get('error')).toBe('login_required');
  });

  it('is what the claims parameter means by sub', async () => {
    const client = await pairwise('app.test');
    const { sub, browser } = await person(client);
    const ask = (value: string) =>
      browser.authorize(client, {
        prompt: 'none',
        scope: 'openid email',
        claims: JSON.stringify({ id_token: { sub: { value } } }),
      });
    expect((await ask(sub)).get('code')).toBeTruthy();
    const own = (await house.users.findByUsername('alice'))!.user.sub;
    expect((await ask(own)).get('error')).toBe('login_required');
  });

  it('signs its person out', async () => {
    const bye = 'https://app.test/bye';
    const client = await pairwise('app.test', { post_logout_redirect_uris: [bye] });
    const { browser, tokens } = await person(client);
    const query = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: bye, state: 's' });
    const answer = await browser.get(`/logout?${query}`);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `${bye}?state=s`]);
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
  });

  it('is no way into another person’s session: their hint is asked about', async () => {
    const client = await pairwise('app.test');
    const { browser } = await person(client);
    const { tokens } = await person(client, 'bob');
    const answer = await browser.get(`/logout?${new URLSearchParams({ id_token_hint: tokens.id_token })}`);
    expect(answer.page).toContain('logout-confirm');
  });

  it('that would change ends what was given under the old one', async () => {
    const registered = await house.add({ redirect_uris: ['https://app.test/cb'], ...PAIRWISE });
    const { tokens } = await person(playing(registered));
    const same = { client_id: registered.client_id, redirect_uris: ['https://app.test/cb'], ...PAIRWISE };
    expect((await house.configure(registered, 'PUT', { ...same, client_name: 'Named' })).status).toBe(200);
    expect((await house.userinfo(tokens.access_token)).status).toBe(200);
    expect((await house.configure(registered, 'PUT', { ...same, subject_type: 'public' })).status).toBe(200);
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
    expect((await house.refresh(playing(registered), tokens.refresh_token)).json['error']).toBe('invalid_grant');
  });

  it('stays the same when GATEHOUSE_SECRET is replaced', async () => {
    const { url: databaseUrl, drop } = await createTestDatabase();
    const next = 'another secret that is long enough, too';
    try {
      const subs: string[] = [];
      for (const secrets of [SECRETS, [next, ...SECRETS], [next]]) {
        const one = await RegistrationHouse.open({ registration: 'open', databaseUrl, secrets });
        const registered = await one.add({ redirect_uris: ['https://app.test/cb'], ...PAIRWISE });
        const { tokens } = await one.codeFlow({}, { client: playing(registered) });
        subs.push(claimsOf(tokens.id_token)['sub'] as string);
        if (secrets.length > 1) {
          const subjects = one.app.get(SubjectIdentifiers, { strict: false });
          expect([await subjects.reseal(), await subjects.reseal()]).toEqual([1, 0]);
          await one.keys.reseal();
        }
        await one.close();
      }
      expect(new Set(subs).size).toBe(1);
    } finally {
      await drop();
    }
  });

  it('is made from one salt, also when several processes need the first at once', async () => {
    await house.database.dataSource.query('DELETE FROM provider_setting');
    const client = (await house.clients.find((await pairwise('app.test')).id))!;
    const processes = Array.from({ length: 10 }, () => new SubjectIdentifiers(house.database, new Secrets(SECRETS)));
    const subs = await Promise.all(processes.map((subjects) => subjects.of(client, 'usr_one')));
    expect(new Set(subs).size).toBe(1);
    const stranger = new SubjectIdentifiers(house.database, new Secrets(['a secret that did not seal this salt']));
    await expect(stranger.of(client, 'usr_one')).rejects.toThrow('GATEHOUSE_SECRET');
    await expect(stranger.reseal()).rejects.toThrow('GATEHOUSE_SECRET');
  });
});

describe('the sector', () => {
  const redirect_uris = ['https://one.test/cb', 'https://two.test/cb'];

  it('lists every redirect URI, and then its host is what counts', async () => {
    const sector_identifier_uri = publish([...redirect_uris, 'https://three.test/cb']);
    const first = await house.add({ redirect_uris, sector_identifier_uri, ...PAIRWISE });
    expect(first).toMatchObject({ sector_identifier_uri, subject_type: 'pairwise' });
    const second = await house.add({ redirect_uris: ['https://three.test/cb'], sector_identifier_uri, ...PAIRWISE });
    expect((await person(playing(second))).sub).toBe((await person(playing(first))).sub);
  });

  it.each([
    ['lists another', () => publish(['https://one.test/cb'])],
    ['lists a longer one', () => publish(redirect_uris.map((uri) => `${uri}/more`))],
    ['is an object', () => publish({ redirect_uris })],
    ['is a text', () => publish(JSON.stringify(redirect_uris.join()))],
    ['is null', () => publish('null')],
    ['is no JSON', () => publish('<html>')],
    ['is empty', () => publish('')],
    ['is missing', () => `${site.origin}/nothing`],
    ['is an error', () => publish(redirect_uris, { status: 500 })],
    ['leads elsewhere', () => publish(redirect_uris, { status: 302 })],
    ['is too large', () => publish([...redirect_uris, 'x'.repeat(70_000)])],
    ['is inside', () => 'https://127.0.0.1/sector'],
    ['is the metadata service', () => 'https://169.254.169.254/latest'],
    ['is a closed port of a name we allow', () => `https://named.test:1/`],
    ['is of a name that does not exist', () => 'https://nobody.test/'],
  ])('that %s is refused in the same words', async (_, sector) => {
    const { status, json } = await house.send({ redirect_uris, sector_identifier_uri: sector(), ...PAIRWISE });
    expect([status, json]).toEqual([
      400,
      {
        error: 'invalid_client_metadata',
        error_description:
          'sector_identifier_uri: could not be read as a JSON array that lists every one of the redirect_uris',
      },
    ]);
  });

  it('is asked again when the client changes', async () => {
    const client = await house.add({ redirect_uris, sector_identifier_uri: publish(redirect_uris), ...PAIRWISE });
    const body = { client_id: client.client_id, redirect_uris, ...PAIRWISE };
    const narrow = publish([redirect_uris[0]]);
    const refused = await house.configure(client, 'PUT', { ...body, sector_identifier_uri: narrow });
    expect([refused.status, refused.json['error']]).toEqual([400, 'invalid_client_metadata']);
    const accepted = await house.configure(client, 'PUT', { ...body, sector_identifier_uri: publish(redirect_uris) });
    expect(accepted.status).toBe(200);
  });

  it.each([
    ['several hosts', { redirect_uris }],
    ['a native client on loopback', { application_type: 'native', redirect_uris: ['http://127.0.0.1/cb'] }],
    ['a private scheme', { application_type: 'native', redirect_uris: ['com.example.app://callback'] }],
  ])('must be named with %s', async (_, metadata) => {
    const { status, json } = await house.send({ ...PAIRWISE, ...metadata });
    expect([status, json['error']]).toEqual([400, 'invalid_client_metadata']);
    expect(json['error_description']).toMatch(/^sector_identifier_uri/);
  });

  it('of a stranger is never looked for inside, whatever the operator opened for others', async () => {
    const canary = await Site.open((_, response) => response.end(JSON.stringify(redirect_uris)));
    const { port } = canary.allowance;
    const hosts = ['named.test', '127.0.0.1', 'localhost', '0.0.0.0', '[::1]', '[::]', '127.1', '2130706433'];
    const allow = ['named.test', '127.0.0.1', 'localhost', '0.0.0.0', '::1'].map((host) => ({ host, port }));
    const secure = await RegistrationHouse.open({ registration: 'open', allow });
    try {
      for (const host of hosts) {
        const sector_identifier_uri = `https://${host}:${port}/`;
        const answer = await secure.send({ redirect_uris, sector_identifier_uri, ...PAIRWISE });
        expect([host, answer.status]).toEqual([host, 400]);
      }
      expect(canary.connections).toBe(0);
    } finally {
      await secure.close();
      await canary.close();
    }
  });
});
