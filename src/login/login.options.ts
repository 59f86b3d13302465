import type { ModuleMetadata, Type } from '@nestjs/common';
import { type UpstreamOptions, UpstreamSettings } from '../federation/upstream.options.js';
import { type Duration, milliseconds } from '../platform/duration.js';
import type { MailTransport } from '../platform/mail/mail.js';
import type { SessionLimits } from '../sessions/sessions.js';
import type { Users } from '../users/users.js';
import type { SecondFactorPolicy } from './next-factor.js';

/** How often a wrong password may be tried. Each number is failures within the window; successes do not count. */
export interface ThrottleOptions {
  /** Begins with the first failure. Default 15 minutes. */
  window?: Duration;
  /** For one account from one network (an IPv4 address, or an IPv6 /64), or from one known device. Default 10. */
  perAccountAndNetwork?: number;
  /** For one account from everywhere, known devices apart. Default 50; NIST SP 800-63B §5.2.2 allows 100. */
  perAccount?: number;
  /** For all accounts from one network. Default 100. */
  perNetwork?: number;
  /** Mails that may be asked for to one account or address, from everywhere. Default 5. */
  mailsPerAccount?: number;
  /** Mails that may be asked for from one network. Default 200. */
  mailsPerNetwork?: number;
}

export interface LoginOptions {
  /** The login methods in use, by their names. Default: all that can work here and do not have to be asked for by name. */
  methods?: string[];
  /** When a second factor is asked for, beyond what a client demands. Default `enrolled`: of everybody who has one. */
  secondFactor?: SecondFactorPolicy;
  /** For `new-device`: how long a browser where a second factor was given is spared the next. Default 30 days. */
  deviceTrust?: Duration;
  /**
   * Characters that a new password has at least. Default 15, or 8 under `secondFactor: 'always'`, where it is never all
   * there is (NIST SP 800-63B-4 §3.1.1.2).
   */
  minimumPasswordLength?: number;
  /** The name of the site, in authenticator apps and mails. Default `Gatehouse`. */
  serviceName?: string;
  /** The provider's issuer; its origin is the site that the forms belong to. */
  issuer: string;
  /** Sign-on sessions. Default 8 hours idle, 24 hours absolute. */
  session?: { idle?: Duration; absolute?: Duration };
  throttle?: ThrottleOptions;
  /**
   * What carries mails; for a demo `outbox`, which keeps them for a page to show. Without it nobody gets a mail, and what
   * needs one (resetting a password, signing up, signing in by mail) is not offered.
   */
  mail?: MailTransport | 'outbox';
  /** People may make accounts themselves; needs `mail`. Default false. */
  signUp?: boolean;
  /** Other OpenID Providers that people may sign in with. */
  upstream?: UpstreamOptions[];
  /** Where the start page leads a person to their own pages. */
  accountUrl?: string;
  /** Where the start page leads to. */
  apps?: { name: string; url: string }[];
}

/** Whom to sign in: your own class, or an instance of it. Without it, the people in the provider's own database. */
export interface LoginUsers {
  users?: Type<Users> | Users;
  /** Serve the provider's start page at `/`. Leave it out inside an application that has a start page of its own. */
  startPage?: boolean;
  /** Modules that your class needs injected from. */
  imports?: ModuleMetadata['imports'];
}

/** The options with every default filled in. It is its own injection token. */
export class LoginSettings {
  readonly origin: string;
  readonly session: SessionLimits;
  readonly throttle: { windowSeconds: number } & Record<Exclude<keyof ThrottleOptions, 'window'>, number>;
  readonly apps: { name: string; url: string }[];
  readonly methods?: string[];
  readonly secondFactor: SecondFactorPolicy;
  readonly deviceTrustMilliseconds: number;
  readonly serviceName: string;
  readonly minimumPasswordLength: number;
  readonly accountUrl?: string;
  readonly mail?: MailTransport | 'outbox';
  readonly signUp: boolean;
  readonly upstream: UpstreamSettings;

  /** @throws Error naming the option that is malformed. */
  constructor(options: LoginOptions) {
    const { issuer, methods, session = {}, throttle = {}, apps = [] } = options;
    if (!URL.canParse(issuer)) throw new Error(`LoginModule: issuer '${issuer}' is not a URL`);
    this.origin = new URL(issuer).origin;
    this.session = {
      idleMilliseconds: milliseconds(session.idle ?? '8h'),
      absoluteMilliseconds: milliseconds(session.absolute ?? '24h'),
    };
    this.throttle = {
      windowSeconds: Math.ceil(milliseconds(throttle.window ?? '15m') / 1000),
      perAccountAndNetwork: atLeastOne('perAccountAndNetwork', throttle.perAccountAndNetwork ?? 10),
      perAccount: atLeastOne('perAccount', throttle.perAccount ?? 50),
      perNetwork: atLeastOne('perNetwork', throttle.perNetwork ?? 100),
      mailsPerAccount: atLeastOne('mailsPerAccount', throttle.mailsPerAccount ?? 5),
      mailsPerNetwork: atLeastOne('mailsPerNetwork', throttle.mailsPerNetwork ?? 200),
    };
    this.apps = apps;
    this.upstream = new UpstreamSettings(this.origin, options.upstream);
    if (methods) this.methods = methods;
    this.secondFactor = options.secondFactor ?? 'enrolled';
    this.deviceTrustMilliseconds = milliseconds(options.deviceTrust ?? '30d');
    this.minimumPasswordLength = options.minimumPasswordLength ?? (this.secondFactor === 'always' ? 8 : 15);
    if (!Number.isInteger(this.minimumPasswordLength) || this.minimumPasswordLength < 8) {
      throw new Error('LoginModule: minimumPasswordLength must be a whole number from 8');
    }
    if (options.mail) this.mail = options.mail;
    this.signUp = options.signUp ?? false;
    if (this.signUp && !this.mail) throw new Error('LoginModule: signUp needs mail: addresses are proved by it');
    if (options.accountUrl !== undefined) this.accountUrl = options.accountUrl;
    this.serviceName = options.serviceName ?? 'Gatehouse';
  }
}

function atLeastOne(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`LoginModule: throttle.${name} must be a whole number from 1`);
  return value;
}
