import { isIP } from 'node:net';
import { isWithin, type Reach } from './address.js';
import { isAllowed, type OutboundAllowance, type OutboundPurpose } from './allowance.js';
import { OutboundError } from './outbound-error.js';
import { isRefusedPort } from './ports.js';

/** A URL that may be tried, and how far: its addresses are judged when it is connected to. */
export interface Destination {
  url: URL;
  reach: Reach;
}

/** What the caller knows about where the URL came from. */
export interface Origin {
  purpose: OutboundPurpose;
  trusted?: boolean;
  ignoreAllowances?: boolean;
}

const maxUrlLength = 2048;
const printableAscii = /^[\x21-\x7e]+$/;
const encodedControl = /%(?:[01][0-9a-f]|7f)/i;
const schemeHostPort = /^https?:\/\/(\[[0-9a-f:.]+\]|[0-9a-z._-]+)(?::\d{1,5})?(?=[/?#]|$)/i;

/**
 * Decides from the URL alone. The host must be written exactly as the WHATWG parser reads it, which leaves no room
 * for decimal, octal, hex or short IPv4, percent-encoded or Unicode hosts, userinfo and zone ids: where two parsers
 * could differ, we refuse instead of choosing. A fragment is legal (OIDC Core §6.2) and stays with us.
 * @throws OutboundError `refused`
 */
export function decideDestination(text: string, origin: Origin, allow: OutboundAllowance[]): Destination {
  // Nothing of the text is put into the detail before it is known to be harmless in a log.
  const refuse = (reason: string) => new OutboundError('refused', `${origin.purpose}: ${reason}`);
  if (text.length > maxUrlLength) throw refuse(`the URL is longer than ${maxUrlLength} characters`);
  if (!printableAscii.test(text) || encodedControl.test(text))
    throw refuse('control or non-ASCII characters in the URL');

  const writtenHost = schemeHostPort.exec(text)?.[1]?.toLowerCase();
  if (writtenHost === undefined || !URL.canParse(text)) throw refuse('not an absolute http(s) URL with a plain host');
  const url = new URL(text);
  url.hash = '';
  if (url.hostname !== writtenHost || writtenHost.endsWith('.')) throw refuse('the host is not in its canonical form');

  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const allowed = origin.ignoreAllowances !== true && isAllowed(allow, origin.purpose, url.hostname, port);
  const trusted = origin.trusted === true;
  const plainOnMachine = trusted && isLoopbackHost(url.hostname);

  if (url.protocol === 'http:' && !allowed && !plainOnMachine) throw refuse(`${url.origin} is not https`);
  if (!allowed && isRefusedPort(port, url.protocol)) throw refuse(`port ${port} of ${url.origin} is not for the web`);

  const reach = reachOf(url, allowed, trusted);
  // Connecting to a literal asks no resolver, so the guard in the connection would never see it.
  const literal = literalAddress(url.hostname);
  if (literal !== undefined && !isWithin(reach, literal)) throw refuse(`${url.origin} is not a ${reach} address`);
  return { url, reach };
}

function reachOf(url: URL, allowed: boolean, trusted: boolean): Reach {
  if (allowed) return 'any';
  if (!trusted) return 'global';
  return url.protocol === 'http:' ? 'loopback' : 'any';
}

function isLoopbackHost(hostname: string): boolean {
  const literal = literalAddress(hostname);
  return literal === undefined ? /^(?:.+\.)?localhost$/.test(hostname) : isWithin('loopback', literal);
}

function literalAddress(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) === 0 ? undefined : bare;
}
