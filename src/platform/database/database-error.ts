import { types } from 'node:util';

/** Why the database cannot be used, in words for the person who set it up. Holds no secret. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}

const BY_SQLSTATE: Record<string, string> = {
  '28P01': 'the server refused the password of the role in the URL. Check user and password.',
  '28000': 'the server refused this role. Check the user and pg_hba.conf.',
  '3D000': 'the database named in the URL does not exist. Create it, or correct the name.',
  '42501':
    'the role lacks a right. It needs CONNECT on the database, USAGE and CREATE on its schema, and its tables for its own.',
  '53300': 'the server has no connection left. Raise its max_connections or close other clients.',
  '57014':
    'a statement took too long. Does another process hang while it migrates this database? End it and try again.',
  '57P03': 'the server is starting up or shutting down. Try again in a moment.',
};

/** What has no code: the driver's own words, in part. */
const BY_MESSAGE: [RegExp, string][] = [
  [/timeout/i, 'the server did not answer in time. Check host, port and firewall.'],
  [
    /terminated unexpectedly|unexpected message/i,
    'what answers there is not a PostgreSQL server. Check host and port.',
  ],
  [/does not support SSL/, 'the server has no TLS, which the URL asks for. Turn it on there, or use sslmode=disable.'],
];

const BY_CODE: Record<string, string> = {
  ECONNREFUSED: 'nothing answers there. Is PostgreSQL running, and are host and port right?',
  ENOTFOUND: 'the host is not known. Check its name.',
  EAI_AGAIN: 'the host name could not be looked up. Check the name and the network.',
  ETIMEDOUT: 'the server did not answer in time. Check host, port and firewall.',
  ENOENT: 'the socket, or a file named in the URL, does not exist. Check the paths after host= and ssl…=.',
  ECONNRESET: 'the connection was cut. Is it a PostgreSQL server, and does it want TLS (sslmode=require)?',
  SELF_SIGNED_CERT_IN_CHAIN: 'the server’s certificate is not trusted. Give its authority with sslrootcert=.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the server’s certificate is not trusted. Give its authority with sslrootcert=.',
};

/**
 * Refuses what is no `postgres://` URL: the driver would read a host, a user or a password into anything.
 * @throws DatabaseError that names the setting and shows the form, never the value, which may hold a password.
 */
export function requirePostgresUrl(setting: string, url: string): void {
  if (URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol) && isDecodable(url)) return;
  throw new DatabaseError(
    `${setting} is not the URL of a PostgreSQL database. It has the form postgres://user:password@host:5432/database ` +
      '(reserved characters in the password percent-encoded), or postgres://user@localhost/database?host=/directory/of/the/socket.',
  );
}

function isDecodable(url: string): boolean {
  try {
    return decodeURIComponent(url) !== '';
  } catch {
    return false;
  }
}

/**
 * Turns a driver's error into a {@link DatabaseError} that names the setting and the server, never the password.
 * @param url one that {@link requirePostgresUrl} let pass.
 */
export function explainDatabaseError(error: unknown, setting: string, url: string): DatabaseError {
  const cause = firstCause(error);
  const code = typeof cause.code === 'string' ? cause.code : '';
  const known =
    BY_SQLSTATE[code] ??
    BY_CODE[code] ??
    BY_MESSAGE.find(([words]) => words.test(cause.message))?.[1] ??
    `${withoutPassword(cause.message, url)}${code ? ` (${code})` : ''}`;
  return new DatabaseError(`${setting} (${whereabouts(url)}): ${known}`, { cause });
}

function firstCause(error: unknown): { message: string; code?: unknown } {
  // By what it is, not by `instanceof`: under Jest the classes of Node's own errors are not ours.
  if (!types.isNativeError(error)) return { message: String(error) };
  // Node reports a refused connection to a name with several addresses as an AggregateError with an empty message.
  const { errors } = error as AggregateError;
  return Array.isArray(errors) && errors.length > 0 ? firstCause(errors[0]) : error;
}

function whereabouts(url: string): string {
  const { host, pathname, searchParams } = new URL(url);
  return `${searchParams.get('host') ?? host}${pathname}`;
}

function withoutPassword(message: string, url: string): string {
  const { password, searchParams } = new URL(url);
  // The driver also takes it from the query.
  const secrets = [password, decodeURIComponent(password), searchParams.get('password')];
  return secrets.reduce<string>((text, secret) => (secret ? text.replaceAll(secret, '…') : text), message);
}

/**
 * SQLSTATE classes 08, 53 and 57; a transaction that timed out, met another's or a standby (25P03, 25006, 40…, 55…); and
 * what sockets and resolvers say.
 */
const AWAY =
  /^(08...|53...|57...|25P03|25006|40001|40P01|55000|55P03|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|POOL_FULL)$/;
/** More statements wait for a connection than can get one in reasonable time. */
export class PoolFullError extends Error {
  override readonly name = 'PoolFullError';
  readonly code = 'POOL_FULL';

  constructor(waiting: number) {
    super(`${waiting} statements wait for a connection`);
  }
}

/** What the driver says without a code. */
const AWAY_IN_WORDS =
  /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Cannot use a pool after|not queryable/;

/** Whether the database, not the request, is at fault, so that another try may succeed: callers answer 503. */
export function isDatabaseAway(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string') return AWAY.test(code);
  return typeof message === 'string' && AWAY_IN_WORDS.test(message);
}

/** PostgreSQL itself said what is wrong: it has a SQLSTATE, and the connection may be good. */
export function isAnswered(error: unknown): boolean {
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(String((error as { code?: unknown }).code));
}
