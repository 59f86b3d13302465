import type { Clock } from '../../platform/clock.js';

const MINUTE = 60_000;

/** When entries of one minute may leave: by both clocks, because one can be set and the other can stand still. */
interface Bucket {
  monotonic: number;
  keys: string[];
}

/** Which entries leave when: by minutes, so that removing them costs nothing for those that stay. */
class Leaving {
  private readonly buckets = new Map<number, Bucket>();

  constructor(private readonly clock: Clock) {}

  /** Notes a key that may leave after `milliseconds`; answers the minute. */
  note(key: string, milliseconds: number): number {
    const minute = Math.ceil((this.clock.now() + milliseconds) / MINUTE);
    const monotonic = this.clock.monotonic() + milliseconds;
    const bucket = this.buckets.get(minute);
    if (bucket) {
      bucket.keys.push(key);
      bucket.monotonic = Math.max(bucket.monotonic, monotonic);
    } else this.buckets.set(minute, { monotonic, keys: [key] });
    return minute;
  }

  clear(): void {
    this.buckets.clear();
  }

  /** Calls `leave` for each key whose time is over, with the minute that was noted for it. */
  prune(leave: (key: string, minute: number) => void): void {
    const [now, monotonic] = [this.clock.now(), this.clock.monotonic()];
    for (const [minute, bucket] of this.buckets) {
      if (minute * MINUTE > now || bucket.monotonic > monotonic) continue;
      this.buckets.delete(minute);
      for (const key of bucket.keys) leave(key, minute);
    }
  }
}

/** A set whose members leave after a time. */
export class TimedKeys {
  /** The value is the minute in which the key may leave: a small integer takes no room of its own. */
  private readonly keys = new Map<string, number>();
  private readonly leaving: Leaving;

  constructor(clock: Clock) {
    this.leaving = new Leaving(clock);
  }

  get size(): number {
    return this.keys.size;
  }

  has(key: string): boolean {
    return this.keys.has(key);
  }

  add(key: string, milliseconds: number): void {
    if (!this.keys.has(key)) this.keys.set(key, this.leaving.note(key, milliseconds));
  }

  /** Lets all of them stay for so long from now. */
  renew(milliseconds: number): void {
    this.leaving.clear();
    for (const key of this.keys.keys()) this.keys.set(key, this.leaving.note(key, milliseconds));
  }

  prune(): void {
    this.leaving.prune((key) => this.keys.delete(key));
  }
}

/** A map whose entries leave after a time; one that is set again stays for as long from then on. */
export class TimedRules<T> {
  private readonly rules = new Map<string, { rule: T; minute: number }>();
  private readonly leaving: Leaving;

  constructor(clock: Clock) {
    this.leaving = new Leaving(clock);
  }

  get size(): number {
    return this.rules.size;
  }

  get(key: string): T | undefined {
    return this.rules.get(key)?.rule;
  }

  set(key: string, rule: T, milliseconds: number): void {
    this.rules.set(key, { rule, minute: this.leaving.note(key, milliseconds) });
  }

  /** Lets all of them stay for so long from now. */
  renew(milliseconds: number): void {
    this.leaving.clear();
    for (const [key, { rule }] of this.rules) this.set(key, rule, milliseconds);
  }

  prune(): void {
    this.leaving.prune((key, minute) => {
      if (this.rules.get(key)?.minute === minute) this.rules.delete(key);
    });
  }
}
