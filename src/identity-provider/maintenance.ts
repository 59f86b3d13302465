import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Authorizations } from '../authorizations/authorizations.js';
import { DeviceAuthorizations } from '../authorizations/device-authorizations.js';
import { UnusedClients } from '../authorizations/unused-clients.js';
import { LogoutOutbox } from '../authorizations/logout-outbox.js';
import { Interactions } from '../interactions/interactions.js';
import { KeyRing } from '../keys/key-ring.js';
import { SignOnSessions } from '../sessions/sign-on-sessions.js';
import { PushedRequests } from './par/pushed-requests.js';
import { IdentityProviderSettings } from './identity-provider.options.js';

const EVERY = 5 * 60_000;

/** What must be done now and then: sweeping what has ended, rotating keys when they are due. Nothing depends on its hour. */
@Injectable()
export class Maintenance implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Maintenance.name);
  private timer?: NodeJS.Timeout;
  private running?: Promise<void>;

  constructor(
    private readonly keys: KeyRing,
    private readonly authorizations: Authorizations,
    private readonly devices: DeviceAuthorizations,
    private readonly interactions: Interactions,
    private readonly pushedRequests: PushedRequests,
    private readonly sessions: SignOnSessions,
    private readonly unusedClients: UnusedClients,
    private readonly outbox: LogoutOutbox,
    private readonly settings: IdentityProviderSettings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.keys.ensureKeys();
    this.timer = setInterval(() => {
      this.running = this.run();
    }, EVERY);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** One round; a failure is logged and tried again in the next. */
  async run(): Promise<void> {
    try {
      if (await this.keys.rotateWhenDue(this.settings.keyRotationMilliseconds)) this.logger.log('signing keys rotated');
      // Before the authorizations, which stay for as long as their session does.
      await this.sessions.sweep();
      await this.authorizations.sweep();
      await this.devices.sweep();
      await this.interactions.sweep();
      await this.pushedRequests.sweep();
      await this.unusedClients.sweep();
      await this.outbox.sweep();
    } catch (error) {
      this.logger.error(`maintenance failed, will try again: ${error instanceof Error ? error.message : 'unknown'}`);
    }
  }
}
