import { createHmac } from 'node:crypto';
import { exportJWK } from 'jose';
import { boundKey, DpopProofs, type DpopRequest } from '../../src/jwt/dpop-proof.js';
import { RememberedProofs } from '../../src/jwt/used-proofs.js';
import { DpopClient } from '../support/dpop-client.js';
import { TestClock } from '../support/test-clock.js';
import { issuerKey } from '../support/tiny-issuer.js';

const URL_ = 'https://api.example.test/orders';
const TOKEN = 'a.b.c';
const request: DpopRequest = { method: 'GET', url: URL_, accessToken: TOKEN };

let clock: TestClock;
let client: DpopClient;
let proofs: DpopProofs;

beforeEach(async () => {
  clock = new TestClock();
  client = await DpopClient.create(clock);
  proofs = new DpopProofs({ clock, used: new RememberedProofs(clock) });
});

const good = (change?: Parameters<DpopClient['proof']>[3]) => client.proof('GET', URL_, TOKEN, change);

it('believes a good proof, once', async () => {
  const proof = await good();
  expect(await proofs.check([proof], request)).toEqual({ thumbprint: client.thumbprint });
  await expect(proofs.check([proof], request)).rejects.toThrow('it was used before');
});

it('of the same proof ten times at once, believes one', async () => {
  const proof = await good();
  const results = await Promise.allSettled(Array.from({ length: 10 }, () => proofs.check([proof], request)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it('a proof that was refused is not used up', async () => {
  const proof = await good();
  await expect(proofs.check([proof], { ...request, method: 'POST' })).rejects.toThrow('htm');
  await expect(proofs.check([proof], request)).resolves.toBeDefined();
});

it.each([
  ['https://API.example.test:443/orders?x=1#y', URL_],
  ['https://api.example.test/%6frders', URL_],
  ['https://api.example.test/a%2fb', 'https://api.example.test/a%2Fb'],
  [URL_, `${URL_}?page=2`],
])('htu %s is %s', async (htu, url) => {
  await expect(proofs.check([await good({ claims: { htu } })], { ...request, url })).resolves.toBeDefined();
});

const later = () => ({ claims: { iat: clock.seconds() + 6 } });
const refused: [string, string, () => Parameters<DpopClient['proof']>[3]][] = [
  ['another method', 'htm', () => ({ claims: { htm: 'POST' } })],
  ['a method in lower case', 'htm', () => ({ claims: { htm: 'get' } })],
  ['another path', 'htu', () => ({ claims: { htu: `${URL_}/` } })],
  ['another host', 'htu', () => ({ claims: { htu: 'https://api.example.test.evil.test/orders' } })],
  ['another scheme', 'htu', () => ({ claims: { htu: 'http://api.example.test/orders' } })],
  ['an encoded slash', 'htu', () => ({ claims: { htu: 'https://api.example.test%2forders' } })],
  ['no address', 'htu', () => ({ claims: { htu: undefined } })],
  ['another token', 'ath', () => ({ claims: { ath: 'x' } })],
  ['no token', 'ath', () => ({ claims: { ath: undefined } })],
  ['a time to come', 'future', later],
  ['a time long ago', 'too old', () => ({ claims: { iat: clock.seconds() - 61 } })],
  ['no time', 'iat', () => ({ claims: { iat: undefined } })],
  ['a time in words', 'iat', () => ({ claims: { iat: '0' } })],
  ['no name', 'jti', () => ({ claims: { jti: undefined } })],
  ['a name of a kilobyte', 'jti', () => ({ claims: { jti: 'x'.repeat(1024) } })],
  ['another type', 'typ', () => ({ header: { typ: 'JWT' } })],
  ['no type', 'typ', () => ({ header: { typ: undefined } })],
  ['no key', 'jwk', () => ({ header: { jwk: undefined } })],
  ['another key', 'signature', () => ({ key: issuerKey().privateKey })],
  ['a key that is a text', 'jwk', () => ({ header: { jwk: 'x' } })],
  ['a key off the curve', 'signature', () => ({ header: { jwk: { ...client.jwk, x: client.jwk.y } } })],
  ['a key for encryption', 'jwk', () => ({ header: { jwk: { ...client.jwk, use: 'enc' } } })],
  ['a symmetric key', 'jwk', () => ({ header: { jwk: { kty: 'oct', k: 'eA' } } })],
];

it.each(refused)('JW-51: refuses a proof with %s', async (_, reason, change) => {
  const error = await proofs.check([await good(change())], request).catch((one: unknown) => one);
  expect(error).toMatchObject({ code: 'invalid_dpop_proof', message: expect.stringContaining(reason) });
});

it('refuses a proof that shows its private key', async () => {
  const jwk = await exportJWK(client.privateKey);
  await expect(proofs.check([await good({ header: { jwk } })], request)).rejects.toThrow('jwk');
});

it('refuses a proof that is symmetric, unsigned, or nothing at all', async () => {
  const [header, payload] = (await good()).split('.') as [string, string];
  const change = (alg: string) => Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(header, 'base64url').toString()), alg })).toString('base64url'); // prettier-ignore
  const input = `${change('HS256')}.${payload}`;
  const mac = createHmac('sha256', JSON.stringify(client.jwk)).update(input).digest('base64url');
  for (const proof of [`${input}.${mac}`, `${change('none')}.${payload}.`, '', 'x', '..']) {
    await expect(proofs.check([proof], request)).rejects.toMatchObject({ code: 'invalid_dpop_proof' });
  }
});

it('refuses no proof, and two', async () => {
  await expect(proofs.check([], request)).rejects.toThrow('one DPoP header');
  await expect(proofs.check([await good(), await good()], request)).rejects.toThrow('one DPoP header');
});

it('takes only the algorithms it was told', async () => {
  const strict = new DpopProofs({ clock, used: new RememberedProofs(clock), algorithms: ['EdDSA'] });
  await expect(strict.check([await good()], request)).rejects.toThrow('algorithm');
});

it('wants a nonce where there are nonces', async () => {
  const nonces = { current: () => 'now', isValid: (nonce: string) => nonce === 'now' };
  const strict = new DpopProofs({ clock, used: new RememberedProofs(clock), nonces });
  expect(strict.nonce).toBe('now');
  await expect(strict.check([await good()], request)).rejects.toMatchObject({ code: 'use_dpop_nonce' });
  const old = good({ claims: { nonce: 'then' } });
  await expect(strict.check([await old], request)).rejects.toMatchObject({ code: 'use_dpop_nonce' });
  await expect(strict.check([await good({ claims: { nonce: 'now' } })], request)).resolves.toBeDefined();
});

it('remembers as many proofs as it has room for, and each until it ends', async () => {
  const used = new RememberedProofs(clock, 3);
  for (const id of ['a', 'b', 'c']) expect(await used.use(id, clock.seconds() + 60)).toBe(true);
  expect(await used.use('c', clock.seconds() + 60)).toBe(false);
  expect(await used.use('d', clock.seconds() + 60)).toBe(true);
  expect(await used.use('c', clock.seconds() + 60)).toBe(false);
  clock.pass('61s');
  expect(await used.use('d', clock.seconds() + 60)).toBe(true);
});

it.each([
  [{}, undefined],
  [{ cnf: { jkt: 'x' } }, 'x'],
])('%j is bound to %s', (claims, thumbprint) => expect(boundKey(claims)).toBe(thumbprint));

it.each([
  { cnf: null },
  { cnf: 'x' },
  { cnf: {} },
  { cnf: { jkt: 1 } },
  { cnf: { jwk: {} } },
  { cnf: { 'x5t#S256': 'x' } },
  { cnf: { jkt: 'x', 'x5t#S256': 'x' } },
])('%j cannot be checked, and is refused', (claims) => {
  expect(() => boundKey(claims)).toThrow(expect.objectContaining({ code: 'claims_invalid' }));
});
