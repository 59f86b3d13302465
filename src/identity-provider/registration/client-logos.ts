import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Client } from '../../clients/client.js';
import { Clock } from '../../platform/clock.js';
import { Outbound, OutboundError } from '../../platform/outbound.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';

const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml'];
/** In bytes. */
const LARGEST = 256 * 1024;
const MOST_KEPT = { entries: 500, bytes: 16 * 1024 * 1024 };
/** What a page shows may be this old, in milliseconds; what could not be had is asked for again sooner. */
const FRESH_FOR = { logo: 60 * 60_000, failure: 60_000 };

export interface Logo {
  type: string;
  octets: Buffer;
}

/**
 * The logos of clients, fetched by us and kept for a while, so that no third party learns from a picture who is about to
 * sign in, and none is asked each time somebody is.
 */
@Injectable()
export class ClientLogos {
  private readonly logger = new Logger(ClientLogos.name);
  private readonly kept = new LRUCache<string, { logo?: Logo; until: number }>({
    max: MOST_KEPT.entries,
    maxSize: MOST_KEPT.bytes,
    sizeCalculation: ({ logo }) => 1 + (logo?.octets.length ?? 0),
  });

  constructor(
    private readonly outbound: Outbound,
    private readonly clock: Clock,
    private readonly settings: IdentityProviderSettings,
  ) {}

  /** Undefined when the client has none, or it cannot be had. */
  async of({ metadata, policy }: Client): Promise<Logo | undefined> {
    const url = metadata.logo_uri;
    if (url === undefined) return undefined;
    const ignoreAllowances = policy.dynamic && this.settings.policy !== 'certification';
    const name = JSON.stringify([url, ignoreAllowances]);
    const known = this.kept.get(name);
    if (known && this.clock.now() < known.until) return known.logo;
    const logo = await this.fetch(url, ignoreAllowances);
    const until = this.clock.now() + (logo ? FRESH_FOR.logo : FRESH_FOR.failure);
    this.kept.set(name, { ...(logo ? { logo } : {}), until });
    return logo;
  }

  private async fetch(url: string, ignoreAllowances: boolean): Promise<Logo | undefined> {
    try {
      const { headers, body } = await this.outbound.fetch(url, {
        purpose: 'logo',
        accept: IMAGE_TYPES,
        maxBytes: LARGEST,
        ignoreAllowances,
      });
      // Outbound has checked it against the accepted ones; parameters such as a charset are dropped.
      const type = headers['content-type']!.split(';', 1)[0]!.trim().toLowerCase();
      return body.length > 0 ? { type, octets: body } : undefined;
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      this.logger.log(`logo_uri: ${error.code}: ${error.detail}`);
      return undefined;
    }
  }
}
