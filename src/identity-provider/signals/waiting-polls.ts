import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type RevocationLine, RevocationLog } from '../../authorizations/revocation-log.js';
import type { HttpExchange } from '../../platform/http/exchange.js';
import type { LateAnswer } from '../../platform/http/late-answer.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { EVENT_TYPES } from '../../protocol/security-event.js';
import { oauthErrorOf } from '../oauth-error.filter.js';
import type { Cursor } from './cursors.js';
import { Deliveries, type Delivery } from './deliveries.js';
import { LogWatch } from './log-watch.js';
import { PollGate } from './poll-gate.js';
import { type SecurityEventToken, SecurityEvents } from './security-events.js';
import { StreamRegistry } from './stream-registry.js';
import type { Stream } from './streams.js';

/** A question for what is new on a stream. */
export interface Poll {
  stream: Stream;
  /** The cursor that it was asked with: a receiver of ours. */
  after: Cursor | undefined;
  /** Everything up to this line is told. */
  from: number;
  /** Of the log in which `from` is. */
  epoch: number | undefined;
  /** SETs at most. */
  max: number;
  /** Lines beyond `from` that are confirmed already. */
  skip: ReadonlySet<number> | undefined;
  /** When it came, by the monotonic clock. */
  arrived: number;
}

interface WaitingPoll extends Poll {
  answer: LateAnswer;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Polls of one stream that wait in one process. A receiver needs one; connections that it has given up, and that nobody has noticed yet,
 * may wait beside it, one for each second or so of the longest poll.
 */
const MOST_OF_ONE_STREAM = 16;
/** So many are looked at before other requests have their turn, and so many of them are told together. */
const AT_ONCE = 256;
const TOGETHER = 8;

/** What a poll is told as soon as lines are committed that are about to be. */
interface PreparedAnswer {
  poll: WaitingPoll;
  /** As it was then. */
  stream: Stream;
  from: number;
  through: Delivery['through'];
  status: number;
  body: string;
}

interface News {
  delivery?: Delivery;
  about: SecurityEventToken[];
  more: boolean;
}

/**
 * Answers polls: at once when there is something to tell, else when something comes or their time is over. While one waits,
 * only what is needed to answer it is kept: a thousand receivers wait nearly all of the time.
 */
@Injectable()
export class WaitingPolls implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Signals');
  /** In the order in which they came. */
  private readonly waiting = new Set<WaitingPoll>();
  /** How many of them are of which stream. */
  private readonly ofStream = new Map<string, number>();
  /** Grows whenever there may be something new to tell. */
  private news = 0;
  private isLooking = false;
  /** In the order in which they are told. */
  private prepared: PreparedAnswer[] = [];
  private closing = false;

  constructor(
    log: RevocationLog,
    private readonly watch: LogWatch,
    private readonly deliveries: Deliveries,
    private readonly registry: StreamRegistry,
    private readonly events: SecurityEvents,
    private readonly gate: PollGate,
  ) {
    watch.onNews(() => {
      this.news += 1;
      this.tellPrepared();
      void this.look();
    });
    registry.onGone((id) => void this.tellThoseOf(id));
    log.onComing((lines) => void this.prepare(lines).catch(() => undefined));
  }

  /** Before the requests that still wait are waited for: they are answered now. */
  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    await Promise.all([...this.waiting].map((poll) => this.tell(poll, true)));
  }

  /** @param milliseconds the longest that it waits; 0: not at all. @throws OAuthError, when it is not told later */
  async answer(poll: Poll, exchange: HttpExchange, milliseconds: number): Promise<void> {
    const { news } = this;
    const found = await this.newsFor(poll, milliseconds <= 0 || this.closing);
    if (found) {
      const { status, body } = this.answerOf(poll, found);
      return exchange.json(status, body);
    }
    const waiting: WaitingPoll = { ...poll, answer: exchange.later(), timer: undefined };
    waiting.timer = setTimeout(() => void this.tell(waiting, true), milliseconds).unref();
    this.enter(waiting);
    // What came between the look and now is not waited for.
    const isGone = !this.registry.current(poll.stream.id);
    if (news !== this.news || isGone || this.closing) void this.tell(waiting, this.closing);
  }

  /** How many polls of a stream wait in this process. */
  waitingOn(streamId: string): number {
    return this.ofStream.get(streamId) ?? 0;
  }

  private enter(poll: WaitingPoll): void {
    const { id } = poll.stream;
    const count = this.waitingOn(id);
    if (count >= MOST_OF_ONE_STREAM) {
      // The oldest: the connection of a receiver that has come back may hang there. It is told to wait, or it would be back at once.
      for (const older of this.waiting) {
        if (older.stream.id !== id) continue;
        this.refuse(older, tooMany());
        break;
      }
    }
    this.waiting.add(poll);
    this.ofStream.set(id, this.waitingOn(id) + 1);
  }

  /** Answers whether it was waiting still. */
  private leave(poll: WaitingPoll): boolean {
    if (!this.waiting.delete(poll)) return false;
    clearTimeout(poll.timer);
    const { id } = poll.stream;
    const left = this.waitingOn(id) - 1;
    if (left > 0) this.ofStream.set(id, left);
    else this.ofStream.delete(id);
    return true;
  }

  /** For those who are told first; what goes wrong here goes wrong again, and is told, when they are. */
  private async prepare(lines: readonly RevocationLine[]): Promise<void> {
    const prepared: PreparedAnswer[] = [];
    for (const poll of [...this.waiting].slice(0, TOGETHER)) {
      const stream = this.registry.current(poll.stream.id);
      if (stream?.status !== 'enabled') continue;
      const { from } = poll;
      const isUpToDate = from === this.watch.head?.seq;
      const delivery = await this.deliveries.prepare(stream, lines);
      if (!isUpToDate || !delivery || delivery.sets.length === 0 || delivery.sets.length > poll.max) continue;
      const { status, body } = this.answerOf(poll, { delivery, about: [], more: false });
      prepared.push({ poll, stream, from, through: delivery.through, status, body: JSON.stringify(body) });
      this.prepared = prepared;
    }
  }

  /**
   * Tells what was prepared, in the turn in which it is known to be committed: before whoever revoked is answered, who may ask the
   * applications at once. Who is not told here, because anything is not as it was, is looked at like the others.
   */
  private tellPrepared(): void {
    const { head } = this.watch;
    const { prepared } = this;
    const through = prepared[0]?.through;
    if (!head || !through || head.seq < through.seq) return;
    this.prepared = [];
    // Others may have been committed in their place.
    if (head.line !== through.line || head.epoch !== through.epoch) return;
    for (const one of prepared) {
      const { poll, status, body } = one;
      if (this.isAsPrepared(one) && this.leave(poll)) poll.answer.written(status, body);
    }
  }

  private isAsPrepared({ poll, stream, from }: PreparedAnswer): boolean {
    return (
      poll.from === from &&
      this.registry.current(stream.id) === stream &&
      this.registry.noticesOf(stream.id).length === 0
    );
  }

  /** Those who wait on one stream. */
  private async tellThoseOf(streamId: string): Promise<void> {
    if (this.waitingOn(streamId) === 0) return;
    const theirs = [...this.waiting].filter(({ stream }) => stream.id === streamId);
    await Promise.all(theirs.map((poll) => this.tell(poll, false)));
  }

  /** Looks what there is for everybody who waits, until nothing new came meanwhile. */
  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    for (let seen = -1; seen !== this.news;) {
      seen = this.news;
      await this.tellAll([...this.waiting]);
    }
    this.isLooking = false;
  }

  /** Some at once, so that the first is not told only when the last could be; and other requests have their turn meanwhile. */
  private async tellAll(polls: readonly WaitingPoll[]): Promise<void> {
    const told: Promise<void>[] = [];
    this.gate.close();
    try {
      for (let from = 0; from < polls.length; from += TOGETHER) {
        const turn = nextTurn();
        told.push(this.tellTogether(polls.slice(from, from + TOGETHER), turn));
        if (from % AT_ONCE === AT_ONCE - TOGETHER) await turn;
        else await Promise.race([told.at(-1)!, turn]);
      }
    } finally {
      // For one whose news must be asked for elsewhere nobody is held back.
      this.gate.open();
    }
    await Promise.all(told);
  }

  /**
   * All are signed before one is sent: whom an answer wakes takes the core from who is still signing. For one whose news
   * must be asked for elsewhere, which is not there in this turn, the others do not wait.
   */
  private async tellTogether(polls: readonly WaitingPoll[], turn: Promise<unknown>): Promise<void> {
    let ready: (() => void)[] | undefined = [];
    const all = polls.map(async (poll) => {
      const reply = await this.replyTo(poll, false);
      if (!reply) return;
      if (ready) ready.push(reply);
      else reply();
    });
    await Promise.race([Promise.all(all), turn]);
    for (const reply of ready) reply();
    ready = undefined;
    await Promise.all(all);
  }

  /** Tells what there is, if there is something or the time is over. */
  private async tell(poll: WaitingPoll, isOver: boolean): Promise<void> {
    (await this.replyTo(poll, isOver))?.();
  }

  /** What answers it, if there is something to tell or the time is over. */
  private async replyTo(poll: WaitingPoll, isOver: boolean): Promise<(() => void) | undefined> {
    try {
      const found = poll.answer.isGone ? { about: [], more: false } : await this.newsFor(poll, isOver);
      if (!found) return undefined;
      const { status, body } = this.answerOf(poll, found);
      return () => {
        // Its time may be over just when something came.
        if (this.leave(poll)) poll.answer.json(status, body);
      };
    } catch (thrown) {
      return () => this.refuse(poll, oauthErrorOf(thrown));
    }
  }

  private refuse(poll: WaitingPoll, error: OAuthError): void {
    if (!this.leave(poll)) return;
    const { correlationId } = poll.answer;
    if (error.status >= 500) {
      this.logger.error(
        `a poll that waited: ${error.code}: ${error.detail ?? error.message} (reference ${correlationId})`,
      );
    }
    const headers = { 'x-correlation-id': correlationId, 'retry-after': String(error.retryAfterSeconds ?? 1) };
    poll.answer.json(error.status, error, headers);
  }

  /**
   * What there is to tell; undefined: nothing, and it is not time to say so. A stream that is suspended transmits nothing
   * (SSF 1.0 §8.1.2.1); who was waiting when it was suspended is told that (§8.1.5).
   * @throws OAuthError 404 when the stream is gone
   */
  private async newsFor(poll: Poll, isOver: boolean): Promise<News | undefined> {
    const { max, skip, epoch } = poll;
    const stream = this.registry.current(poll.stream.id);
    if (!stream) throw this.registry.unknown();
    const isSuspended = stream.status !== 'enabled';
    const notices = this.registry
      .noticesOf(stream.id)
      .filter(({ type }) => !isSuspended || (poll.stream.status === 'enabled' && type === EVENT_TYPES.streamUpdated));
    const about = await Promise.all(notices.slice(0, max).map((notice) => this.events.ofStream(stream, notice)));
    if (isSuspended) return about.length > 0 || isOver ? { about, more: false } : undefined;
    // A stream that was disabled meanwhile goes on at the end of the log.
    if (!poll.after) poll.from = Math.max(poll.from, stream.acknowledged);
    const room = max - about.length;
    const what = { from: poll.from, max: Math.max(room, 1), ...(skip ? { skip } : {}) };
    const delivery = await this.deliveries.next(stream, what);
    if (!delivery) {
      throw new OAuthError('temporarily_unavailable', 'the revocation log cannot be read', { retryAfterSeconds: 1 });
    }
    const { sets, through, more } = delivery;
    if (room <= 0) return { about, more: notices.length > max || sets.length > 0 };
    if (sets.length + about.length > 0 || isOver || through.epoch !== epoch) return { delivery, about, more };
    // Nothing up to there was for this receiver.
    poll.from = Math.max(poll.from, through.seq);
    return undefined;
  }

  private answerOf(
    { stream, after, arrived }: Poll,
    { delivery, about, more }: News,
  ): { status: number; body: object } {
    if (after && delivery && delivery.through.epoch !== after.epoch) return { status: 410, body: CURSOR_GONE };
    const body = {
      sets: Object.fromEntries([...about, ...(delivery?.sets ?? [])].map(({ jti, token }) => [jti, token])),
      moreAvailable: more,
      ...(after && delivery ? { high_water_mark: this.deliveries.mark(delivery, stream.clientId, arrived) } : {}),
    };
    return { status: 200, body };
  }
}

function tooMany(): OAuthError {
  return new OAuthError(
    'slow_down',
    'more polls of this stream wait here than one receiver needs: send one at a time',
    {
      retryAfterSeconds: 1,
    },
  );
}

/** What a receiver is told whose cursor the log does not go on from. */
export const CURSOR_GONE = {
  error: 'cursor_gone',
  error_description: 'the revocation log does not go on from there: take a snapshot',
};
