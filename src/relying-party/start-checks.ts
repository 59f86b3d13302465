import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { IssuerMismatchError, Provider } from '../federation/provider-metadata.js';
import { OptionsError } from './options-error.js';
import { Settings } from './relying-party.options.js';

/** Who keeps which cookie in this process: the applications by host and name. */
const cookies = new Map<string, { owner: string; holders: number }>();

/** What the options alone do not show: stops the start with the name of what is wrong. */
@Injectable()
export class StartChecks implements OnApplicationBootstrap, OnApplicationShutdown {
  private release: (() => void) | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly provider: Provider,
  ) {}

  /** @throws OptionsError */
  async onApplicationBootstrap(): Promise<void> {
    this.release = claimCookie(this.settings);
    try {
      await this.provider.check();
    } catch (error) {
      this.onApplicationShutdown();
      if (!(error instanceof IssuerMismatchError)) throw error;
      throw new OptionsError('issuer_mismatch', [`issuer: ${error.message}`], { cause: error });
    }
  }

  onApplicationShutdown(): void {
    this.release?.();
    this.release = undefined;
  }
}

/**
 * Cookies are kept apart by host and not by port: two applications of one host would overwrite each other's sessions, and
 * each would take the other's people for signed out. Of one application there may be several.
 */
function claimCookie({ session, issuer }: Settings): (() => void) | undefined {
  if (!session) return undefined;
  const { hostname } = new URL(session.redirectUri);
  const place = `${hostname} ${session.cookie.name}`;
  const owner = `${session.clientId} at ${issuer}`;
  const claim = cookies.get(place) ?? { owner, holders: 0 };
  if (claim.owner !== owner) {
    throw new OptionsError('cookie_name_taken', [
      `session.cookie.name: ${session.cookie.name} is the cookie of another application in this process (${claim.owner}), ` +
        'and cookies are not kept apart by port: give each a name of its own.',
    ]);
  }
  claim.holders += 1;
  cookies.set(place, claim);
  return () => {
    claim.holders -= 1;
    if (claim.holders === 0) cookies.delete(place);
  };
}
