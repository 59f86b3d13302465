import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Clients } from '../../clients/clients.js';
import { BoundedDispatch } from '../../platform/bounded-dispatch.js';
import { Clock } from '../../platform/clock.js';
import { Outbound, OutboundError } from '../../platform/outbound.js';
import { EVENT_TYPES } from '../../protocol/security-event.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { Acknowledgements } from './acknowledgements.js';
import { Deliveries, type Delivery } from './deliveries.js';
import { LogWatch } from './log-watch.js';
import { LAST_WORD, type Notice, Notices } from './notices.js';
import { type Lane, PushLanes } from './push-lanes.js';
import { type SecurityEventToken, SecurityEvents, seqOfJti } from './security-events.js';
import { type Stream, type StreamStatus, Streams } from './streams.js';

const MOST_AT_ONCE = 16;
const MOST_PER_CLIENT = 8;
/** Events between two looks at what the receiver has changed about its stream. */
const AT_ONCE = 50;
const TIMEOUT = 5_000;
const LARGEST_ANSWER = 64 * 1024;
/** An event that the receiver could not use so often is passed over: what comes after it matters, too. */
const TRIES_OF_ONE = 3;
/**
 * Of the errors of RFC 8935 §2.4 and those registered since, such as `invalid_state` (SSF 1.0 §8.1.4.1), these two are of the
 * connection, and may pass. The others are of the event.
 */
const NO_FAULTS = new Set(['authentication_failed', 'access_denied']);

/** What a receiver did not take. */
class PushError extends Error {
  override readonly name = 'PushError';

  /** @param fault what it says is wrong with the event itself, if it says so */
  constructor(
    message: string,
    readonly fault?: string,
  ) {
    super(message);
  }
}

/** Another process pushes this stream now. */
class LaneLostError extends Error {
  override readonly name = 'LaneLostError';
}

/**
 * Push delivery of SETs (RFC 8935): each stream's events in their order, from the place that was confirmed last, by one
 * process at a time. What is not taken is sent again with growing pauses for as long as the log remembers it. An event may
 * come twice (a process died before it wrote down the answer): receivers know it by its `jti`.
 */
@Injectable()
export class PushDelivery implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('Signals');
  private readonly dispatch: BoundedDispatch<Lane>;
  private stopped = false;
  private stopWatching = () => {};

  constructor(
    private readonly watch: LogWatch,
    private readonly lanes: PushLanes,
    private readonly streams: Streams,
    private readonly deliveries: Deliveries,
    private readonly notices: Notices,
    private readonly events: SecurityEvents,
    private readonly acknowledgements: Acknowledgements,
    private readonly clients: Clients,
    private readonly outbound: Outbound,
    private readonly settings: IdentityProviderSettings,
    private readonly clock: Clock,
  ) {
    this.dispatch = new BoundedDispatch(
      { atOnce: MOST_AT_ONCE, perOwner: MOST_PER_CLIENT },
      {
        claim: async (...bounds) => {
          const { head } = this.watch;
          return head ? this.lanes.claim(head.seq, ...bounds) : [];
        },
        ownerOf: ({ clientId }) => clientId,
        run: (lane) => this.drive(lane),
        // The streams keep their place; the next look is a second away.
        failed: (error) => this.logger.error(`events cannot be pushed, will try again: ${(error as Error).message}`),
      },
    );
  }

  onApplicationBootstrap(): void {
    this.stopWatching = this.watch.onNews(() => void this.dispatch.look());
    // For retries that are due, and what a dead process left.
    this.watch.everySecond(() => this.dispatch.look());
  }

  /** The first of Nest's hooks at a shutdown: nothing new is begun. */
  onModuleDestroy(): void {
    this.stopped = true;
    this.dispatch.stop();
    this.stopWatching();
  }

  /** What is under way is finished before the doors to the outside close. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.dispatch.settled();
  }

  /** Tells one stream everything there is, and gives it back. */
  private async drive(lane: Lane): Promise<void> {
    try {
      while (!this.stopped && (await this.tell(lane)));
      await this.lanes.release(lane);
    } catch (error) {
      if (error instanceof LaneLostError) return;
      const problem = (error as Error).message;
      this.logger.warn(`stream ${lane.streamId} of ${lane.clientId}: ${problem}; will try again`);
      // If this cannot be written either, the claim runs out.
      await this.lanes.failed(lane, problem).catch(() => {});
    }
  }

  /** One round; answers whether there may be more. */
  private async tell(lane: Lane): Promise<boolean> {
    const stream = await this.streams.find(lane.streamId, lane.clientId);
    if (!stream?.push) return false;
    const isSuspended = stream.status !== 'enabled';
    const notices = (await this.notices.of([stream.id])).filter(
      ({ type, createdAt }) =>
        !isSuspended || (type === EVENT_TYPES.streamUpdated && createdAt + LAST_WORD > this.clock.now()),
    );
    const asked = this.clock.monotonic();
    // A verification comes after everything that had happened when it was asked for.
    if (notices.length > 0) await this.watch.read();
    let delivery: Delivery | undefined;
    if (!isSuspended) {
      delivery = await this.deliveries.next(stream, { from: stream.acknowledged, max: AT_ONCE });
      if (!delivery) throw new PushError('the revocation log cannot be read');
      const isOn = await this.deliver(lane, stream, delivery);
      if (!isOn || delivery.more) return true;
    }
    for (const notice of notices) await this.notify(lane, stream, this.completed(notice, stream, delivery, asked));
    return notices.length > 0;
  }

  /** Answers whether the stream is still enabled after it. */
  private async deliver(lane: Lane, stream: Stream, { sets, through }: Delivery): Promise<boolean> {
    for (const set of sets) {
      const seq = seqOfJti(set.jti)!;
      const fault = await this.sendOrPassOver(lane, stream, set);
      this.acknowledgements.note(stream.id, seq, fault);
      if ((await this.progress(lane, seq)) !== 'enabled') return false;
    }
    if (through.seq > stream.acknowledged) await this.progress(lane, through.seq);
    return true;
  }

  private async notify(lane: Lane, stream: Stream, notice: Notice): Promise<void> {
    await this.sendOrPassOver(lane, stream, await this.events.ofStream(stream, notice));
    await this.notices.remove(stream.id, [notice.id]);
    await this.progress(lane, stream.acknowledged);
  }

  private async progress(lane: Lane, seq: number): Promise<StreamStatus> {
    const status = await this.lanes.progress(lane, seq);
    if (!status) throw new LaneLostError('another process has the stream');
    lane.attempts = 0;
    return status;
  }

  /** A receiver of ours learns by a verification up to where it was told everything. */
  private completed(
    notice: Notice,
    { instance, clientId }: Stream,
    delivery: Delivery | undefined,
    asked: number,
  ): Notice {
    if (notice.type !== EVENT_TYPES.verification || instance === '' || !delivery) return notice;
    const mark = this.deliveries.mark(delivery, clientId, asked);
    return { ...notice, members: { ...notice.members, high_water_mark: mark } };
  }

  /** Answers what is wrong with the event when the receiver has said so for the last time. @throws PushError */
  private async sendOrPassOver(lane: Lane, stream: Stream, set: SecurityEventToken): Promise<string | undefined> {
    try {
      await this.send(stream, set);
      return undefined;
    } catch (error) {
      if (!(error instanceof PushError) || error.fault === undefined || lane.attempts + 1 < TRIES_OF_ONE) throw error;
      this.logger.error(`stream ${stream.id} of ${stream.clientId} could not use ${set.jti}: ${error.message}`);
      return error.fault;
    }
  }

  /** @throws PushError when it was not taken */
  private async send({ clientId, push }: Stream, { token }: SecurityEventToken): Promise<void> {
    const client = await this.clients.find(clientId);
    if (!client || client.disabled) throw new PushError('the client is disabled');
    const { url, authorization } = push!;
    const answer = await this.outbound
      .fetch(url, {
        purpose: 'push',
        method: 'POST',
        headers: {
          'content-type': 'application/secevent+jwt',
          accept: 'application/json',
          ...(authorization === undefined ? {} : { authorization }),
        },
        body: token,
        // A stranger's URL must not reach what the operator opened for the clients they registered themselves.
        ignoreAllowances: client.policy.dynamic && this.settings.policy !== 'certification',
        timeoutMilliseconds: TIMEOUT,
        maxBytes: LARGEST_ANSWER,
      })
      .catch((error: unknown) => {
        throw error instanceof OutboundError ? new PushError(error.detail) : error;
      });
    const { status } = answer;
    // §2.2 wants 202; frameworks make 200 or 204 of an empty answer.
    if (status >= 200 && status < 300) return;
    const fault = status === 400 ? faultOf(answer.text()) : undefined;
    throw new PushError(
      `answered ${status}${fault === undefined ? '' : ` ${fault}`}`,
      fault !== undefined && !NO_FAULTS.has(fault) ? fault : undefined,
    );
  }
}

/** The member `err` of an error answer (RFC 8935 §2.3). */
function faultOf(text: string): string | undefined {
  try {
    const { err } = JSON.parse(text) as { err?: unknown };
    return typeof err === 'string' && /^\w{1,40}$/.test(err) ? err : undefined;
  } catch {
    return undefined;
  }
}
