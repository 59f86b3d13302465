import type { RevocationMode, Settings } from '../relying-party.options.js';
import type { RevocationFeed } from '../revocations/revocation-feed.js';
import { ExpiryRevocation } from './expiry.revocation.js';
import { FeedRevocation } from './feed.revocation.js';
import type { Introspection } from './introspection.js';
import { IntrospectionRevocation } from './introspection.revocation.js';
import type { Revocation } from './revocation.js';

/** The revocation modes by name, for the guard that asks the one a route wants. */
export class Revocations {
  private readonly modes: Record<RevocationMode, Revocation>;

  constructor(introspectionOf: (issuer: string) => Introspection, feed: RevocationFeed, settings: Settings) {
    const introspect = new IntrospectionRevocation(introspectionOf);
    this.modes = {
      expiry: new ExpiryRevocation(),
      introspect,
      feed: new FeedRevocation(feed, introspect, settings),
    };
  }

  of(mode: RevocationMode): Revocation {
    return this.modes[mode];
  }
}
