import { randomOctets } from '../../platform/secret.js';
import { type Evidence, Revocation } from './revocation.js';
import type { Introspection } from './introspection.js';

/** How old an answer may be, in milliseconds: between these, lest everybody asks again at the same moment. */
const YOUNGEST = 500;
const OLDEST = 1_000;

/**
 * While the feed is silent: the provider is asked about each credential, at most twice a second. The outbound door lets so
 * many questions through at once, and holds the others in a line.
 */
export class StaleRevocation extends Revocation {
  /** @param introspectionOf where to ask about what an issuer issued */
  constructor(private readonly introspectionOf: (issuer: string) => Introspection) {
    super();
  }

  async isRevoked({ principal, accessToken }: Evidence): Promise<boolean> {
    const mayBeOld = YOUNGEST + ((OLDEST - YOUNGEST) * randomOctets(1)[0]!) / 255;
    return (await this.introspectionOf(principal.issuer).of(accessToken, mayBeOld)) === undefined;
  }
}
