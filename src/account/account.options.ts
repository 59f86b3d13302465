import { type Duration, milliseconds } from '../platform/duration.js';

export interface AccountOptions {
  /** The provider's issuer; its origin is the site that the forms belong to. */
  issuer: string;
  /** The name of the site, as authenticator apps and mails show it. Default `Gatehouse`. */
  serviceName?: string;
  /** How old a proof may be for a sensitive act; older ones are asked for anew. Default 10 minutes. */
  reauthenticateAfter?: Duration;
  /** People may remove their own account, where `Users` has `remove`. Default true. */
  removal?: boolean;
}

/** The options with every default filled in. It is its own injection token. */
export class AccountSettings {
  readonly origin: string;
  readonly serviceName: string;
  readonly reauthenticateAfterMilliseconds: number;
  readonly removal: boolean;

  /** @throws Error naming the option that is malformed. */
  constructor({ issuer, serviceName = 'Gatehouse', reauthenticateAfter = '10m', removal = true }: AccountOptions) {
    if (!URL.canParse(issuer)) throw new Error(`AccountModule: issuer '${issuer}' is not a URL`);
    this.origin = new URL(issuer).origin;
    this.serviceName = serviceName;
    this.reauthenticateAfterMilliseconds = milliseconds(reauthenticateAfter);
    this.removal = removal;
  }
}
