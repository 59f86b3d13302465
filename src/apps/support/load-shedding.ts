import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpExchange } from '../../platform/http/exchange.js';
import { answerPlainly } from '../../platform/http/fallback.filter.js';

/**
 * What becomes of a route when there is too much to do. `vital` is never refused; `sign-in` has places of its own, because it
 * waits for its password hash and must not keep others waiting; `beginning` makes room for what goes on from there, `ordinary`.
 */
export type Urgency = 'vital' | 'ordinary' | 'beginning' | 'sign-in';

/** Work that has begun is worth more than work that has not: the last quarter of the places is for it. */
const SHARE_OF_BEGINNINGS = 3 / 4;
/** In milliseconds. */
const TELL_EVERY = 10_000;

interface Places {
  taken: number;
  readonly most: number;
}

/** The place that a request has, from its handler's start to its answer. */
const PLACE = Symbol('gatehouse.place');
type Placed = FastifyRequest & { [PLACE]?: Places | undefined };

/**
 * Refuses what cannot be done in reasonable time, at once and cheaply: 503, `temporarily_unavailable`, `Retry-After`. The
 * measure is how many requests are at work (by Little's law that many, divided by what the process does in a second, is what
 * each of them waits), and not how busy the event loop is: a process that is always busy and never behind is as it should be.
 */
export class LoadShedding {
  /** Since the start. */
  refused = 0;
  private readonly others: Places;
  private readonly signIns: Places;
  private readonly logger = new Logger('Overload');
  private telling: NodeJS.Timeout | undefined;

  /**
   * @param mostRequests at work at once; twice as many sign-ins beside them
   * @param urgencyOf a route, by its pattern
   */
  constructor(
    mostRequests: number,
    private readonly urgencyOf: (route: string) => Urgency,
  ) {
    this.others = { taken: 0, most: mostRequests };
    this.signIns = { taken: 0, most: 2 * mostRequests };
  }

  /** Requests at work now, without those that are never refused. */
  get atWork(): number {
    return this.others.taken + this.signIns.taken;
  }

  /** To be called before there are routes. */
  guard(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', (route) => {
      const urgency = this.urgencyOf(route.url);
      if (urgency === 'vital') return;
      const places = urgency === 'sign-in' ? this.signIns : this.others;
      const most = Math.max(1, Math.floor(places.most * (urgency === 'beginning' ? SHARE_OF_BEGINNINGS : 1)));
      // Before the body is read, and again when it is there: one that trickles in takes no place.
      route.onRequest = [
        ...[route.onRequest ?? []].flat(),
        (request, reply, done) => {
          if (places.taken < most) done();
          else this.refuse(request, reply);
        },
      ];
      route.preHandler = [
        ...[route.preHandler ?? []].flat(),
        (request: Placed, reply, done) => {
          if (places.taken >= most) return this.refuse(request, reply);
          places.taken += 1;
          request[PLACE] = places;
          done();
        },
      ];
      // Work that nobody waits for any more has its place until it is done.
      route.onSend = [
        ...[route.onSend ?? []].flat(),
        (request: Placed, _reply, payload, done) => {
          const place = request[PLACE];
          if (place) {
            request[PLACE] = undefined;
            place.taken -= 1;
          }
          done(null, payload);
        },
      ];
    });
  }

  private refuse(request: FastifyRequest, reply: FastifyReply): void {
    this.refused += 1;
    this.tell();
    answerPlainly(HttpExchange.of(request, reply), 503);
  }

  private tell(): void {
    if (this.telling) return;
    const before = this.refused - 1;
    this.logger.warn('more to do than can be done: requests are refused (503)');
    this.telling = setTimeout(() => {
      this.telling = undefined;
      this.logger.warn(`${this.refused - before} requests were refused in ${TELL_EVERY / 1000} seconds`);
    }, TELL_EVERY).unref();
  }
}
