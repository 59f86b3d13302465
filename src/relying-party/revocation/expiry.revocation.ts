import { Revocation } from './revocation.js';

/** Nobody is asked: a credential is good until it ends. Choose short lifetimes with it. */
export class ExpiryRevocation extends Revocation {
  isRevoked(): boolean {
    return false;
  }
}
