import { type Evidence, Revocation } from './revocation.js';
import type { TokenVersions } from './token-versions.js';

/** A credential says a number, and the person has one: one look-up per request. Who says none says 0. */
export class VersionRevocation extends Revocation {
  constructor(
    private readonly versions: TokenVersions,
    private readonly claim: string,
  ) {
    super();
  }

  async isRevoked({ principal }: Evidence): Promise<boolean> {
    // A program has no number: what it holds is good until it ends.
    if (principal.isClient) return false;
    const said = principal.claims[this.claim];
    const version = typeof said === 'number' ? said : 0;
    return version < (await this.versions.of(principal.subject));
  }
}
