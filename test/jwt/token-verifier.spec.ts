import { createHmac } from 'node:crypto';
import type { SigningAlgorithm, VerificationKey } from '../../src/jwt/key-source.js';
import { VerificationKeys } from '../../src/jwt/key-source.js';
import { TokenVerifier } from '../../src/jwt/token-verifier.js';
import { VerifiedTokens } from '../../src/jwt/verified-tokens.js';
import { TestClock } from '../support/test-clock.js';
import { AUDIENCE, type IssuerKey, issuerKey, TinyIssuer } from '../support/tiny-issuer.js';

class FixedKeys extends VerificationKeys {
  constructor(readonly all: VerificationKey[]) {
    super();
  }
  async find(kid: string | undefined, algorithm: SigningAlgorithm) {
    return this.all.find((key) => key.kid === kid && key.algorithm === algorithm);
  }
  holds(key: VerificationKey) {
    return this.all.includes(key);
  }
}

const published = ({ kid, alg, publicKey }: IssuerKey): VerificationKey => ({
  kid,
  algorithm: alg as SigningAlgorithm,
  key: publicKey,
});

describe('TokenVerifier', () => {
  const clock = new TestClock();
  const keys = ['ES256', 'RS256', 'PS256', 'EdDSA'].map((alg) => issuerKey(alg, alg));
  const source = new FixedKeys(keys.map(published));
  let issuer: TinyIssuer;
  let verifier: TokenVerifier;
  beforeAll(async () => {
    issuer = await TinyIssuer.listen(clock);
    issuer.keys = keys;
    const algorithms = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const;
    verifier = new TokenVerifier({ keys: source, issuer: issuer.url, algorithms, clock });
  });
  afterAll(() => issuer.close());
  const expectation = { types: ['at+jwt'], audience: AUDIENCE };
  const verify = (token: string, change = {}) => verifier.verify(token, { ...expectation, ...change });
  const code = (value: string) => expect.objectContaining({ code: value });

  it.each(['ES256', 'RS256', 'PS256', 'EdDSA'])('JW-06: believes %s, and no changed bit of it', async (alg) => {
    const token = await issuer.sign(issuer.accessClaims(), {}, issuer.key(alg));
    expect(await verify(token)).toMatchObject({ sub: 'alice', aud: AUDIENCE });
    const [header, payload, signature] = token.split('.') as [string, string, string];
    const octets = Buffer.from(signature, 'base64url');
    // An RSA signature is long, and each costs a verification.
    const step = octets.length > 64 ? 8 : 1;
    for (let bit = 0; bit < octets.length * 8; bit += step) {
      const changed = Buffer.from(octets);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const bad = `${header}.${payload}.${changed.toString('base64url')}`;
      await expect(verify(bad)).rejects.toThrow(code('signature_invalid'));
    }
    const other = (await issuer.sign(issuer.accessClaims(), {}, issuer.key(alg))).split('.')[2];
    await expect(verify(`${header}.${payload}.${other}`)).rejects.toThrow(code('signature_invalid'));
  });

  it('JW-03, JW-04: refuses a public key used as an HMAC secret, in every shape', async () => {
    const { publicKey } = issuer.key('RS256');
    const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
    const secrets = [pem, pem.trim(), ` ${pem}\n`, publicKey.export({ format: 'der', type: 'spki' }),
      JSON.stringify(publicKey.export({ format: 'jwk' })), '', 'secret', issuer.url]; // prettier-ignore
    for (const secret of secrets) {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const input = `${part({ alg: 'HS256', typ: 'at+jwt', kid: 'RS256' })}.${part(issuer.accessClaims())}`;
      const token = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
      await expect(verify(token)).rejects.toThrow(code('algorithm_refused'));
    }
  });

  it('a key is good for its own algorithm only', async () => {
    const rs = issuer.key('RS256');
    const token = await issuer.sign(issuer.accessClaims(), {}, { ...rs, alg: 'PS256' });
    await expect(verify(token)).rejects.toThrow(code('signature_invalid'));
  });

  const now = clock.seconds();
  it.each([
    ['exp now, within the skew', { exp: now - 4 }, undefined],
    ['exp at the end of the skew', { exp: now - 5 }, 'token_expired'],
    ['exp four minutes ago', { exp: now - 240 }, 'token_expired'],
    ['no exp', { exp: undefined }, 'claims_invalid'],
    ['exp as text', { exp: String(now + 60) }, 'claims_invalid'],
    ['exp negative', { exp: -1 }, 'claims_invalid'],
    ['nbf within the skew', { nbf: now + 5 }, undefined],
    ['nbf beyond it', { nbf: now + 6 }, 'token_not_yet_valid'],
    ['nbf as text', { nbf: 'x' }, 'claims_invalid'],
    ['iat within the skew', { iat: now + 5 }, undefined],
    ['iat beyond it', { iat: now + 6 }, 'token_not_yet_valid'],
    ['no iat', { iat: undefined }, 'claims_invalid'],
    ['iss with a slash', { iss: 'http://127.0.0.1/' }, 'issuer_mismatch'],
    ['no iss', { iss: undefined }, 'issuer_mismatch'],
    ['iss an array', { iss: ['x'] }, 'issuer_mismatch'],
    ['aud an array with ours', { aud: ['x', AUDIENCE] }, undefined],
    ['aud empty', { aud: [] }, 'audience_mismatch'],
    ['aud an object', { aud: { [AUDIENCE]: 1 } }, 'audience_mismatch'],
    ['aud a number', { aud: 1 }, 'audience_mismatch'],
    ['aud with null', { aud: [null, AUDIENCE] }, 'audience_mismatch'],
    ['aud a part of ours', { aud: AUDIENCE.slice(0, -1) }, 'audience_mismatch'],
    ['no sub', { sub: undefined }, 'claims_invalid'],
    ['sub empty', { sub: '' }, 'claims_invalid'],
    ['sub null', { sub: null }, 'claims_invalid'],
    ['sub an array', { sub: ['alice'] }, 'claims_invalid'],
  ] as [string, object, string | undefined][])('JW-28, JW-32, JW-33, JW-34: %s', async (_, change, refused) => {
    const token = await issuer.accessToken({ ...change });
    if (refused) await expect(verify(token)).rejects.toThrow(code(refused));
    else expect(await verify(token)).toBeDefined();
  });

  it('judges by what is expected', async () => {
    const old = await issuer.accessToken({ exp: now - 1000, iat: now - 2000, sub: undefined });
    await expect(verify(old, { ignoreExpiry: true })).rejects.toThrow(code('claims_invalid'));
    expect(await verify(old, { ignoreExpiry: true, subjectOptional: true })).toBeDefined();
    const aged = await issuer.accessToken({ iat: now - 100 });
    await expect(verify(aged, { maxAgeSeconds: 60 })).rejects.toThrow(code('token_expired'));
    const lasting = await issuer.accessToken({ iat: now - 100, exp: now + 3600 });
    await expect(verify(lasting, { maxLifetimeSeconds: 3699 })).rejects.toThrow(code('lifetime_too_long'));
    expect(await verify(lasting, { maxLifetimeSeconds: 3700 })).toBeDefined();
    const untyped = await issuer.accessToken({}, { typ: undefined });
    await expect(verify(untyped)).rejects.toThrow(code('wrong_token_type'));
    expect(await verify(untyped, { types: [''] })).toBeDefined();
  });

  describe('VerifiedTokens', () => {
    const key = published(issuerKey('ES256', 'cached'));
    it('keeps frozen values until exp, while the key is held', async () => {
      const held = new FixedKeys([key]);
      const hand = new TestClock();
      const cache = new VerifiedTokens<{ a: { b: number } }>({ keys: held, clock: hand });
      const value = cache.set('token', { a: { b: 1 } }, key, hand.seconds() + 60);
      expect(cache.get('token')).toBe(value);
      expect([Object.isFrozen(value), Object.isFrozen(value.a)]).toEqual([true, true]);
      expect(cache.get('token2')).toBeUndefined();
      hand.pass('60s');
      expect(cache.get('token')).toBeUndefined();

      cache.set('next', { a: { b: 2 } }, key, hand.seconds() + 60);
      held.all.length = 0;
      expect(cache.get('next')).toBeUndefined();
      // The key vanished while the token was being verified.
      cache.set('late', { a: { b: 3 } }, key, hand.seconds() + 60);
      held.all.push(key);
      expect([cache.get('next'), cache.get('late')]).toEqual([undefined, undefined]);
    });

    it('JW-22 knows a token by all of it, though it looks it up by the end of its signature', () => {
      const hand = new TestClock();
      const cache = new VerifiedTokens<{ sub: string }>({ keys: new FixedKeys([key]), clock: hand });
      const signature = 's'.repeat(86);
      const end = hand.seconds() + 60;
      cache.set(`header.alice.${signature}`, { sub: 'alice' }, key, end);
      const others = [
        `header.mallory.${signature}`,
        `header.alice.S${signature.slice(1)}`,
        signature,
        signature.slice(43),
      ];
      expect(others.map((token) => cache.get(token))).toEqual(others.map(() => undefined));
      expect(cache.get(`header.alice.${signature}`)).toEqual({ sub: 'alice' });
      // One end of a signature has room for one token; the other is proved again.
      cache.set(`header.bob.${signature}`, { sub: 'bob' }, key, end);
      expect([cache.get(`header.bob.${signature}`), cache.get(`header.alice.${signature}`)]).toEqual([
        { sub: 'bob' },
        undefined,
      ]);
    });
  });
});
