import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { runCommandLine } from '../../../src/apps/cli/command-line.js';
import { type House, openHouse } from '../../support/house.js';
import { TestClock } from '../../support/test-clock.js';
import { type Visit, Visitor } from '../visitor.js';

let house: House;
let home: string;
let file: string;
/** An API that says what it was asked with. */
let api: Server;
let apiUrl: string;
const asked: IncomingMessage[] = [];

beforeAll(async () => {
  // The command line has the time of day, so the provider beside it stands there too.
  house = await openHouse({ clock: new TestClock(Date.now()) });
  home = await mkdtemp(join(tmpdir(), 'gatehouse-home-'));
  file = join(home, '.config/nest-gatehouse/tokens.json');
  api = createServer((request, response) => {
    asked.push(request);
    const status = Number(/\d{3}$/.exec(request.url!)?.[0] ?? 200);
    response.writeHead(status, { location: 'https://evil.test/', 'www-authenticate': 'Bearer realm="api"' });
    response.end(JSON.stringify({ method: request.method, authorization: request.headers.authorization?.slice(0, 7) }));
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
});
afterAll(async () => {
  api.close();
  await rm(home, { recursive: true });
  await house.close();
});
beforeEach(async () => {
  asked.length = 0;
  await rm(join(home, '.config'), { recursive: true, force: true });
});

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command; `onAddress` is what the person does with the address that it shows, while it waits. */
async function run(
  args: string[],
  onAddress?: (url: string, shown: string) => Promise<unknown>,
  terminal: { isTTY?: boolean; columns?: number } = {},
): Promise<Ran> {
  const output = new Collected();
  const acted: Promise<unknown>[] = [];
  const errors: Collected = new Collected((text) => {
    const [url] = /https?:\/\/\S+/.exec(text) ?? [];
    if (!url || !onAddress || acted.length > 0) return;
    acted.push(onAddress(url, text));
    acted[0]!.catch((error: unknown) => errors.failed(error));
  });
  Object.assign(errors, terminal);
  const at = { env: { HOME: home }, input: Readable.from([]), output, errors };
  // Whoever fails at the address never comes back to the terminal.
  const failure = new Promise<never>((_, reject) => (errors.failed = reject));
  const code = await Promise.race([runCommandLine(args, at), failure]);
  await Promise.all(acted);
  return { code, stdout: output.text, stderr: errors.text };
}

class Collected extends Writable {
  text = '';
  failed: (error: unknown) => void = () => {};

  constructor(private readonly onText: (text: string) => void = () => {}) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    this.onText(this.text);
    done();
  }
}

const kept = async () => JSON.parse(await readFile(file, 'utf8')).sessions[house.issuer];

/** Signs in and answers for every question; answers the last page. */
async function signIn(url: string, decision = 'allow'): Promise<Visit> {
  const visitor = new Visitor();
  let page = await visitor.get(url);
  page = await visitor.submit(page, { username: 'alice', password: 'wonderland' });
  return /name="decision"/.test(page.body) ? visitor.submit(page, { decision }) : page;
}

/** A browser in which alice signs in and allows it. */
const byAlice = (url: string) => signIn(url);

/** Another device on which alice enters the code. */
async function byDevice(url: string, shown: string): Promise<void> {
  const [, code] = /enter the code:\n\n {2}(\S+)/.exec(shown)!;
  const visitor = new Visitor();
  let page = await visitor.submit(await visitor.get(url), { user_code: code! });
  if (/name="password"/.test(page.body))
    page = await visitor.submit(page, { username: 'alice', password: 'wonderland' });
  await visitor.submit(page, { decision: 'allow' });
}

const login = (...args: string[]) => ['login', '--issuer', house.issuer, ...args];

it('signs a person in by a browser, and calls an API as them', async () => {
  let last: Visit | undefined;
  const ran = await run(login(), async (url) => (last = await signIn(url)));
  expect([ran.code, ran.stdout]).toEqual([0, 'Signed in as Alice Liddell.\n']);
  expect(last).toMatchObject({ status: 200, body: expect.stringContaining('You are signed in') });
  expect(last!.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback\?/);
  expect(last!.headers['content-security-policy']).toContain("default-src 'none'");

  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(join(file, '..'))).mode & 0o777).toBe(0o700);
  expect(await kept()).toMatchObject({
    issuer: house.issuer,
    clientId: 'demo-native',
    refreshToken: expect.any(String),
  });

  const userinfo = await run(['call', `${house.issuer}/userinfo`]);
  expect([userinfo.code, JSON.parse(userinfo.stdout)]).toEqual([0, expect.objectContaining({ name: 'Alice Liddell' })]);
  const posted = await run(['call', apiUrl, '-d', '{"a":1}', '-H', 'X-Request: yes', '-i']);
  expect(posted.stdout).toMatch(/^200 OK\n[^]*\n\n\{"method":"POST","authorization":"Bearer "\}$/);
  expect(asked[0]!.headers).toMatchObject({ 'x-request': 'yes', 'content-type': 'application/json' });
});

it('signs a person in by a code on another device, and shows a QR code in a terminal, unless they want none', async () => {
  const signedIn = (...args: string[]) => run(login('--device', ...args), byDevice, { isTTY: true });
  const [scanned, typed] = await Promise.all([signedIn(), signedIn('--no-qr-code')]);
  for (const { code, stdout } of [scanned, typed]) expect([code, stdout]).toEqual([0, 'Signed in as Alice Liddell.\n']);
  expect(await kept()).toMatchObject({ clientId: 'demo-terminal' });
  expect(scanned.stderr).toMatch(/enter the code:[^]*Or scan this with a phone:\n\n.\[30;107m {30,}/);
  expect(typed.stderr).toMatch(/enter the code:[^]*Or open http\S+user_code=\S+\n$/);
});

it('renews the token, once for calls that come together', async () => {
  await run(login(), byAlice);
  const before = await kept();
  const content = JSON.parse(await readFile(file, 'utf8'));
  content.sessions[house.issuer].expiresAt = Date.now() + 1000;
  await writeFile(file, JSON.stringify(content));
  const calls = await Promise.all([1, 2, 3].map(() => run(['call', `${house.issuer}/userinfo`])));
  expect(calls.map(({ code }) => code)).toEqual([0, 0, 0]);
  const after = await kept();
  expect(after.refreshToken).not.toBe(before.refreshToken);
  // Nobody saw the same refresh token twice: the family lives.
  content.sessions[house.issuer] = { ...after, expiresAt: Date.now() };
  await writeFile(file, JSON.stringify(content));
  expect((await run(['call', `${house.issuer}/userinfo`])).code).toBe(0);
});

it('signs out here and at the provider', async () => {
  await run(login(), byAlice);
  const { refreshToken } = await kept();
  expect(await run(['logout'])).toMatchObject({ code: 0, stdout: 'Signed out.\n' });
  expect(await run(['logout'])).toMatchObject({ code: 1, stderr: expect.stringContaining('not signed in') });
  expect(await run(['call', apiUrl])).toMatchObject({ code: 1, stderr: expect.stringContaining('not signed in') });
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: 'demo-native' };
  const answer = await fetch(`${house.issuer}/token`, { method: 'POST', body: new URLSearchParams(form) });
  expect(await answer.json()).toMatchObject({ error: 'invalid_grant' });
});

it('a sign-in that is replaced is revoked', async () => {
  await run(login(), byAlice);
  const { refreshToken } = await kept();
  await run(login(), byAlice);
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: 'demo-native' };
  const answer = await fetch(`${house.issuer}/token`, { method: 'POST', body: new URLSearchParams(form) });
  expect(answer.status).toBe(400);
});

it('says when the sign-in has ended, and forgets it', async () => {
  await run(login(), byAlice);
  const content = JSON.parse(await readFile(file, 'utf8'));
  Object.assign(content.sessions[house.issuer], { expiresAt: 0, refreshToken: 'of nobody' });
  await writeFile(file, JSON.stringify(content));
  const ended = await run(['call', apiUrl]);
  expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('sign-in has ended') });
  expect(asked).toEqual([]);
  expect((await run(['call', apiUrl])).stderr).toContain('not signed in');
});

it('tells the browser and the terminal when it was not allowed', async () => {
  let last: Visit | undefined;
  const ran = await run(login(), async (url) => (last = await signIn(url, 'deny')));
  expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('(access_denied)') });
  expect(last).toMatchObject({ status: 400, body: expect.stringContaining('You are not signed in') });
});

it('an answer that is not for this sign-in is not heard, and does not end it', async () => {
  const answers: number[] = [];
  const ran = await run(login(), async (url) => {
    const callback = new URL(url).searchParams.get('redirect_uri')!;
    for (const [path, method] of [
      ['?code=x&state=forged', 'GET'],
      ['?code=x', 'GET'],
      [`?code=x&state=${new URL(url).searchParams.get('state')}`, 'POST'],
      ['/../other', 'GET'],
    ]) {
      answers.push((await fetch(callback + path, { method: method! })).status);
    }
    await signIn(url);
  });
  expect([answers, ran.code]).toEqual([[404, 404, 404, 404], 0]);
});

it('a token goes nowhere unprotected, and follows no redirect', async () => {
  await run(login(), byAlice);
  for (const url of ['http://example.test/', 'ftp://example.test', 'nonsense', 'https://a:b@example.test/']) {
    expect(await run(['call', url])).toMatchObject({ code: 2, stdout: '' });
  }
  const moved = await run(['call', `${apiUrl}/302`]);
  expect(moved).toMatchObject({ code: 1, stderr: expect.stringContaining('answered 302') });
  const refused = await run(['call', `${apiUrl}/401`]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('answered 401: Bearer realm="api"') });
  expect(asked).toHaveLength(2);
});

it('a file that others can read, or that is damaged, is not used', async () => {
  await run(login(), byAlice);
  await chmod(file, 0o644);
  expect(await run(['call', apiUrl])).toMatchObject({ code: 1, stderr: expect.stringContaining('chmod 600') });
  await writeFile(file, '{');
  await chmod(file, 0o600);
  expect(await run(['call', apiUrl])).toMatchObject({ code: 1, stderr: expect.stringContaining('damaged') });
});

it.each([
  [['--issuer', 'https://id.example.com'], 2, '--client-id'],
  [['--issuer', 'http://id.example.com', '--client-id', 'x'], 1, 'must be https'],
  [['--issuer', 'http://127.0.0.1:9', '--client-id', 'x'], 1, 'does not answer'],
  [['--issuer', 'nonsense', '--client-id', 'x'], 1, 'not an issuer'],
])('login %j: %i, %s', async (args, code, reason) => {
  expect(await run(['login', ...args])).toMatchObject({ code, stderr: expect.stringContaining(reason) });
});

it('another name of the provider is not taken for it', async () => {
  const other = house.issuer.replace('127.0.0.1', 'localhost');
  expect(await run(['login', '--issuer', other])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(house.issuer),
  });
});

it('docs/terminal.md: every example runs', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../docs/terminal.md'), 'utf8');
  const lines = [...page.matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, text]) => text!.replaceAll(/\\\n\s*/g, '').trim().split('\n')); // prettier-ignore
  expect(lines).toHaveLength(6);
  for (const line of lines) {
    const args = line
      .match(/'[^']*'|\S+/g)!
      .map((arg) => arg.replaceAll("'", ''))
      .slice(2);
    const [command] = args;
    // The registration at one's own provider is tried with the rest of the command line.
    if (command === 'client') continue;
    if (command === 'login') args.push('--issuer', house.issuer);
    const here = args.map((arg) => arg.replace('http://localhost:3002', apiUrl));
    const ran = await run(here, (url, shown) => (args.includes('--device') ? byDevice(url, shown) : byAlice(url)));
    expect([line, ran.code, command === 'login' ? '' : ran.stderr]).toEqual([line, 0, '']);
  }
});
