import { parentsOf } from '../../protocol/delegation.js';
import { parsePosition } from '../../protocol/position.js';
import type { Principal } from '../../protocol/principal.js';
import type { StalenessPolicy } from '../access.js';
import type { MaybePromise } from '../maybe-promise.js';
import type { Settings } from '../relying-party.options.js';
import type { RevocationFeed } from '../revocations/revocation-feed.js';
import type { RevocationKeys } from '../revocations/rule-table.js';
import { type Evidence, Revocation, RevocationsUnknownError } from './revocation.js';

/** What a credential is known by, and how long it lives. */
interface Known {
  keys: RevocationKeys;
  /** Of the tokens that it was made from: it dies with them. */
  parents: readonly RevocationKeys[];
  lifetimeSeconds: number;
  /** It was hit by none of the rules of this edition; 0: none had come. */
  clearUnder: number;
}

/**
 * The provider has told what is revoked: a few look-ups in memory, and only when rules came since the last request. How old
 * that knowledge is, is asked with every request; where it is too old, the route's policy decides. What is known to be revoked
 * is refused in any case.
 */
export class FeedRevocation extends Revocation {
  /** Cached tokens are the same principal with every request. */
  private readonly known = new WeakMap<Principal, Known>();

  constructor(
    private readonly feed: RevocationFeed,
    private readonly introspect: Revocation,
    private readonly settings: Settings,
  ) {
    super();
  }

  isRevoked(evidence: Evidence, staleness?: StalenessPolicy): MaybePromise<boolean> {
    const { feed } = this;
    // Its provider never told anything.
    if (feed.state === 'absent' && feed.edition === 0) return false;
    const known = this.knownBy(evidence.principal);
    if (this.hits(known)) return true;
    const { maxStalenessMilliseconds, onStale: usual } = this.settings.feed;
    const age = feed.ageMilliseconds;
    if (age <= (staleness?.maxMilliseconds ?? maxStalenessMilliseconds) && feed.canVouchFor(known.lifetimeSeconds))
      return false;
    // Its provider has no feed, and nobody insisted on one.
    if (feed.state === 'absent') return false;
    const policy = staleness?.onStale ?? usual;
    if (policy === 'accept') return false;
    if (age === Infinity)
      throw new RevocationsUnknownError(`the revocation feed is ${feed.state}: nothing is known yet`);
    if (policy === 'refuse')
      throw new RevocationsUnknownError(`the revocation feed was silent for ${Math.round(age)} ms`);
    return this.introspect.isRevoked(evidence, staleness);
  }

  /** Whether what is known by now says that it is revoked. */
  isHit(principal: Principal): boolean {
    return this.hits(this.knownBy(principal));
  }

  private hits(known: Known): boolean {
    const { feed } = this;
    const { edition } = feed;
    if (known.clearUnder === edition) return false;
    if (feed.hits(known.keys)) return true;
    for (const parent of known.parents) if (feed.hits(parent)) return true;
    known.clearUnder = edition;
    return false;
  }

  private knownBy(principal: Principal): Known {
    let known = this.known.get(principal);
    if (!known) this.known.set(principal, (known = knownBy(principal)));
    return known;
  }
}

/** What the rules of the feed are asked about. A session has no token of its own, and ends by its own clock. */
function knownBy({ scheme, subject, sid, clientId, claims }: Principal): Known {
  const { jti, authorization_id: authorizationId, rev, iat, exp } = claims;
  const isToken = scheme === 'jwt';
  const keys: RevocationKeys = {
    jti: isToken ? textOf(jti) : undefined,
    sid,
    authorizationId: textOf(authorizationId),
    subject,
    clientId,
    position: parsePosition(rev),
    issuedAt: typeof iat === 'number' ? iat : undefined,
  };
  const parents = parentsOf(claims).map((parent) => ({
    // The position of an exchanged token is the earliest of all.
    ...keys,
    jti: parent.jti,
    sid: textOf(parent.sid),
    authorizationId: textOf(parent.authorization_id),
    clientId: parent.client_id,
  }));
  return {
    keys,
    parents,
    lifetimeSeconds: isToken && typeof exp === 'number' && typeof iat === 'number' ? exp - iat : 0,
    clearUnder: 0,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
