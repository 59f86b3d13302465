import { serialize } from 'cookie';

const MAX_COOKIE_HEADER = 16_384;

/**
 * The cookies of a `Cookie` header. A name that comes twice is dropped: with a tossed cookie beside ours nobody can tell
 * which is which (a `__Host-` name cannot be tossed by a browser, but not everything that speaks HTTP is one).
 */
export function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  if (!header || header.length > MAX_COOKIE_HEADER) return cookies;
  let repeated: string[] | undefined;
  for (const pair of header.split(';')) {
    const mark = pair.indexOf('=');
    const name = trimmed(mark < 0 ? pair : pair.slice(0, mark));
    if (cookies.has(name)) (repeated ??= []).push(name);
    else cookies.set(name, mark < 0 ? '' : trimmed(pair.slice(mark + 1)));
  }
  for (const name of repeated ?? []) cookies.delete(name);
  return cookies;
}

/** One cookie as {@link readCookies} reads it, without reading the others: a guard wants one of many, with every request. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (!header || header.length > MAX_COOKIE_HEADER) return undefined;
  let value: string | undefined;
  for (let at = header.indexOf(name); at >= 0; at = header.indexOf(name, at + 1)) {
    if (!beginsPair(header, at)) continue;
    let mark = at + name.length;
    while (isBlank(header.charCodeAt(mark))) mark += 1;
    const next = header.charCodeAt(mark);
    const isPair = next === EQUALS;
    if (!isPair && next !== SEMICOLON && mark < header.length) continue;
    if (value !== undefined) return undefined;
    const end = header.indexOf(';', mark);
    value = isPair ? trimmed(header.slice(mark + 1, end < 0 ? header.length : end)) : '';
  }
  return value;
}

const EQUALS = '='.charCodeAt(0);
const SEMICOLON = ';'.charCodeAt(0);

/** Nothing but blanks stands between this place and the end of the pair before. */
function beginsPair(header: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && isBlank(header.charCodeAt(before))) before -= 1;
  return before < 0 || header.charCodeAt(before) === SEMICOLON;
}

/**
 * Without the white space that RFC 6265bis §5.6 knows. `trim()` knows more: a sibling host may set a cookie with a no-break
 * space before `__Host-`, because for browsers it has another name, and here it would have ours.
 */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/**
 * A `__Host-` cookie: Secure, HttpOnly, SameSite=Lax, Path=/, no Domain (RFC 6265bis §4.1.3.2). Browsers treat
 * `http://localhost` as secure enough for it.
 * @param name must begin with `__Host-`; @param maxAgeSeconds absent: it lasts as long as the browser.
 */
export function hostCookie(name: string, value: string, maxAgeSeconds?: number): string {
  const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`;
  return `${name}=${encodeURIComponent(value)}${age}${HOST_ATTRIBUTES}`;
}

/** Written once: a sign-in sets three such cookies. */
const HOST_ATTRIBUTES = serialize('x', '', { path: '/', httpOnly: true, secure: true, sameSite: 'lax' }).slice(
  'x='.length,
);

/**
 * A cookie for a page of ours inside a frame of another site, whose script reads it: Secure, SameSite=None, not HttpOnly. It
 * is sent to that page and read by it, and by nothing else of ours. So it must never be worth anything to whoever reads it.
 * @param name must begin with `__Secure-`; `__Host-` would show it to every page.
 */
export function framedCookie(name: string, value: string, path: string): string {
  // As `serialize` writes it, which took 4 µs of every silent sign-in.
  return `${name}=${encodeURIComponent(value)}; Path=${path}; Secure; SameSite=None`;
}

/** Tells the browser to forget a cookie. */
export function clearedCookie(name: string): string {
  return hostCookie(name, '', 0);
}
