import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { Strategy } from 'passport-local';
import { Audit, originOf } from '../../audit/audit.js';
import type { Taken } from '../../platform/database/taken.js';
import type { HttpExchange } from '../../platform/http/exchange.js';
import { Secrets } from '../../platform/secret.js';
import { canonicalUsername } from '../../users/canonical-username.js';
import { PasswordCheck } from '../../users/password-check.js';
import { PasswordHasher } from '../../users/password-hasher.js';
import { Turnstile } from '../../users/turnstile.js';
import { type User, Users, type UserWithPassword } from '../../users/users.js';
import { KnownDevice } from '../known-device.js';
import { SignInThrottle } from '../throttle.js';

/** What Passport gets to see in place of the request: the checked fields and nothing else, no query string above all. */
export interface PasswordRequest {
  body: { username: string; password: string };
  query: Record<string, never>;
  headers: Record<string, never>;
  exchange: HttpExchange;
  /** What the attempt was counted with, once it is right. */
  counted?: Taken;
  /** The last end of what the person had proved before, as it was when they were looked up. */
  ending?: string | null;
}

/** Attempts at work at once in this process. Fewer than the throttle allows an account, so honest ones never use it up. */
const AT_ONCE = 4;
const WAITING = 300;

/**
 * Name and password, on passport-local. Unknown name, wrong password, disabled person and a person without a password are
 * one refusal that takes the same time; only the log knows them apart.
 */
@Injectable()
export class PasswordStrategy extends PassportStrategy(Strategy, 'gatehouse-password') implements OnModuleInit {
  private readonly logger = new Logger(PasswordStrategy.name);
  private readonly turnstile = new Turnstile(AT_ONCE, WAITING);

  constructor(
    private readonly users: Users,
    private readonly hasher: PasswordHasher,
    private readonly check: PasswordCheck,
    private readonly throttle: SignInThrottle,
    private readonly device: KnownDevice,
    private readonly secrets: Secrets,
    private readonly audit: Audit,
  ) {
    super({ passReqToCallback: true });
  }

  /** The method calls this very instance; in Passport's global registry two providers in one process would share it. */
  getPassportInstance() {
    return new passport.Passport();
  }

  async onModuleInit(): Promise<void> {
    await this.hasher.verifyNothing('');
  }

  /** The person, or false. @throws TooManyAttempts, BusyError. */
  validate(request: PasswordRequest, username: string, password: string): Promise<User | false> {
    return this.turnstile.run(() => this.signIn(request, username, password));
  }

  private async signIn(request: PasswordRequest, username: string, password: string): Promise<User | false> {
    const { exchange } = request;
    const { found, counted, ending } = await this.throttle.admitFound(
      (queryable) => this.users.findByUsername(username, queryable),
      { nobody: `name:${canonicalUsername(username)}`, ip: exchange.ip, device: this.device.known(exchange) },
    );
    const proved = await this.check.proves(found, password);
    if (!found || !proved || found.user.disabled) {
      const cause = !found ? 'unknown name' : !proved ? 'wrong password' : 'disabled';
      // A password typed into the name field must not reach the log: a known name goes as its subject, another as a short digest.
      const who = found?.user.sub ?? `#${this.secrets.authenticate('typed-username', username).toString('hex', 0, 4)}`;
      this.logger.warn(`sign-in refused: ${cause}, ${who} from ${exchange.ip} (reference ${exchange.correlationId})`);
      const subject = found?.user.sub;
      await this.audit.record({ name: 'sign_in_refused', subject, method: 'password', cause }, originOf(exchange));
      return false;
    }
    request.counted = counted;
    if (ending !== undefined) request.ending = ending;
    await this.strengthen(found, password);
    return found.user;
  }

  /** Replaces a hash of another strength now that the password is at hand. A failure costs nothing: next time will do. */
  private async strengthen({ user, passwordHash }: UserWithPassword, password: string): Promise<void> {
    if (!this.users.replacePasswordHash || !passwordHash || !this.hasher.needsRehash(passwordHash)) return;
    try {
      await this.users.replacePasswordHash(user.sub, await this.hasher.hash(password), passwordHash);
    } catch (error) {
      this.logger.warn(`the password hash of ${user.sub} was not replaced: ${(error as Error).message}`);
    }
  }
}
