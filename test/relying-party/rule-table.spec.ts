import fc from 'fast-check';
import { TimedRules } from '../../src/relying-party/revocations/timed-rules.js';
import { type RevocationKeys, RuleTable } from '../../src/relying-party/revocations/rule-table.js';
import { TestClock } from '../support/test-clock.js';

const NOBODY: RevocationKeys = {
  jti: undefined,
  sid: undefined,
  authorizationId: undefined,
  subject: 'alice',
  clientId: 'app',
  position: { epoch: 2, seq: 10 },
  issuedAt: 1_000,
};

function table(maxRules = 1_000_000) {
  const clock = new TestClock();
  const rules = new RuleTable(clock, maxRules);
  rules.keepFor(3_600_000);
  return { clock, rules };
}

it.each<[string, Parameters<RuleTable['add']>[0], Partial<RevocationKeys>]>([
  ['a token', { tokens: ['j'] }, { jti: 'j' }],
  ['a session', { sessions: ['s'] }, { sid: 's' }],
  ['an authorization', { authorizations: ['a'] }, { authorizationId: 'a' }],
  ['a person before a line', { subjects: [['alice', '2.11', 0]] }, {}],
  ['a person of an earlier epoch', { subjects: [['alice', '3.1', 0]] }, {}],
  ['a client before a line', { clients: [['app', '2.11', 0]] }, {}],
  ['a person at a client', { consents: [['alice', 'app', '2.11', 0]] }, {}],
  ['old claims', { claims: [['alice', '2.11', 0]] }, {}],
  ['old claims of an authorization', { stale: [['a', '2.11', 0]] }, { authorizationId: 'a' }],
  ['by time where there is no position', { subjects: [['alice', '2.1', 1_000]] }, { position: undefined }],
  [
    'where nothing is known of its age',
    { subjects: [['alice', '2.1', 0]] },
    { position: undefined, issuedAt: undefined },
  ],
])('hits %s', (_, rule, keys) => {
  const { rules } = table();
  expect(rules.hits({ ...NOBODY, ...keys })).toBe(false);
  rules.add(rule);
  expect(rules.hits({ ...NOBODY, ...keys })).toBe(true);
});

it.each<[string, Parameters<RuleTable['add']>[0], Partial<RevocationKeys>]>([
  ['what was issued after the line', { subjects: [['alice', '2.10', 0]] }, {}],
  ['what is of a later epoch', { subjects: [['alice', '1.99', 0]] }, {}],
  ['another person', { subjects: [['bob', '2.11', 0]] }, {}],
  ['another client of the person', { consents: [['alice', 'other', '2.11', 0]] }, {}],
  ['what was issued long after, by time', { subjects: [['alice', '2.1', 100]] }, { position: undefined }],
])('spares %s', (_, rule, keys) => {
  const { rules } = table();
  rules.add(rule);
  expect(rules.hits({ ...NOBODY, ...keys })).toBe(false);
});

it('has another edition whenever something could be hit that was not, and only then', () => {
  const { clock, rules } = table();
  const seen = [rules.edition];
  const edition = () => (seen.includes(rules.edition) ? 'the same' : seen.push(rules.edition) && 'another');
  rules.add({ tokens: ['j'] });
  expect(edition()).toBe('another');
  rules.add({ subjects: [['alice', '2.11', 0]] });
  expect(edition()).toBe('another');
  rules.add({ subjects: [['alice', '2.12', 0]] });
  expect(edition()).toBe('another');
  clock.pass('62m');
  rules.prune();
  expect(rules.hits({ ...NOBODY, jti: 'j' })).toBe(false);
  expect(edition()).toBe('the same');
});

it('BL-13 an older rule never takes back a later one', () => {
  const { rules } = table();
  rules.add({ subjects: [['alice', '2.11', 0]] });
  rules.add({ subjects: [['alice', '2.5', 0]] });
  expect(rules.hits(NOBODY)).toBe(true);
});

it('BL-16 100 000 events take their room and give it back when nothing lives any more that they are about', () => {
  const { clock, rules } = table();
  for (let i = 0; i < 100_000; i += 1) rules.add({ sessions: [`session-${i}`] });
  expect(rules.size).toBe(100_000);
  clock.pass('59m');
  pruneForSeconds(4);
  expect(rules.hits({ ...NOBODY, sid: 'session-0' })).toBe(true);
  clock.pass('2m');
  // Not all at once: requests wait meanwhile.
  pruneForSeconds(1);
  expect(rules.size).toBeGreaterThan(50_000);
  pruneForSeconds(10);
  expect(rules.size).toBe(0);

  function pruneForSeconds(seconds: number) {
    for (let second = 0; second < seconds; second += 1) {
      rules.prune();
      clock.pass('1s');
    }
  }
});

it('BL-16 more than it may hold: it says that it cannot vouch for anybody', () => {
  const { rules } = table(1_000);
  for (let i = 0; i < 1_000; i += 1) rules.add({ sessions: [`session-${i}`] });
  expect(rules.isFull).toBe(false);
  rules.add({ sessions: ['one more'] });
  expect([rules.size, rules.isFull]).toEqual([1_000, true]);
});

it('BL-13 it knows what a plain map would know, whatever comes, stays and leaves', () => {
  const name = fc.integer({ min: 0, max: 300 }).map((number) => `subject-${number}`);
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ set: name, seq: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ minutes: fc.integer({ min: 1, max: 20 }) }) },
    { weight: 1, arbitrary: fc.constant({ renew: true as const }) },
  );
  const stays = 600_000;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 1_500, size: 'max' }), (steps) => {
      const clock = new TestClock();
      const rules = new TimedRules(clock);
      const plain = new Map<string, { seq: number; until: number }>();
      for (const one of steps) {
        if ('set' in one) {
          rules.set(one.set, { epoch: 1, seq: one.seq, at: 0 }, stays);
          plain.set(one.set, { seq: one.seq, until: clock.monotonic() + stays });
        } else if ('minutes' in one) {
          clock.pass(`${one.minutes}m`);
          rules.prune();
          // To the minute: at its time it may leave, a minute later it has left.
          for (const [key, { until }] of plain) {
            if (until <= clock.monotonic() && !rules.get(key)) plain.delete(key);
            else expect(until + 60_000).toBeGreaterThan(clock.monotonic());
          }
        } else {
          rules.renew(stays);
          for (const entry of plain.values()) entry.until = clock.monotonic() + stays;
        }
      }
      for (const [key, { seq }] of plain) expect([key, rules.get(key)?.seq]).toEqual([key, seq]);
      expect(rules.size).toBe(plain.size);
    }),
    { numRuns: 60 },
  );
});
