import type { Lookups } from './lookups.js';
import type { Needs, Recommendation } from './recommend.js';

/** How soon a revoked credential was refused. */
export type RevocationFigure =
  | {
      kind: 'measured';
      /** From the moment that the revocation was asked for to the first refused request. */
      medianMilliseconds: number;
      longestMilliseconds: number;
      samples: number;
    }
  | {
      /** Nobody tells the application: it is not measured how long that takes, it is how long the credential lives. */
      kind: 'bound';
      milliseconds: number;
      words: string;
      /** What was measured: so long after its revocation the credential was still let in. */
      letInAfterMilliseconds?: number;
    };

/** What was measured of one strategy; what is absent was not measured in this run. */
export interface Figures {
  /** Octets of the header that carries the credential, of a whole request, and of its answer. */
  octets?: { credential: number; request: number; response: number };
  requestsPerSecond?: number;
  /** CPU time of the application's process per request, in microseconds. */
  cpuMicroseconds?: number;
  latency?: { p50Milliseconds: number; p99Milliseconds: number };
  lookups?: {
    /** For one request that comes by itself. */
    alone: Lookups;
    /** On the average of many that come at once, where several may share one. */
    underLoad: number;
  };
  memory?: {
    /** What one person added, in octets: in the application's process, and where sessions are kept. */
    perPerson: { application: number; store: number };
    /** The same for 100 000 people, after what caches hold at most. */
    per100000: { application: number; store: number };
    /** How many people were signed in for it. */
    people: number;
  };
  revocation?: RevocationFigure;
}

export interface Row extends Figures {
  id: string;
  name: string;
  sentence: string;
  /** Why it was not measured, or not wholly. */
  problem?: string;
}

/** Everything that one run measured. */
export interface Report {
  format: 1;
  startedAt: string;
  seconds: number;
  /** False after Ctrl-C, or when something could not be measured. */
  complete: boolean;
  interrupted: boolean;
  command: string;
  machine: { cpu: string; cores: number; memoryGigabytes: number; platform: string };
  versions: { node: string; gatehouse: string; postgres?: string; redis?: string };
  settings: { quick: boolean; rounds: number; burstMilliseconds: number; connections: number; people: number };
  /** The same application, on a route without the guard. */
  unguarded?: Pick<Figures, 'requestsPerSecond' | 'cpuMicroseconds' | 'latency'>;
  rows: Row[];
  needs: Needs;
  recommendation: Recommendation;
}

/** How the figures come about, for whoever reads them. */
export const METHODS: readonly [term: string, how: string][] = [
  [
    'Octets',
    'counted on the socket: the header with the credential, and the whole request with it; a browser adds headers of its own',
  ],
  [
    'Requests/s, latency',
    'one process of the application, several connections, each asking again as soon as it is answered; of rounds in which the strategies take turns the better quartile, because whatever else the machine does can only slow them; latencies are of all rounds',
  ],
  [
    'CPU',
    'of the application’s process alone, all threads, per request; PostgreSQL, Redis and the provider have their own',
  ],
  [
    'Lookups',
    'counted at the clients for PostgreSQL, Redis and HTTP while a request is answered: for one that comes alone, and the average under load',
  ],
  [
    'Memory',
    'people are signed in and ask once; what the heap and the store grew by, carried to 100 000. Caches hold 10 000 at most',
  ],
  [
    'Revocation',
    'from the moment the provider (or the application’s own list) is told to revoke until the first refused request, asked every millisecond; the median. A bound is not measured: it is how long the credential lives',
  ],
];
