import { type Evidence, Revocation } from './revocation.js';
import type { Introspection } from './introspection.js';

/** How old an answer about a session may be, in milliseconds: its requests share one only when they come at once. */
const AT_ONCE = 1;

/**
 * The provider is asked about each credential: about a token at most once a second, about a session with every request,
 * because who has just signed out looks whether it worked.
 */
export class IntrospectionRevocation extends Revocation {
  /** @param introspectionOf where to ask about what an issuer issued */
  constructor(private readonly introspectionOf: (issuer: string) => Introspection) {
    super();
  }

  async isRevoked({ principal, accessToken }: Evidence): Promise<boolean> {
    const answer = this.introspectionOf(principal.issuer).of(
      accessToken,
      principal.scheme === 'session' ? AT_ONCE : undefined,
    );
    return (await answer) === undefined;
  }
}
