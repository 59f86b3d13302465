import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Challenges } from '../interactions/challenges.js';
import { OneTimeTokens } from '../interactions/one-time-tokens.js';
import { Mails } from '../platform/mail/mails.js';

const EVERY = 5 * 60_000;

/** Removes now and then what has ended. Nothing depends on its hour: what has ended counts no more. */
@Injectable()
export class LoginMaintenance implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(LoginMaintenance.name);
  private timer?: NodeJS.Timeout;
  private running?: Promise<void>;

  constructor(
    private readonly audit: Audit,
    private readonly challenges: Challenges,
    private readonly tokens: OneTimeTokens,
    private readonly mails: Mails,
  ) {}

  onApplicationBootstrap(): void {
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
      await this.audit.sweep();
      await this.challenges.sweep();
      await this.tokens.sweep();
      await this.mails.sweep();
    } catch (error) {
      this.logger.error(`maintenance failed, will try again: ${error instanceof Error ? error.message : 'unknown'}`);
    }
  }
}
