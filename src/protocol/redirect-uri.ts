const LONGEST = 2000;
/** The characters of RFC 3986; everything else (controls, spaces, backslash, non-ASCII) must come percent-encoded. */
const URI_CHARACTERS = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()+,;=%]+$/;
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?([/?].*)?$/;
const FORBIDDEN_SCHEMES = new Set([
  'javascript:', 'data:', 'vbscript:', 'blob:', 'file:', 'ftp:', 'about:', 'view-source:', 'filesystem:', 'ws:', 'wss:',
  'mailto:', 'tel:', 'gopher:', 'chrome:', 'resource:', 'jar:', 'intent:',
]); // prettier-ignore
const RESPONSE_PARAMETERS = [
  'code',
  'state',
  'iss',
  'error',
  'error_description',
  'error_uri',
  'access_token',
  'id_token',
  'session_state',
];

export type ApplicationType = 'web' | 'native';

/**
 * Why a redirect URI may not be registered, or undefined when it may (RFC 6749 §3.1.2, RFC 8252 §7, OpenID Connect
 * Registration §2). Web clients: https; http only to loopback, for development. Native clients: loopback http, https, or a
 * private scheme with a dot (reverse domain name).
 */
export function redirectUriProblem(uri: unknown, applicationType: ApplicationType): string | undefined {
  if (typeof uri !== 'string') return 'is not text';
  if (uri.length > LONGEST) return `is longer than ${LONGEST} characters`;
  if (!URI_CHARACTERS.test(uri)) return 'has a character that a URI may not have (wildcards are not supported)';
  if (!URL.canParse(uri)) return 'is not an absolute URI';
  if (uri.includes('#')) return 'has a fragment';
  const url = new URL(uri);
  if (url.username || url.password) return 'has user information';
  if (FORBIDDEN_SCHEMES.has(url.protocol)) return `has a scheme that is not allowed (${url.protocol})`;
  if (RESPONSE_PARAMETERS.some((name) => url.searchParams.has(name))) return 'has a query parameter of the response';
  if (/(^|\/)(\.|%2e){1,2}(\/|$)/i.test(uri.split('?', 1)[0]!.slice(url.protocol.length + 2)))
    return 'has dot segments';
  switch (url.protocol) {
    case 'https:':
      return undefined;
    case 'http:':
      return isLoopbackHost(url.hostname) ? undefined : 'must use https (http is for loopback only)';
    default:
      if (applicationType !== 'native') return 'must use https';
      return url.protocol.includes('.')
        ? undefined
        : 'needs a private scheme in reverse domain order, such as com.example.app:';
  }
}

export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    /^127(\.\d{1,3}){3}$/.test(hostname) ||
    hostname === '[::1]'
  );
}

/**
 * Whether a presented redirect URI is one of the registered ones: character by character (RFC 9700 §4.1.3), except that a
 * native client on a loopback address may use any port (RFC 8252 §7.3).
 */
export function isRegisteredRedirectUri(
  presented: string,
  registered: readonly string[],
  applicationType: ApplicationType,
): boolean {
  if (presented.length > LONGEST) return false;
  if (registered.includes(presented)) return true;
  return applicationType === 'native' && registered.some((uri) => differInPortOnly(presented, uri));
}

/**
 * True for the redirect URIs that any program on the machine could receive: the client behind them is not assured. Where
 * loopback goes by a name, as in development, a client that proves who it is when it redeems the code is.
 */
export function isUnassured(uri: string, provesItself: boolean): boolean {
  if (LOOPBACK.test(uri) || !/^https?:/.test(uri)) return true;
  return !provesItself && uri.startsWith('http:') && isLoopbackHost(new URL(uri).hostname);
}

function differInPortOnly(presented: string, registered: string): boolean {
  const left = LOOPBACK.exec(presented);
  const right = LOOPBACK.exec(registered);
  if (!left || !right || left[1] !== right[1] || (left[3] ?? '') !== (right[3] ?? '')) return false;
  const port = Number(left[2] ?? 80);
  return port > 0 && port < 65_536;
}
