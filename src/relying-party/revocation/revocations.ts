import type { RevocationMode } from '../relying-party.options.js';
import { ExpiryRevocation } from './expiry.revocation.js';
import type { Introspection } from './introspection.js';
import { IntrospectionRevocation } from './introspection.revocation.js';
import type { Revocation } from './revocation.js';

/** The revocation modes by name, for the guard that asks the one a route wants. */
export class Revocations {
  private readonly modes: Record<RevocationMode, Revocation>;

  constructor(introspectionOf: (issuer: string) => Introspection) {
    this.modes = { expiry: new ExpiryRevocation(), introspect: new IntrospectionRevocation(introspectionOf) };
  }

  of(mode: RevocationMode): Revocation {
    return this.modes[mode];
  }
}
