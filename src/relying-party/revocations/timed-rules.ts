import type { Clock } from '../../platform/clock.js';
import type { Position } from '../../protocol/position.js';
import { FINGERPRINT_WORDS, writeFingerprint } from './fingerprint.js';

const MINUTE = 60_000;

/** What was issued before this is refused. */
export interface Before extends Position {
  /** The same as a time, in seconds. */
  at: number;
}

/** When entries may leave: by both clocks, because one can be set and the other can stand still. */
class Leaving {
  /** Of each minute of the wall clock that entries leave in, the moment of the monotonic one that they wait for, too. */
  private readonly minutes = new Map<number, number>();
  private over: number[] = [];

  constructor(private readonly clock: Clock) {}

  /** The minute, since the epoch, in which what is noted now may leave, after `milliseconds`. */
  after(milliseconds: number): number {
    const minute = Math.ceil((this.clock.now() + milliseconds) / MINUTE);
    const monotonic = this.clock.monotonic() + milliseconds;
    this.minutes.set(minute, Math.max(monotonic, this.minutes.get(minute) ?? -Infinity));
    return minute;
  }

  isOver(minute: number): boolean {
    return minute * MINUTE <= this.clock.now() && (this.minutes.get(minute) ?? -Infinity) <= this.clock.monotonic();
  }

  /** Everybody was looked at: the minutes that were over the last time have nobody left who waits for them. */
  tidy(): void {
    for (const minute of this.over) this.minutes.delete(minute);
    this.over = [...this.minutes.keys()].filter((minute) => this.isOver(minute));
  }
}

/** Words of a slot: the fingerprint of a name, and the minute in which it may leave; 0 says that the slot is free. */
const WORDS = FINGERPRINT_WORDS + 1;
const MINUTE_WORD = FINGERPRINT_WORDS;
const FEWEST_SLOTS = 64;
/** With more of its slots taken a table doubles; with less than an eighth of that it halves. */
const MOST_TAKEN = 0.7;
/** Looked at in one go: a million that leave together must not keep a request waiting. */
const SLOTS_AT_ONCE = 65_536;

const asked = new Uint32Array(FINGERPRINT_WORDS);

/**
 * Names that leave after a time, with a few numbers each: a hash table (open addressing, linear probing) in two typed
 * arrays. A million strings and objects would be three times as large, and the collector of garbage would go through all of
 * them again and again.
 */
class TimedTable {
  private slots = new Uint32Array(FEWEST_SLOTS * WORDS);
  private numbers: Float64Array;
  private mask = FEWEST_SLOTS - 1;
  private taken = 0;
  private looked = 0;
  private readonly leaving: Leaving;

  /** @param width how many numbers an entry has */
  constructor(
    clock: Clock,
    private readonly width: number,
  ) {
    this.leaving = new Leaving(clock);
    this.numbers = new Float64Array(FEWEST_SLOTS * width);
  }

  get size(): number {
    return this.taken;
  }

  /** Lets all of them stay for so long from now. */
  renew(milliseconds: number): void {
    const minute = this.leaving.after(milliseconds);
    for (let at = MINUTE_WORD; at < this.slots.length; at += WORDS) if (this.slots[at] !== 0) this.slots[at] = minute;
  }

  /** Looks at some, and removes those whose time is over; the next time at the next ones. */
  prune(): void {
    const capacity = this.mask + 1;
    for (let left = Math.min(capacity, SLOTS_AT_ONCE); left > 0; left -= 1) {
      const at = this.looked * WORDS + MINUTE_WORD;
      // Another may have moved to where one was removed.
      while (this.slots[at] !== 0 && this.leaving.isOver(this.slots[at]!)) this.remove(this.looked);
      this.looked += 1;
      if (this.looked < capacity) continue;
      this.looked = 0;
      this.leaving.tidy();
      if (capacity > FEWEST_SLOTS && this.taken < (capacity * MOST_TAKEN) / 8) this.resize(capacity / 2);
      return;
    }
  }

  /** Where a name is; -1 if it is nowhere. */
  protected find(name: string): number {
    const slot = this.slotOf(name);
    return this.slots[slot * WORDS + MINUTE_WORD] === 0 ? -1 : slot;
  }

  /** Where a name is from now on, for so long. */
  protected put(name: string, milliseconds: number): number {
    if (this.taken + 1 > (this.mask + 1) * MOST_TAKEN) this.resize((this.mask + 1) * 2);
    const slot = this.slotOf(name);
    const at = slot * WORDS;
    if (this.slots[at + MINUTE_WORD] === 0) {
      this.taken += 1;
      this.slots.set(asked, at);
    }
    this.slots[at + MINUTE_WORD] = this.leaving.after(milliseconds);
    return slot;
  }

  protected numberOf(slot: number, index: number): number {
    return this.numbers[slot * this.width + index]!;
  }

  protected setNumber(slot: number, index: number, value: number): void {
    this.numbers[slot * this.width + index] = value;
  }

  /** Where a name is, or the free slot where it would be. */
  private slotOf(name: string): number {
    writeFingerprint(name, asked);
    const { slots, mask } = this;
    for (let slot = asked[0]! & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      if (slots[at + MINUTE_WORD] === 0) return slot;
      if (slots[at] === asked[0] && slots[at + 1] === asked[1] && slots[at + 2] === asked[2]) return slot;
    }
  }

  /** Those behind it that would not be found over a gap move up. */
  private remove(slot: number): void {
    const { slots, mask } = this;
    let gap = slot;
    for (let next = (gap + 1) & mask; slots[next * WORDS + MINUTE_WORD] !== 0; next = (next + 1) & mask) {
      const home = slots[next * WORDS]! & mask;
      if (((next - home) & mask) < ((next - gap) & mask)) continue;
      slots.copyWithin(gap * WORDS, next * WORDS, (next + 1) * WORDS);
      this.numbers.copyWithin(gap * this.width, next * this.width, (next + 1) * this.width);
      gap = next;
    }
    slots[gap * WORDS + MINUTE_WORD] = 0;
    this.taken -= 1;
  }

  private resize(capacity: number): void {
    const { slots, numbers, width } = this;
    this.slots = new Uint32Array(capacity * WORDS);
    this.numbers = new Float64Array(capacity * width);
    this.mask = capacity - 1;
    this.looked = 0;
    for (let from = 0; from * WORDS < slots.length; from += 1) {
      if (slots[from * WORDS + MINUTE_WORD] === 0) continue;
      let slot = slots[from * WORDS]! & this.mask;
      while (this.slots[slot * WORDS + MINUTE_WORD] !== 0) slot = (slot + 1) & this.mask;
      for (let word = 0; word < WORDS; word += 1) this.slots[slot * WORDS + word] = slots[from * WORDS + word]!;
      for (let index = 0; index < width; index += 1) this.setNumber(slot, index, numbers[from * width + index]!);
    }
  }
}

/** A set whose members leave after a time. */
export class TimedKeys extends TimedTable {
  constructor(clock: Clock) {
    super(clock, 0);
  }

  has(key: string): boolean {
    return this.size > 0 && this.find(key) >= 0;
  }

  /** One that is there already stays for as long from now on. */
  add(key: string, milliseconds: number): void {
    this.put(key, milliseconds);
  }
}

/** A map whose entries leave after a time; one that is set again stays for as long from then on. */
export class TimedRules extends TimedTable {
  constructor(clock: Clock) {
    super(clock, 3);
  }

  get(key: string): Before | undefined {
    const slot = this.size > 0 ? this.find(key) : -1;
    if (slot < 0) return undefined;
    return { epoch: this.numberOf(slot, 0), seq: this.numberOf(slot, 1), at: this.numberOf(slot, 2) };
  }

  set(key: string, { epoch, seq, at }: Before, milliseconds: number): void {
    const slot = this.put(key, milliseconds);
    this.setNumber(slot, 0, epoch);
    this.setNumber(slot, 1, seq);
    this.setNumber(slot, 2, at);
  }
}
