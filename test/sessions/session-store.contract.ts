import { randomBytes } from 'node:crypto';
import type { SessionStore, StoredSession } from '../../src/sessions/session-store.js';

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

/**
 * What every session store must do. `open` answers an empty store; `other` one that belongs to another owner and shares
 * whatever lies beneath, when there is such a thing.
 */
export function sessionStoreContract(open: () => Promise<{ store: SessionStore; other?: SessionStore }>): void {
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

  it('ends a session once, at once', async () => {
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
    await store.insert(randomBytes(32), stored({ idleExpiresAt: NOW - 1 }));
    await store.insert(randomBytes(32), stored({ expiresAt: NOW - 1 }));
    expect([await store.sweep(NOW), await store.sweep(NOW)]).toEqual([2, 0]);
    expect(await store.find(id, NOW)).toBeDefined();
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
