import { createPublicKey, verify } from 'node:crypto';
import pg from 'pg';
import { openProviderDatabase } from '../../src/apps/identity-provider/provider-database.js';
import { type KeyAlgorithm, type KeyPair, makeKeyPair } from '../../src/jwt/key-pair.js';
import { SIGNING_ALGORITHMS } from '../../src/jwt/key-source.js';
import { KEY_MANAGEMENT_ALGORITHMS } from '../../src/protocol/encryption-algorithm.js';
import { TokenSigner } from '../../src/jwt/token-signer.js';
import { TokenVerifier } from '../../src/jwt/token-verifier.js';
import { KeyRing, ROTATION_LOCK } from '../../src/keys/key-ring.js';
import type { Database } from '../../src/platform/database/database.js';
import { Secrets } from '../../src/platform/secret.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { TestClock } from '../support/test-clock.js';

const OLD = 'the old secret, of more than 32 bytes';
const NEW = 'the new secret, of more than 32 bytes';
const ISSUER = 'https://id.test';

/** RSA keys are slow to make: those that were made for one test serve the next, too, which knows nothing of the one before. */
const made = new Map<KeyAlgorithm, KeyPair[]>();
/** How many of them this test has. */
const taken = new Map<KeyAlgorithm, number>();

class ThriftyRing extends KeyRing {
  protected override async makeKeyPair(algorithm: KeyAlgorithm): Promise<KeyPair> {
    const index = taken.get(algorithm) ?? 0;
    taken.set(algorithm, index + 1);
    if (!made.has(algorithm)) made.set(algorithm, []);
    return (made.get(algorithm)![index] ??= await super.makeKeyPair(algorithm));
  }
}

let test: TestDatabase;
let database: Database;
let clock: TestClock;
beforeAll(async () => {
  test = await createTestDatabase();
  database = await openProviderDatabase(test.url);
  clock = new TestClock();
  // Every test begins with a copy of these, which no ring makes again.
  await new KeyRing(database, new Secrets([OLD]), clock).ensureKeys();
  await database.dataSource.query('CREATE TABLE pristine AS SELECT * FROM signing_key');
});
afterAll(async () => {
  await database.onApplicationShutdown();
  await test.drop();
});
beforeEach(async () => {
  clock = new TestClock();
  taken.clear();
  await empty();
  await database.dataSource.query('INSERT INTO signing_key SELECT * FROM pristine');
});

const empty = () => database.dataSource.query('DELETE FROM signing_key');
/** A process of the provider, as far as keys go. */
const ringOf = (...secrets: string[]) =>
  new ThriftyRing(database, new Secrets(secrets.length > 0 ? secrets : [OLD]), clock);
const stored = () =>
  database.dataSource.query<{ kid: string; algorithm: string; state: string; private_sealed: Buffer }[]>(
    'SELECT * FROM signing_key',
  );
const count = async (state: string) => (await stored()).filter((row) => row.state === state).length;
const all = SIGNING_ALGORITHMS.length;
/** What others encrypt with is published while it is active, so there is no next one. */
const open = KEY_MANAGEMENT_ALGORITHMS.length;
const inAll = 2 * all + open;

it('ensureKeys makes an active and a next key for every algorithm, once', async () => {
  await empty();
  const ring = ringOf();
  await ring.ensureKeys();
  const before = (await stored()).map(({ kid }) => kid).sort();
  await ring.ensureKeys();
  expect((await stored()).map(({ kid }) => kid).sort()).toEqual(before);
  expect([await count('active'), await count('next')]).toEqual([all + open, all]);
  expect(new Set(before).size).toBe(inAll);
});

it('ensureKeys in many processes at once', async () => {
  await empty();
  await Promise.all(Array.from({ length: 6 }, () => ringOf().ensureKeys()));
  expect([await count('active'), await count('next')]).toEqual([all + open, all]);
});

it('without keys nothing is signed', async () => {
  await empty();
  await expect(ringOf().active('ES256')).rejects.toThrow('no active signing key for ES256');
});

describe('KC-03 rotation', () => {
  it('goes next → active → retired → gone, and a key is published before it signs', async () => {
    const ring = ringOf();
    await ring.ensureKeys();
    const first = (await ring.active('ES256')).kid;
    const published = async () => (await ring.jwks()).keys.map(({ kid }) => kid);
    const seen = new Set(await published());
    clock.pass('6m');
    await ring.rotate();
    const second = (await ring.active('ES256')).kid;
    expect(second).not.toBe(first);
    expect(seen).toContain(second);
    expect(await published()).toContain(first);
    clock.pass('23h');
    await ring.rotate();
    expect(await published()).toContain(first);
    clock.pass('2h');
    await ring.rotate();
    expect(await published()).not.toContain(first);
  });

  it('knows its own for as long as they are shown as hints, without their private half', async () => {
    const ring = ringOf();
    await ring.ensureKeys();
    const { kid } = await ring.active('RS256');
    clock.pass('6m');
    await ring.rotate();
    const [retired, ...more] = (await stored()).filter((row) => row.kid === kid);
    expect([retired!.private_sealed.length, more]).toEqual([0, []]);
    expect((await stored()).filter(({ private_sealed: sealed }) => sealed.length > 0)).toHaveLength(inAll + open);
    clock.pass('179d');
    await ring.rotate();
    expect(await ring.find(kid, 'RS256')).toMatchObject({ kid });
    clock.pass('2d');
    await ring.rotate();
    expect(await ring.find(kid, 'RS256')).toBeUndefined();
  });

  it('is refused while the next key may be unknown, unless forced', async () => {
    const ring = ringOf();
    await ring.ensureKeys();
    clock.pass('6m');
    await ring.rotate();
    clock.pass('304s');
    await expect(ring.rotate()).rejects.toThrow(/less than 305 seconds ago/);
    await ring.rotate({ force: true });
    clock.pass('305s');
    await ring.rotate();
    expect(await count('retired')).toBe(3 * (all + open));
  });

  it('is done at once when nobody can know the one key without the other', async () => {
    const ring = ringOf();
    await ring.ensureKeys();
    clock.pass(1);
    const published = (await ring.jwks()).keys.map(({ kid }) => kid);
    await ring.rotate();
    for (const algorithm of SIGNING_ALGORITHMS) expect(published).toContain((await ring.active(algorithm)).kid);
    await expect(ring.rotate()).rejects.toThrow(/less than 305 seconds ago/);
  });

  it('fails no verification in another process: ten rotations', async () => {
    const [one, two] = [ringOf(), ringOf()];
    await Promise.all([one.ensureKeys(), two.ensureKeys()]);
    const verifiers = [one, two].map(
      (keys) => new TokenVerifier({ keys, issuer: ISSUER, algorithms: SIGNING_ALGORITHMS, clock }),
    );
    for (let round = 0; round < 10; round += 1) {
      clock.pass('6m');
      await (round % 2 ? one : two).rotate();
      for (const signing of [one, two]) {
        for (const algorithm of SIGNING_ALGORITHMS) {
          const claims = { iss: ISSUER, sub: 'x', iat: clock.seconds(), exp: clock.seconds() + 60 };
          const token = await new TokenSigner(signing).sign(claims, 'JWT', algorithm);
          for (const verifier of verifiers) await verifier.verify(token, { types: ['jwt'] });
        }
      }
    }
  });

  it('by two at once: one rotates, the other is told', async () => {
    await ringOf().ensureKeys();
    clock.pass('6m');
    const results = await Promise.allSettled([ringOf().rotate(), ringOf().rotate()]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect([await count('active'), await count('next'), await count('retired')]).toEqual([all + open, all, all + open]);
  });

  it('when due, by many at once: one rotates, and none fails', async () => {
    await ringOf().ensureKeys();
    clock.pass('29d');
    expect(await ringOf().rotateWhenDue(30 * 86_400_000)).toBe(false);
    clock.pass('1d');
    const results = await Promise.all(Array.from({ length: 4 }, () => ringOf().rotateWhenDue(30 * 86_400_000)));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect([await count('active'), await count('next'), await count('retired')]).toEqual([all + open, all, all + open]);
  });

  it('when due waits for a next key that is young', async () => {
    const ring = ringOf();
    await ring.ensureKeys();
    clock.pass('30d');
    const next = (await stored()).find(({ state }) => state === 'next')!;
    await ring.revoke(next.kid);
    expect(await ring.rotateWhenDue(30 * 86_400_000)).toBe(false);
    clock.pass('305s');
    expect(await ring.rotateWhenDue(30 * 86_400_000)).toBe(true);
  });
});

it('whoever finds nothing to do does not wait for whoever changes the ring', async () => {
  const elsewhere = new pg.Client({ connectionString: test.url });
  await elsewhere.connect();
  await elsewhere.query('SELECT pg_advisory_lock($1)', [ROTATION_LOCK]);
  try {
    const ring = ringOf();
    await ring.ensureKeys();
    expect(await ring.rotateWhenDue(86_400_000)).toBe(false);
    expect(await ring.revoke('no-such-key')).toBe(false);
  } finally {
    await elsewhere.end();
  }
});

describe('revocation of a key', () => {
  it('takes it at once, and the next one signs', async () => {
    const ring = ringOf();
    await ring.ensureKeys();
    const { kid } = await ring.active('RS256');
    const next = (await ring.list()).find(({ algorithm, state }) => algorithm === 'RS256' && state === 'next')!.kid;
    expect(await ring.revoke(kid)).toBe(true);
    expect((await ring.active('RS256')).kid).toBe(next);
    expect(await ring.find(kid, 'RS256')).toBeUndefined();
    expect((await ring.jwks()).keys.map((key) => key.kid)).not.toContain(kid);
    expect([await count('active'), await count('next')]).toEqual([all + open, all]);
    expect(await ring.revoke(kid)).toBe(false);
    expect(await ring.revoke("x' OR '1'='1")).toBe(false);
  });

  it('reaches another process within five seconds', async () => {
    const [one, two] = [ringOf(), ringOf()];
    await Promise.all([one.ensureKeys(), two.ensureKeys()]);
    const { kid } = await one.active('ES256');
    await one.revoke(kid);
    clock.pass('5s');
    expect(await two.find(kid, 'ES256')).toBeUndefined();
    expect((await two.active('ES256')).kid).not.toBe(kid);
  });

  it('is not undone by a read that began before it', async () => {
    const ring = ringOf();
    await ring.ensureKeys();
    const { kid } = await ring.active('ES256');
    clock.pass('6s');
    const lists = Array.from({ length: 20 }, () => ring.list());
    await ring.revoke(kid);
    await Promise.all(lists);
    expect(await ring.find(kid, 'ES256')).toBeUndefined();
  });
});

describe('KC-01 the published set', () => {
  it('holds public members only, in every state, with distinct kids and one algorithm each', async () => {
    const ring = ringOf();
    await ring.ensureKeys();
    for (let round = 0; round < 3; round += 1) {
      const { keys } = await ring.jwks();
      for (const key of keys) {
        for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) expect(key).not.toHaveProperty(member);
        expect(key).toMatchObject({ kid: expect.stringMatching(/^[\w-]{43}$/), alg: expect.any(String) });
        expect(key.use === 'sig' ? SIGNING_ALGORITHMS : KEY_MANAGEMENT_ALGORITHMS).toContain(key.alg);
      }
      expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
      clock.pass('6m');
      await ring.rotate();
    }
    expect(new Set((await ring.list()).map(({ state }) => state))).toEqual(new Set(['next', 'active', 'retired']));
    for (const summary of await ring.list()) {
      expect(Object.keys(summary)).not.toEqual(expect.arrayContaining([expect.stringMatching(/private|sealed|jwk/i)]));
    }
  });

  it('KC-02 a key is used with its own algorithm only', async () => {
    const ring = ringOf();
    await ring.ensureKeys();
    const { kid } = await ring.active('RS256');
    expect(await ring.find(kid, 'RS256')).toBeDefined();
    expect(await ring.find(kid, 'PS256')).toBeUndefined();
    expect(await ring.find(undefined, 'RS256')).toBeUndefined();
    expect(await ring.find('__proto__', 'RS256')).toBeUndefined();
  });

  it.each([...SIGNING_ALGORITHMS, ...KEY_MANAGEMENT_ALGORITHMS])('KC-02 %s keys are strong', async (algorithm) => {
    const { publicJwk } = await makeKeyPair(algorithm);
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({ key: publicJwk as never, format: 'jwk' });
    if (asymmetricKeyType === 'rsa') expect(asymmetricKeyDetails!.modulusLength).toBeGreaterThanOrEqual(2048);
    else expect(['prime256v1', undefined]).toContain(asymmetricKeyDetails!.namedCurve);
  });
});

describe('KC-05 at rest', () => {
  it('private keys are sealed', async () => {
    const ring = ringOf();
    await ring.ensureKeys();
    const plain = (await ring.active('RS256')).key.export({ format: 'der', type: 'pkcs8' });
    for (const { private_sealed: sealed } of await stored()) {
      expect(sealed.includes(plain.subarray(-32))).toBe(false);
      // The beginning of every PKCS#8 RSA, EC and Ed25519 key: its algorithm's object identifier.
      for (const oid of ['2a864886f70d010101', '2a8648ce3d0201', '2b6570']) {
        expect(sealed.includes(Buffer.from(oid, 'hex'))).toBe(false);
      }
    }
    expect(JSON.stringify(await stored())).not.toMatch(/PRIVATE KEY|"d":/);
  });

  it('with another secret there is a clear error, and nothing is made', async () => {
    await ringOf(OLD).ensureKeys();
    await expect(ringOf(NEW).ensureKeys()).rejects.toThrow(/GATEHOUSE_SECRET.*another secret/);
    expect(await stored()).toHaveLength(inAll);
  });

  it('the error comes at boot, also when only a next key is closed', async () => {
    await ringOf(OLD).ensureKeys();
    clock.pass('6m');
    // The active keys are sealed under the old secret still, the next ones under the new.
    await ringOf(NEW, OLD).rotate();
    await expect(ringOf(OLD).ensureKeys()).rejects.toThrow(/GATEHOUSE_SECRET/);
    await expect(ringOf(NEW).ensureKeys()).rejects.toThrow(/GATEHOUSE_SECRET/);
  });

  it('of a list of secrets the first seals and all open', async () => {
    await ringOf(OLD).ensureKeys();
    const both = ringOf(NEW, OLD);
    await both.ensureKeys();
    const { key, kid } = await both.active('ES256');
    expect(kid).toEqual(expect.any(String));
    expect(key.asymmetricKeyType).toBe('ec');
    expect(await both.reseal()).toBe(inAll);
    expect(await both.reseal()).toBe(0);
    await ringOf(NEW).ensureKeys();
    await expect(ringOf(OLD).ensureKeys()).rejects.toThrow(/GATEHOUSE_SECRET/);
  });

  it('a sealed key that was touched does not open', async () => {
    await ringOf().ensureKeys();
    await database.dataSource.query(
      `UPDATE signing_key SET private_sealed = set_byte(private_sealed, 40, get_byte(private_sealed, 40) # 1)`,
    );
    await expect(ringOf().ensureKeys()).rejects.toThrow(/GATEHOUSE_SECRET/);
  });
});

describe('what others encrypt with', () => {
  const publishedFor = async (ring: KeyRing, alg: string) => {
    const { keys } = await ring.jwks();
    return keys.filter((key) => key.use === 'enc' && key.alg === alg).map(({ kid }) => kid);
  };

  it.each(KEY_MANAGEMENT_ALGORITHMS)('%s: one key is published, and turns with the others', async (algorithm) => {
    await empty();
    const ring = ringOf();
    await ring.ensureKeys();
    const [first, ...more] = await publishedFor(ring, algorithm);
    expect([typeof first, more]).toEqual(['string', []]);
    const [opening] = await ring.findPrivate(first, algorithm);
    clock.pass('6m');
    await ring.rotate();
    const [second] = await publishedFor(ring, algorithm);
    expect(second).not.toBe(first);
    expect((await ring.findPrivate(first, algorithm))[0]!.equals(opening!)).toBe(true);
    expect(await ring.findPrivate(undefined, algorithm)).toHaveLength(2);
    const uses = (await ring.jwks()).keys.map(({ use }) => use);
    expect(uses.lastIndexOf('sig')).toBeLessThan(uses.indexOf('enc'));
    clock.pass('25h');
    expect(await ring.findPrivate(first, algorithm)).toEqual([]);
    await ring.rotate();
    expect((await stored()).map(({ kid }) => kid)).not.toContain(first);
    expect(await ring.find(second, algorithm as never)).toBeUndefined();
  });

  it('opens in another process, too, and no more when it is revoked', async () => {
    await empty();
    const [one, other] = [ringOf(), ringOf()];
    await one.ensureKeys();
    await other.jwks();
    clock.pass('6m');
    await one.rotate();
    const [kid] = await publishedFor(one, 'ECDH-ES');
    expect(await other.findPrivate(kid, 'ECDH-ES')).toHaveLength(1);
    expect(await one.revoke(kid!)).toBe(true);
    expect(await one.findPrivate(kid, 'ECDH-ES')).toEqual([]);
    expect(await publishedFor(one, 'ECDH-ES')).toHaveLength(1);
  });
});

it('signs what others can verify', async () => {
  const ring = ringOf();
  await ring.ensureKeys();
  const token = await new TokenSigner(ring).sign({ iss: ISSUER, sub: 'x', iat: 1, exp: 2 }, 'JWT', 'ES256');
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
  const jwk = (await ring.jwks()).keys.find((key) => key.kid === kid)!;
  const key = createPublicKey({ key: jwk as never, format: 'jwk' });
  const signed = Buffer.from(`${header}.${payload}`);
  expect(verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))).toBe(true);
});
