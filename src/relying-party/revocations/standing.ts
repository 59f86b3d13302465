import { isBefore, type Position } from '../../protocol/position.js';

/** Where an event belongs: its own line of the provider's log, and the one for us before it; 0 for none. */
export interface Place {
  position: Position;
  prev: number;
}

/** Where this process stands in the provider's log. Rules stay known in every one of them. */
export type Standing =
  /** Something is missing, or nothing was ever known: only a snapshot tells it. Events that are pushed meanwhile `arrived`. */
  | { phase: 'unknown'; arrived: readonly Place[] }
  /** So many pages of a snapshot are read. */
  | { phase: 'reading'; position: Position; cursor: string; last: number; pages: number; arrived: readonly Place[] }
  /** Everything up to `position` is known; `last` is the last line that we know of those that are for us. */
  | { phase: 'following'; position: Position; cursor: string; last: number };

/** What comes, or fails to come. */
export type Incoming =
  /** The snapshot is asked for. */
  | { kind: 'snapshot' }
  | { kind: 'page'; position: Position; cursor: string; last: number; number: number; isLast: boolean }
  | ({ kind: 'event' } & Place)
  /** Up to where the provider has told everything; `isPart`: there is more already. */
  | { kind: 'mark'; position: Position; cursor: string; last: number; isPart: boolean }
  /** Something that cannot be used: an event that is not believed, an answer that says nothing. */
  | { kind: 'flaw'; reason: string }
  /** 410: the log does not go on from our cursor. */
  | { kind: 'cursor gone' }
  /** 404: the stream was removed. */
  | { kind: 'stream gone' }
  /** No answer. */
  | { kind: 'silence' };

/** What becomes of a standing. */
export interface Step {
  standing: Standing;
  next: 'go on' | 'take a snapshot' | 'take a snapshot after a pause' | 'make a stream' | 'try again after a pause';
  /** What was missing, for people. */
  gap?: string;
  /** Everything that was committed before the request was sent is known now. */
  upToDate?: true;
}

export const UNKNOWN: Standing = { phase: 'unknown', arrived: [] };

const MOST_ARRIVED = 10_000;

/**
 * All that can happen to a standing. A provider's log is gone through line by line: each event names the line for us before
 * it, each mark the last one. What does not follow, of a new epoch or after a line that we do not know, shows a gap, and a gap
 * ends with a snapshot, which is added to what is known. What comes again changes nothing. A failure to ask changes nothing but how old the knowledge becomes.
 */
export function stepOf(standing: Standing, incoming: Incoming): Step {
  switch (incoming.kind) {
    case 'snapshot':
      return { standing: UNKNOWN, next: 'go on' };
    case 'page':
      return page(standing, incoming);
    case 'event':
      return event(standing, incoming);
    case 'mark':
      return mark(standing, incoming);
    case 'flaw':
      return gap(incoming.reason);
    case 'cursor gone':
      // Once at once; when the snapshot itself is of a log that is gone, not in a circle without a pause.
      return {
        standing: UNKNOWN,
        next: standing.phase === 'following' ? 'take a snapshot' : 'take a snapshot after a pause',
        gap: 'the log does not go on from there',
      };
    case 'stream gone':
      return { standing, next: 'make a stream' };
    case 'silence':
      // The rest of a snapshot is not asked for: it begins anew.
      return { standing: standing.phase === 'following' ? standing : UNKNOWN, next: 'try again after a pause' };
  }
}

function page(standing: Standing, { number, isLast, ...page }: Extract<Incoming, { kind: 'page' }>): Step {
  if (standing.phase === 'following') return gap('a page came that was not asked for');
  const { arrived } = standing;
  if (standing.phase === 'unknown' && number !== 1) return gap('the snapshot does not begin with its first page');
  const first = standing.phase === 'reading' ? standing : page;
  const belongs = standing.phase === 'unknown' || number === standing.pages + 1;
  if (!belongs || !isSame(page.position, first.position)) return gap('a page of another snapshot came');
  const { position, cursor, last } = first;
  if (!isLast) return goOn({ phase: 'reading', position, cursor, last, pages: number, arrived });
  const following = { position, cursor, last: lastOf(arrived, { position, last }) };
  return { ...goOn({ phase: 'following', ...following }), upToDate: true };
}

function event(standing: Standing, { position, prev }: Place): Step {
  if (standing.phase !== 'following') {
    const { arrived } = standing;
    return goOn(arrived.length < MOST_ARRIVED ? { ...standing, arrived: [...arrived, { position, prev }] } : standing);
  }
  // Told again, from a log that was left behind.
  if (position.epoch < standing.position.epoch) return goOn(standing);
  if (position.epoch > standing.position.epoch) return gap('an event is of another log');
  if (prev > standing.last) return gap('an event is missing before one that came');
  return goOn({ ...standing, last: Math.max(standing.last, position.seq) });
}

function mark(standing: Standing, { position, cursor, last, isPart }: Extract<Incoming, { kind: 'mark' }>): Step {
  // It was asked for before something was missing.
  if (standing.phase !== 'following') return goOn(standing);
  if (position.epoch !== standing.position.epoch || isBefore(position, standing.position)) {
    return gap('the provider’s log is another than it was');
  }
  if (last > standing.last) return gap('an event is missing');
  const step = goOn({ ...standing, position, cursor });
  // An answer that is only a part says nothing about what it leaves out.
  return isPart ? step : { ...step, upToDate: true };
}

/** The last line that is known after a snapshot and what arrived meanwhile. One that is missing is noticed by a mark. */
function lastOf(arrived: readonly Place[], { position, last }: { position: Position; last: number }): number {
  const following = arrived
    .filter((place) => place.position.epoch === position.epoch && place.position.seq > last)
    .sort((a, b) => a.position.seq - b.position.seq);
  let known = last;
  for (const place of following) {
    if (place.prev > known) break;
    known = place.position.seq;
  }
  return known;
}

function goOn(standing: Standing): Step {
  return { standing, next: 'go on' };
}

function gap(reason: string): Step {
  return { standing: UNKNOWN, next: 'take a snapshot after a pause', gap: reason };
}

function isSame(a: Position, b: Position): boolean {
  return a.epoch === b.epoch && a.seq === b.seq;
}
