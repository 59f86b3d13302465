import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { KeysUnavailableError } from '../../jwt/remote-keys.js';
import { TokenError } from '../../jwt/token-error.js';
import type { TokenVerifier } from '../../jwt/token-verifier.js';
import type { Outbound } from '../../platform/outbound.js';
import { randomOctets, randomToken } from '../../platform/secret.js';
import { isBefore, parsePosition, writePosition } from '../../protocol/position.js';
import type { HighWaterMark } from '../../protocol/security-event.js';
import type { Provider } from '../../federation/provider-metadata.js';
import type { Settings } from '../relying-party.options.js';
import { Freshness, type Moment, momentOf } from './freshness.js';
import { PushReception } from './push-reception.js';
import { eventError, highWaterMark, type ReceivedEvent, readEvent, UnexpectedStateError } from './received-event.js';
import { type RevocationKeys, RuleTable } from './rule-table.js';
import { type Incoming, type Standing, stepOf, UNKNOWN } from './standing.js';
import {
  CursorGoneError,
  FeedForbiddenError,
  type FeedStream,
  type SignOutReceipt,
  StreamGoneError,
  Transmitter,
} from './transmitter.js';

/** What the rest of the process learns of the feed's state. */
export type FeedState =
  /** Nothing is known yet: the provider did not answer so far, or the first snapshot is on its way. */
  | 'connecting'
  /** Everything up to the age of {@link FeedHealth.lagMilliseconds} is known. */
  | 'following'
  /** The provider has no feed, and the application did not insist on one. */
  | 'absent'
  /** The provider has a feed that this application may not read. */
  | 'forbidden'
  /** Sessions here live longer than the provider remembers revocations. */
  | 'unfit';

/** For people who look after the application. */
export interface FeedHealth {
  state: FeedState;
  /** Younger than `maxStaleness`. */
  fresh: boolean;
  /** How old the knowledge of revocations is; null before there is any. */
  lagMilliseconds: number | null;
  rules: number;
  /** There were more rules than `maxRules`. */
  full: boolean;
  /** Up to where in the provider's log. */
  position: string | null;
  /** When, and why, a snapshot had to be taken although there had been one. */
  lastGap: { at: string; reason: string } | null;
  events: number;
  duplicates: number;
  /** Events that were not believed. */
  refused: number;
  snapshots: number;
  /** How often the connection was lost. */
  outages: number;
}

/** Between tries, in milliseconds: the first and the longest pause, and where there is nothing to connect to. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 1_000;
const LOOK_AGAIN = 300_000;
/** The provider's metadata may change. */
const REDISCOVER_AFTER = 300_000;
/**
 * After events, in milliseconds, before they are confirmed and more is asked for: first whoever waits is judged by them, here and in the
 * applications beside. Events that come meanwhile come together.
 */
const AFTER_EVENTS = 4;
/** How long the start of the application waits for the first snapshot before it goes on without. */
const WAIT_AT_START = 3_000;
/** Rules are kept for so much longer than the credentials they are about, in milliseconds. */
const LEEWAY = 300_000;
/** APIs reckon with tokens of an hour also where the provider says that they live shorter. */
const SHORTEST_TOKENS = 3_600;
/** Who waits for a page waits for its receipt for so long at most, in milliseconds. */
const RECEIPT_PATIENCE = 3_000;
const REMEMBERED_EVENTS = 10_000;
/** Heartbeats come every second: knowledge that is older than this, in milliseconds, is refreshed without waiting. */
const CATCH_UP_AFTER = 2_000;

/** Something is missing between what we know and what the provider tells. */
class GapError extends Error {
  override readonly name = 'GapError';
}

/**
 * Follows the provider's revocation feed: a snapshot of the rules in force, then every event as it comes, by long polls.
 * Between the two it knows at each moment how old its knowledge is. It never forgets a rule because of what it is told: a
 * snapshot that replaces a broken feed is added to what was known.
 */
@Injectable()
export class RevocationFeed implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('RevocationFeed');
  private readonly table: RuleTable;
  private readonly freshness: Freshness;
  private readonly seen = new LRUCache<string, true>({ max: REMEMBERED_EVENTS });
  private readonly watchers = new Set<() => void>();
  private readonly instance: string;
  private currentState: FeedState = 'connecting';
  private transmitter: Transmitter | undefined;
  private discoveredAt = 0;
  private longestTokenSeconds = 0;
  private retentionSeconds = 0;
  private stream: FeedStream | undefined;
  private readonly pushes: PushReception | undefined;
  private trouble: Error | undefined;
  private standing: Standing = UNKNOWN;
  private toAcknowledge: string[] = [];
  private toComplain: Record<string, { err: string; description: string }> = {};
  private lastGap: FeedHealth['lastGap'] = null;
  private readonly counters = { events: 0, duplicates: 0, refused: 0, snapshots: 0, outages: 0 };
  private isOutage = false;
  private askedAtOnce = false;
  private stopped = false;
  private wakeUp: (() => void) | undefined;
  private firstTry: (() => void) | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly provider: Provider,
    private readonly outbound: Outbound,
    private readonly verifier: TokenVerifier,
  ) {
    const { clock, feed } = settings;
    this.table = new RuleTable(clock, feed.maxRules);
    this.freshness = new Freshness(clock);
    this.pushes =
      feed.pushUrl === undefined ? undefined : new PushReception(feed.pushUrl, feed.maxStalenessMilliseconds);
    this.instance = feed.instance ?? randomToken(12).replaceAll('-', '.');
  }

  /** @throws Error when sessions here live longer than the provider remembers revocations */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.settings.usesFeed) return;
    const tried = new Promise<void>((resolve) => (this.firstTry = resolve));
    void this.run();
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([tried, new Promise((resolve) => (timer = setTimeout(resolve, WAIT_AT_START).unref()))]);
    clearTimeout(timer);
    if (this.currentState === 'unfit') {
      this.stopped = true;
      throw new Error(this.unfitness());
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.wakeUp?.();
    const { stream, transmitter } = this;
    if (!stream || !transmitter) return;
    // So that nobody waits for the acknowledgements of a process that is gone. It is no harm when it does not work.
    const patience = new Promise<void>((resolve) => setTimeout(resolve, 500).unref());
    await Promise.race([transmitter.removeStream(stream).catch(() => {}), patience]);
  }

  get state(): FeedState {
    return this.currentState;
  }

  /** How old the knowledge of revocations is, in milliseconds; Infinity before there is any. */
  get ageMilliseconds(): number {
    return this.freshness.age;
  }

  /** Whether the provider has this feed: then sign-ins ask for what sessions are known by in it. */
  get isOffered(): boolean {
    return this.transmitter !== undefined;
  }

  /** Another number after each change of the rules by which a credential could be hit that was not. */
  get edition(): number {
    return this.table.edition;
  }

  /** A rule of the feed hits this credential. */
  hits(keys: RevocationKeys): boolean {
    return this.table.hits(keys);
  }

  /** Whether the rules that are known decide about a credential of this lifetime, leaving their age aside. */
  canVouchFor(lifetimeSeconds: number): boolean {
    return !this.table.isFull && lifetimeSeconds <= this.longestTokenSeconds;
  }

  /** Calls `look` after rules were added. @returns what stops it. */
  onRules(look: () => void): () => void {
    this.watchers.add(look);
    return () => void this.watchers.delete(look);
  }

  /** For readiness: rejects until it is known what was revoked before the start. */
  async ready(): Promise<void> {
    if (!this.settings.usesFeed || this.currentState === 'absent') return;
    if (this.freshness.age === Infinity) throw new Error(`the revocation feed is ${this.currentState}`);
  }

  /**
   * How many applications enforce the end of this session of the provider's, as far as it says so within three seconds: this
   * is for a page that somebody waits for.
   */
  async receiptOf(sid: string): Promise<SignOutReceipt | undefined> {
    const asked = this.transmitter?.receiptOf(sid).catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), RECEIPT_PATIENCE);
    });
    const receipt = await Promise.race([asked, patience]);
    clearTimeout(timer);
    return receipt;
  }

  health(): FeedHealth {
    const { age } = this.freshness;
    return {
      state: this.currentState,
      fresh: age <= this.settings.feed.maxStalenessMilliseconds,
      lagMilliseconds: age === Infinity ? null : Math.round(age),
      rules: this.table.size,
      full: this.table.isFull,
      position: this.standing.phase === 'following' ? writePosition(this.standing.position) : null,
      lastGap: this.lastGap,
      ...this.counters,
    };
  }

  private async run(): Promise<void> {
    let pause = FIRST_PAUSE;
    while (!this.stopped) {
      try {
        await this.connect();
        this.firstTry?.();
        if (this.currentState !== 'following') {
          await this.sleep(LOOK_AGAIN);
          continue;
        }
        pause = FIRST_PAUSE;
        await this.follow();
      } catch (error) {
        this.firstTry?.();
        if (this.stopped) return;
        if (!this.recover(error)) continue;
        // With jitter: the applications of one provider lose it at the same moment.
        await this.sleep(pause * (0.5 + randomOctets(1)[0]! / 510));
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
    }
  }

  /** Up to the point from which on events are followed. */
  private async connect(): Promise<void> {
    const { settings, provider, outbound, verifier } = this;
    const { clock } = settings;
    if (!this.transmitter || clock.monotonic() - this.discoveredAt > REDISCOVER_AFTER) {
      const found = await Transmitter.discover(settings, { provider, outbound, verifier });
      this.discoveredAt = clock.monotonic();
      if (!found)
        return this.settle(settings.feed.isOptional ? 'absent' : 'forbidden', 'the provider has no revocation feed');
      this.retentionSeconds = found.metadata.gatehouse.retention_seconds;
      if (!this.fits(found)) return this.settle('unfit', this.unfitness());
      this.transmitter = found;
    }
    try {
      this.stream ??= await this.transmitter.createStream(this.instance, this.pushes?.address);
    } catch (error) {
      if (!(error instanceof FeedForbiddenError)) throw error;
      return this.settle(settings.feed.isOptional ? 'absent' : 'forbidden', error.message);
    }
    if (this.standing.phase !== 'following') await this.takeSnapshot(this.transmitter, this.stream);
    if (this.isOutage) this.logger.log('the revocation feed is followed again');
    this.isOutage = false;
    this.currentState = 'following';
  }

  private async follow(): Promise<void> {
    while (!this.stopped) {
      if (this.pushes) await this.askForVerification(this.pushes, this.transmitter!, this.stream!);
      else if (await this.pollOnce(this.transmitter!, this.stream!)) await this.sleep(AFTER_EVENTS);
      this.table.prune();
      if (this.settings.clock.monotonic() - this.discoveredAt > REDISCOVER_AFTER) return;
    }
  }

  /** Events come by themselves; that none is missing is learned from verifications, which are asked for now and then. */
  private async askForVerification(pushes: PushReception, transmitter: Transmitter, stream: FeedStream): Promise<void> {
    await transmitter.verify(stream, pushes.state(momentOf(this.settings.clock)));
    if (!this.trouble) await this.sleep(pushes.everyMilliseconds);
    const { trouble } = this;
    this.trouble = undefined;
    if (trouble) throw trouble;
  }

  /** Answers whether there was something to apply, and no more of it for now. */
  private async pollOnce(transmitter: Transmitter, stream: FeedStream): Promise<boolean> {
    const sent = momentOf(this.settings.clock);
    const { toAcknowledge: ack, toComplain: setErrs } = this;
    // After an outage, a stop or a long snapshot nobody should wait for the next heartbeat; but never twice in a row.
    const returnImmediately = !this.askedAtOnce && this.freshness.age > CATCH_UP_AFTER;
    this.askedAtOnce = returnImmediately;
    const complaints = Object.keys(setErrs).length > 0 ? { setErrs } : {};
    const { cursor: after } = this.standing as Extract<Standing, { phase: 'following' }>;
    const request = { after, ack, returnImmediately, ...complaints };
    const answer = await transmitter.poll(stream, request);
    this.toAcknowledge = [];
    this.toComplain = {};
    await this.applyAll(Object.entries(answer.sets));
    const { data: mark } = highWaterMark.safeParse(answer.high_water_mark);
    if (!mark) throw new GapError('the answer does not say up to where it tells everything');
    const isMore = answer.moreAvailable === true;
    this.take(markOf(mark, isMore), sent, mark.age);
    return !isMore && Object.keys(answer.sets).length > 0;
  }

  /** Believes and applies what came together; one that is not believed spoils the rest of what the answer says. */
  private async applyAll(sets: [name: string, set: string][]): Promise<void> {
    const events: ReceivedEvent[] = [];
    let doubted = 0;
    for (const [name, set] of sets) {
      try {
        events.push(await this.believe(set));
      } catch (error) {
        if (error instanceof KeysUnavailableError || !(error instanceof TokenError)) throw error;
        doubted += 1;
        this.toComplain[name] = { err: eventError(error), description: error.code };
      }
    }
    const revocations = events.filter((event) => event.kind === 'revocation');
    revocations.sort((a, b) => (isBefore(a.position, b.position) ? -1 : 1));
    for (const event of revocations) this.apply(event);
    this.toAcknowledge.push(...events.map(({ jti }) => jti));
    if (revocations.length > 0) this.tellWatchers();
    if (doubted > 0) throw new GapError('an event is not believed');
    // All of them are applied, whatever is missing between them.
    for (const event of revocations) this.take({ ...event, kind: 'event' });
  }

  /** An event that comes again changes nothing. */
  private apply({ jti, rules }: Extract<ReceivedEvent, { kind: 'revocation' }>): void {
    if (this.seen.has(jti)) {
      this.counters.duplicates += 1;
      return;
    }
    this.table.add(rules);
    this.seen.set(jti, true);
    this.counters.events += 1;
  }

  /**
   * What was pushed (RFC 8935): believed and applied before it is confirmed. By a verification that was asked for it is
   * known up to where everything was told, as of when it was asked for.
   * @throws TokenError when it is not to be believed, UnexpectedStateError when it was not asked for, KeysUnavailableError when
   * nobody can say right now
   */
  async receive(set: string): Promise<void> {
    const event = await this.believe(set);
    if (event.kind === 'verification') {
      const { mark, state } = event;
      if (state !== undefined && !this.pushes!.isOurs(state)) {
        throw new UnexpectedStateError('a verification came that nobody asked for');
      }
      const sent = this.pushes!.sentOf(state);
      // Unasked, again, or of before the snapshot.
      if (!sent || !mark) return;
      this.noticing(() => this.take(markOf(mark, false), sent, mark.age));
    } else if (event.kind === 'revocation') {
      this.apply(event);
      this.tellWatchers();
      this.noticing(() => this.take({ ...event, kind: 'event' }));
    }
  }

  /** Whether a push shows what this process told the provider to show. */
  isExpected(authorization: string | undefined): boolean {
    return this.pushes?.isExpected(authorization) ?? false;
  }

  private async believe(set: string): Promise<ReceivedEvent> {
    try {
      return await readEvent(set, this.verifier, this.settings.clientId!);
    } catch (error) {
      if (error instanceof TokenError) {
        this.counters.refused += 1;
        this.logger.error(`an event is not believed: ${error.code}: ${error.message}`);
      }
      throw error;
    }
  }

  /** What goes wrong with what was pushed is for {@link follow} to repair. */
  private noticing(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.trouble ??= error as Error;
      this.wakeUp?.();
    }
  }

  /**
   * Goes one step in the provider's log. `sent`: when what came was asked for, and `age`, by how much the provider's knowledge
   * was older than that.
   * @throws GapError when something is missing
   */
  private take(incoming: Incoming, sent?: Moment, age = 0): void {
    const { standing, gap, upToDate } = stepOf(this.standing, incoming);
    this.standing = standing;
    if (gap !== undefined) throw new GapError(gap);
    if (upToDate && sent) this.freshness.knownAsOf(sent, age);
  }

  private async takeSnapshot(transmitter: Transmitter, stream: FeedStream): Promise<void> {
    const seconds = Math.ceil(this.table.keptMilliseconds / 1000);
    this.pushes?.forget();
    this.trouble = undefined;
    this.take({ kind: 'snapshot' });
    const sent = momentOf(this.settings.clock);
    let next: string | undefined;
    do {
      const page = await transmitter.snapshotPage(stream, seconds, next);
      this.table.add(page.rules);
      next = page.next;
      if (next === undefined) this.seen.clear();
      this.take({ ...page, kind: 'page', isLast: next === undefined }, sent);
    } while (next !== undefined);
    this.counters.snapshots += 1;
    this.tellWatchers();
  }

  /** Says what to do anew; answers whether to pause before. */
  private recover(error: unknown): boolean {
    const { standing, next, gap } = stepOf(this.standing, failureOf(error));
    this.standing = standing;
    if (next === 'make a stream') {
      this.stream = undefined;
      return false;
    }
    if (gap !== undefined) {
      this.lastGap = { at: new Date(this.settings.clock.now()).toISOString(), reason: gap };
      this.logger.warn(`a new snapshot of the revocations is needed: ${gap}`);
      return next === 'take a snapshot after a pause';
    }
    if (this.currentState === 'following') this.currentState = 'connecting';
    if (!this.isOutage) {
      const cause = (error as Error).cause;
      const detail = cause instanceof Error ? ` (${cause.message})` : '';
      this.logger.error(`the revocation feed is cut: ${(error as Error).message}${detail}`);
      this.counters.outages += 1;
    }
    this.isOutage = true;
    return true;
  }

  private settle(state: FeedState, reason: string): void {
    if (this.currentState !== state) {
      if (state === 'absent') this.logger.log(`revoked credentials are noticed when they end: ${reason}`);
      else this.logger.error(reason);
    }
    this.currentState = state;
  }

  /** Takes over how long credentials live, and says whether the provider remembers revocations for as long. */
  private fits({ metadata: { gatehouse } }: Transmitter): boolean {
    const { session, bearer } = this.settings;
    this.longestTokenSeconds = Math.max(SHORTEST_TOKENS, gatehouse.access_token_seconds);
    const lifetimes = [
      session ? session.absoluteMilliseconds : 0,
      bearer ? (this.longestTokenSeconds + this.settings.skewSeconds) * 1000 : 0,
    ];
    this.table.keepFor(Math.max(...lifetimes) + LEEWAY);
    return !session || session.absoluteMilliseconds + LEEWAY <= gatehouse.retention_seconds * 1000;
  }

  private unfitness(): string {
    return (
      `RelyingPartyModule: session.absolute, with five minutes more, must be at most ${this.retentionSeconds} s: ` +
      'that is how long the provider remembers revocations. Shorten it, or raise the provider’s retention.'
    );
  }

  private tellWatchers(): void {
    for (const look of this.watchers) look();
  }

  private sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.wakeUp = undefined;
        resolve();
      };
      const timer = setTimeout(done, milliseconds).unref();
      this.wakeUp = done;
    });
  }
}

function markOf({ position, cursor, last }: HighWaterMark, isPart: boolean): Incoming {
  return { kind: 'mark', position: parsePosition(position)!, cursor, last, isPart };
}

function failureOf(error: unknown): Incoming {
  if (error instanceof StreamGoneError) return { kind: 'stream gone' };
  if (error instanceof CursorGoneError) return { kind: 'cursor gone' };
  if (error instanceof GapError) return { kind: 'flaw', reason: error.message };
  return { kind: 'silence' };
}
