import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { Agent } from 'undici';
import { isWithin, type Reach } from './address.js';
import { OutboundError } from './outbound-error.js';
import type { Resolve } from './resolve.js';

/** What a connection of a {@link guardedAgent} is allowed. */
export interface AgentOptions {
  reach: Reach;
  resolve: Resolve;
  /** For a destination that is asked again and again. A stranger gets one connection per request and no idle socket. */
  keepAlive: boolean;
  connectTimeoutMilliseconds: number;
  certificateAuthorities?: string;
}

const idleMilliseconds = 4000;

/**
 * An undici Agent whose connections go only to addresses within reach. The name is resolved inside the connection and
 * the very addresses that were judged are the ones connected to, so a second DNS answer (rebinding) has no say. It is
 * a plain Agent on purpose: proxies from the environment are not consulted.
 */
export async function guardedAgent(options: AgentOptions): Promise<Agent> {
  const undici = await import('undici');
  return new undici.Agent({
    pipelining: options.keepAlive ? 1 : 0,
    keepAliveTimeout: idleMilliseconds,
    keepAliveMaxTimeout: idleMilliseconds,
    // Each exchange has one deadline for everything, set by its caller.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: {
      lookup: guardedLookup(options),
      timeout: options.connectTimeoutMilliseconds,
      // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED=0 does not reach us.
      rejectUnauthorized: true,
      ca: options.certificateAuthorities,
    },
  });
}

/** All addresses of a name, each of them within reach; else an OutboundError. */
async function vetted(host: string, { reach, resolve }: AgentOptions): Promise<LookupAddress[]> {
  const addresses = await resolve(host).catch((error: unknown) => {
    throw new OutboundError('failed', `${host} could not be resolved`, error);
  });
  if (addresses.length === 0) throw new OutboundError('failed', `${host} has no address`);

  // One address out of reach spoils all: a name that is both outside and inside is an attack or a mistake.
  const outside = addresses.find((address) => !isWithin(reach, address));
  if (outside !== undefined) {
    throw new OutboundError('refused', `${host} is at ${outside}, which is not a ${reach} address`);
  }
  return addresses.map((address) => ({ address, family: isIP(address) }));
}

function guardedLookup(options: AgentOptions): LookupFunction {
  return (host, { all }, callback) => {
    vetted(host, options).then(
      (addresses) => {
        const [first] = addresses;
        if (all !== true && first) callback(null, first.address, first.family);
        else callback(null, addresses);
      },
      (error: Error) => callback(error, ''),
    );
  };
}
