import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpExchange } from '../../platform/http/exchange.js';
import { answerUnavailable } from './unavailable.js';

/**
 * What becomes of a route when there is too much to do. `vital` is never refused; `sign-in` has places of its own, because it
 * waits for its password hash and must not keep others waiting; `beginning` makes room for what goes on from there, `ordinary`.
 */
export type Urgency = 'vital' | 'ordinary' | 'beginning' | 'sign-in';

/** What is known of a route before anybody comes. */
export interface RouteNeeds {
  urgency: Urgency;
  /** Whether a request that was read has one of the few places for what others depend on. */
  isDependedOn?: (exchange: HttpExchange) => boolean;
}

/** Work that has begun is worth more than work that has not: the last quarter of the places is for it. */
const SHARE_OF_BEGINNINGS = 3 / 4;
/** As many places beside the others are for requests that others depend on. */
const SHARE_OF_DEPENDED_ON = 1 / 8;
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
  private readonly dependedOn: Places;
  private readonly logger = new Logger('Overload');
  private telling: NodeJS.Timeout | undefined;

  /**
   * @param mostRequests at work at once; twice as many sign-ins beside them
   * @param needsOf a route, by its pattern
   */
  constructor(
    mostRequests: number,
    private readonly needsOf: (route: string) => RouteNeeds,
  ) {
    this.others = { taken: 0, most: mostRequests };
    this.signIns = { taken: 0, most: 2 * mostRequests };
    this.dependedOn = { taken: 0, most: Math.ceil(mostRequests * SHARE_OF_DEPENDED_ON) };
  }

  /** Requests at work now, without those that are never refused. */
  get atWork(): number {
    return this.others.taken + this.signIns.taken + this.dependedOn.taken;
  }

  /** To be called before there are routes. */
  guard(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', (route) => {
      const { urgency, isDependedOn } = this.needsOf(route.url);
      if (urgency === 'vital') return;
      const usual = urgency === 'sign-in' ? this.signIns : this.others;
      const most = Math.max(1, Math.floor(usual.most * (urgency === 'beginning' ? SHARE_OF_BEGINNINGS : 1)));
      // Before the body is read, and again when it is there: one that trickles in takes no place.
      route.onRequest = [
        ...[route.onRequest ?? []].flat(),
        (request, reply, done) => {
          if (usual.taken < most || isPreflight(request) || (isDependedOn && hasRoom(this.dependedOn))) done();
          else this.refuse(request, reply);
        },
      ];
      route.preHandler = [
        ...[route.preHandler ?? []].flat(),
        (request: Placed, reply, done) => {
          if (isPreflight(request)) return done();
          let places = usual;
          if (usual.taken >= most) {
            if (!isDependedOn?.(HttpExchange.of(request, reply)) || !hasRoom(this.dependedOn)) {
              return this.refuse(request, reply);
            }
            places = this.dependedOn;
          }
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
    answerUnavailable(HttpExchange.of(request, reply));
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

function hasRoom({ taken, most }: Places): boolean {
  return taken < most;
}

/** It costs no more than its refusal, of which no script would learn (Fetch, CORS-preflight fetch). */
function isPreflight({ method }: FastifyRequest): boolean {
  return method === 'OPTIONS';
}
