import ipaddr from 'ipaddr.js';

/**
 * How far a request may go. `global`: only addresses the whole Internet can reach. `loopback`: only this machine.
 * `any`: the operator named the destination himself, so its address is his business.
 */
export type Reach = 'global' | 'loopback' | 'any';

/** Whether a request of this reach may connect to this IP address; anything that is no plain IP address may not. */
export function isWithin(reach: Reach, address: string): boolean {
  if (address.includes('%') || !ipaddr.isValid(address)) return false;
  if (reach === 'any') return true;
  const parsed = ipaddr.parse(address);
  return reach === 'loopback' ? parsed.range() === 'loopback' : isGlobalUnicast(parsed);
}

const allocatedIpv6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * What ipaddr.js calls unicast is what is left when the special-purpose registries (RFC 6890: private, loopback,
 * link-local, CGNAT, documentation, benchmarking, 6to4, Teredo, NAT64 …) are taken away. For IPv6 that still holds
 * the unallocated space and the IPv4-compatible ::/96, so only 2000::/3 passes, without the ISATAP interface
 * identifiers (RFC 5214 §6.1) which carry an IPv4 address inside a global prefix.
 */
function isGlobalUnicast(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  if (address instanceof ipaddr.IPv4) return true;
  const isatap = ((address.parts[4] ?? 0) & ~0x0200) === 0 && address.parts[5] === 0x5efe;
  return address.match(allocatedIpv6) && !isatap;
}
