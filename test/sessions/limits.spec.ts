import { Secrets } from '../../src/platform/secret.js';
import { SealedSessions } from '../../src/sessions/sealed-sessions.js';
import type { SessionKeeper } from '../../src/sessions/session-keeper.js';
import { type SessionLimits, Sessions } from '../../src/sessions/sessions.js';
import { MemorySessionStore } from '../../src/sessions/stores/memory.js';
import { TestClock } from '../support/test-clock.js';

const HOUR = 3_600_000;
const alice = { subject: 'alice', acr: '', amr: [], ip: '', userAgent: '' };

describe.each(['on the server', 'in a sealed cookie'])(
  'SE-14 limits that were shortened count for sessions %s, too',
  (where) => {
    const secrets = new Secrets(['a secret for tests that is long enough']);
    const store = new MemorySessionStore();
    const keeper = (clock: TestClock, limits: SessionLimits): SessionKeeper =>
      where === 'on the server'
        ? new Sessions(store, limits, clock, secrets)
        : new SealedSessions('__Host-app', limits, clock, secrets);
    const long = { idleMilliseconds: 8 * HOUR, absoluteMilliseconds: 24 * HOUR };

    it.each([
      ['the absolute end', { ...long, absoluteMilliseconds: HOUR }],
      ['the idle end', { ...long, idleMilliseconds: HOUR }],
    ])('%s', async (_, short) => {
      const clock = new TestClock();
      const { id } = await keeper(clock, long).start(alice);
      clock.pass('59m');
      expect((await keeper(clock, { ...long }).open(id))?.session.subject).toBe('alice');
      const old = await keeper(clock, long).start(alice);
      clock.pass('61m');
      expect(await keeper(clock, short).open(old.id)).toBeUndefined();
      expect((await keeper(clock, long).open(old.id))?.session.subject).toBe('alice');
    });
  },
);
