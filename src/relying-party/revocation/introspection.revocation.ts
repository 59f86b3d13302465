import { type Evidence, Revocation } from './revocation.js';
import type { Introspection } from './introspection.js';

/** The provider is asked about each credential, at most once a second. */
export class IntrospectionRevocation extends Revocation {
  constructor(private readonly introspection: Introspection) {
    super();
  }

  async isRevoked({ accessToken }: Evidence): Promise<boolean> {
    return (await this.introspection.of(accessToken)) === undefined;
  }
}
