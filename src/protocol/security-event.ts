/** The event of a logout token (Back-Channel Logout 1.0 §2.4). */
export const BACK_CHANNEL_LOGOUT = 'http://schemas.openid.net/event/backchannel-logout';

/** Event types (RFC 8417 §2.2): those of CAEP 1.0 and SSF 1.0, and one of our own for what CAEP has no word for. */
export const EVENT_TYPES = {
  sessionRevoked: 'https://schemas.openid.net/secevent/caep/event-type/session-revoked',
  tokenClaimsChange: 'https://schemas.openid.net/secevent/caep/event-type/token-claims-change',
  credentialChange: 'https://schemas.openid.net/secevent/caep/event-type/credential-change',
  revoked: 'urn:gatehouse:secevent:event-type:revoked',
  verification: 'https://schemas.openid.net/secevent/ssf/event-type/verification',
  streamUpdated: 'https://schemas.openid.net/secevent/ssf/event-type/stream-updated',
} as const;

/** What a receiver may ask for; the events about the stream itself come unasked (SSF 1.0 §8.1.4, §8.1.5). */
export const SUBSCRIBABLE_EVENTS: readonly string[] = [
  EVENT_TYPES.sessionRevoked,
  EVENT_TYPES.tokenClaimsChange,
  EVENT_TYPES.credentialChange,
  EVENT_TYPES.revoked,
];

export const DELIVERY = { push: 'urn:ietf:rfc:8935', poll: 'urn:ietf:rfc:8936' } as const;

/** The scopes of the CAEP Interoperability Profile 1.0 §2.7.2: to change streams, and to read them and what comes in them. */
export const SIGNAL_SCOPES = ['ssf.read', 'ssf.manage'] as const;

/** A subject identifier (RFC 9493, SSF 1.0 §3). */
export type SubjectId =
  | { format: 'opaque'; id: string }
  | { format: 'iss_sub'; iss: string; sub: string }
  | { format: 'jwt_id'; iss: string; jti: string }
  | { format: 'complex'; user?: SubjectId; session?: SubjectId };

/**
 * What is refused from now on: the member `rules` of our events and of a snapshot. Of a token its `jti`, of a session its
 * `sid`, of an authorization its id, whatever their age. Of a subject, a client and a subject at one client, what was
 * issued before a position (`epoch.seq`; the event's time in seconds stands in for it where a token has none). Of a
 * subject or an authorization whose claims changed, likewise, but only what carries those claims.
 */
export interface Rules {
  tokens?: string[];
  sessions?: string[];
  authorizations?: string[];
  subjects?: [subject: string, before: string, at: number][];
  clients?: [clientId: string, before: string, at: number][];
  consents?: [subject: string, clientId: string, before: string, at: number][];
  claims?: [subject: string, before: string, at: number][];
  stale?: [authorizationId: string, before: string, at: number][];
}

/**
 * What we add to a poll answer (RFC 8936 lets a receiver ignore it): up to where it tells everything, and how old that
 * knowledge is.
 */
export interface HighWaterMark {
  /** Sent back as `after` with the next poll. */
  cursor: string;
  /** The position of `cursor`, `epoch.seq`. */
  position: string;
  /** The last line up to there that is for this receiver, 0 when there is none. */
  last: number;
  /** By how many milliseconds the primary had been read before the request arrived; 0 when it was read after. */
  age: number;
}

/** What our `ssf-configuration` says beyond SSF 1.0, under the member `gatehouse`. */
export interface FeedMetadata {
  /** Pages of the rules in force, signed. */
  snapshot_endpoint: string;
  /** How many applications enforce the end of a session. */
  receipt_endpoint?: string;
  /** A revocation is told for this long; no relying party may keep a session for longer. */
  retention_seconds: number;
  /** No access token lives longer. */
  access_token_seconds: number;
}
