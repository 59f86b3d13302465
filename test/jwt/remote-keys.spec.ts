import { generateKeyPairSync } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { RemoteKeys } from '../../src/jwt/remote-keys.js';
import { Outbound } from '../../src/platform/outbound.js';
import { TestClock } from '../support/test-clock.js';
import { type Answer, issuerKey, publicJwk, TinyIssuer } from '../support/tiny-issuer.js';

describe('RemoteKeys', () => {
  let clock: TestClock;
  let issuer: TinyIssuer;
  let outbound: Outbound;
  let keys: RemoteKeys;
  beforeEach(async () => {
    clock = new TestClock();
    issuer = await TinyIssuer.listen(clock);
    outbound = new Outbound({ clock });
    keys = new RemoteKeys({ url: `${issuer.url}/jwks`, outbound, clock });
  });
  afterEach(async () => {
    await outbound.close();
    await issuer.close();
  });
  const publish = (entries: unknown) =>
    issuer.answers.set('/jwks', (_request, _body, response) => response.end(JSON.stringify({ keys: entries })));
  const fail = () => issuer.answers.set('/jwks', (_request, _body, response) => response.writeHead(500).end());

  it('finds keys by name and algorithm, fetched once for all who ask at once', async () => {
    const found = await Promise.all(Array.from({ length: 50 }, () => keys.find('es', 'ES256')));
    expect(new Set(found).size).toBe(1);
    expect(await keys.find('es', 'RS256')).toBeUndefined();
    expect(await keys.find(undefined, 'ES256')).toBe(found[0]);
    expect(issuer.hitsOf('/jwks')).toBe(1);
  });

  it('JW-20: fetches for an unknown name, at most once per cool-down, and forgets nothing', async () => {
    const known = await keys.find('es', 'ES256');
    clock.pass('30s');
    for (let round = 0; round < 10_000; round += 1) await keys.find(`random-${round}`, 'ES256');
    expect(issuer.hitsOf('/jwks')).toBe(2);
    expect(await keys.find('es', 'ES256')).toBe(known);
  });

  it('finds a key that was rotated right after the set was read, for all who ask at once', async () => {
    await keys.find('es', 'ES256');
    issuer.keys = [issuerKey('ES256', 'next')];
    const found = await Promise.all(Array.from({ length: 20 }, () => keys.find('next', 'ES256')));
    expect(found.map((key) => key?.kid)).toEqual(Array.from({ length: 20 }, () => 'next'));
    expect(issuer.hitsOf('/jwks')).toBe(2);
    issuer.keys = [issuerKey('ES256', 'third')];
    expect(await keys.find('third', 'ES256')).toBeUndefined();
    expect(issuer.hitsOf('/jwks')).toBe(2);
    clock.pass('30s');
    expect(await keys.find('third', 'ES256')).toBeDefined();
  });

  it('JW-39: finds a fresh key after one fetch', async () => {
    await keys.find('es', 'ES256');
    clock.pass('31s');
    issuer.keys.push(issuerKey('ES256', 'fresh'));
    expect(await keys.find('fresh', 'ES256')).toBeDefined();
    expect(await keys.find(undefined, 'ES256')).toBeUndefined();
  });

  const NONSENSE: Answer = (_request, _body, response) => response.end('<html>');
  it.each([
    ['answers 500', fail],
    ['answers nonsense', () => issuer.answers.set('/jwks', NONSENSE)],
  ])(
    'JW-20: while an issuer %s, garbage has it asked ever more seldom, and the truth soon enough',
    async (_, breakDown) => {
      breakDown();
      for (let seconds = 0; seconds < 120; seconds += 1) {
        const found = await Promise.allSettled(Array.from({ length: 20 }, (_, kid) => keys.find(`x${kid}`, 'ES256')));
        expect(new Set(found.map(({ status }) => status))).toEqual(new Set(['rejected']));
        clock.pass('1s');
      }
      // After 1, 2, 4, 8, 10, 10 … seconds, each longer by up to a half.
      expect(issuer.hitsOf('/jwks')).toBeGreaterThanOrEqual(10);
      expect(issuer.hitsOf('/jwks')).toBeLessThanOrEqual(15);
      issuer.answers.clear();
      clock.pass('15s');
      expect(await keys.find('es', 'ES256')).toBeDefined();
    },
  );

  it('JW-39: a failed fetch for an unknown name leaves the cool-down to the next one, a moment later', async () => {
    const known = await keys.find('es', 'ES256');
    issuer.keys.push(issuerKey('ES256', 'fresh'));
    fail();
    for (let round = 0; round < 20; round += 1) expect(await keys.find('fresh', 'ES256')).toBeUndefined();
    expect(issuer.hitsOf('/jwks')).toBe(2);
    issuer.answers.clear();
    clock.pass('2s');
    expect(await keys.find('fresh', 'ES256')).toBeDefined();
    expect(await keys.find('es', 'ES256')).toBe(known);
    clock.pass('29s');
    for (let round = 0; round < 20; round += 1) await keys.find(`random-${round}`, 'ES256');
    expect(issuer.hitsOf('/jwks')).toBe(3);
  });

  it('JW-20: unknown names that come while the issuer is down have it asked ever more seldom, and known ones stay good', async () => {
    const known = await keys.find('es', 'ES256');
    fail();
    for (let seconds = 0; seconds < 60; seconds += 1) {
      await Promise.all(Array.from({ length: 20 }, (_, kid) => keys.find(`x${kid}`, 'ES256')));
      expect(await keys.find('es', 'ES256')).toBe(known);
      clock.pass('1s');
    }
    expect(issuer.hitsOf('/jwks')).toBeLessThanOrEqual(1 + 9);
  });

  it('JW-40: uses the last good set for an hour, then refuses, and recovers', async () => {
    const known = (await keys.find('es', 'ES256'))!;
    fail();
    clock.pass('59m');
    expect(await keys.find('es', 'ES256')).toBe(known);
    expect(keys.holds(known)).toBe(true);
    clock.pass('1m');
    expect(keys.holds(known)).toBe(false);
    await expect(keys.find('es', 'ES256')).rejects.toThrow('could not be fetched');
    issuer.answers.clear();
    clock.pass('11s');
    expect(await keys.find('es', 'ES256')).toBe(known);
  });

  it('an empty set does not replace a good one', async () => {
    const known = await keys.find('es', 'ES256');
    publish([]);
    clock.pass('10m');
    await keys.find('other', 'ES256');
    expect(await keys.find('es', 'ES256')).toBe(known);
  });

  it('a key that vanished is held no more after a refresh', async () => {
    const known = (await keys.find('es', 'ES256'))!;
    issuer.keys = [issuerKey('ES256', 'other')];
    clock.pass('31s');
    expect(await keys.find('other', 'ES256')).toBeDefined();
    expect(keys.holds(known)).toBe(false);
    expect(await keys.find('es', 'ES256')).toBeUndefined();
  });

  it('JW-23, JW-24: ignores hostile entries and keeps the good ones', async () => {
    const good = await publicJwk(issuerKey('ES256', 'good'));
    const twin = await publicJwk(issuerKey('ES256', 'twin'));
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
    const rsa = pair.publicKey.export({ format: 'jwk' });
    publish([
      null, 1, 'x', [], {},
      { kty: 'oct', k: 'c2VjcmV0', kid: 'oct', alg: 'ES256' },
      { ...pair.privateKey.export({ format: 'jwk' }), kid: 'private' },
      { ...weak, kid: 'weak' },
      { ...rsa, kid: 'exponent 1', e: 'AQ' },
      { ...rsa, kid: 'exponent that costs', e: Buffer.alloc(33, 1).toString('base64url') },
      { ...rsa, kid: 'enc', use: 'enc' },
      { ...rsa, kid: 'ops', key_ops: ['encrypt'] },
      { ...rsa, kid: 'lie', alg: 'ES256' },
      { ...rsa, kid: 'hmac', alg: 'HS256' },
      { ...rsa, kid: 7 },
      { ...rsa, kid: 'plain' },
      twin, twin,
      { ...good, x: 'AAAA', kid: 'off the curve' },
      good,
    ]); // prettier-ignore
    expect(await keys.find('good', 'ES256')).toBeDefined();
    expect(await keys.find('plain', 'RS256')).toBeDefined();
    for (const kid of [
      'oct',
      'private',
      'weak',
      'exponent 1',
      'exponent that costs',
      'enc',
      'ops',
      'lie',
      'hmac',
      'twin',
      'off the curve',
      '__proto__',
    ]) {
      expect(await keys.find(kid, 'RS256')).toBeUndefined();
      expect(await keys.find(kid, 'ES256')).toBeUndefined();
    }
  });

  describe('JW-24: a set with bad entries', () => {
    const warnings: string[] = [];
    beforeEach(() => {
      warnings.length = 0;
      Logger.overrideLogger({ warn: (line: string) => void warnings.push(line), log() {}, error() {} });
    });
    afterEach(() => Logger.overrideLogger(false));
    const bad = [
      { kty: 'oct', k: 'c2VjcmV0', kid: 'shared' },
      { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', kid: 'off the curve\n' },
      { kty: 'RSA', n: 'AQAB', e: 'AQAB' },
    ];
    const innocent = [
      { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'encrypts', use: 'enc', alg: 'RSA-OAEP' },
      { kty: 'EC', crv: 'P-384', x: 'AAAA', y: 'AAAA', kid: 'another curve' },
      { kty: 'AKP', kid: 'of tomorrow' },
    ];

    it('is warned of once, however often it is read, and shows them; what is only not for us is no news', async () => {
      publish([...bad, ...innocent, await publicJwk(issuerKey('ES256', 'good'))]);
      expect(await keys.find('good', 'ES256')).toBeDefined();
      clock.pass('31s');
      await keys.find('unknown', 'ES256');
      expect(issuer.hitsOf('/jwks')).toBe(2);
      expect(warnings).toEqual([
        expect.stringContaining('"shared" that is not used: it is symmetric'),
        expect.stringMatching(/publishes an entry .* too weak/),
        expect.stringContaining('"off the curve\\n" that is not used: it is no key'),
      ]);
      expect(keys.bad.map(({ kid }) => kid)).toEqual(['shared', undefined, 'off the curve\n']);
      publish([await publicJwk(issuerKey('ES256', 'good'))]);
      clock.pass('31s');
      await keys.find('unknown', 'ES256');
      expect(keys.bad).toEqual([]);
    });

    it('fills no log, whatever its entries are called', async () => {
      let round = 0;
      issuer.answers.set('/jwks', (_request, _body, response) => {
        round += 1;
        const entries = Array.from({ length: 90 }, (_, index) => ({ ...bad[0], kid: `${round} ${index}` }));
        response.end(JSON.stringify({ keys: entries }));
      });
      for (let times = 0; times < 3; times += 1) {
        await keys.find('x', 'ES256').catch(() => undefined);
        clock.pass('16s');
      }
      expect(warnings).toHaveLength(100);
    });

    it('of a stranger is nothing that we are warned of', async () => {
      const theirs = new RemoteKeys({
        url: `${issuer.url}/jwks`,
        outbound: new Outbound({ clock, allow: [{ host: '127.0.0.1', port: Number(new URL(issuer.url).port) }] }),
        clock,
        fetch: { trusted: false },
      });
      publish([bad[0], await publicJwk(issuerKey('ES256', 'good'))]);
      expect(await theirs.find('good', 'ES256')).toBeDefined();
      expect([warnings, theirs.bad.length]).toEqual([[], 1]);
    });
  });

  it('JW-24: reads a hundred keys at most', async () => {
    const jwk = await publicJwk(issuerKey('ES256', 'x'));
    publish(Array.from({ length: 150 }, (_, index) => ({ ...jwk, kid: `k${index}` })));
    expect(await keys.find('k99', 'ES256')).toBeDefined();
    expect(await keys.find('k100', 'ES256')).toBeUndefined();
  });

  it.each([
    ['a page', '<html>'],
    ['no keys', '{}'],
    ['5 MB', ' '.repeat(5_000_000)],
    [
      '10 000 keys',
      JSON.stringify({ keys: Array(10_000).fill({ kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y' }) }),
    ],
    ['null', 'null'],
  ])('JW-24: %s is no key set', async (_, body) => {
    issuer.answers.set('/jwks', (_request, _body, response) => response.end(body));
    await expect(keys.find('es', 'ES256')).rejects.toThrow('could not be fetched');
  });
});
