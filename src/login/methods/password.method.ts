import { Injectable, Logger } from '@nestjs/common';
import passport from 'passport';
import type { PageForm } from '../../platform/http/page-form.js';
import { Mails } from '../../platform/mail/mails.js';
import { BusyError } from '../../users/turnstile.js';
import { type User, Users } from '../../users/users.js';
import { LoginMethod, type Method, type Offer, type Proved, type Step } from '../login-method.js';
import { PasswordForm } from '../pages/password-form.js';
import { SignInRefused } from '../sign-in-refused.js';
import { TooManyAttempts } from '../throttle.js';
import { type PasswordRequest, PasswordStrategy } from './password.strategy.js';

/**
 * Name and password. A proof is given only when the strategy named a person: everything else Passport may answer (a
 * failure, an error, a pass, a user that is none) is a refusal.
 */
@Injectable()
@LoginMethod('password')
export class PasswordMethod implements Method {
  readonly amr = ['pwd'] as const;
  readonly order = 10;
  private readonly logger = new Logger(PasswordMethod.name);

  constructor(
    private readonly strategy: PasswordStrategy,
    private readonly users: Users,
    private readonly mails: Mails,
  ) {}

  first({ hidden, username, describedBy }: Step): Offer {
    const canReset = this.mails.configured && this.users.setPasswordHash !== undefined;
    const forgotUrl = canReset ? '/login/forgot-password' : undefined;
    return { view: PasswordForm({ action: '/login', hidden, username, describedBy, forgotUrl }) };
  }

  async prove({ exchange }: Step, form: PageForm): Promise<Proved> {
    const username = form.require('username');
    const password = form.require('password');
    const request: PasswordRequest = { exchange, body: { username, password }, query: {}, headers: {} };
    const user = await this.authenticate(request);
    const { counted, ending } = request;
    return { user, amr: this.amr, ...(counted ? { counted } : {}), ...(ending === undefined ? {} : { ending }) };
  }

  private async authenticate(request: PasswordRequest): Promise<User> {
    const {
      exchange,
      body: { username },
    } = request;
    try {
      const user = await this.ask(request);
      if (user) return user;
    } catch (error) {
      if (error instanceof TooManyAttempts) {
        const { retryAfterSeconds } = error;
        const message = 'Too many attempts. Wait a while, then try again.';
        throw new SignInRefused(429, message, { retryAfterSeconds, username });
      }
      if (error instanceof BusyError) {
        this.logger.warn(`sign-in turned away: ${error.message} (reference ${exchange.correlationId})`);
        const { retryAfterSeconds } = error;
        throw new SignInRefused(503, 'The server is busy. Try again in a moment.', { retryAfterSeconds, username });
      }
      throw error;
    }
    throw new SignInRefused(401, 'The username or the password is not right.', { username });
  }

  /** Passport's strategy protocol, without a response: a local strategy that wanted to write one would be refused. */
  private ask(request: PasswordRequest): Promise<User | undefined> {
    return new Promise((resolve, reject) => {
      const done = (error: unknown, user?: User | false | null) => {
        if (error) reject(error as Error);
        else resolve(user && typeof user.sub === 'string' ? user : undefined);
      };
      // Passport writes this request's callbacks onto an instance it is given: without an object of its own for each
      // request, one person's answer would go to another who signs in at the same moment.
      const strategy = Object.create(this.strategy) as PasswordStrategy;
      const middleware = passport.authenticate(strategy, { session: false }, done) as (
        request: PasswordRequest,
        response: object,
        next: (error?: unknown) => void,
      ) => void;
      middleware(request, {}, (error) => done(error));
    });
  }
}
