import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * The network an address belongs to, as one key: an IPv4 address itself, of an IPv6 address its /64, because that is what
 * one household or one rented server has to itself. IPv4-mapped addresses, zone ids and spellings fold together; what is
 * no address shares one key.
 */
export function networkOf(ip: string): string {
  const address = ip.split('%', 1)[0]!;
  // As a socket says it; other spellings are told apart below.
  if (isIPv4(address)) return address;
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}

/** Whether an address is this machine's own. */
export function isLoopback(ip: string): boolean {
  const address = ip.split('%', 1)[0]!;
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}
