import fc from 'fast-check';
import {
  type Incoming,
  type Standing,
  type Step,
  stepOf,
  UNKNOWN,
} from '../../src/relying-party/revocations/standing.js';

const at = (epoch: number, seq: number) => ({ epoch, seq });
const following = (seq: number, last = seq, epoch = 2): Standing => ({
  phase: 'following',
  position: at(epoch, seq),
  cursor: `cursor ${epoch}.${seq}`,
  last,
});
const page = (number: number, { of = at(2, 10), last = 9, isLast = false } = {}): Incoming => ({
  kind: 'page',
  position: of,
  cursor: `cursor ${of.epoch}.${of.seq}`,
  last,
  number,
  isLast,
});
const reading = (pages: number, ...arrived: [seq: number, prev: number][]): Standing => ({
  phase: 'reading',
  position: at(2, 10),
  cursor: 'cursor 2.10',
  last: 9,
  pages,
  arrived: arrived.map(([seq, prev]) => ({ position: at(2, seq), prev })),
});
const unknown = (...arrived: [seq: number, prev: number][]): Standing => ({
  phase: 'unknown',
  arrived: arrived.map(([seq, prev]) => ({ position: at(2, seq), prev })),
});
const event = (seq: number, prev: number, epoch = 2): Incoming => ({ kind: 'event', position: at(epoch, seq), prev });
const mark = (seq: number, last: number, { epoch = 2, isPart = false } = {}): Incoming => ({
  kind: 'mark',
  position: at(epoch, seq),
  cursor: `cursor ${epoch}.${seq}`,
  last,
  isPart,
});

const goOn = (standing: Standing): Step => ({ standing, next: 'go on' });
const upToDate = (standing: Standing): Step => ({ standing, next: 'go on', upToDate: true });
const missing = (gap: string): Step => ({ standing: UNKNOWN, next: 'take a snapshot after a pause', gap });
const another = missing('the provider’s log is another than it was');

describe('Where a receiver stands in the log', () => {
  it.each<[string, Standing, Incoming, Step]>([
    // The snapshot, page by page.
    ['begins with a snapshot', UNKNOWN, { kind: 'snapshot' }, goOn(UNKNOWN)],
    ['of one page', UNKNOWN, page(1, { isLast: true }), upToDate(following(10, 9))],
    ['of more pages', UNKNOWN, page(1), goOn(reading(1))],
    ['of which the next one follows', reading(1), page(2), goOn(reading(2))],
    ['and the last one ends it', reading(2), page(3, { isLast: true }), upToDate(following(10, 9))],
    ['that begins in its middle', UNKNOWN, page(2), missing('the snapshot does not begin with its first page')],
    ['whose page comes twice', reading(2), page(2), missing('a page of another snapshot came')],
    ['of which one is left out', reading(1), page(3), missing('a page of another snapshot came')],
    ['that mixes two moments', reading(1), page(2, { of: at(2, 11) }), missing('a page of another snapshot came')],
    ['that mixes two epochs', reading(1), page(2, { of: at(3, 10) }), missing('a page of another snapshot came')],
    ['that nobody asked for', following(10), page(1), missing('a page came that was not asked for')],
    ['begins anew in its middle', reading(2), { kind: 'snapshot' }, goOn(UNKNOWN)],
    ['begins anew while following', following(10), { kind: 'snapshot' }, goOn(UNKNOWN)],
    // Events that are pushed before there is a place for them.
    ['keeps an event for later', UNKNOWN, event(11, 9), goOn(unknown([11, 9]))],
    ['also between two pages', reading(1, [11, 9]), event(12, 11), goOn(reading(1, [11, 9], [12, 11]))],
    ['keeps it over a page', unknown([11, 9]), page(1), goOn(reading(1, [11, 9]))],
    ['and goes on after it', reading(1, [12, 11], [11, 9]), page(2, { isLast: true }), upToDate(following(10, 12))],
    ['not after one that is in the snapshot', unknown([9, 4]), page(1, { isLast: true }), upToDate(following(10, 9))],
    ['not beyond one that is missing', unknown([13, 12]), page(1, { isLast: true }), upToDate(following(10, 9))],
    [
      'nor after one of a former epoch',
      unknown([11, 9]),
      page(1, { of: at(3, 10), isLast: true }),
      upToDate(following(10, 9, 3)),
    ],
    // Events in their order, again, out of order, and with holes.
    ['takes the next event', following(10, 9), event(11, 9), goOn(following(10, 11))],
    ['that tells lines of others between', following(10, 9), event(30, 9), goOn(following(10, 30))],
    ['the very first one', following(10, 0), event(11, 0), goOn(following(10, 11))],
    ['one that comes again', following(10, 11), event(11, 9), goOn(following(10, 11))],
    ['one that comes late', following(10, 12), event(11, 9), goOn(following(10, 12))],
    [
      'one before which another is missing',
      following(10, 9),
      event(12, 11),
      missing('an event is missing before one that came'),
    ],
    ['one of a former epoch, again', following(10, 9), event(50, 49, 1), goOn(following(10, 9))],
    ['one of a new epoch', following(10, 9), event(11, 9, 3), missing('an event is of another log')],
    // Marks: the heartbeat.
    ['where nothing happened', following(10, 9), mark(10, 9), upToDate(following(10, 9))],
    ['where only others were told', following(10, 9), mark(15, 9), upToDate(following(15, 9))],
    ['after the events it speaks of', following(10, 12), mark(12, 12), upToDate(following(12, 12))],
    ['of a part: the age stays', following(10, 12), mark(12, 12, { isPart: true }), goOn(following(12, 12))],
    ['that knows an event more', following(10, 9), mark(12, 12), missing('an event is missing')],
    [
      'a part that knows an event more',
      following(10, 9),
      mark(12, 12, { isPart: true }),
      missing('an event is missing'),
    ],
    ['of a new epoch', following(10, 9), mark(12, 9, { epoch: 3 }), another],
    ['of a former epoch', following(10, 9), mark(99, 9, { epoch: 1 }), another],
    ['of a lower head', following(10, 9), mark(8, 8), another],
    ['that was asked for before a gap', unknown([11, 9]), mark(12, 9), goOn(unknown([11, 9]))],
    ['that was asked for before a snapshot', reading(1), mark(12, 9), goOn(reading(1))],
    // What goes wrong.
    ['an event that is not believed', following(10), { kind: 'flaw', reason: 'forged' }, missing('forged')],
    ['a flaw in a snapshot', reading(1), { kind: 'flaw', reason: 'forged' }, missing('forged')],
    [
      'a cursor older than what is kept: at once',
      following(10),
      { kind: 'cursor gone' },
      { standing: UNKNOWN, next: 'take a snapshot', gap: 'the log does not go on from there' },
    ],
    [
      'a snapshot whose log is gone: not in a circle',
      reading(1),
      { kind: 'cursor gone' },
      missing('the log does not go on from there'),
    ],
    [
      'a stream that is gone',
      following(10),
      { kind: 'stream gone' },
      { standing: following(10), next: 'make a stream' },
    ],
    ['before a snapshot', UNKNOWN, { kind: 'stream gone' }, { standing: UNKNOWN, next: 'make a stream' }],
    ['silence', following(10), { kind: 'silence' }, { standing: following(10), next: 'try again after a pause' }],
    [
      'silence amid a snapshot',
      reading(2),
      { kind: 'silence' },
      { standing: UNKNOWN, next: 'try again after a pause' },
    ],
    ['silence at the start', UNKNOWN, { kind: 'silence' }, { standing: UNKNOWN, next: 'try again after a pause' }],
  ])('%s', (_, standing, incoming, step) => {
    expect(stepOf(standing, incoming)).toEqual(step);
  });

  it('is never called up to date while an event is missing, whatever a line between drops, repeats or reorders', () => {
    const lines = fc.uniqueArray(fc.integer({ min: 11, max: 40 }), { maxLength: 12 });
    const fate = fc.array(fc.constantFrom('pass', 'drop', 'twice', 'later'), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(lines, fate, (numbers, fates) => {
        const seqs = numbers.sort((a, b) => a - b);
        const events = seqs.map((seq, index) => ({ seq, event: event(seq, seqs[index - 1] ?? 9) }));
        const late = events.filter((_, index) => fates[index] === 'later').reverse();
        const onTheWay = events.flatMap((one, index) =>
          fates[index] === 'pass' ? [one] : fates[index] === 'twice' ? [one, one] : [],
        );
        let standing = following(10, 9);
        const told = new Set<number>();
        for (const { seq, event: incoming } of [...onTheWay, ...late]) {
          told.add(seq);
          const step = stepOf(standing, incoming);
          standing = step.standing;
          if (step.gap) return;
        }
        const { upToDate: isUpToDate } = stepOf(standing, mark(41, seqs.at(-1) ?? 9));
        if (isUpToDate) expect([...told].sort((a, b) => a - b)).toEqual(seqs);
      }),
    );
  });
});
