import { type DynamicModule, type FactoryProvider, Module, type Provider } from '@nestjs/common';
import { PersonApplications } from '../authorizations/person-applications.js';
import { PersonRemoval } from '../authorizations/person-removal.js';
import { Browser } from '../interactions/browser.js';
import { Interactions } from '../interactions/interactions.js';
import { CredentialRemoval } from '../users/credentials/credential-removal.js';
import { AccountController } from './account.controller.js';
import { selfProtecting } from '../platform/http/own-protection.js';
import { type AccountOptions, AccountSettings } from './account.options.js';
import { ApplicationsController } from './applications.controller.js';
import { AuthenticatorController } from './authenticator.controller.js';
import { CredentialController } from './credential.controller.js';
import { DataController } from './data.controller.js';
import { EmailController } from './email.controller.js';
import { EmailUndoController } from './email-undo.controller.js';
import { EventsController } from './events.controller.js';
import { MailLimit } from './mail-limit.js';
import { PasskeyController } from './passkey.controller.js';
import { PasswordController } from './password.controller.js';
import { ProfileController } from './profile.controller.js';
import { Reauthentication } from './reauthentication.js';
import { RecoveryCodesController } from './recovery-codes.controller.js';
import { RemovalController } from './removal.controller.js';
import { SessionsController } from './sessions.controller.js';
import { UpstreamLinksController } from './upstream.controller.js';

export interface AccountAsyncOptions {
  inject?: FactoryProvider['inject'];
  useFactory: (...dependencies: never[]) => AccountOptions | Promise<AccountOptions>;
}

/**
 * A person's own pages under `/account`: their profile, what they sign in with, where they are signed in, which applications
 * they let in, what happened. It is not the sign-in: who is there, it learns from the sign-on session, and whoever must prove
 * more is sent to sign in by an interaction. It needs `LoginModule` and `IdentityProviderModule` beside it, whose stores it
 * uses.
 */
@Module({})
export class AccountModule {
  static forRoot(options: AccountOptions): DynamicModule {
    return dynamicModule({ provide: AccountSettings, useValue: new AccountSettings(options) });
  }

  static forRootAsync({ inject, useFactory }: AccountAsyncOptions): DynamicModule {
    return dynamicModule({
      provide: AccountSettings,
      inject: inject ?? [],
      useFactory: async (...dependencies: never[]) => new AccountSettings(await useFactory(...dependencies)),
    });
  }
}

function dynamicModule(settings: Provider): DynamicModule {
  return {
    module: AccountModule,
    controllers: selfProtecting([
      AccountController,
      PasskeyController,
      AuthenticatorController,
      RecoveryCodesController,
      PasswordController,
      EmailController,
      EmailUndoController,
      CredentialController,
      ProfileController,
      SessionsController,
      ApplicationsController,
      EventsController,
      DataController,
      RemovalController,
      UpstreamLinksController,
    ]),
    providers: [
      settings,
      Browser,
      Interactions,
      MailLimit,
      Reauthentication,
      CredentialRemoval,
      PersonApplications,
      PersonRemoval,
    ],
  };
}
