import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { LOGOUT_CHANNEL, type LogoutDelivery, LogoutOutbox } from '../../authorizations/logout-outbox.js';
import { Clients } from '../../clients/clients.js';
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
  private readonly underWay = new Map<Promise<void>, string>();
  private looking: Promise<void> | undefined;
  private lookAgain = false;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;
  private stopListening = () => {};

  constructor(
    private readonly outbox: LogoutOutbox,
    private readonly clients: Clients,
    private readonly tokens: LogoutTokens,
    private readonly outbound: Outbound,
    private readonly database: Database,
    private readonly settings: IdentityProviderSettings,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY).unref();
    this.stopListening = this.database.listen(LOGOUT_CHANNEL, () => {
      setTimeout(() => void this.look(), HEAD_START).unref();
    });
  }

  /** The first of Nest's hooks at a shutdown: nothing new is begun. */
  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.timer);
    this.stopListening();
  }

  /** What is under way is finished before the doors to the outside close. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.looking;
    await Promise.allSettled(this.underWay.keys());
  }

  /**
   * Delivers what is due right now; returns when everybody has answered, or after `milliseconds`: a person who signs out
   * comes back to applications that know it, as far as these answer (RP-Initiated Logout 1.0 §3).
   */
  async deliver(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
    const delivered = this.look().then(() => Promise.allSettled(this.underWay.keys()));
    await Promise.race([delivered, patience]);
    clearTimeout(timer);
  }

  /** Begins what is due, as much as there is room for; what has to wait is begun when room is made. */
  private async look(): Promise<void> {
    this.lookAgain = true;
    this.looking ??= this.lookRepeatedly().finally(() => (this.looking = undefined));
    await this.looking;
  }

  private async lookRepeatedly(): Promise<void> {
    try {
      while (this.lookAgain && !this.stopped) {
        this.lookAgain = false;
        await this.begin();
      }
    } catch (error) {
      // The outbox keeps what is in it; the next look is a second away.
      this.logger.error(`the outbox of back-channel logout cannot be read, will try again: ${messageOf(error)}`);
    }
  }

  private async begin(): Promise<void> {
    const room = MOST_AT_ONCE - this.underWay.size;
    if (room <= 0) return;
    const claimed = await this.outbox.claim(room, MOST_PER_CLIENT, this.busyClients());
    for (const delivery of claimed) {
      const task: Promise<void> = this.attempt(delivery).finally(() => {
        this.underWay.delete(task);
        void this.look();
      });
      this.underWay.set(task, delivery.clientId);
    }
    if (claimed.length > 0) this.lookAgain = true;
  }

  private busyClients(): string[] {
    const counts = new Map<string, number>();
    for (const client of this.underWay.values()) counts.set(client, (counts.get(client) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= MOST_PER_CLIENT).map(([client]) => client);
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
