/** Every reason we have to make a request. An operator's allowance may be limited to some of them. */
export const outboundPurposes = [
  'jwks',
  'request',
  'sector',
  'logout',
  'push',
  'logo',
  'discovery',
  'introspection',
  'signals',
] as const;

/**
 * Why a request is made: `jwks` a key set, `request` a `request_uri`, `sector` a `sector_identifier_uri`, `logout` a
 * back-channel logout, `push` the delivery of security events, `logo` a client's picture, `discovery` a provider's
 * metadata, `introspection` a relying party's calls to its provider, `signals` those for the revocation feed.
 */
export type OutboundPurpose = (typeof outboundPurposes)[number];

/** `host:port` that may be reached although private, also over plain http. Absent `purposes` means all of them. */
export interface OutboundAllowance {
  /** As it stands in the URLs: a name or an address, IPv6 with or without brackets. A name is not its address. */
  host: string;
  port: number;
  purposes?: OutboundPurpose[];
}

/** Whether the operator lets this purpose reach `host:port` although the address is private. */
export function isAllowed(allow: OutboundAllowance[], purpose: OutboundPurpose, host: string, port: number): boolean {
  return allow.some(
    (entry) => bare(entry.host) === bare(host) && entry.port === port && (entry.purposes?.includes(purpose) ?? true),
  );
}

/**
 * Reads `OUTBOUND_ALLOW`: comma separated `host:port` or `purpose=host:port`, IPv6 in brackets; empty means none.
 * @throws Error naming the entry that cannot be read and what is wrong with it
 */
export function parseOutboundAllow(value: string): OutboundAllowance[] {
  if (value.trim() === '') return [];
  return value.split(',').map((entry) => parseEntry(entry.trim()));
}

function parseEntry(entry: string): OutboundAllowance {
  const parts = /^(?:([^=]*)=)?(\[[0-9a-f:.]+\]|[0-9a-z._-]+):(\d{1,5})$/i.exec(entry);
  if (!parts) throw unreadable(entry, 'write host:port or purpose=host:port, an IPv6 address in brackets');
  const [, purpose, host = '', digits] = parts;

  const port = Number(digits);
  if (port < 1 || port > 65535) throw unreadable(entry, 'the port must be between 1 and 65535');

  // A host that the URL parser would rewrite (127.1, a path, a Unicode name) would never match a URL: say so now.
  const canonical = URL.canParse(`https://${host}`) && new URL(`https://${host}`).host === host.toLowerCase();
  if (!canonical || host.endsWith('.')) {
    throw unreadable(entry, `"${host}" is not a plain host name or address`);
  }
  if (purpose === undefined) return { host: bare(host), port };

  const known = outboundPurposes.find((candidate) => candidate === purpose);
  if (!known) throw unreadable(entry, `the purpose must be one of ${outboundPurposes.join(', ')}`);
  return { host: bare(host), port, purposes: [known] };
}

function unreadable(entry: string, reason: string): Error {
  return new Error(`cannot read "${entry}": ${reason}`);
}

function bare(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
}
