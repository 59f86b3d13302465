import type { RevocationMode, SessionOptions } from '../../relying-party/relying-party.options.js';

/** What is done in this comparison to revoke a credential. */
export type RevokedBy =
  /** The provider ends the sign-on session; the application is told by back-channel logout, or by the feed. */
  | 'sign-out'
  /** The provider revokes the token (RFC 7009). */
  | 'token'
  /** The application's own code puts the token into its list. */
  | 'deny-list'
  /** The application's own code counts up the person's number. */
  | 'version';

/** One way of keeping people signed in, as it is compared. */
export interface Strategy {
  id: string;
  name: string;
  kind: 'session' | 'jwt';
  /** For sessions. */
  store?: Exclude<SessionOptions['store'], object>;
  mode: RevocationMode;
  revokedBy: RevokedBy;
  needsRedis: boolean;
  /** What is looked up for a request. */
  looksUp: string;
  /** Nothing tells an application of the end: the credential is good for so long, in milliseconds, and in these words. */
  bound?: { milliseconds: number; words: string };
  /** What it is good for, and what it costs, in a sentence. */
  sentence: string;
}

const MINUTE = 60_000;

/** How long an access token lives here: the provider's default. */
export const TOKEN_LIFETIME = 5 * MINUTE;
/** How long a session lives at most: the default of `session.absolute`. */
export const SESSION_LIFETIME = 12 * 60 * MINUTE;
/** How far apart clocks may be: the default of `clockSkew`. */
const SKEW = 5_000;

/** Everything that is compared, in the order of the table. */
export const STRATEGIES: readonly Strategy[] = [
  {
    id: 'memory-session',
    name: 'Memory session',
    kind: 'session',
    store: 'memory',
    mode: 'expiry',
    revokedBy: 'sign-out',
    needsRedis: false,
    looksUp: 'nothing outside the process',
    sentence:
      'The fastest session, and the first to go: a restart signs everybody out, and a second process knows nobody. For development.',
  },
  {
    id: 'postgres-session',
    name: 'PostgreSQL session',
    kind: 'session',
    store: 'postgres',
    mode: 'expiry',
    revokedBy: 'sign-out',
    needsRedis: false,
    looksUp: 'the session, in PostgreSQL',
    sentence:
      'The plain answer: an opaque cookie, every request asks the database that you have anyway, and what is deleted there is over everywhere.',
  },
  {
    id: 'postgres-session-feed',
    name: 'PostgreSQL session + feed',
    kind: 'session',
    store: 'postgres',
    mode: 'feed',
    revokedBy: 'sign-out',
    needsRedis: false,
    looksUp: 'nothing while the feed is fresh; once a minute the session',
    sentence:
      'The same session, served from memory for as long as the provider would tell of its end: session-grade logout without the lookup. The default with a Gatehouse provider.',
  },
  {
    id: 'redis-session',
    name: 'Redis session',
    kind: 'session',
    store: 'redis',
    mode: 'expiry',
    revokedBy: 'sign-out',
    needsRedis: true,
    looksUp: 'the session, in Redis',
    sentence:
      'As in PostgreSQL, with a lookup that is somewhat cheaper and one more server to run, whose memory all sessions share.',
  },
  {
    id: 'sealed-cookie',
    name: 'Sealed cookie',
    kind: 'session',
    store: 'sealed-cookie',
    mode: 'expiry',
    revokedBy: 'sign-out',
    needsRedis: false,
    looksUp: 'nothing',
    bound: {
      milliseconds: SESSION_LIFETIME,
      words: 'until the session’s own end (session.absolute, 12 h), in every process that was not told itself',
    },
    sentence:
      'Nothing is kept on the server, so nothing can be taken back: a copy of the cookie is good until the session’s own end. It also travels with every request, and is large.',
  },
  {
    id: 'sealed-cookie-feed',
    name: 'Sealed cookie + feed',
    kind: 'session',
    store: 'sealed-cookie',
    mode: 'feed',
    revokedBy: 'sign-out',
    needsRedis: false,
    looksUp: 'nothing while the feed is fresh',
    sentence: 'The sealed cookie made revocable: still nothing is kept on the server, and the provider tells of ends.',
  },
  {
    id: 'jwt-expiry',
    name: 'JWT, expiry only',
    kind: 'jwt',
    mode: 'expiry',
    revokedBy: 'token',
    needsRedis: false,
    looksUp: 'nothing',
    bound: {
      milliseconds: TOKEN_LIFETIME + SKEW,
      words: 'until the token’s own end (5 min, and 5 s that clocks may differ)',
    },
    sentence:
      'What most articles mean by JWT: verified locally, nobody is asked, and a stolen or revoked token works until it ends. Honest only with short lifetimes.',
  },
  {
    id: 'jwt-deny-list',
    name: 'JWT + deny list',
    kind: 'jwt',
    mode: 'deny-list',
    revokedBy: 'deny-list',
    needsRedis: true,
    looksUp: 'the list, in Redis',
    sentence:
      'Every request asks Redis whether the token is on a list: the session’s lookup is back, and your own code must put into the list whatever ends.',
  },
  {
    id: 'jwt-version',
    name: 'JWT + version',
    kind: 'jwt',
    mode: 'version',
    revokedBy: 'version',
    needsRedis: true,
    looksUp: 'the person’s number, in Redis',
    sentence:
      'Every request compares a number in the token with the person’s in Redis: the lookup is back, and only everything of one person can be ended.',
  },
  {
    id: 'jwt-introspect',
    name: 'JWT + introspection',
    kind: 'jwt',
    mode: 'introspect',
    revokedBy: 'token',
    needsRedis: false,
    looksUp: 'the provider, at most once per token and second',
    sentence:
      'The provider is asked about each token, at most once a second: always right within that second, but nobody is served while the provider is away.',
  },
  {
    id: 'jwt-feed',
    name: 'JWT + revocation feed',
    kind: 'jwt',
    mode: 'feed',
    revokedBy: 'token',
    needsRedis: false,
    looksUp: 'nothing: a table in memory that the provider keeps right',
    sentence:
      'Verified locally as with expiry, and refused some milliseconds after the provider revokes it: no lookup and no list of your own. The default with a Gatehouse provider.',
  },
];
