import { lookup, Resolver } from 'node:dns/promises';
import type { Reach } from './address.js';

/** All IP addresses of a host name, in the order they should be tried. Rejects, or gives none, when there are none. */
export type Resolve = (host: string) => Promise<string[]>;

/**
 * The resolver for a reach. A stranger's name is asked of DNS itself, without the hosts file and the search list: that
 * keeps inside names inside, and it keeps off libuv's four threads, where `getaddrinfo` held up by a slow name server
 * would make every password hash, and so every sign-in, wait. An operator's name may stand in the hosts file.
 */
export function resolverFor(reach: Reach): Resolve {
  return reach === 'global' ? (host) => askDns(host, new Resolver({ timeout: 1000, tries: 2 })) : askSystem;
}

/** The A and AAAA records of a name; one kind may be missing. */
export async function askDns(host: string, resolver: Resolver): Promise<string[]> {
  const [ipv4, ipv6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  if (ipv4.status === 'rejected' && ipv6.status === 'rejected') throw ipv4.reason;
  return [ipv4, ipv6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
}

async function askSystem(host: string): Promise<string[]> {
  const addresses = await lookup(host, { all: true, verbatim: true });
  return addresses.map(({ address }) => address);
}
