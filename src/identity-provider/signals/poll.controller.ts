import { All, Controller, Logger, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { z } from 'zod';
import { RevocationLog } from '../../authorizations/revocation-log.js';
import { Clock } from '../../platform/clock.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { jsonBody } from '../../platform/http/json-body.js';
import { allowMethods } from '../../platform/http/methods.js';
import { invalidRequest, OAuthError } from '../../protocol/oauth-error.js';
import { isBefore } from '../../protocol/position.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { Acknowledgements } from './acknowledgements.js';
import { type Cursor, Cursors } from './cursors.js';
import { Deliveries } from './deliveries.js';
import { LogWatch } from './log-watch.js';
import { Notices } from './notices.js';
import { PollGate } from './poll-gate.js';
import { ReceiverAuthorization } from './receiver-authorization.js';
import { SecurityEvents, seqOfJti } from './security-events.js';
import { StreamRegistry } from './stream-registry.js';
import type { Stream } from './streams.js';
import { CURSOR_GONE, type Poll, WaitingPolls } from './waiting-polls.js';

/** SETs in one answer when the receiver names no number, and at the most. */
const USUAL_SETS = 100;
const MOST_SETS = 500;
/**
 * A poll with nothing to tell is answered after so many milliseconds: a receiver of ours learns by that that nothing
 * happened; others only want to know when something does.
 */
const HEARTBEAT = 1_000;
const LONG_POLL = 15_000;
const LONGEST_ERROR = 200;

const request = z.object({
  ack: z
    .array(z.string().max(200))
    .max(2 * MOST_SETS)
    .optional(),
  setErrs: z
    .record(z.string().max(200), z.object({ err: z.string(), description: z.string().optional() }))
    .refine((errors) => Object.keys(errors).length <= 2 * MOST_SETS, 'are too many')
    .optional(),
  maxEvents: z.int().min(0).optional(),
  returnImmediately: z.boolean().optional(),
  /** Ours: the cursor of the last answer. What it told is applied. */
  after: z.string().max(200).optional(),
});
type PollRequest = z.infer<typeof request>;

/**
 * Poll delivery of SETs (RFC 8936), with long polling. Acknowledged events are not told again. To a receiver that sends
 * `after`, every answer says up to where it tells everything, at least once a second.
 */
@Controller({ path: 'ssf/poll', version: VERSION_NEUTRAL })
@UseFilters(OAuthErrorFilter)
export class PollController {
  private readonly logger = new Logger('Signals');

  constructor(
    private readonly receivers: ReceiverAuthorization,
    private readonly registry: StreamRegistry,
    private readonly watch: LogWatch,
    private readonly deliveries: Deliveries,
    private readonly cursors: Cursors,
    private readonly acknowledgements: Acknowledgements,
    private readonly notices: Notices,
    private readonly log: RevocationLog,
    private readonly waiting: WaitingPolls,
    private readonly events: SecurityEvents,
    private readonly gate: PollGate,
    private readonly clock: Clock,
  ) {}

  @All(':id')
  async poll(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    const arrived = this.clock.monotonic();
    allowMethods(exchange, 'POST');
    await this.gate.pass();
    const clientId = await this.receivers.authorize(exchange, 'ssf.read', 'ssf.manage');
    if (clientId === undefined) return;
    const parsed = request.safeParse(jsonBody(exchange));
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      throw invalidRequest(`${issue.path.join('.') || 'the body'}: ${issue.message}`);
    }
    const asked = parsed.data;
    const stream = await this.registry.require(exchange.path.slice(exchange.path.lastIndexOf('/') + 1), clientId);
    if (stream.push) throw new OAuthError('invalid_request', 'this stream is delivered by push', { status: 400 });

    let from: Cursor | undefined;
    if (asked.after !== undefined) {
      from = await this.continuing(asked.after, clientId);
      if (!from) return exchange.json(410, CURSOR_GONE);
    }
    const current = await this.acknowledge(stream, asked, from);

    // Whoever does not wait is told what there is now, not what there was when the log was last read.
    if (asked.returnImmediately) await this.watch.read();
    const told = from?.seq ?? current.acknowledged;
    const poll: Poll = {
      stream: current,
      after: from,
      from: told,
      epoch: from?.epoch ?? this.watch.head?.epoch,
      max: Math.min(asked.maxEvents ?? USUAL_SETS, MOST_SETS),
      skip: from ? undefined : await this.acknowledgements.beyond(current.id, told),
      arrived,
    };
    // RFC 8936 §2.4.2: a request that takes none only confirms.
    const isAnsweredNow = asked.returnImmediately === true || asked.maxEvents === 0;
    await this.waiting.answer(poll, exchange, isAnsweredNow ? 0 : from ? HEARTBEAT : LONG_POLL);
  }

  /**
   * The cursor, when the log goes on from it. A cursor that we made and the log does not reach is proof that the database
   * was put back to an earlier point: a new epoch begins.
   */
  private async continuing(after: string, clientId: string): Promise<Cursor | undefined> {
    const cursor = this.cursors.read(after, clientId);
    if (!cursor) throw invalidRequest('after: is not a cursor of this receiver', 'after');
    let { head } = this.watch;
    if (!head || isBefore(head, cursor)) {
      // Another process may have been faster with it.
      head = await this.log.head();
      await this.watch.read();
      if (isBefore(head, cursor)) return this.putBack(head.epoch);
    }
    if (head.epoch !== cursor.epoch) return undefined;
    if (head.seq === cursor.seq) return head.line === cursor.line ? cursor : this.putBack(head.epoch);
    const line = await this.watch.nameOf(cursor.seq);
    // Older than what is kept.
    if (line === undefined) return undefined;
    return line === cursor.line ? cursor : this.putBack(head.epoch);
  }

  private async putBack(epoch: number): Promise<undefined> {
    this.logger.warn('a receiver knows lines that the revocation log does not have: the database was put back');
    await this.log.beginEpoch(epoch);
    await this.watch.read();
  }

  /** Writes down what the receiver confirms, and what it could not use. Names that we never gave are ignored. */
  private async acknowledge(stream: Stream, { ack = [], setErrs = {} }: PollRequest, after?: Cursor): Promise<Stream> {
    for (const [jti, { err, description = '' }] of Object.entries(setErrs)) {
      const what = `${err}: ${description}`.slice(0, LONGEST_ERROR).replace(/[^\x20-\x7e]/g, '?');
      this.logger.warn(
        `stream ${stream.id} of ${stream.clientId} could not use ${seqOfJti(jti) === undefined ? 'a SET' : jti}: ${what}`,
      );
    }
    const names = [...ack, ...Object.keys(setErrs)];
    if (names.length === 0) return stream;
    const told = this.registry.noticesOf(stream.id).filter(({ id }) => names.includes(id));
    if (told.length > 0) {
      const ids = told.map(({ id }) => id);
      await this.notices.remove(stream.id, ids);
      await this.registry.readNotices(stream.id);
    }
    for (const jti of names) {
      const seq = seqOfJti(jti);
      const failed = setErrs[jti];
      // Whoever goes by cursors confirms by the next one.
      if (seq === undefined || seq <= stream.acknowledged || (after && !failed)) continue;
      const line = await this.watch.find(seq);
      if (!line || !this.events.isNameOf(line, stream.clientId, jti)) continue;
      if (failed) this.acknowledgements.note(stream.id, line.seq, failed.err.slice(0, LONGEST_ERROR));
      else this.acknowledgements.note(stream.id, line.seq);
    }
    if (after) {
      // It says itself up to where it has applied everything.
      if (ack.some((jti) => seqOfJti(jti) !== undefined)) this.acknowledgements.note(stream.id, after.seq);
      this.acknowledgements.advance(stream.id, after.seq);
      return stream;
    }
    const acknowledged = await this.deliveries.acknowledgedUpTo(
      stream,
      await this.acknowledgements.beyond(stream.id, stream.acknowledged),
    );
    this.acknowledgements.advance(stream.id, acknowledged);
    const current = { ...stream, acknowledged };
    this.registry.keep(current);
    return current;
  }
}
