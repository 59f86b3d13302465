import { type DynamicModule, type FactoryProvider, Module, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Audit } from '../audit/audit.js';
import { UpstreamSettings } from '../federation/upstream.options.js';
import { Upstreams } from '../federation/upstreams.js';
import { Assurance } from '../interactions/assurance.js';
import { Browser } from '../interactions/browser.js';
import { Challenges } from '../interactions/challenges.js';
import { Interactions } from '../interactions/interactions.js';
import { OneTimeTokens } from '../interactions/one-time-tokens.js';
import { selfProtecting } from '../platform/http/own-protection.js';
import { Branding } from '../platform/branding/branding.js';
import { MailLook } from '../platform/mail/mail-look.js';
import { MailCarrier, Mails } from '../platform/mail/mails.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { JointLimits } from '../platform/database/joint-limits.js';
import { SignOnSessions } from '../sessions/sign-on-sessions.js';
import { PersonEnds } from '../sessions/person-ends.js';
import { FederatedIdentities, FederatedIssuers } from '../users/credentials/federated-identities.js';
import { DeviceTrust } from '../users/credentials/device-trust.js';
import { HeldFactors } from '../users/credentials/held-factors.js';
import { Passkeys, PasskeySite } from '../users/credentials/passkeys.js';
import { RecoveryCodes } from '../users/credentials/recovery-codes.js';
import { TotpCredentials } from '../users/credentials/totp.js';
import { DatabaseUsers } from '../users/database-users.js';
import { PasswordCheck } from '../users/password-check.js';
import { PasswordHasher } from '../users/password-hasher.js';
import { PasswordPolicy } from '../users/password-policy.js';
import { PersonLanguages, SignInLanguages } from '../users/person-languages.js';
import { NoticeSettings, SecurityNotices } from '../users/security-notices.js';
import { Users } from '../users/users.js';
import { AfterAnswer } from './after-answer.js';
import { EnrolController } from './enrol.controller.js';
import { HomeController } from './home.controller.js';
import { KnownDevice } from './known-device.js';
import { LoginController } from './login.controller.js';
import { LoginMaintenance } from './login-maintenance.js';
import { LoginMethods } from './login-methods.js';
import { type LoginOptions, LoginSettings, type LoginUsers } from './login.options.js';
import { EmailCodeMethod } from './methods/email-code.method.js';
import { MagicLinkMethod } from './methods/magic-link.method.js';
import { PasskeyMethod } from './methods/passkey.method.js';
import { RecoveryCodeMethod } from './methods/recovery-code.method.js';
import { TotpMethod } from './methods/totp.method.js';
import { UpstreamMethod } from './methods/upstream.method.js';
import { PasswordMethod } from './methods/password.method.js';
import { PasswordStrategy } from './methods/password.strategy.js';
import { MailRequests } from './mail-requests.js';
import { OwnForms } from './own-form.js';
import { PasswordResetController } from './password-reset.controller.js';
import { SignUpController } from './sign-up.controller.js';
import { SecondFactorCheck } from './second-factor-check.js';
import { SignIn } from './sign-in.js';
import { SignInPages } from './sign-in-pages.js';
import { SignInSteps } from './sign-in-steps.js';
import { WebAuthnScriptController } from './webauthn-script.controller.js';
import { SignInThrottle } from './throttle.js';
import { UpstreamController } from './upstream.controller.js';

/** Options made by a factory. Whose users is known before it runs, because a class must be known to be injected into. */
export interface LoginAsyncOptions extends LoginUsers {
  inject?: FactoryProvider['inject'];
  useFactory: (...dependencies: never[]) => LoginOptions | Promise<LoginOptions>;
}

/**
 * Proves who a person is and starts the sign-on session: the sign-in page, its throttle, the start page. It knows no OAuth;
 * the identity provider finds `Users` and `SignOnSessions` here (the module is global), and hands it people by an opaque
 * interaction id. It needs `Clock`, `Secrets` and `Database` from a global module.
 */
@Module({})
export class LoginModule {
  static forRoot({ users, imports, startPage, ...options }: LoginOptions & LoginUsers): DynamicModule {
    return dynamicModule(
      { imports, users, startPage },
      { provide: LoginSettings, useValue: new LoginSettings(options) },
    );
  }

  static forRootAsync({ users, imports, startPage, inject, useFactory }: LoginAsyncOptions): DynamicModule {
    return dynamicModule(
      { imports, users, startPage },
      {
        provide: LoginSettings,
        inject: inject ?? [],
        useFactory: async (...dependencies: never[]) => new LoginSettings(await useFactory(...dependencies)),
      },
    );
  }
}

function dynamicModule(
  { imports = [], users = DatabaseUsers, startPage = false }: LoginUsers,
  settings: Provider,
): DynamicModule {
  return {
    module: LoginModule,
    global: true,
    imports: [DiscoveryModule, ...imports],
    controllers: selfProtecting([
      EnrolController,
      PasswordResetController,
      SignUpController,
      UpstreamController,
      LoginController,
      WebAuthnScriptController,
      ...(startPage ? [HomeController] : []),
    ]),
    providers: [
      settings,
      typeof users === 'function' ? { provide: Users, useClass: users } : { provide: Users, useValue: users },
      {
        provide: SignOnSessions,
        inject: [Database, Clock, LoginSettings],
        useFactory: (database: Database, clock: Clock, { session }: LoginSettings) =>
          new SignOnSessions(database, clock, session),
      },
      Audit,
      Browser,
      Interactions,
      KnownDevice,
      LoginMaintenance,
      LoginMethods,
      { provide: Assurance, useExisting: LoginMethods },
      PasswordHasher,
      PasswordCheck,
      {
        provide: PasswordPolicy,
        inject: [LoginSettings],
        useFactory: ({ minimumPasswordLength, serviceName }: LoginSettings) =>
          new PasswordPolicy(minimumPasswordLength, [serviceName]),
      },
      PasswordStrategy,
      PasswordMethod,
      PasskeyMethod,
      MagicLinkMethod,
      EmailCodeMethod,
      TotpMethod,
      RecoveryCodeMethod,
      UpstreamMethod,
      Upstreams,
      {
        provide: UpstreamSettings,
        inject: [LoginSettings],
        useFactory: ({ upstream }: LoginSettings) => upstream,
      },
      FederatedIdentities,
      {
        provide: FederatedIssuers,
        inject: [UpstreamSettings],
        useFactory: ({ list }: UpstreamSettings) => new FederatedIssuers(list.map(({ issuer }) => issuer)),
      },
      DeviceTrust,
      PersonEnds,
      AfterAnswer,
      Challenges,
      MailRequests,
      Mails,
      {
        provide: MailCarrier,
        inject: [LoginSettings],
        useFactory: ({ mail }: LoginSettings) => new MailCarrier(mail),
      },
      {
        provide: MailLook,
        inject: [{ token: Branding, optional: true }],
        useFactory: (branding = Branding.none) => branding.mails,
      },
      PersonLanguages,
      { provide: SignInLanguages, useExisting: Audit },
      {
        provide: NoticeSettings,
        inject: [LoginSettings],
        useFactory: ({ origin, serviceName }: LoginSettings) => new NoticeSettings(origin, serviceName),
      },
      OneTimeTokens,
      HeldFactors,
      OwnForms,
      SecurityNotices,
      Passkeys,
      {
        provide: PasskeySite,
        inject: [LoginSettings],
        useFactory: ({ origin, serviceName }: LoginSettings) => new PasskeySite(origin, serviceName),
      },
      RecoveryCodes,
      SecondFactorCheck,
      TotpCredentials,
      SignIn,
      SignInPages,
      SignInSteps,
      JointLimits,
      SignInThrottle,
    ],
    exports: [
      Users,
      SignOnSessions,
      PasswordHasher,
      PasswordPolicy,
      Assurance,
      Audit,
      PersonEnds,
      PersonLanguages,
      Challenges,
      DeviceTrust,
      Mails,
      NoticeSettings,
      OneTimeTokens,
      Passkeys,
      RecoveryCodes,
      SecurityNotices,
      TotpCredentials,
      FederatedIdentities,
      Upstreams,
    ],
  };
}
