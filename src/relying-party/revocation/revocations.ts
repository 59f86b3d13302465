import type { Principal } from '../../protocol/principal.js';
import type { RevocationMode, Settings } from '../relying-party.options.js';
import type { RevocationFeed } from '../revocations/revocation-feed.js';
import type { DenyList } from './deny-list.js';
import { DenyListRevocation } from './deny-list.revocation.js';
import { ExpiryRevocation } from './expiry.revocation.js';
import { FeedRevocation } from './feed.revocation.js';
import type { Introspection } from './introspection.js';
import { IntrospectionRevocation } from './introspection.revocation.js';
import type { Revocation } from './revocation.js';
import { StaleRevocation } from './stale.revocation.js';
import type { TokenVersions } from './token-versions.js';
import { VersionRevocation } from './version.revocation.js';

/** The revocation modes by name, for the guard that asks the one a route wants. */
export class Revocations {
  private readonly modes: Record<RevocationMode, Revocation>;
  private readonly feed: FeedRevocation;

  constructor(
    introspectionOf: (issuer: string) => Introspection,
    { feed, denyList, versions }: { feed: RevocationFeed; denyList: DenyList; versions: TokenVersions },
    private readonly settings: Settings,
  ) {
    this.feed = new FeedRevocation(feed, new StaleRevocation(introspectionOf), settings);
    this.modes = {
      expiry: new ExpiryRevocation(),
      introspect: new IntrospectionRevocation(introspectionOf),
      'deny-list': new DenyListRevocation(denyList),
      version: new VersionRevocation(versions, settings.versionClaim),
      feed: this.feed,
    };
  }

  /** Whether it is known here and now, without asking anybody, that this was revoked. */
  isKnownRevoked(principal: Principal): boolean {
    return this.settings.revocationOf(principal.issuer) === 'feed' && this.feed.isHit(principal);
  }

  of(mode: RevocationMode): Revocation {
    return this.modes[mode];
  }
}
