import type { ClientView } from '../platform/pages/client-view.js';

/** The proof of a sign-in that happened for an interaction. */
export interface SignedIn {
  sid: string;
  subject: string;
  /** Epoch milliseconds. */
  authenticatedAt: number;
}

/** What the sign-in for an interaction must come to, in the words of whoever began it. */
export interface Demand {
  /** The person proves anew who they are; a session that is there does not count. */
  fresh: boolean;
  /** The proof itself may be at most this old, wherever it is given; 0: it is given anew. */
  maxAgeSeconds?: number;
  /** Authentication Context Classes: one of them, as far as the person can reach it. */
  acrs: string[];
  /** A second factor is a must: who has none makes one. */
  secondFactor: boolean;
}

/** One proof of who somebody is. */
export interface Proof {
  /** The login method that took it. */
  method: string;
  /** Authentication Methods References (RFC 8176). */
  amr: string[];
  /** Epoch milliseconds. */
  at: number;
}

/** A sign-in that is not over: a person proved one factor, and another is asked for. It is no session. */
export interface Attempt {
  /** Names the attempt: a proof that was begun in another one does not count. Random, no secret. */
  id: string;
  subject: string;
  proofs: Proof[];
  /** Epoch milliseconds. */
  startedAt: number;
  /** The last end of what the person had proved before, as it was when they were looked up; absent: not known. */
  ending?: string | null;
}

/**
 * Something that had to stop and ask a person: the request is put aside, the browser goes to sign in or to consent, and
 * comes back to `resumePath`. Login knows interactions only by their opaque id and by what is to be shown.
 */
export interface Interaction {
  id: string;
  /** A path of this site, chosen by who began the interaction; never by the browser. */
  resumePath: string;
  /** What sign-in shows: for whom, and the name to fill in. */
  display: { client?: ClientView; loginHint?: string; locales?: string[] };
  /** What its owner put aside; nobody else looks into it. */
  payload: Record<string, unknown>;
  demand: Demand;
  /** The sign-in under way, if one is. */
  attempt?: Attempt;
  /** Set once a person signed in for this very interaction. */
  signedIn?: SignedIn;
  /** What its owner noted on the way. */
  progress: Record<string, unknown>;
  /** Epoch milliseconds. */
  createdAt: number;
}
