import { randomBytes } from 'node:crypto';
import type { Clock } from '../../src/platform/clock.js';
import { Secrets } from '../../src/platform/secret.js';
import { type SessionKeeper, SessionTooLargeError } from '../../src/sessions/session-keeper.js';
import type { SessionStore, StoredSession } from '../../src/sessions/session-store.js';
import { TestClock } from '../support/test-clock.js';

const NOW = 1_750_000_000_000;

function stored(change: Partial<StoredSession> = {}): StoredSession {
  return {
    sid: randomBytes(8).toString('hex'),
    subject: 'alice',
    startedAt: NOW,
    authenticatedAt: NOW - 5,
    lastSeenAt: NOW,
    expiresAt: NOW + 10_000,
    idleExpiresAt: NOW + 1_000,
    acr: 'pwd',
    amr: ['pwd', 'otp'],
    ip: '2001:db8::1',
    userAgent: 'a "browser"',
    data: Buffer.from([0, 255, 1, 128]),
    ...change,
  };
}

/** Which of the five claims above is held: the one that writes. */
async function claimOf(store: SessionStore, id: Buffer): Promise<number> {
  const { data } = (await store.find(id, NOW))!;
  for (const until of [NOW + 1, NOW + 2, NOW + 3, NOW + 4, NOW + 5]) {
    if (!(await store.write(id, data, until))) continue;
    await store.claim(id, until, NOW);
    return until;
  }
  throw new Error('nobody holds a claim');
}

/**
 * What every session store must do. `open` answers an empty store; `other` one that belongs to another owner and shares
 * whatever lies beneath, when there is such a thing.
 */
export function sessionStoreContract(
  open: () => Promise<{ store: SessionStore; other?: SessionStore }>,
  { forgetsByItself = false } = {},
): void {
  let store: SessionStore;
  let other: SessionStore | undefined;
  let id: Buffer;
  let session: StoredSession;
  beforeEach(async () => {
    ({ store, other } = await open());
    id = randomBytes(32);
    session = stored();
    await store.insert(id, session);
  });

  it('finds what was inserted, unchanged, and nothing else', async () => {
    expect(await store.find(id, NOW)).toEqual(session);
    expect(await store.find(randomBytes(32), NOW)).toBeUndefined();
  });

  it('takes an id once', async () => {
    await expect(store.insert(id, stored({ subject: 'bob' }))).rejects.toThrow();
    expect(await store.find(id, NOW)).toEqual(session);
  });

  it.each([
    ['the idle end', { idleExpiresAt: NOW + 1_000 }, 1_000],
    ['the absolute end', { idleExpiresAt: NOW + 99_000, expiresAt: NOW + 2_000 }, 2_000],
  ])('finds nothing from %s on', async (_, change, lifetime) => {
    const key = randomBytes(32);
    await store.insert(key, stored(change));
    expect(await store.find(key, NOW + lifetime - 1)).toBeDefined();
    expect(await store.find(key, NOW + lifetime)).toBeUndefined();
  });

  it('touches a living session, and none that has ended', async () => {
    expect(await store.touch(id, NOW + 999, NOW + 3_000)).toBe(true);
    expect(await store.find(id, NOW + 2_999)).toMatchObject({ lastSeenAt: NOW + 999, idleExpiresAt: NOW + 3_000 });
    expect(await store.touch(id, NOW + 3_000, NOW + 9_000)).toBe(false);
    expect(await store.find(id, NOW + 3_000)).toBeUndefined();
    expect(await store.touch(randomBytes(32), NOW, NOW + 1)).toBe(false);
  });

  it('writes data, and not into a session that is no more', async () => {
    expect(await store.write(id, Buffer.from('new'))).toBe(true);
    expect((await store.find(id, NOW))!.data.toString()).toBe('new');
    await store.end(id);
    expect(await store.write(id, Buffer.from('late'))).toBe(false);
  });

  it('SE-11: ends a session once, at once', async () => {
    expect(await store.end(id)).toBe(session.sid);
    expect(await store.find(id, NOW)).toBeUndefined();
    expect(await store.end(id)).toBeUndefined();
  });

  it('ends by sid and by subject, and counts', async () => {
    const ids = [randomBytes(32), randomBytes(32), randomBytes(32)] as const;
    await store.insert(ids[0], stored({ sid: 'shared', subject: 'bob' }));
    await store.insert(ids[1], stored({ sid: 'shared', subject: 'bob' }));
    await store.insert(ids[2], stored({ subject: 'bob' }));
    expect([await store.endBySid('shared'), await store.endBySid('shared')]).toEqual([2, 0]);
    expect([await store.endBySubject('bob'), await store.endBySubject('nobody')]).toEqual([1, 0]);
    expect(await store.find(id, NOW)).toBeDefined();
  });

  it('lists the living sessions of a subject, newest first', async () => {
    const newer = stored({ startedAt: NOW + 1 });
    await store.insert(randomBytes(32), newer);
    await store.insert(randomBytes(32), stored({ idleExpiresAt: NOW - 1 }));
    await store.insert(randomBytes(32), stored({ subject: 'bob' }));
    expect(await store.list('alice', NOW)).toEqual([newer, session]);
  });

  it('sweeps what has ended and nothing else', async () => {
    const ended = [randomBytes(32), randomBytes(32)] as const;
    await store.insert(ended[0], stored({ idleExpiresAt: NOW - 1 }));
    await store.insert(ended[1], stored({ expiresAt: NOW - 1 }));
    expect([await store.sweep(NOW), await store.sweep(NOW)]).toEqual(forgetsByItself ? [0, 0] : [2, 0]);
    expect(await store.find(id, NOW)).toBeDefined();
  });

  it('a claim keeps all others away until it is given back, written with, or over', async () => {
    const take = (until: number, now = NOW) => store.claim(id, until, now);
    expect(await Promise.all([1, 2, 3, 4, 5].map((one) => take(NOW + one)))).toHaveLength(5);
    const holder = await claimOf(store, id);
    expect(await take(NOW + 50)).toBe(false);

    // Another's claim is no claim.
    expect(await store.write(id, Buffer.from('theirs'), holder + 1)).toBe(false);
    await store.release(id, holder + 1);
    expect(await take(NOW + 51)).toBe(false);
    await store.release(id, holder);
    expect(await take(NOW + 52)).toBe(true);
    expect(await store.write(id, Buffer.from('ours'), NOW + 52)).toBe(true);
    expect((await store.find(id, NOW))!.data.toString()).toBe('ours');

    // Who took too long has lost it.
    expect(await take(NOW + 60)).toBe(true);
    expect(await take(NOW + 90, NOW + 60)).toBe(true);
    expect(await store.write(id, Buffer.from('late'), NOW + 60)).toBe(false);
    expect((await store.find(id, NOW))!.data.toString()).toBe('ours');
    // A write of something else disturbs no claim.
    expect(await store.write(id, Buffer.from('other'))).toBe(true);
    expect(await take(NOW + 99, NOW + 61)).toBe(false);
  });

  it('of a race for a claim, one wins', async () => {
    const won = await Promise.all(Array.from({ length: 20 }, (_, index) => store.claim(id, NOW + 100 + index, NOW)));
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  it('what has ended cannot be claimed', async () => {
    expect(await store.claim(id, NOW + 2_000, NOW + 1_000)).toBe(false);
    await store.end(id);
    expect(await store.claim(id, NOW + 9, NOW)).toBe(false);
    expect(await store.claim(randomBytes(32), NOW + 9, NOW)).toBe(false);
    await store.release(id, NOW + 9);
  });

  it('gives out copies', async () => {
    (await store.find(id, NOW))!.amr.push('tampered');
    expect(await store.find(id, NOW)).toEqual(session);
  });

  it('keeps owners apart', async () => {
    if (!other) return;
    expect(await other.find(id, NOW)).toBeUndefined();
    expect([await other.endBySid(session.sid), await other.endBySubject('alice')]).toEqual([0, 0]);
    expect(await other.end(id)).toBeUndefined();
    expect(await store.find(id, NOW)).toBeDefined();
  });
}

const SECRETS = ['an old secret of at least 32 bytes', 'a new secret of at least 32 bytes'] as const;
export const LIMITS = { idleMilliseconds: 30 * 60_000, absoluteMilliseconds: 12 * 3_600_000 };
const SIGN_IN = { subject: 'alice', acr: 'pwd', amr: ['pwd'], ip: '::1', userAgent: 'test' };

/**
 * What every way of keeping an application's sessions must do, sealed cookies included; what some cannot do is asked of those
 * that say they can.
 */
export function sessionKeeperContract(
  open: (clock: Clock, secrets: Secrets) => Promise<SessionKeeper>,
  can: SessionKeeper['can'],
): void {
  let clock: TestClock;
  let keeper: SessionKeeper;
  beforeEach(async () => {
    clock = new TestClock();
    keeper = await open(clock, new Secrets([SECRETS[0]]));
  });
  const start = (change = {}, previous?: string) =>
    keeper.start({ ...SIGN_IN, sid: 'laptop', data: { cart: [1] }, ...change }, previous);

  it('can what it says', () => expect(keeper.can).toEqual(can));

  it('opens what it started, and nothing else', async () => {
    const { id, session } = await start();
    expect((await keeper.open(id))!.session).toMatchObject({ ...session, data: { cart: [1] } });
    const half = Math.floor(id.length / 2);
    const flipped = `${id.slice(0, half)}${id[half] === 'A' ? 'B' : 'A'}${id.slice(half + 1)}`;
    const others = ['', 'x', 'x'.repeat(43), flipped, `${id}x`, `${id}=`, ` ${id}`, id.slice(1), '__proto__'];
    for (const other of others) expect(await keeper.open(other)).toBeUndefined();
    expect((await start()).id).not.toBe(id);
  });

  it('RP-14: keeps no data in the clear where others could read them', async () => {
    const { id } = await start({ data: { marker: 'in-the-clear' } });
    expect(Buffer.from(id, 'base64url').toString('latin1')).not.toContain('in-the-clear');
  });

  it('SE-12: ends after its idle time, which activity moves', async () => {
    let { id } = await start();
    for (let round = 0; round < 3; round += 1) {
      clock.pass('29m');
      ({ id } = (await keeper.open(id))!);
    }
    clock.pass('30m');
    expect(await keeper.open(id)).toBeUndefined();
  });

  it('SE-12: ends after its absolute time, which nothing moves', async () => {
    let { id } = await start();
    for (let passed = 0; passed < 12 * 60 - 20; passed += 20) {
      clock.pass('20m');
      ({ id } = (await keeper.open(id))!);
    }
    clock.pass('20m');
    expect(await keeper.open(id)).toBeUndefined();
  });

  it('rewrites, and the ends stay where they are', async () => {
    const first = await start();
    const id = (await keeper.rewrite(first.id, { cart: [1, 2] }))!;
    const { session } = (await keeper.open(id))!;
    expect(session).toMatchObject({ data: { cart: [1, 2] }, expiresAt: first.session.expiresAt, sid: 'laptop' });
    clock.pass('30m');
    await keeper.rewrite(first.id, {});
    expect(await keeper.open(id)).toBeUndefined();
  });

  it('SE-29: keeps keys of the prototype as plain data', async () => {
    const { id } = await start({ data: JSON.parse('{"__proto__":{"polluted":1},"constructor":{"x":1}}') });
    const { data } = (await keeper.open(id))!.session;
    expect(Object.keys(data)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('ends one, the one before a new sign-in, those of a name, and those of a subject', async () => {
    const [first, before, named, ofBob, other] = [
      await start({ sid: 'a' }),
      await start({ sid: 'b' }),
      await start({ sid: 'c' }),
      await start({ sid: 'd', subject: 'bob' }),
      await start({ sid: 'e', subject: 'carol' }),
    ];
    expect(await keeper.end(first.id)).toBe('a');
    const after = await start({ sid: 'f', subject: 'carol' }, before.id);
    await keeper.endBySid('c');
    await keeper.endBySubject('bob');
    for (const { id } of [first, before, named, ofBob]) {
      expect(await keeper.open(id)).toBeUndefined();
      expect(await keeper.rewrite(id, {})).toBeUndefined();
    }
    for (const { id } of [after, other]) expect(await keeper.open(id)).toBeDefined();
    // Who signs in again is there again.
    const again = await start({ sid: 'c', subject: 'bob' });
    expect(await keeper.open(again.id)).toBeDefined();
  });

  it('lists, where it can', async () => {
    if (!can.lists) return expect(keeper.list('dora')).rejects.toThrow('cannot be listed');
    await start({ subject: 'dora', sid: 'phone' });
    clock.pass('1m');
    await start({ subject: 'dora', sid: 'desk' });
    expect((await keeper.list('dora')).map(({ sid }) => sid)).toEqual(['desk', 'phone']);
  });

  it('lets one claim at a time, where it can', async () => {
    const { id } = await start();
    const until = clock.now() + 1000;
    expect([await keeper.claim(id, until), await keeper.claim(id, until + 1)]).toEqual([true, !can.claims]);
    await keeper.release(id, until);
  });

  it('opens what an old secret sealed while it is listed, and no longer', async () => {
    const { id } = await start();
    const rotated = await open(clock, new Secrets([SECRETS[1], SECRETS[0]]));
    expect(await rotated.open(id)).toBeDefined();
    const without = await open(clock, new Secrets([SECRETS[1]]));
    expect(await without.open(id)).toBeUndefined();
  });

  it('refuses what does not fit, where it must fit', async () => {
    const large = { data: { text: 'x'.repeat(20_000) } };
    if (can.ends === 'everywhere') return expect(await start(large)).toBeDefined();
    await expect(start(large)).rejects.toThrow(SessionTooLargeError);
    await expect(keeper.rewrite((await start()).id, large.data)).rejects.toThrow(SessionTooLargeError);
  });
}
