import { matches, randomToken } from '../../platform/secret.js';
import type { Moment } from './freshness.js';
import type { PushAddress } from './transmitter.js';

/** Verifications are asked for this often, in milliseconds: the transmitter wants no more than one a second. */
const MOST_OFTEN = 1_000;
const LEAST_OFTEN = 3_000;
/** Verifications that may still come, and as many that may come again. */
const OUTSTANDING = 100;

/** What is remembered about events that are pushed to this process. */
export class PushReception {
  /** Known to the provider and to this process alone: the pushes of another process's stream are refused. */
  readonly address: PushAddress;
  readonly everyMilliseconds: number;
  private readonly outstanding = new Map<string, Moment>();
  /** Also those that came, or do not count any more: an event may come late, and twice. */
  private readonly issued = new Set<string>();

  constructor(url: string, maxStalenessMilliseconds: number) {
    this.address = { url, authorization: `Bearer ${randomToken()}` };
    this.everyMilliseconds = Math.min(LEAST_OFTEN, Math.max(MOST_OFTEN, maxStalenessMilliseconds / 4));
  }

  isExpected(authorization: string | undefined): boolean {
    return authorization !== undefined && matches(authorization, this.address.authorization);
  }

  /** The `state` of a verification that is asked for at this moment. */
  state(sent: Moment): string {
    const state = randomToken(16);
    this.outstanding.set(state, sent);
    this.issued.add(state);
    dropOldest(this.outstanding);
    dropOldest(this.issued);
    return state;
  }

  /** Whether a verification of this `state` was ever asked for. */
  isOurs(state: string): boolean {
    return this.issued.has(state);
  }

  /** When the verification of this `state` was asked for; once, and none that was asked for earlier afterwards. */
  sentOf(state: string | undefined): Moment | undefined {
    const sent = state === undefined ? undefined : this.outstanding.get(state);
    if (!sent) return undefined;
    for (const [earlier] of this.outstanding) {
      this.outstanding.delete(earlier);
      if (earlier === state) break;
    }
    return sent;
  }

  /** A snapshot is begun: what was asked for before says nothing about what follows it. */
  forget(): void {
    this.outstanding.clear();
  }
}

function dropOldest(kept: Map<string, unknown> | Set<string>): void {
  for (const oldest of kept.keys()) {
    if (kept.size <= OUTSTANDING) break;
    kept.delete(oldest);
  }
}
