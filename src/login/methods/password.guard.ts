import { type CanActivate, type ExecutionContext, Injectable, Logger } from '@nestjs/common';
import passport from 'passport';
import { HttpExchange } from '../../platform/http/exchange.js';
import { BusyError } from '../../users/turnstile.js';
import type { User } from '../../users/users.js';
import { SignInForm, type SubmittedForm } from '../sign-in-form.js';
import { SignInRefused } from '../sign-in-refused.js';
import { TooManyAttempts } from '../throttle.js';
import { type PasswordRequest, PasswordStrategy } from './password.strategy.js';

/** A form whose password was right. */
export interface ProvedForm extends SubmittedForm {
  user: User;
}

const proved = new WeakMap<HttpExchange, ProvedForm>();

/** What the guard proved for this request; undefined when it did not run or refused. */
export function provedForm(exchange: HttpExchange): ProvedForm | undefined {
  return proved.get(exchange);
}

/**
 * Lets a request pass only when the password strategy named a person. Everything else Passport may answer (a failure, an
 * error, a pass, a user that is none) is a refusal.
 */
@Injectable()
export class PasswordGuard implements CanActivate {
  private readonly logger = new Logger(PasswordGuard.name);

  constructor(
    private readonly form: SignInForm,
    private readonly strategy: PasswordStrategy,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const exchange = HttpExchange.of(http.getRequest<object>(), http.getResponse<object>());
    const form = await this.form.read(exchange);
    proved.set(exchange, { ...form, user: await this.authenticate(form) });
    return true;
  }

  private async authenticate(form: SubmittedForm): Promise<User> {
    try {
      const user = await this.ask(form);
      if (user) return user;
    } catch (error) {
      if (error instanceof TooManyAttempts) {
        const message = 'Too many attempts. Wait a while, then try again.';
        throw new SignInRefused(form, 429, message, error.retryAfterSeconds);
      }
      if (error instanceof BusyError) {
        this.logger.warn(`sign-in turned away: ${error.message} (reference ${form.exchange.correlationId})`);
        throw new SignInRefused(form, 503, 'The server is busy. Try again in a moment.', error.retryAfterSeconds);
      }
      throw error;
    }
    throw new SignInRefused(form, 401, 'The username or the password is not right.');
  }

  /** Passport's strategy protocol, without a response: a local strategy that wanted to write one would be refused. */
  private ask(form: SubmittedForm): Promise<User | undefined> {
    const { username, password } = form;
    const request: PasswordRequest = { body: { username, password }, query: {}, headers: {}, form };
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
