import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { isLoopbackHost } from '../protocol/redirect-uri.js';
import { parseOutboundAllow } from './outbound.js';

/** The environment is not as it must be. The message names every setting at fault, never a value that may be secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Names with this prefix are ours alone, so one that nobody knows is a typing error. */
const PREFIX = 'GATEHOUSE_';

/** Settings of our own prefix, over all front doors. */
const KNOWN = new Set([
  'GATEHOUSE_SECRET',
  'GATEHOUSE_POLICY',
  'GATEHOUSE_INITIAL_ACCESS_TOKEN',
  'GATEHOUSE_DIRECTORY',
  'GATEHOUSE_UPSTREAM',
  'GATEHOUSE_ACCESS_TOKEN_LIFETIME',
  'GATEHOUSE_ID_TOKEN_LIFETIME',
  'GATEHOUSE_CODE_LIFETIME',
  'GATEHOUSE_DEVICE_CODE_LIFETIME',
  'GATEHOUSE_REFRESH_IDLE',
  'GATEHOUSE_REFRESH_LIFETIME',
  'GATEHOUSE_REFRESH_GRACE',
  'GATEHOUSE_SESSION_IDLE',
  'GATEHOUSE_SESSION_LIFETIME',
  'GATEHOUSE_KEY_ROTATION',
]);
/** What the test run hands to its own processes. */
const KNOWN_PREFIX = 'GATEHOUSE_TEST_';

/**
 * Checks the environment against a schema; an empty value counts as not set.
 * @throws ConfigError
 */
export function parseEnvironment<S extends z.ZodType>(schema: S, environment: NodeJS.ProcessEnv): z.infer<S> {
  const problems = Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !KNOWN.has(name) && !name.startsWith(KNOWN_PREFIX))
    .map((name) => `${name}: there is no such setting`);
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(set);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map((issue) => `${issue.path.join('.') || 'environment'}: ${issue.message}`));
  }
  if (problems.length > 0) throw new ConfigError(`The configuration is not right.\n  ${problems.join('\n  ')}`);
  return parsed.data as z.infer<S>;
}

export const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number')
  .transform(Number)
  .refine((value) => value < 65_536, 'must be a port number');

/** A whole number from 1 to `most`. */
export const countUpTo = (most: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, `must be a number from 1 to ${most}`)
    .transform(Number)
    .refine((value) => value >= 1 && value <= most, `must be a number from 1 to ${most}`);

export const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((value) => value === 'true');

/** An origin: scheme, host and port, nothing after. */
export const origin = z
  .string()
  .refine(
    (value) => URL.canParse(value) && new URL(value).origin === value && /^https?:/.test(value),
    'must be an origin such as https://id.example.com (no path, no slash at the end)',
  );

export const databaseUrl = z
  .string()
  .refine(
    (value) => URL.canParse(value) && /^postgres(ql)?:$/.test(new URL(value).protocol),
    'must be a postgres:// URL',
  );

export const redisUrl = z
  .string()
  .refine((value) => URL.canParse(value) && /^rediss?:$/.test(new URL(value).protocol), 'must be a redis:// URL');

const FEWEST_BYTES = 32;
/** Random text of 32 bytes has far more different characters than this; a word typed over and over has not. */
const FEWEST_DIFFERENT = 10;

/** A list: the first seals, all of them open. */
export const secretList = z.string().transform((value, context) => {
  const secrets = value.split(/[\s,]+/).filter((secret) => secret !== '');
  for (const secret of secrets) {
    if (Buffer.byteLength(secret) < FEWEST_BYTES || new Set(secret).size < FEWEST_DIFFERENT) {
      context.addIssue({
        code: 'custom',
        message: `each secret must be at least ${FEWEST_BYTES} random bytes (openssl rand -base64 32)`,
      });
      return z.NEVER;
    }
  }
  if (secrets.length === 0) context.addIssue({ code: 'custom', message: 'holds no secret' });
  return secrets;
});

const PROXY_GROUPS = ['loopback', 'linklocal', 'uniquelocal'];

/** An address or a network, written out (not `1`, which some read as 0.0.0.1), and not the network of everybody. */
function isProxy(text: string): boolean {
  if (PROXY_GROUPS.includes(text)) return true;
  const [address = '', ...prefix] = text.split('/');
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return false;
  return prefix.length === 0 || (ipaddr.isValidCIDR(text) && ipaddr.parseCIDR(text)[1] > 0);
}

/** Whose X-Forwarded-* headers are believed: `loopback`, addresses, networks. Never everybody. */
export const trustProxy = z.string().transform((value, context) => {
  const proxies = value.split(',').map((proxy) => proxy.trim());
  if (!proxies.every(isProxy)) {
    context.addIssue({
      code: 'custom',
      message: 'must be loopback, uniquelocal, addresses or networks, comma separated (not true, not a number)',
    });
    return z.NEVER;
  }
  return proxies;
});

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export const logLevel = z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` });

export const outboundAllow = z.string().transform((value, context) => {
  try {
    return parseOutboundAllow(value);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

/** Production is decided by the issuer, not by a name in the environment: an issuer that is not on loopback is real. */
export function isLoopbackOrigin(url: string): boolean {
  return isLoopbackHost(new URL(url).hostname);
}

/** `smtps://user:password@host:465`, or `smtp:` with STARTTLS. */
export const smtpUrl = z
  .string()
  .regex(
    /^smtps?:\/\/(?:[^\s/@]+@)?[^\s/@]+(?::\d{1,5})?\/?$/,
    'must be smtps://user:password@host:465, or smtp:// (the user and the password percent-encoded)',
  )
  .refine((value) => URL.canParse(value), 'is not a URL');

/** An address, alone or as `Name <address>`. */
export const mailFrom = z
  .string()
  .max(320)
  .regex(/^(?:[^<>"\r\n]+<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/, 'must be an address, or Name <address>');

/** Names, separated by commas. */
export const nameList = z
  .string()
  .regex(/^[a-z][a-z0-9-]*(?:\s*,\s*[a-z][a-z0-9-]*)*$/, 'must be names, comma separated')
  .transform((value) => value.split(',').map((name) => name.trim()));
