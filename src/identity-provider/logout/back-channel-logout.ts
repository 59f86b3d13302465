import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { LOGOUT_CHANNEL, type LogoutDelivery, LogoutOutbox } from '../../authorizations/logout-outbox.js';
import { Clients } from '../../clients/clients.js';
import { BoundedDispatch } from '../../platform/bounded-dispatch.js';
import { Database } from '../../platform/database/database.js';
import { FORM } from '../../platform/http/form.js';
import { Outbound, OutboundError } from '../../platform/outbound.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { LogoutTokens } from './logout-tokens.js';

/** The outbox is looked at this often without being told: for retries that are due, and what a dead process left. */
const LOOK_EVERY = 1_000;
/** Whoever ended a session delivers at once, and the person waits for it; the other processes let it go first. */
const HEAD_START = 50;
const MOST_AT_ONCE = 16;
/** Of these for one client: one that never answers must not keep the others waiting. */
const MOST_PER_CLIENT = 4;
const TIMEOUT = 5_000;
const LARGEST_ANSWER = 64 * 1024;

/**
 * Tells clients that sessions have ended (OpenID Connect Back-Channel Logout 1.0): takes from the outbox what is due, in
 * however many processes, and sends each client its logout token. Nobody's sign-out depends on a client's answer.
 */
@Injectable()
export class BackChannelLogout implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(BackChannelLogout.name);
  private readonly dispatch: BoundedDispatch<LogoutDelivery>;
  private timer: NodeJS.Timeout | undefined;
  private stopListening = () => {};

  constructor(
    private readonly outbox: LogoutOutbox,
    private readonly clients: Clients,
    private readonly tokens: LogoutTokens,
    private readonly outbound: Outbound,
    private readonly database: Database,
    private readonly settings: IdentityProviderSettings,
  ) {
    this.dispatch = new BoundedDispatch(
      { atOnce: MOST_AT_ONCE, perOwner: MOST_PER_CLIENT },
      {
        claim: (room, mostPerClient, busy) => this.outbox.claim(room, mostPerClient, busy),
        ownerOf: ({ clientId }) => clientId,
        run: (delivery) => this.attempt(delivery),
        // The outbox keeps what is in it; the next look is a second away.
        failed: (error) =>
          this.logger.error(`the outbox of back-channel logout cannot be read, will try again: ${messageOf(error)}`),
      },
    );
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.dispatch.look(), LOOK_EVERY).unref();
    this.stopListening = this.database.listen(LOGOUT_CHANNEL, () => {
      setTimeout(() => void this.dispatch.look(), HEAD_START).unref();
    });
  }

  /** The first of Nest's hooks at a shutdown: nothing new is begun. */
  onModuleDestroy(): void {
    this.dispatch.stop();
    clearInterval(this.timer);
    this.stopListening();
  }

  /** What is under way is finished before the doors to the outside close. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.dispatch.settled();
  }

  /**
   * Delivers what is due right now; returns when everybody has answered, or after `milliseconds`: a person who signs out
   * comes back to applications that know it, as far as these answer (RP-Initiated Logout 1.0 §3).
   */
  async deliver(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
    const delivered = this.dispatch.look().then(() => this.dispatch.settled());
    await Promise.race([delivered, patience]);
    clearTimeout(timer);
  }

  private async attempt(delivery: LogoutDelivery): Promise<void> {
    try {
      const problem = await this.send(delivery);
      if (problem === undefined) await this.outbox.done(delivery);
      else await this.postpone(delivery, problem);
    } catch (error) {
      // Nothing is lost: the claim runs out, and somebody tries again.
      this.logger.error(`back-channel logout of client ${delivery.clientId} failed: ${messageOf(error)}`);
    }
  }

  /** @returns what went wrong, or undefined when the client knows, or wants to know no more. */
  private async send({ clientId, subject, sid }: LogoutDelivery): Promise<string | undefined> {
    const client = await this.clients.find(clientId);
    const url = client?.metadata.backchannel_logout_uri;
    if (!client || client.disabled || url === undefined) return undefined;
    try {
      const token = await this.tokens.make(client, { subject, sid });
      const { status } = await this.outbound.fetch(url, {
        purpose: 'logout',
        method: 'POST',
        headers: { 'content-type': FORM },
        body: new URLSearchParams({ logout_token: token }).toString(),
        // A stranger's URL must not reach what the operator opened for the clients they registered themselves.
        ignoreAllowances: client.policy.dynamic && this.settings.policy !== 'certification',
        timeoutMilliseconds: TIMEOUT,
        maxBytes: LARGEST_ANSWER,
      });
      // §2.8 wants 200; frameworks make 204 of an empty answer.
      return status >= 200 && status < 300 ? undefined : `answered ${status}`;
    } catch (error) {
      if (error instanceof OutboundError) return error.detail;
      if (error instanceof OAuthError) return error.message;
      throw error;
    }
  }

  private async postpone(delivery: LogoutDelivery, problem: string): Promise<void> {
    const next = await this.outbox.failed(delivery, problem);
    const what = `back-channel logout of client ${delivery.clientId}, attempt ${delivery.attempts}: ${problem}`;
    if (next === undefined) this.logger.error(`${what}; given up after a day`);
    else this.logger.warn(`${what}; will try again`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
