import type { ClientView } from '../platform/pages/client-view.js';

/** The proof of a sign-in that happened for an interaction. */
export interface SignedIn {
  sid: string;
  subject: string;
  /** Epoch milliseconds. */
  authenticatedAt: number;
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
  display: { client?: ClientView; loginHint?: string };
  /** What its owner put aside; nobody else looks into it. */
  payload: Record<string, unknown>;
  /** Set once a person signed in for this very interaction. */
  signedIn?: SignedIn;
  /** What its owner noted on the way. */
  progress: Record<string, unknown>;
  /** Epoch milliseconds. */
  createdAt: number;
}
