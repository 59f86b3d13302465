import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BearerTokenOptions,
  createTestIdentityProvider,
  type TestIdentityProvider,
  VirtualClock,
} from '../../../src/testing/index.js';
import { TestClock } from '../../support/test-clock.js';
import { TinyIssuer } from '../../support/tiny-issuer.js';
import { runHere } from '../command-line.js';

const AUDIENCE = 'https://orders.example.com';
let idp: TestIdentityProvider;
let directory: string;
let jwks: string;

beforeAll(async () => {
  // The command line has the time of day.
  idp = await createTestIdentityProvider({ audience: AUDIENCE, clock: new VirtualClock(Date.now()) });
  directory = await mkdtemp(join(tmpdir(), 'gatehouse-token-'));
  jwks = join(directory, 'keys.json');
  const published = await idp.options.outbound!.fetch(`${idp.issuer}/jwks`, { purpose: 'jwks' });
  await writeFile(jwks, published.text());
});
afterAll(() => rm(directory, { recursive: true }));

const verify = (token: string, ...more: string[]) =>
  runHere(['token', 'verify', '--issuer', idp.issuer, '--jwks', jwks, '--audience', AUDIENCE, ...more, token], {});

it('decodes a token, from an argument or from standard input', async () => {
  const token = idp.token({ sub: 'alice', scope: 'orders:read' });
  const { code, stdout } = await runHere(['token', 'decode', token], {});
  expect(code).toBe(0);
  expect(stdout).toMatch(/^access token \(at\+jwt\)\n\nHeader\n {2}\{\n {4}"alg": "ES256"/);
  expect(stdout).toContain('"sub": "alice"');
  expect(stdout).toMatch(/ends {7}\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ {2}in [45] minutes\n/);
  expect(stdout).toMatch(/yes form/);
  expect(stdout).not.toContain('signature');
  const fromInput = await runHere(['token', 'decode'], {}, `Authorization: Bearer ${token}\n`);
  expect(withoutAges(fromInput.stdout)).toBe(withoutAges(stdout));
  const json = JSON.parse((await runHere(['token', 'decode', '--json', token], {})).stdout);
  expect(json).toMatchObject({ kind: 'access token (at+jwt)', claims: { sub: 'alice' }, header: { typ: 'at+jwt' } });
});

/** "2026-01-01T00:00:00Z  1 second ago" is "now" a second earlier. */
function withoutAges(output: string): string {
  return output.replace(/(?<=\dZ {2}).*/g, '');
}

it('verifies a good token', async () => {
  const { code, stdout, stderr } = await verify(idp.token());
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/yes signature +by the issuer’s key test-es256-/);
  expect(stdout).not.toContain('NO');
});

const flaws: [BearerTokenOptions, string, string][] = [
  [{ expired: true }, 'exp', 'token_expired'],
  [{ notYetValid: true }, 'nbf', 'token_not_yet_valid'],
  [{ wrongAudience: true }, 'aud', 'audience_mismatch'],
  [{ wrongIssuer: true }, 'iss', 'issuer_mismatch'],
  [{ unknownKey: true }, 'signature', 'signature_invalid'],
  [{ tampered: true }, 'signature', 'signature_invalid'],
  [{ claims: { sub: '' } }, 'sub', 'claims_invalid'],
  [{ claims: { exp: undefined } }, 'exp', 'claims_invalid'],
];
it.each(flaws)('says what is wrong, and only that: %j', async (options, name, code) => {
  const ran = await verify(idp.token(options), '--json');
  expect(ran).toMatchObject({ code: 1, stderr: `It is not to be believed: ${name}.\n` });
  const { checks } = JSON.parse(ran.stdout) as { checks: { name: string; ok: boolean; code?: string }[] };
  expect(checks.filter(({ ok }) => !ok)).toEqual([expect.objectContaining({ name, code })]);
});

it('finds several things wrong at once', async () => {
  const { stdout } = await verify(idp.token({ expired: true, wrongAudience: true, unknownKey: true }));
  for (const name of ['signature', 'aud', 'exp']) expect(stdout).toMatch(new RegExp(`NO {2}${name} `));
});

it('an ID token is no access token, and the other way round', async () => {
  const idToken = idp.token({ idToken: true });
  expect((await verify(idToken)).stdout).toMatch(/^ID token|^JWT of a kind[^]*NO {2}type/);
  expect(
    (await runHere(['token', 'verify', '--issuer', idp.issuer, '--jwks', jwks, '--id-token', idToken], {})).code,
  ).toBe(0);
  expect((await verify(idp.token(), '--id-token')).stdout).toMatch(/NO {2}type/);
});

it.each([
  ['opaque', /opaque token[^]*NO {2}form/],
  ['a.b.c', /not a JWT[^]*NO {2}form/],
  ['a.b.c.d.e', /encrypted[^]*NO {2}form/],
])('reads what is no JWT: %s', async (token, text) => {
  const { code, stdout } = await runHere(['token', 'decode', token], {});
  expect([code, stdout]).toEqual([0, expect.stringMatching(text)]);
});

it('shows an unsigned token, and what is wrong with it', async () => {
  const unsigned = idp.token({ unsigned: true });
  const { stdout } = await runHere(['token', 'decode', unsigned], {});
  expect(stdout).toMatch(/"alg": "none"[^]*NO {2}form/);
  expect((await verify(unsigned)).code).toBe(1);
});

it('what a token says cannot move the cursor', async () => {
  const { stdout } = await runHere(['token', 'decode', idp.token({ sub: '\u001b[2J\u202e' })], {});
  expect([stdout.includes('\u001b'), stdout.includes('\u202e')]).toEqual([false, false]);
});

it('fetches keys from the issuer that it is told, and sends the token nowhere', async () => {
  const issuer = await TinyIssuer.listen(new TestClock(Date.now()));
  const bodies: string[] = [];
  issuer.answers.set('/introspect', (_request, body) => bodies.push(body.toString()));
  const good = await runHere(['token', 'verify', '--issuer', issuer.url, await issuer.accessToken()], {});
  expect([good.code, good.stderr, issuer.hitsOf('/jwks'), bodies]).toEqual([0, '', 1, []]);
  await issuer.close();
  const gone = await runHere(['token', 'verify', '--issuer', issuer.url, 'x.y.z'], {});
  expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('does not answer') });
});

it.each([
  [['verify', 'x.y.z'], '--issuer'],
  [['decode', ''], 'no token'],
  [['decode', 'x'.repeat(70_000)], 'no token'],
])('a wrong command line: %j', async (args, reason) => {
  expect(await runHere(['token', ...args], {})).toMatchObject({ code: 2, stderr: expect.stringContaining(reason) });
});
