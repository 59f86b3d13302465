import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Agent } from 'undici';
import type { Clock } from './clock.js';
import type { Reach } from './outbound/address.js';
import type { OutboundAllowance, OutboundPurpose } from './outbound/allowance.js';
import { decideDestination, type Destination } from './outbound/destination.js';
import { Documents } from './outbound/documents.js';
import { exchange } from './outbound/exchange.js';
import { Gate } from './outbound/gate.js';
import { guardedAgent } from './outbound/guarded-agent.js';
import { OutboundError } from './outbound/outbound-error.js';
import type { OutboundResponse } from './outbound/outbound-response.js';
import { resolverFor, type Resolve } from './outbound/resolve.js';
import { currentTracing, traced } from './tracing.js';

export {
  outboundPurposes,
  parseOutboundAllow,
  type OutboundAllowance,
  type OutboundPurpose,
} from './outbound/allowance.js';
export { OutboundError, type OutboundErrorCode } from './outbound/outbound-error.js';
export { OutboundResponse } from './outbound/outbound-response.js';

/** How {@link Outbound} is set up; only the clock has no default. */
export interface OutboundOptions {
  clock: Clock;
  /** Private destinations the operator opens, from `OUTBOUND_ALLOW`. Default none. */
  allow?: OutboundAllowance[];
  /** For one whole exchange, the name's resolution and the body included. Default 3000. */
  timeoutMilliseconds?: number;
  /** The largest body read. Default 256 KiB. */
  maxBytes?: number;
  /** Requests at once; strangers' and trusted ones are counted apart. Default 32. */
  maxConcurrent?: number;
  /** A document that failed is not asked for again for a second, twice as long after each failure, and at most this long. Default 10 000. */
  failureMilliseconds?: number;
  /** Resolves names in place of DNS and the system, for tests. Its answers are judged like theirs. */
  lookup?: Resolve;
  /** PEM certificates that replace the machine's authorities. `NODE_EXTRA_CA_CERTS` adds to them without this. */
  certificateAuthorities?: string;
}

/** One request, as its caller asks for it. */
export interface OutboundRequest {
  purpose: OutboundPurpose;
  /** Default GET. */
  method?: 'GET' | 'POST' | 'DELETE';
  headers?: Record<string, string>;
  body?: string;
  /**
   * The operator configured this URL, as a relying party's issuer: private addresses are fine, and plain http to a
   * loopback host. Ports, size and time stay limited. Never for a URL that a client, a token or a user brought.
   */
  trusted?: boolean;
  /** The allowances do not count: for URLs of dynamically registered clients, which the operator never saw. */
  ignoreAllowances?: boolean;
  /** The media types a successful answer may have; sent as `Accept`. Default any. */
  accept?: string[];
  maxBytes?: number;
  timeoutMilliseconds?: number;
}

/** What is asked for as a document: it is shared, must be there, and is not asked for again for a while when it was not. */
export const documentPurposes: ReadonlySet<OutboundPurpose> = new Set([
  'jwks',
  'request',
  'sector',
  'logo',
  'discovery',
]);

/**
 * The only maker of HTTP requests. Most URLs it gets were written by strangers, so it is https only, to global unicast
 * addresses only (judged after resolution, all of them, and pinned), to ports of the web only, without redirects,
 * proxies or compressed bodies, within one deadline and one size. Behind NAT64, where DNS answers with 64:ff9b::/96,
 * such names are refused too: that prefix reaches private IPv4.
 *
 * The GET of a document (key set, request object, sector, logo, metadata) is shared by the callers that ask alike at the
 * same time, must be answered with 2xx, and is not asked for again for a while after it failed. Every other request
 * stands alone and gives back the status, redirects excepted.
 */
@Injectable()
export class Outbound implements OnApplicationShutdown {
  private readonly documents: Documents;
  private readonly strangers: Gate;
  private readonly trusted: Gate;
  private readonly agents = new Map<Reach, Promise<Agent>>();
  private readonly timeoutMilliseconds: number;
  private closing: Promise<void> | undefined;

  constructor(private readonly options: OutboundOptions) {
    const { maxConcurrent = 32, failureMilliseconds = 10_000 } = options;
    this.timeoutMilliseconds = options.timeoutMilliseconds ?? 3000;
    this.documents = new Documents(options.clock, failureMilliseconds);
    // Two gates: strangers who keep one full must not stand between a relying party and its own provider, whose
    // line may be long because each wait in it is short.
    this.strangers = new Gate(maxConcurrent, maxConcurrent * 4);
    this.trusted = new Gate(maxConcurrent, maxConcurrent * 32);
  }

  /** @throws OutboundError for every failure; its message is the same for all of them */
  async fetch(url: string, init: OutboundRequest): Promise<OutboundResponse> {
    const destination = decideDestination(url, init, this.options.allow ?? []);
    const gate = init.trusted === true ? this.trusted : this.strangers;
    const isDocument = (init.method ?? 'GET') === 'GET' && documentPurposes.has(init.purpose);
    if (!isDocument) return gate.run(() => this.send(destination, init));

    // Everything that shapes the request is in the key, credentials too: no caller gets an answer meant for another.
    const key = JSON.stringify([destination.url.href, init]);
    return this.documents.share(key, () =>
      gate.run(() => this.documents.remember(key, () => this.sendForDocument(destination, init))),
    );
  }

  /**
   * Judges a URL without asking it: what its name leads to shows only when it is connected to.
   * @throws OutboundError `refused`
   */
  check(url: string, init: Pick<OutboundRequest, 'purpose' | 'trusted' | 'ignoreAllowances'>): void {
    decideDestination(url, init, this.options.allow ?? []);
  }

  /** Ends requests under way with an OutboundError; later ones fail at once. */
  close(): Promise<void> {
    this.closing ??= Promise.all(Array.from(this.agents.values(), async (agent) => (await agent).destroy())).then(
      () => undefined,
    );
    return this.closing;
  }

  /** The last of Nest's hooks: requests that are still being answered may need one more key set. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  private async sendForDocument(destination: Destination, init: OutboundRequest): Promise<OutboundResponse> {
    const response = await this.send(destination, init);
    if (response.status < 200 || response.status > 299) {
      throw new OutboundError('failed', `${destination.url.origin}: answered ${response.status}`);
    }
    return response;
  }

  private send(destination: Destination, init: OutboundRequest): Promise<OutboundResponse> {
    const method = init.method ?? 'GET';
    // The host alone: paths and queries are a stranger's words.
    const attributes = { 'http.request.method': method, 'server.address': destination.url.host };
    return traced(
      () => ({ name: `${method} ${init.purpose}`, kind: 'client', attributes }),
      () => this.sendNow(destination, init),
    );
  }

  private async sendNow({ url, reach }: Destination, init: OutboundRequest): Promise<OutboundResponse> {
    // Strangers learn nothing of our traces.
    const trace = init.trusted === true ? currentTracing()?.carried() : undefined;
    return exchange(await this.agentFor(reach), {
      url,
      method: init.method ?? 'GET',
      headers: { ...init.headers, ...trace },
      body: init.body,
      accept: init.accept,
      maxBytes: init.maxBytes ?? this.options.maxBytes ?? 256 * 1024,
      timeoutMilliseconds: init.timeoutMilliseconds ?? this.timeoutMilliseconds,
    });
  }

  /** Made when it is needed: a server that asks nobody does not even load what it would ask with. */
  private agentFor(reach: Reach): Promise<Agent> {
    if (this.closing) throw new OutboundError('failed', 'no more requests are made: the application is closing');
    let agent = this.agents.get(reach);
    if (!agent) {
      agent = guardedAgent({
        reach,
        resolve: this.options.lookup ?? resolverFor(reach),
        keepAlive: reach !== 'global',
        connectTimeoutMilliseconds: this.timeoutMilliseconds,
        certificateAuthorities: this.options.certificateAuthorities,
      });
      this.agents.set(reach, agent);
    }
    return agent;
  }
}
