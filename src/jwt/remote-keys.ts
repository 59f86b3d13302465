import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { JWK } from 'jose';
import type { Outbound, OutboundRequest } from '../platform/outbound.js';
import { randomOctets } from '../platform/secret.js';
import type { BadJwk } from './jwk-set.js';
import { FetchedKeys, type FetchedKeysOptions } from './fetched-keys.js';

export { KeysUnavailableError } from './fetched-keys.js';

export interface RemoteKeysOptions extends FetchedKeysOptions {
  /** The JWKS URL, or how to find it out. */
  url: string | (() => Promise<string>);
  outbound: Outbound;
  /** How far the URL is trusted. Default `trusted`: the operator configured the issuer that names it. */
  fetch?: Pick<OutboundRequest, 'trusted' | 'ignoreAllowances'>;
}

const MAX_BYTES = 256 * 1024;

/** The public keys behind a JWKS URL, fetched by the outbound door. */
export class RemoteKeys extends FetchedKeys<KeyObject> {
  private readonly logger = new Logger('KeySet');
  private address = '';

  constructor(private readonly options: RemoteKeysOptions) {
    super(options);
  }

  protected async load(): Promise<unknown> {
    const { url, outbound, fetch = { trusted: true } } = this.options;
    this.address = typeof url === 'string' ? url : await url();
    return (await outbound.fetch(this.address, { purpose: 'jwks', ...fetch, maxBytes: MAX_BYTES })).json();
  }

  protected importKey(jwk: JWK): KeyObject {
    return keyObjectOf(jwk);
  }

  protected jitter(): number {
    return randomOctets(1)[0]! / 255;
  }

  protected override onBad({ kid, problem }: BadJwk): void {
    // A stranger's set is the stranger's concern, and must not fill our log.
    if (this.options.fetch && !this.options.fetch.trusted) return;
    const which = kid === undefined ? 'an entry' : `the key ${JSON.stringify(kid)}`;
    this.logger.warn(`${this.address} publishes ${which} that is not used: ${problem}`);
  }
}

/** A public JWK as Node's crypto takes it. @throws Error when it is no point on its curve, or no key at all */
export function keyObjectOf(jwk: JWK): KeyObject {
  return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
}
