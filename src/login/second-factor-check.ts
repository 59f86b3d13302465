import { Injectable, Logger } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import type { Taken } from '../platform/database/taken.js';
import { KnownDevice } from './known-device.js';
import type { SecondStep, Step } from './login-method.js';
import { SignInRefused } from './sign-in-refused.js';
import { SignInThrottle, TooManyAttempts } from './throttle.js';

/** Checks a code of the second factor: counted before it is looked at, given back when it was right. */
@Injectable()
export class SecondFactorCheck {
  private readonly logger = new Logger(SecondFactorCheck.name);

  constructor(
    private readonly throttle: SignInThrottle,
    private readonly device: KnownDevice,
    private readonly audit: Audit,
  ) {}

  /** @throws SignInRefused unless `verify` answers true. */
  async require(step: Step, method: string, verify: (subject: string) => Promise<boolean>): Promise<void> {
    const { exchange, person } = step as SecondStep;
    const { sub } = person;
    const counted = await this.admit(step as SecondStep);
    if (await verify(sub)) {
      await counted.giveBack();
      return;
    }
    this.logger.warn(
      `second factor refused: ${method} of ${sub} from ${exchange.ip} (reference ${exchange.correlationId})`,
    );
    await this.audit.record({ name: 'sign_in_refused', subject: sub, method, cause: 'wrong code' }, originOf(exchange));
    throw new SignInRefused(401, 'This code is not right, or it was used already.');
  }

  private async admit({ exchange, person: { sub } }: SecondStep): Promise<Taken> {
    const device = this.device.find(exchange, sub);
    try {
      return await this.throttle.admitSecond({ account: `sub:${sub}`, ip: exchange.ip, device });
    } catch (error) {
      if (!(error instanceof TooManyAttempts)) throw error;
      const { retryAfterSeconds } = error;
      throw new SignInRefused(429, 'Too many attempts. Wait a while, then try again.', { retryAfterSeconds });
    }
  }
}
