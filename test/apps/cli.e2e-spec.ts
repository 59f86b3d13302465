import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, SignJWT } from 'jose';
import pg from 'pg';
import { Audit } from '../../src/audit/audit.js';
import { OneTimeTokens } from '../../src/interactions/one-time-tokens.js';
import { DeviceTrust } from '../../src/users/credentials/device-trust.js';
import { TotpCredentials } from '../../src/users/credentials/totp.js';
import { addAuthenticator } from '../support/authenticator.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  basic,
  claimsOf,
  type Flow,
  headerOf,
  type House,
  openHouse,
  SECRETS,
  type TestClient,
} from '../support/house.js';
import { LogoutReceiver } from '../support/logout-receiver.js';
import { createTestIdentityProvider, VirtualClock } from '../../src/testing/index.js';
import { TestClock } from '../support/test-clock.js';
import { openShell, type Ran, runHere } from './command-line.js';
import { embeddedServer, FrontDoor, freePortBase, temporaryDirectory } from './front-door.js';

const root = join(import.meta.dirname, '../..');
const entry = join(root, 'dist/apps/cli/main.js');
const NEW_SECRET = 'W4Yh0rQ2nZk8vT6uJxP1cLm9eBdS3gFa7iKoNqRs';
const PASSWORD = 'a red dwarf';
/** What the operator's acts are recorded as. */
const RECORDED: Record<string, unknown> = {
  disable: ['user_suspended', 'operator'],
  'sign-out': ['signed_out_everywhere', 'operator'],
  remove: ['user_removed', 'operator'],
  'set-password': ['password_changed', 'operator'],
};
/** For tests of many processes, each of which loads a second's worth of modules. In milliseconds. */
const PATIENCE = 400_000;

/** Runs a program to its end, with an environment that holds nothing but what it is given. */
async function run(
  program: string,
  args: string[],
  settings: NodeJS.ProcessEnv,
  input = '',
  cwd = files,
): Promise<Ran> {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(program, args, { cwd, env: { PATH, HOME, TMPDIR, ...settings } });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  // It may end before it has read all.
  child.stdin.on('error', () => {}).end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** The command line as a process of its own, as people run it. */
function processOf(settings: NodeJS.ProcessEnv, args: string[], input?: string): Promise<Ran> {
  return run(process.execPath, [entry, ...args], settings, input);
}

const cli = (settings: NodeJS.ProcessEnv, args: string[], input?: string) => runHere(args, settings, input);

const home = process.cwd();
let files: string;
let house: House;
let settings: NodeJS.ProcessEnv;

beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'gatehouse-cli-'));
  // Files are named as they are seen from here.
  process.chdir(files);
  // The command line has the time of day, so the provider beside it stands there too.
  house = await openHouse({ clock: new TestClock(Date.now()) });
  settings = { DATABASE_URL: house.databaseUrl, GATEHOUSE_SECRET: SECRETS[0], ISSUER: house.issuer };
});
// It stands still otherwise, and on a slow machine would fall behind what the command line writes.
beforeEach(() => house.clock.pass(Math.max(0, Date.now() - house.clock.now())));
afterAll(async () => {
  process.chdir(home);
  await house.close();
  await rm(files, { recursive: true, force: true });
});

/** What a command answers to a program. It must succeed, and say nothing else. */
async function answerOf<T = Record<string, unknown>>(args: string[], input?: string, more = {}): Promise<T> {
  const { code, stdout, stderr } = await cli({ ...settings, ...more }, [...args, '--json'], input);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as T;
}

/** A confidential client, added by the command line. */
async function addClient(id: string, ...options: string[]): Promise<TestClient> {
  const redirectUri = `https://${id}.test/cb`;
  const grants = ['--grant-type', 'authorization_code', '--grant-type', 'refresh_token'];
  const { secret } = await answerOf<{ secret: string }>([
    'client',
    'add',
    '--id',
    id,
    '--redirect-uri',
    redirectUri,
    ...grants,
    ...options,
  ]);
  return { id, secret, redirectUri, method: 'client_secret_basic' };
}

const OFFLINE = { scope: 'openid email offline_access', prompt: 'consent' };

describe('as a process', () => {
  it('prints one document and ends with 0, or a sentence and ends with 1, or the usage and ends with 2', async () => {
    const done = await processOf(settings, ['client', 'show', 'rp-a', '--json']);
    expect(done).toEqual({ code: 0, stdout: expect.any(String), stderr: '' });
    expect(JSON.parse(done.stdout)).toMatchObject({ id: 'rp-a', disabled: false });
    const [refused, wrong] = await Promise.all([
      processOf(settings, ['client', 'show', 'nobody']),
      processOf(settings, ['client', 'show']),
    ]);
    expect(refused).toEqual({ code: 1, stdout: '', stderr: "There is no client 'nobody'.\n" });
    expect(wrong).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(/missing required argument 'id'/) });
  });

  it('says which version it is', async () => {
    const version = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8')).version;
    const done = await processOf(settings, ['--version']);
    expect(done).toEqual({ code: 0, stdout: `nest-gatehouse ${version}\n`, stderr: '' });
  });

  it('takes a password from a pipe', async () => {
    const added = await processOf(settings, ['user', 'add', 'piper', '--password-stdin'], `${PASSWORD}\n`);
    expect(added).toMatchObject({ code: 0, stderr: '' });
    await signedIn('piper', PASSWORD);
  });
});

describe('clients', () => {
  it('are added beside a running provider, and can be used at once', async () => {
    const client = await addClient(
      'shop',
      '--name',
      'The Shop',
      '--scope',
      'openid email',
      '--scope',
      'offline_access',
    );
    const { tokens } = await house.codeFlow({ scope: 'openid email' }, { client });
    expect(claimsOf(tokens.access_token)).toMatchObject({ client_id: 'shop', scope: 'openid email' });
    // The secret was shown that once.
    for (const args of [['list'], ['show', 'shop']]) {
      for (const json of [[], ['--json']]) {
        const { code, stdout, stderr } = await cli(settings, ['client', ...args, ...json]);
        expect(code).toBe(0);
        expect(stdout).toContain('The Shop');
        expect(stdout + stderr).not.toContain(client.secret);
      }
    }
  });

  it('have what the options and the file say, the options first', async () => {
    const jwks = { keys: [publicKey] };
    await writeFile(join(files, 'keys.json'), JSON.stringify(jwks));
    await writeFile(
      join(files, 'client.json'),
      JSON.stringify({ client_name: 'From the file', redirect_uris: ['https://a.test/cb'], subject_type: 'public' }),
    );
    const file = ['--metadata', 'client.json', '--jwks', 'keys.json'];
    const options = ['--name', 'From the option', '--first-party', '--access-token-format', 'opaque'];
    const added = await answerOf(['client', 'add', ...file, ...options, '--auth-method', 'private_key_jwt']);
    expect(added).toEqual({
      id: expect.stringMatching(/^client_[\w-]{22}$/),
      disabled: false,
      policy: expect.objectContaining({ firstParty: true, accessTokenFormat: 'opaque', dynamic: false }),
      metadata: expect.objectContaining({
        client_name: 'From the option',
        redirect_uris: ['https://a.test/cb'],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks,
      }),
    });
    const native = ['--type', 'native', '--redirect-uri', 'http://127.0.0.1/cb'];
    expect(await answerOf(['client', 'add', ...native])).toMatchObject({
      metadata: { application_type: 'native', token_endpoint_auth_method: 'none' },
    });
    const implicit = ['--older-flows', '--grant-type', 'implicit', '--response-type', 'id_token token'];
    expect(await answerOf(['client', 'add', ...implicit, '--redirect-uri', 'https://a.test/cb'])).toMatchObject({
      policy: { olderFlows: true },
      metadata: { grant_types: ['implicit'], response_types: ['id_token token'] },
    });
  });

  it('may be exempted from PKCE, if they can prove themselves', async () => {
    const client = await addClient('old-library', '--no-pkce');
    const browser = house.browser();
    const request = { code_challenge: undefined, code_challenge_method: undefined, nonce: undefined };
    const code = (await browser.authorize(client, request)).get('code')!;
    const { status, json } = await house.token(client, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: client.redirectUri,
    });
    expect([status, json['token_type']]).toEqual([200, 'Bearer']);
    expect((await cli(settings, ['client', 'show', 'old-library'])).stdout).toMatch(/PKCE +not required/);
    // Everybody else needs it.
    expect((await browser.authorize(house.web, request)).get('error')).toBe('invalid_request');
  });

  it('are changed while people use them: what is given is replaced, the rest stays', async () => {
    const client = await addClient('growing-shop', '--scope', 'openid email offline_access');
    const { tokens } = await house.codeFlow(OFFLINE, { client });
    const redirects = ['--redirect-uri', client.redirectUri, '--redirect-uri', 'https://growing-shop.test/other'];
    const told = ['--backchannel-logout-uri', 'https://growing-shop.test/out', '--backchannel-logout-session-required'];
    const frame = [
      '--frontchannel-logout-uri',
      'https://growing-shop.test/in',
      '--frontchannel-logout-session-required',
    ];
    const rest = ['--name', 'Grown', '--first-party', '--scope', 'openid profile offline_access'];
    const answer = await answerOf(['client', 'update', client.id, ...redirects, ...told, ...frame, ...rest]);
    expect(answer).toMatchObject({
      policy: { firstParty: true, requirePkce: true },
      metadata: {
        client_name: 'Grown',
        redirect_uris: [client.redirectUri, 'https://growing-shop.test/other'],
        grant_types: ['authorization_code', 'refresh_token'],
        backchannel_logout_uri: 'https://growing-shop.test/out',
        backchannel_logout_session_required: true,
        frontchannel_logout_session_required: true,
      },
    });
    expect(answer).not.toHaveProperty('secret');
    expect((await cli(settings, ['client', 'show', client.id])).stdout).toMatch(
      /out \(with the session\)\n.*in \(with/,
    );
    // A scope that was taken away is not renewed; the old secret still works.
    const refreshed = await house.refresh(client, tokens.refresh_token);
    expect([refreshed.status, refreshed.json['scope']]).toEqual([200, 'openid offline_access']);
    const taken = ['--without', 'frontchannel_logout_uri', '--without', 'backchannel_logout_uri', '--no-first-party'];
    const { metadata, policy } = await answerOf<Record<string, object>>(['client', 'update', client.id, ...taken]);
    expect(Object.keys(metadata!)).not.toContain('frontchannel_logout_uri');
    expect(policy).toMatchObject({ firstParty: false });
  });

  it('get a look, and lose it again', async () => {
    const { id } = await addClient('looking-shop');
    const look = async (...options: string[]) =>
      (await answerOf<{ policy: { look: object } }>(['client', 'look', id, ...options])).policy.look;
    expect(await look('--accent', '#7a1fa2', '--accent-dark', '#d9b3ff')).toEqual({
      accent: '#7a1fa2',
      accentDark: '#d9b3ff',
    });
    expect(await look('--header', '--accent', '#123')).toEqual({ accent: '#123', accentDark: '#d9b3ff', header: true });
    expect((await cli(settings, ['client', 'show', id])).stdout).toMatch(
      /look +#123, on dark pages #d9b3ff; its name and logo over the page/,
    );
    expect(await look('--no-accent')).toEqual({ header: true });
    expect(await look('--no-header')).toEqual({});
  });

  it('get a secret when they first need one, and end what was granted when people get other names', async () => {
    const id = 'changing-shop';
    const redirectUri = 'https://changing-shop.test/cb';
    const grants = ['--grant-type', 'authorization_code', '--grant-type', 'refresh_token'];
    await answerOf(['client', 'add', '--id', id, '--auth-method', 'none', '--redirect-uri', redirectUri, ...grants]);
    const { secret } = await answerOf<{ secret: string }>([
      'client',
      'update',
      id,
      '--auth-method',
      'client_secret_post',
    ]);
    const client: TestClient = { id, secret, redirectUri, method: 'client_secret_post' };
    await answerOf(['client', 'update', id, '--scope', 'openid email offline_access']);
    const { tokens } = await house.codeFlow(OFFLINE, { client });
    await writeFile(join(files, 'pairwise.json'), '{"subject_type":"pairwise"}');
    await answerOf(['client', 'update', id, '--metadata', 'pairwise.json']);
    expect((await house.refresh(client, tokens.refresh_token)).json['error']).toBe('invalid_grant');
  });

  it('are refused everywhere at once when disabled, and get nothing back when enabled', async () => {
    const client = await house.client('disabled-shop');
    const { tokens, browser } = await house.codeFlow(OFFLINE, { client });
    const unused = await browser.obtainCode({ scope: 'openid' }, { client });

    const answer = await answerOf(['client', 'disable', client.id]);
    expect(answer).toEqual({ id: client.id, disabled: true, authorizationsRevoked: 1 });
    const page = await browser.start(client);
    expect([page.status, page.headers.get('location')]).toEqual([400, null]);
    for (const refused of [
      await house.redeem(client, unused),
      await house.refresh(client, tokens.refresh_token),
      await house.post('/introspect', client, { token: tokens.access_token }),
    ]) {
      expect([refused.status, refused.json['error']]).toEqual([401, 'invalid_client']);
    }
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);

    expect(await answerOf(['client', 'enable', client.id])).toEqual({ id: client.id, disabled: false });
    expect((await house.refresh(client, tokens.refresh_token)).json['error']).toBe('invalid_grant');
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
    await house.codeFlow({ scope: 'openid' }, { client, browser });
  });

  it('are unknown at once when removed', async () => {
    const client = await house.client('gone-shop');
    const { tokens, browser } = await house.codeFlow(OFFLINE, { client });
    const answer = await answerOf(['client', 'remove', client.id]);
    expect(answer).toEqual({ id: client.id, removed: true, authorizationsRevoked: 1 });
    expect((await browser.start(client)).status).toBe(400);
    expect((await house.refresh(client, tokens.refresh_token)).json['error']).toBe('invalid_client');
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
  });

  it('lose their old secret at once when it is rotated', async () => {
    const client = await house.client('rotating-shop');
    const { tokens } = await house.codeFlow(OFFLINE, { client });
    const { secret } = await answerOf<{ secret: string }>(['client', 'rotate-secret', client.id]);
    expect((await house.refresh(client, tokens.refresh_token)).json['error']).toBe('invalid_client');
    expect((await house.refresh({ ...client, secret }, tokens.refresh_token)).status).toBe(200);
  });
});

describe('people', () => {
  it('are added, sign in, and have their roles in access tokens', async () => {
    const claims = join(files, 'dave.json');
    await writeFile(claims, JSON.stringify({ name: 'Dave Lister' }));
    const dave = ['dave', '--role', 'pilot', '--role', 'cook', '--email', 'dave@example.com', '--claims', claims];
    const added = await answerOf(['user', 'add', ...dave, '--password-stdin'], `${PASSWORD}\n`);
    expect(added).toEqual({
      sub: expect.stringMatching(/^usr_/),
      username: 'dave',
      claims: { name: 'Dave Lister', preferred_username: 'dave', email: 'dave@example.com' },
      roles: ['pilot', 'cook'],
      disabled: false,
    });
    const { tokens } = await signedIn('dave', PASSWORD);
    expect(claimsOf(tokens.access_token)).toMatchObject({ sub: added['sub'], roles: ['pilot', 'cook'] });
    expect((await house.userinfo(tokens.access_token)).json).toMatchObject({ email: 'dave@example.com' });
    expect(await answerOf<unknown[]>(['user', 'list'])).toContainEqual(added);
  });

  it('come from another system by lines of JSON, from a file or a pipe', async () => {
    const lines = [{ sub: 'red-dwarf-1', username: 'selby' }, { username: 'chen' }].map((line) => JSON.stringify(line));
    expect(await answerOf(['user', 'import', '-', '--dry-run'], lines.join('\n'))).toEqual({ imported: 0, checked: 2 });
    expect(await answerOf(['user', 'import', '-'], lines.join('\n'))).toEqual({ imported: 2, checked: 2 });
    expect((await house.users.findBySubject('red-dwarf-1'))?.username).toBe('selby');
    const again = await cli(settings, ['user', 'import', '-'], `${lines[0]}\n{"username":"\u202eegg"}`);
    expect(again).toEqual({
      code: 1,
      stdout: '',
      stderr: `Nothing was imported. What is wrong:
  line 1, username: This username is taken, by somebody who is there or on an earlier line.
  line 2, username: A username has no spaces around it, invisible or wide characters in it.
`,
    });
  });

  it('are told who had to be told when everything of theirs is revoked', async () => {
    await house.users.add({ username: 'holly-9', password: PASSWORD });
    const revoke = async () => (await cli(settings, ['revoke', '--user', 'holly-9'])).stdout;
    expect(await revoke()).toBe(`'holly-9' is signed out everywhere. 0 authorizations revoked.
No application that follows the revocation feed had to be told.
`);
    await signedIn('holly-9', PASSWORD);
    expect(await revoke()).toBe(`'holly-9' is signed out everywhere. 1 authorization revoked.
No application that follows the revocation feed had to be told.
`);
  });

  it('get other roles: tokens with the old ones count no more, and nobody is signed out', async () => {
    await house.users.add({ username: 'holly-7', password: PASSWORD, roles: ['pilot'] });
    const { tokens, client } = await signedIn('holly-7', PASSWORD);
    const answer = await answerOf(['user', 'set-roles', 'holly-7', 'cook', 'clerk']);
    expect(answer).toMatchObject({ username: 'holly-7', roles: ['cook', 'clerk'] });
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
    const { json } = await house.refresh(client, tokens.refresh_token);
    expect(claimsOf(json['access_token'] as string)['roles']).toEqual(['cook', 'clerk']);
    expect(await answerOf(['user', 'set-roles', 'holly-7'])).toMatchObject({ roles: [] });
  });

  it.each<[string, string[], Record<string, unknown>]>([
    ['disabled', ['disable'], { disabled: true }],
    ['signed out', ['sign-out'], {}],
    ['removed', ['remove'], {}],
    ['given a new password', ['set-password', '--password-stdin'], {}],
  ])('are signed out everywhere when %s', async (what, [verb, ...options], also) => {
    const name = `rimmer-${what.length}`;
    await house.users.add({ username: name, password: PASSWORD });
    const { tokens, client, browser } = await signedIn(name, PASSWORD);
    const unused = await browser.obtainCode({ scope: 'openid' }, { client });
    const { sub } = claimsOf(tokens.access_token);

    const answer = await answerOf(['user', verb!, name, ...options], 'another one');
    expect(answer).toEqual({ username: name, sub, sessionsEnded: 1, authorizationsRevoked: 1, ...also });
    expect((await house.refresh(client, tokens.refresh_token)).json['error']).toBe('invalid_grant');
    expect((await house.redeem(client, unused)).json['error']).toBe('invalid_grant');
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
    expect((await browser.start(client)).headers.get('location')).toMatch(/\/login\?/);
    await browser.signIn(name, PASSWORD);
    expect(await isSignedIn(browser)).toBe(verb === 'sign-out');
    expect((await house.part(Audit).recent(sub as string, 9)).map(({ event, actor }) => [event, actor])).toContainEqual(
      RECORDED[verb!],
    );
    if (verb === 'sign-out') return;
    if (verb === 'remove') {
      expect((await cli(settings, ['user', 'remove', name])).code).toBe(1);
      return;
    }
    if (verb === 'disable') {
      expect(await answerOf(['user', 'enable', name])).toMatchObject({ disabled: false });
      await signedIn(name, PASSWORD);
    } else {
      await signedIn(name, 'another one');
    }
  });
});

it('MF-16 who lost every second factor is given none: they begin with their password alone', async () => {
  const claims = { email: 'lost@example.com', email_verified: true };
  const { sub } = await house.users.add({ username: 'lost', password: PASSWORD, claims });
  const { tokens, browser } = await signedIn('lost', PASSWORD);
  await addAuthenticator(house.part(TotpCredentials), house.clock, sub);
  await browser.signIn('lost', PASSWORD);
  const answer = await answerOf(['user', 'reset-factors', 'lost']);
  expect(answer).toEqual({ username: 'lost', sub, sessionsEnded: 1, authorizationsRevoked: 1 });
  expect((await house.userinfo(tokens.access_token)).status).toBe(401);
  expect(await isSignedIn(browser)).toBe(false);
  expect(await house.part(TotpCredentials).list(sub)).toEqual([]);
  expect((await house.part(Audit).recent(sub, 1))[0]).toMatchObject({ event: 'credentials_reset', actor: 'operator' });
  const [mail] = await house.database.dataSource.query('SELECT count(*)::int AS waiting FROM mail');
  expect(mail).toEqual({ waiting: 1 });
  await signedIn('lost', PASSWORD);
});

it.each(['set-password', 'disable', 'sign-out'])(
  '%s ends what was mailed before, and the trust in devices',
  async (verb) => {
    const username = `mailed-${verb}`;
    const { sub } = await house.users.add({ username, password: PASSWORD });
    const tokens = house.part(OneTimeTokens);
    const lifetime = 3_600_000;
    const reset = await tokens.issue({ purpose: 'password-reset', subject: sub, lifetime });
    const undo = await tokens.issue({ purpose: 'email-undo', subject: sub, lifetime });
    const before = Date.now();
    await answerOf(['user', verb, username, ...(verb === 'set-password' ? ['--password-stdin'] : [])], 'another one');
    expect(await tokens.peek(reset, 'password-reset')).toBeUndefined();
    expect(await tokens.peek(undo, 'email-undo')).toBeDefined();
    expect(await house.part(DeviceTrust).notBefore(sub)).toBeGreaterThanOrEqual(before);
  },
);

it('wakes a running provider to tell the applications, and shows whom it could not tell', async () => {
  const receiver = await LogoutReceiver.listen();
  try {
    const client = await addClient('told-shop', '--backchannel-logout-uri', 'https://told-shop.test/logout');
    expect((await cli(settings, ['client', 'show', client.id])).stdout).toMatch(/back-channel logout +https:\/\/told-/);
    await house.register(client, { backchannel_logout_uri: `${receiver.url}/told` });
    await house.users.add({ username: 'cat', password: PASSWORD });
    const browser = house.browser();
    await browser.signIn('cat', PASSWORD);
    await house.codeFlow({}, { client, browser });
    // What the command line writes is dated by the time of day.
    house.clock.pass('1m');
    await answerOf(['user', 'sign-out', 'cat']);
    // Its address is not among those that the provider may reach.
    const backlog = () => answerOf<Record<string, unknown>[]>(['logouts', 'list']);
    let found = await backlog();
    while (found[0]?.['problem'] === undefined) found = await backlog();
    expect(found).toEqual([
      {
        clientId: client.id,
        givenUp: false,
        count: 1,
        attempts: 1,
        oldest: expect.stringMatching(/^2.*Z$/),
        problem: expect.stringContaining('is not https'),
      },
    ]);
    expect(await answerOf(['logouts', 'retry', 'another-client'])).toEqual({ messages: 0 });
    expect(await answerOf(['logouts', 'retry'])).toEqual({ messages: 1 });
    expect((await cli(settings, ['logouts', 'list'])).stdout).toMatch(/^CLIENT .*\ntold-shop +waiting +1 /);
  } finally {
    await receiver.close();
  }
});

it('does the change and the revocation together, or neither', async () => {
  const client = await house.client('whole-shop');
  await house.users.add({ username: 'kryten', password: PASSWORD });
  const { tokens, browser } = await signedIn('kryten', PASSWORD, client);
  await onDatabase(
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$`,
    'CREATE TRIGGER refuse BEFORE UPDATE ON authorization_grant FOR EACH ROW EXECUTE FUNCTION refuse()',
  );
  try {
    for (const args of [
      ['client', 'disable', client.id],
      ['client', 'remove', client.id],
      ['user', 'disable', 'kryten'],
      ['user', 'set-password', 'kryten', '--password-stdin'],
    ]) {
      const { code, stdout, stderr } = await cli(settings, args, 'another one');
      expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(/^DATABASE_URL .*not now/)]);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
  } finally {
    await onDatabase('DROP TRIGGER refuse ON authorization_grant', 'DROP FUNCTION refuse');
  }
  expect(await isSignedIn(browser)).toBe(true);
  expect((await house.refresh(client, tokens.refresh_token)).status).toBe(200);
  await signedIn('kryten', PASSWORD, client);
});

it('resources are added, replaced, listed and removed', async () => {
  const audience = 'urn:test:stock';
  const owner = await house.client('stock', { scope: 'openid stock:read' });
  const added = { audience, scopes: ['stock:read', 'stock:write'], tokenFormat: 'jwt', ownerClientId: owner.id };
  const add = ['resource', 'add', audience, '--owner', owner.id, '--scope', 'stock:read'];
  expect(await answerOf([...add, '--scope', 'stock:write'])).toEqual({ ...added, replaced: false });
  house.clock.pass('6s');
  const { tokens } = await house.codeFlow({ scope: 'openid stock:read' }, { client: owner });
  expect(claimsOf(tokens.access_token)['aud']).toBe(audience);

  const shorter = { accessTokenSeconds: 60, tokenFormat: 'opaque', scopes: ['stock:read'] };
  const change = ['--access-token-seconds', '60', '--token-format', 'opaque'];
  expect(await answerOf([...add, ...change])).toEqual({ ...added, ...shorter, replaced: true });
  expect(await answerOf<unknown[]>(['resource', 'list'])).toContainEqual({ ...added, ...shorter });
  expect(await answerOf(['resource', 'remove', audience])).toEqual({ audience, removed: true });
  expect(JSON.stringify(await answerOf<unknown[]>(['resource', 'list']))).not.toContain(audience);
});

describe('keys', () => {
  interface Key {
    kid: string;
    algorithm: string;
    state: string;
  }

  it('are rotated beside a running provider, and tokens of both verify; a revoked one is believed no more', async () => {
    const before = (await house.codeFlow()).tokens;
    const { kid } = headerOf(before.access_token);
    const first = await answerOf<Key[]>(['keys', 'rotate']);
    expect(first.find((key) => key.kid === kid)).toMatchObject({ state: 'retired', algorithm: 'ES256' });
    const early = await cli(settings, ['keys', 'rotate']);
    expect([early.code, early.stdout, early.stderr]).toEqual([
      1,
      '',
      expect.stringMatching(/less than 305 seconds ago/),
    ]);

    const keys = await answerOf<Key[]>(['keys', 'rotate', '--force']);
    expect(keys.find((key) => key.kid === kid)).toMatchObject({ state: 'retired', algorithm: 'ES256' });
    expect(await answerOf(['keys', 'list'])).toEqual(keys);
    house.clock.pass('6s');
    const after = (await house.codeFlow()).tokens;
    expect(headerOf(after.access_token)['kid']).not.toBe(kid);
    const published = createLocalJWKSet(await jwks());
    const currentDate = new Date(house.clock.now());
    for (const { access_token: token } of [before, after]) {
      await jwtVerify(token, published, { issuer: house.issuer, currentDate });
      expect((await house.userinfo(token)).status).toBe(200);
    }

    expect(await answerOf(['keys', 'revoke', String(kid)])).toEqual({ kid, revoked: true });
    house.clock.pass('6s');
    expect((await house.userinfo(before.access_token)).status).toBe(401);
    expect((await house.userinfo(after.access_token)).status).toBe(200);
    expect((await jwks()).keys.map((key) => key.kid)).not.toContain(kid);
  });

  async function jwks(): Promise<JSONWebKeySet> {
    const discovery = await fetch(`${house.issuer}/.well-known/openid-configuration`);
    const { jwks_uri } = (await discovery.json()) as { jwks_uri: string };
    return (await (await fetch(jwks_uri)).json()) as JSONWebKeySet;
  }
});

describe('under a new secret', () => {
  let old: House;
  beforeAll(async () => {
    old = await openHouse({ clock: new TestClock(Date.now()) });
  });
  afterAll(() => old.close());

  it('everything is sealed, after which the old one can go', async () => {
    const DATABASE_URL = old.databaseUrl;
    const both = { DATABASE_URL, GATEHOUSE_SECRET: `${NEW_SECRET},${SECRETS[0]}` };
    const hmac = await old.client('hmac-shop', { token_endpoint_auth_method: 'client_secret_jwt' });
    const count = (await old.keys.list()).length;
    const only = await answerOf(['secret', 'rotate'], undefined, { DATABASE_URL });
    expect(only).toEqual({
      resealed: { signingKeys: 0, clientSecrets: 0, pairwiseSalts: 0, authenticators: 0 },
      secrets: 1,
    });

    // A pairwise subject was given before, so there is a salt.
    const pairwise = await old.client('pairwise-shop', { subject_type: 'pairwise' });
    await old.codeFlow({}, { client: pairwise });
    const rotated = await answerOf(['secret', 'rotate'], undefined, both);
    const keepOlderUntil = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
    expect(rotated).toEqual({
      resealed: { signingKeys: count, clientSecrets: 1, pairwiseSalts: 1, authenticators: 0 },
      secrets: 2,
      keepOlderUntil,
    });
    const days = (Date.parse(String(rotated['keepOlderUntil'])) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(14);
    expect(await answerOf(['secret', 'rotate'], undefined, both)).toMatchObject({
      resealed: { signingKeys: 0, clientSecrets: 0, pairwiseSalts: 0, authenticators: 0 },
    });

    // A provider that knows the new one only signs, and proves the client that needs the plain secret.
    const origin = await old.openAnother([NEW_SECRET]);
    const assertion = await new SignJWT({ jti: 'one' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(hmac.id)
      .setSubject(hmac.id)
      .setAudience(old.issuer)
      .setIssuedAt(Math.floor(old.clock.now() / 1000))
      .setExpirationTime(Math.floor(old.clock.now() / 1000) + 60)
      .sign(Buffer.from(hmac.secret!));
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const form = { client_assertion: assertion, client_assertion_type: type, token: 'unknown' };
    const proved = await old.post('/introspect', undefined, form, { origin });
    expect([proved.status, proved.json]).toEqual([200, { active: false }]);
    const machine = await old.token(old.service, { grant_type: 'client_credentials' }, { origin });
    expect(machine.status).toBe(200);

    // The old one alone opens nothing any more, and nothing is done with it.
    const { code, stdout, stderr } = await cli({ ...settings, DATABASE_URL }, ['keys', 'rotate', '--force']);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(/^GATEHOUSE_SECRET: /)]);
  });
});

describe('what it refuses', () => {
  const REDIRECT = ['--redirect-uri', 'https://x.test/cb'];

  beforeAll(async () => {
    for (const [name, content] of Object.entries({
      'bad.json': '{',
      'list.json': '[]',
      'misspelt.json': '{"redirect_uri":"https://x.test/cb"}',
      'private.json': JSON.stringify({ keys: [{ ...publicKey, d: 'secret' }] }),
      'empty.json': '{"name":""}',
      'sub.json': '{"sub":"me"}',
      'nameless.json': '[{"issuer":"https://partner.test","subject":"username"}]',
      'unlisted.json': '[{"issuer":"https://partner.test","jwks_uri":"https://partner.test/jwks","subject":"listed"}]',
      'shared.json': JSON.stringify([
        { issuer: 'https://partner.test', jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] }, subject: 'username' },
      ]),
    })) {
      await writeFile(join(files, name), content);
    }
  });

  it.each<[string, string[], number, RegExp, string?]>([
    ['no command', [], 2, /^Usage: nest-gatehouse/],
    ['half a command', ['client'], 2, /^Usage: nest-gatehouse client/],
    ['another command', ['client', 'frobnicate'], 2, /unknown command 'frobnicate'/],
    ['a choice there is not', ['client', 'add', '--type', 'desk'], 2, /Allowed choices are web, native/],
    ['no number', ['resource', 'add', 'urn:x', '--access-token-seconds', '1h'], 2, /It must be a whole number/],
    ['two kinds of keys', ['client', 'add', '--jwks', 'a', '--jwks-uri', 'b'], 2, /cannot be used with/],
    ['no terminal', ['user', 'add', 'holly'], 2, /--password-stdin/],
    ['a client nobody knows', ['client', 'show', 'nobody'], 1, /^There is no client 'nobody'\.$/m],
    ['to disable nobody', ['client', 'disable', 'nobody'], 1, /^There is no client 'nobody'\.$/m],
    ['no redirect', ['client', 'add'], 1, /^redirect_uris: at least one is needed/],
    [
      'a redirect to anywhere',
      ['client', 'add', '--redirect-uri', 'http://x.test/'],
      1,
      /^redirect_uris: .*must use https/,
    ],
    [
      'an id that is taken',
      ['client', 'add', '--id', 'rp-a', ...REDIRECT],
      1,
      /^A client with the id 'rp-a' exists already/,
    ],
    ['the id of a person', ['client', 'add', '--id', 'usr_1', ...REDIRECT], 1, /^A client id does not begin with usr_/],
    ['no secret to rotate', ['client', 'rotate-secret', 'spa'], 1, /has no secret: it authenticates by none/],
    ['no PKCE of a public client', ['client', 'add', '--no-pkce', '--type', 'native', ...REDIRECT], 1, /^--no-pkce: /],
    ['no PKCE of a client without a secret', ['client', 'update', 'spa', '--no-pkce'], 1, /^--no-pkce: /],
    ['a colour that is none', ['client', 'look', 'rp-a', '--accent', 'red'], 1, /^--accent: must be a colour/],
    ['a dark colour alone', ['client', 'look', 'rp-a', '--accent-dark', '#fff'], 1, /^--accent-dark: needs --accent/],
    ['a look without saying which', ['client', 'look', 'rp-a'], 1, /^Say what is to change/],
    ['to change nobody', ['client', 'update', 'nobody', '--name', 'x'], 1, /^There is no client 'nobody'/],
    [
      'to take away what there is not',
      ['client', 'update', 'rp-a', '--without', 'x'],
      1,
      /^--without: there is no member 'x'/,
    ],
    [
      'to leave no redirect',
      ['client', 'update', 'rp-a', '--without', 'redirect_uris'],
      1,
      /^redirect_uris: at least one/,
    ],
    [
      'a frame on another site',
      ['client', 'update', 'rp-a', '--frontchannel-logout-uri', 'https://elsewhere.test/out'],
      1,
      /^frontchannel_logout_uri: must have the scheme, host and port/,
    ],
    [
      'to exchange toward nothing',
      ['client', 'allow', 'rp-a', '--exchange-to', 'urn:x'],
      1,
      /^--exchange-to: there is no resource 'urn:x'/,
    ],
    [
      'scopes for no exchange',
      ['client', 'allow', 'rp-a', '--exchange-scope', 'orders:read'],
      1,
      /need --exchange-to\.$/m,
    ],
    ['impersonation alone', ['client', 'add', ...REDIRECT, '--impersonate'], 1, /need --exchange-to\.$/m],
    [
      'a scope to exchange that is none',
      ['client', 'allow', 'rp-a', '--exchange-to', 'urn:gatehouse:demo:orders', '--exchange-scope', 'a"b'],
      1,
      /^--exchange-scope: scope has a character/,
    ],
    ['to let nobody exchange', ['client', 'allow', 'nobody', '--no-exchange'], 1, /^There is no client 'nobody'/],
    [
      'nobody to exchange for an API',
      ['resource', 'add', 'urn:x', '--exchange-by', 'nobody'],
      1,
      /^--exchange-by: .*'nobody'/,
    ],
    [
      'issuers that are no list',
      ['client', 'allow', 'rp-a', '--assertion-issuers', 'empty.json'],
      1,
      /^--assertion-issuers: empty\.json: .*array/,
    ],
    [
      'an issuer without keys',
      ['client', 'allow', 'rp-a', '--assertion-issuers', 'nameless.json'],
      1,
      /needs jwks or jwks_uri/,
    ],
    [
      'an issuer without its list',
      ['client', 'allow', 'rp-a', '--assertion-issuers', 'unlisted.json'],
      1,
      /needs subjects/,
    ],
    [
      'an issuer with a shared secret',
      ['client', 'allow', 'rp-a', '--assertion-issuers', 'shared.json'],
      1,
      /^--assertion-issuers: shared\.json: /,
    ],
    ['no file', ['client', 'add', '--metadata', 'none.json'], 1, /^--metadata: none\.json: there is no such file/],
    ['no JSON', ['client', 'add', '--metadata', 'bad.json'], 1, /^--metadata: bad\.json: is not JSON/],
    ['no object', ['client', 'add', '--metadata', 'list.json'], 1, /^--metadata: list\.json: is not a JSON object/],
    ['a misspelt member', ['client', 'add', '--metadata', 'misspelt.json'], 1, /there is no member 'redirect_uri'/],
    ['a private key', ['client', 'add', '--jwks', 'private.json', ...REDIRECT], 1, /^jwks: a key has private members/],
    ['a reserved name', ['user', 'add', 'admin', '--password-stdin'], 1, /reserved/, PASSWORD],
    ['a name that is taken', ['user', 'add', 'ALICE', '--password-stdin'], 1, /taken/, PASSWORD],
    ['no password', ['user', 'add', 'holly', '--password-stdin'], 1, /^A password has 1 to 1024 bytes/, '\n'],
    [
      'an empty claim',
      ['user', 'add', 'holly', '--claims', 'empty.json', '--password-stdin'],
      1,
      /'name' is empty/,
      PASSWORD,
    ],
    [
      'a chosen subject',
      ['user', 'add', 'holly', '--claims', 'sub.json', '--password-stdin'],
      1,
      /own 'sub'/,
      PASSWORD,
    ],
    ['no file of people', ['user', 'import', 'none.jsonl'], 1, /^none\.jsonl: there is no such file\.$/m],
    ['a directory of people', ['user', 'import', '.'], 1, /^\.: cannot be read\.$/m],
    ['to disable a stranger', ['user', 'disable', 'holly'], 1, /^There is nobody with the username 'holly'\.$/m],
    ['to let a stranger in', ['user', 'set-password', 'holly', '--password-stdin'], 1, /^There is nobody/, PASSWORD],
    ['no audience', ['resource', 'add', 'stock'], 1, /^'stock' is not an absolute URI/],
    [
      'a standard scope',
      ['resource', 'add', 'urn:x', '--scope', 'email'],
      1,
      /^The scope 'email' is OpenID Connect's own/,
    ],
    [
      'another’s scope',
      ['resource', 'add', 'urn:x', '--scope', 'orders:read'],
      1,
      /belongs to 'urn:gatehouse:demo:orders'/,
    ],
    ['no scope', ['resource', 'add', 'urn:x', '--scope', 'a"b'], 1, /^--scope: scope has a character/],
    [
      'a token for ever',
      ['resource', 'add', 'urn:x', '--access-token-seconds', '999999'],
      1,
      /lives 1 to 86400 seconds/,
    ],
    ['no owner', ['resource', 'add', 'urn:x', '--owner', 'nobody'], 1, /^--owner: there is no client 'nobody'/],
    ['to remove what is not', ['resource', 'remove', 'urn:x'], 1, /^There is no resource 'urn:x'\.$/m],
    ['a key nobody knows', ['keys', 'revoke', 'kid'], 1, /^There is no key 'kid'\.$/m],
  ])('%s', async (_, args, code, words, ...[input]) => {
    const result = await cli(settings, args, input);
    expect(result).toEqual({ code, stdout: '', stderr: expect.stringMatching(words) });
    expect(result.stderr).not.toMatch(/^\s+at .*:\d+:\d+|fault of Gatehouse/m);
  });

  it('a password on the command line, which it does not repeat', async () => {
    for (const args of [['--password=hunter2'], ['hunter2']]) {
      const { code, stdout, stderr } = await cli(settings, ['user', 'add', 'holly', ...args]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).not.toContain('hunter2');
    }
  });
});

it.each([
  [[]],
  [['client']],
  [['client', 'add']],
  [['user', 'set-password']],
  [['keys', 'rotate']],
  [['secret', 'rotate']],
])('explains itself without a database: %j --help', async (args) => {
  const { code, stdout, stderr } = await cli({ DATABASE_URL: 'nonsense' }, [...args, '--help']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(new RegExp(`^Usage: ${['nest-gatehouse', ...args].join(' ')} \\[`));
});

describe('a provider that cannot be reached is named by its setting', () => {
  const ROLE = `reader_${process.pid}`;

  it.each<[string, () => NodeJS.ProcessEnv, RegExp]>([
    ['no URL', () => ({ DATABASE_URL: 'localhost' }), /DATABASE_URL: must be a postgres:\/\/ URL/],
    ['nobody there', () => ({ DATABASE_URL: 'postgres://a:hunter2@127.0.0.1:1/x' }), /^DATABASE_URL .*nothing answers/],
    [
      'no such database',
      () => ({ DATABASE_URL: changed((url) => (url.pathname = '/no')) }),
      /^DATABASE_URL .*not exist/,
    ],
    [
      'a wrong password',
      () => ({ DATABASE_URL: changed((url) => (url.password = 'hunter2')) }),
      /^DATABASE_URL .*password/,
    ],
    ['another secret', () => ({ GATEHOUSE_SECRET: `${NEW_SECRET}-other` }), /^GATEHOUSE_SECRET: .*another secret/],
    ['an unknown setting', () => ({ GATEHOUSE_SECRETS: 'x' }), /GATEHOUSE_SECRETS: there is no such setting/],
    [
      'production without its settings',
      () => ({ ISSUER: 'https://id.example.com', DATABASE_URL: '', GATEHOUSE_SECRET: '' }),
      /DATABASE_URL: is required in production[^]*GATEHOUSE_SECRET: is required in production/,
    ],
  ])('%s', async (_, change, words) => {
    const { code, stdout, stderr } = await cli({ ...settings, ...change() }, ['client', 'list']);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(words)]);
    expect(stderr).not.toMatch(/^\s+at |hunter2/m);
  });

  it('a role without rights, also where only the change needs one', async () => {
    await onDatabase(`CREATE ROLE ${ROLE} LOGIN PASSWORD 'hunter2'`);
    const asReader = {
      ...settings,
      DATABASE_URL: changed((url) => Object.assign(url, { username: ROLE, password: 'hunter2' })),
    };
    const refusal = { code: 1, stdout: '', stderr: expect.stringMatching(/^DATABASE_URL .*lacks a right/) };
    try {
      expect(await cli(asReader, ['client', 'list'])).toEqual(refusal);
      await onDatabase(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${ROLE}`);
      expect((await cli(asReader, ['client', 'list'])).code).toBe(0);
      expect(await cli(asReader, ['client', 'disable', 'rp-a'])).toEqual(refusal);
    } finally {
      await onDatabase(`DROP OWNED BY ${ROLE}`, `DROP ROLE ${ROLE}`);
    }
  });

  function changed(change: (url: URL) => unknown): string {
    const url = new URL(house.databaseUrl);
    change(url);
    return url.href;
  }
});

describe('on the embedded database', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  beforeAll(async () => {
    directory = await temporaryDirectory();
  });
  afterAll(() => directory.remove());

  it(
    'starts it, and leaves it to a provider that runs; a kept secret is rotated under it',
    async () => {
      const GATEHOUSE_DIRECTORY = directory.path;
      const embedded = (args: string[], input?: string) => cli({ GATEHOUSE_DIRECTORY }, args, input);
      const added = await embedded(['user', 'add', 'carol', '--password-stdin', '--json'], PASSWORD);
      expect([added.code, added.stderr]).toEqual([0, '']);
      expect(await embeddedServer(GATEHOUSE_DIRECTORY)).toBeUndefined();
      expect(await embedded(['keys', 'rotate'])).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/no keys yet/),
      });

      const PORT = String(await freePortBase());
      const url = `http://localhost:${PORT}`;
      const door = () =>
        new FrontDoor('identity-provider', { GATEHOUSE_DIRECTORY, PORT, LOG_LEVEL: 'warn' }).ready(url);
      let provider = await door();
      try {
        const listed = JSON.parse((await embedded(['user', 'list', '--json'])).stdout) as { username: string }[];
        expect(listed.map(({ username }) => username)).toEqual(['alice', 'bob', 'carol']);
        const { secret } = JSON.parse(
          (await embedded(['client', 'add', '--id', 'job', '--grant-type', 'client_credentials', '--json'])).stdout,
        ) as { secret: string };
        expect(await machineToken(url, 'job', secret)).toBe(200);

        const [old] = (await readFile(join(GATEHOUSE_DIRECTORY, 'secret'), 'utf8')).split('\n');
        const inUse = (await house.keys.list()).filter(({ state }) => state !== 'retired').length;
        const rotated = await embedded(['secret', 'rotate', '--json']);
        expect(JSON.parse(rotated.stdout)).toMatchObject({ resealed: { signingKeys: inUse }, secrets: 2 });
        const kept = (await readFile(join(GATEHOUSE_DIRECTORY, 'secret'), 'utf8')).trim().split('\n');
        expect(kept).toEqual([expect.stringMatching(/^[\w-]{64}$/), old]);
        expect(kept[0]).not.toBe(old);
        expect((await stat(join(GATEHOUSE_DIRECTORY, 'secret'))).mode & 0o777).toBe(0o600);
        expect(rotated.stdout + rotated.stderr).not.toContain(kept[0]);
        // What runs goes on, and what starts after reads both.
        expect(await machineToken(url, 'job', secret)).toBe(200);
        expect(await provider.stop()).toBe(0);
        provider = await door();
        expect(await machineToken(url, 'job', secret)).toBe(200);
      } finally {
        expect(await provider.stop()).toBe(0);
      }
      expect(await embeddedServer(GATEHOUSE_DIRECTORY)).toBeUndefined();
    },
    PATIENCE,
  );

  it('refuses a database whose keys it has no secret for, as from another directory', async () => {
    const { code, stderr } = await cli({ DATABASE_URL: house.databaseUrl, GATEHOUSE_DIRECTORY: directory.path }, [
      'keys',
      'rotate',
      '--force',
    ]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^GATEHOUSE_SECRET: /)]);
  });

  async function machineToken(url: string, id: string, secret: string): Promise<number> {
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    const headers = { authorization: basic(id, secret) };
    return (await fetch(`${url}/token`, { method: 'POST', body, headers })).status;
  }
});

it('answers to npx in a clone, without a network', async () => {
  const cache = { npm_config_cache: join(files, 'npm'), npm_config_offline: 'true', npm_config_loglevel: 'silent' };
  const { code, stdout } = await run('npx', ['nest-gatehouse', 'client', '--help'], cache, '', root);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^Usage: nest-gatehouse client \[/)]);
});

describe('docs/cli.md', () => {
  let database: TestDatabase;
  let shell: NodeJS.ProcessEnv;
  let npx: Awaited<ReturnType<typeof openShell>>;
  beforeAll(async () => {
    npx = await openShell();
    database = await createTestDatabase();
    const other = await openHouse({ databaseUrl: database.url, clock: new TestClock(Date.now()) });
    const keys = await other.keys.list();
    await other.close();
    // The guide begins with a provider of its own.
    await onDatabaseAt(database.url, 'DELETE FROM client', 'DELETE FROM resource', 'DELETE FROM gatehouse_user');
    const KID = keys.find((key) => key.state === 'active')!.kid;
    const idp = await createTestIdentityProvider({
      issuer: 'https://id.example.com',
      audience: 'https://stock.example.com',
      clock: new VirtualClock(Date.now()),
    });
    const keySet = await idp.options.outbound!.fetch(`${idp.issuer}/jwks`, { purpose: 'jwks' });
    await writeFile(join(files, 'issuer-keys.json'), keySet.text());
    const TOKEN = idp.token({ clientId: 'shop', scope: 'stock:read' });
    shell = { DATABASE_URL: database.url, GATEHOUSE_SECRET: SECRETS[0], KID, PASSWORD, TOKEN };
  });
  afterAll(async () => {
    await npx.close();
    await database.drop();
  });

  it(
    'every example runs, one after the other, and answers what the page says',
    async () => {
      const page = await readFile(join(root, 'docs/cli.md'), 'utf8');
      for (const [, name, content] of page.matchAll(/^`([\w.-]+)`:\n\n```json\n([^]*?)^```/gm)) {
        await writeFile(join(files, name!), content!);
      }
      const examples = [...page.matchAll(/^( *)```sh\n([^]*?)^ *```(?:\n\n```text\n([^]*?)^```)?/gm)];
      expect(examples.length).toBeGreaterThan(10);
      for (const [, , commands, answer] of examples) {
        const { code, stdout, stderr } = await run('sh', ['-c', npx.prelude + commands!], shell);
        expect([commands, code, stderr]).toEqual([commands, 0, '']);
        if (answer !== undefined) expect(stdout).toMatch(pattern(answer));
      }
      const commands = examples.map(([, , text]) => text).join('\n');
      for (const verb of await verbs()) expect(commands).toContain(`npx nest-gatehouse ${verb}`);
    },
    PATIENCE,
  );

  it('those of docs/logout.md run, too', async () => {
    const page = await readFile(join(root, 'docs/logout.md'), 'utf8');
    const examples = [...page.matchAll(/^```sh\n([^]*?)^```/gm)];
    expect(examples.length).toBe(2);
    for (const [, commands] of examples) {
      const { code, stderr } = await run('sh', ['-c', npx.prelude + commands!], shell);
      expect([commands, code, stderr]).toEqual([commands, 0, '']);
    }
  });

  /** A page shows with … what is different every time. */
  function pattern(answer: string): RegExp {
    const literal = answer.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${literal.join('.+')}$`, 's');
  }

  /** Every command there is, by the help texts. */
  async function verbs(): Promise<string[]> {
    const found: string[] = [];
    for (const group of ['client', 'user', 'resource', 'keys', 'logouts', 'secret', 'token']) {
      const { stdout } = await cli({}, [group, '--help']);
      const commands = stdout.split('Commands:\n')[1]!;
      found.push(...[...commands.matchAll(/^ {2}([a-z-]+)/gm)].map(([, verb]) => `${group} ${verb}`));
    }
    expect(found.length).toBeGreaterThan(15);
    return found;
  }
});

const publicKey = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};

/** Signs a person in with this password, and goes through an offline code flow. */
async function signedIn(name: string, password: string, client: TestClient = house.web) {
  const browser = house.browser();
  await browser.signIn(name, password);
  expect(await isSignedIn(browser)).toBe(true);
  return house.codeFlow(OFFLINE, { client, browser });
}

/** Whether the provider knows who sits there. */
async function isSignedIn(browser: Flow['browser']): Promise<boolean> {
  const answer = await browser.start(house.web, { prompt: 'none' });
  return !answer.headers.get('location')!.includes('error=login_required');
}

function onDatabase(...statements: string[]): Promise<void> {
  return onDatabaseAt(house.databaseUrl, ...statements);
}

async function onDatabaseAt(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
