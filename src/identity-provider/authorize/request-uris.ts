import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Client } from '../../clients/client.js';
import { Clock } from '../../platform/clock.js';
import { Outbound, OutboundError } from '../../platform/outbound.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';

/** In bytes. */
const LARGEST = 32 * 1024;
const MOST_KEPT = 200;
/** What a fragment names is kept this long, in milliseconds. */
const FRESH_FOR = 5 * 60_000;
/** A compact JWS or JWE. */
const COMPACT = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){2,4}$/;

/**
 * Fetches request objects by reference (OpenID Connect Core §6.2). Only what the client registered is fetched: a request in
 * a stranger's browser must not send us to an address of its own choice.
 */
@Injectable()
export class RequestUris {
  private readonly logger = new Logger(RequestUris.name);
  private readonly kept = new LRUCache<string, { object: string; until: number }>({ max: MOST_KEPT });

  constructor(
    private readonly outbound: Outbound,
    private readonly clock: Clock,
    private readonly settings: IdentityProviderSettings,
  ) {}

  /** @throws OAuthError invalid_request_uri, the same for whatever is wrong at the other end. */
  async fetch(uri: string, client: Client): Promise<string> {
    // A fragment is the mark of a content, which may change after registration; the address may not.
    const [address = '', mark] = uri.split('#');
    if (!client.metadata.request_uris?.some((registered) => registered.split('#')[0] === address)) {
      throw invalidUri('request_uri is not registered for this client');
    }
    const ignoreAllowances = client.policy.dynamic && this.settings.policy !== 'certification';
    const name = JSON.stringify([uri, ignoreAllowances]);
    const known = this.kept.get(name);
    if (known && this.clock.now() < known.until) return known.object;
    const object = await this.read(address, ignoreAllowances);
    // Another mark is another content, so what has one may be kept; what has none may change from one request to the next.
    if (mark) this.kept.set(name, { object, until: this.clock.now() + FRESH_FOR });
    return object;
  }

  private async read(address: string, ignoreAllowances: boolean): Promise<string> {
    try {
      const response = await this.outbound.fetch(address, {
        purpose: 'request',
        headers: { accept: 'application/oauth-authz-req+jwt, application/jwt' },
        maxBytes: LARGEST,
        ignoreAllowances,
      });
      const object = response.text().trim();
      if (COMPACT.test(object)) return object;
      throw invalidUri('request_uri holds no request object');
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      this.logger.log(`request_uri: ${error.code}: ${error.detail}`);
      throw invalidUri('request_uri could not be read');
    }
  }
}

function invalidUri(description: string): OAuthError {
  return new OAuthError('invalid_request_uri', description, { parameter: 'request_uri' });
}
