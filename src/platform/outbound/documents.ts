import { LRUCache } from 'lru-cache';
import { BackOff } from '../back-off.js';
import type { Clock } from '../clock.js';
import { OutboundError } from './outbound-error.js';
import type { OutboundResponse } from './outbound-response.js';

const maxRemembered = 1000;
/** After the first failure, in milliseconds. */
const FIRST_PAUSE = 1_000;

/**
 * Keeps a thousand requests that name one document from becoming a thousand fetches (reflection): those that come
 * together share one, and those that come after a failure get the same failure for a while, which is longer after each
 * failure. Success is not kept; how long a document is good for is its reader's knowledge.
 */
export class Documents {
  private readonly underWay = new Map<string, Promise<OutboundResponse>>();
  private readonly failures = new LRUCache<string, { error: OutboundError; backOff: BackOff }>({ max: maxRemembered });

  constructor(
    private readonly clock: Clock,
    private readonly longestPauseMilliseconds: number,
  ) {}

  /** The fetch that is under way for this key, or a new one. */
  share(key: string, start: () => Promise<OutboundResponse>): Promise<OutboundResponse> {
    const failure = this.failures.get(key);
    if (failure?.backOff.isOn(this.clock.now())) return Promise.reject(failure.error);

    const current = this.underWay.get(key);
    if (current) return current;
    const started = start().finally(() => this.underWay.delete(key));
    this.underWay.set(key, started);
    return started;
  }

  /** Runs one fetch and remembers its failure. Apart from {@link share}: a full gate is not the document's failure. */
  async remember(key: string, fetch: () => Promise<OutboundResponse>): Promise<OutboundResponse> {
    try {
      const response = await fetch();
      this.failures.delete(key);
      return response;
    } catch (error) {
      if (error instanceof OutboundError) {
        const pauses = { first: FIRST_PAUSE, longest: this.longestPauseMilliseconds };
        const backOff = this.failures.peek(key)?.backOff ?? new BackOff(pauses);
        backOff.failed(this.clock.now());
        this.failures.set(key, { error, backOff });
      }
      throw error;
    }
  }
}
