import { type DynamicModule, type FactoryProvider, Module, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccessTokens } from '../authorizations/access-tokens.js';
import { AuthorizationCodes } from '../authorizations/authorization-code.js';
import { Authorizations } from '../authorizations/authorizations.js';
import { ClientEncryption } from '../authorizations/client-encryption.js';
import { Consents } from '../authorizations/consents.js';
import { DeviceAuthorizations } from '../authorizations/device-authorizations.js';
import { LogoutOutbox } from '../authorizations/logout-outbox.js';
import { PersonAuthorizations } from '../authorizations/person-authorizations.js';
import { RefreshTokens } from '../authorizations/refresh-tokens.js';
import { ReceiptNames } from '../authorizations/receipt-names.js';
import { RevocationLog } from '../authorizations/revocation-log.js';
import { RevocationReceipts } from '../authorizations/revocation-receipts.js';
import { SessionClients } from '../authorizations/session-clients.js';
import { ClientChanges } from '../authorizations/client-changes.js';
import { SessionEnds } from '../authorizations/session-ends.js';
import { TokenIssuer } from '../authorizations/token-issuer.js';
import { TokenPolicy } from '../authorizations/token-policy.js';
import { UsedAssertions } from '../authorizations/used-assertions.js';
import { Visits } from '../authorizations/visits.js';
import { UnusedClients } from '../authorizations/unused-clients.js';
import { Clients } from '../clients/clients.js';
import { Resources } from '../clients/resources.js';
import { SubjectIdentifiers } from '../clients/subject-identifiers.js';
import { Browser } from '../interactions/browser.js';
import { Interactions } from '../interactions/interactions.js';
import { DecryptionKeys } from '../jwt/encryption.js';
import { SigningKeys, VerificationKeys } from '../jwt/key-source.js';
import { TokenSigner } from '../jwt/token-signer.js';
import { KeyRing } from '../keys/key-ring.js';
import { AnsweredRequests } from './authorize/answered-requests.js';
import { AuthorizationAnswers } from './authorize/authorization-answers.js';
import { RepeatedChallenges } from './authorize/repeated-challenges.js';
import { WaitingRequests } from './authorize/waiting-requests.js';
import { AuthorizationFlow } from './authorize/authorization-flow.js';
import { AuthorizationRequests } from './authorize/authorization-requests.js';
import { AuthorizeController } from './authorize/authorize.controller.js';
import { ConsentController } from './authorize/consent.controller.js';
import { IdTokenHints } from './authorize/id-token-hint.js';
import { RequestObjects } from './authorize/request-objects.js';
import { RequestParameters } from './authorize/request-parameters.js';
import { RequestUris } from './authorize/request-uris.js';
import { ClientAssertions } from './client-auth/client-assertion.js';
import { ClientKeys } from './client-auth/client-keys.js';
import { ClientSecretJwtAuthenticator } from './client-auth/client-secret-jwt.authenticator.js';
import { PrivateKeyJwtAuthenticator } from './client-auth/private-key-jwt.authenticator.js';
import { ClientAuthThrottle } from './client-auth/client-auth-throttle.js';
import { ClientAuthentication } from './client-auth/client-authentication.js';
import { ClientSecretBasicAuthenticator } from './client-auth/client-secret-basic.authenticator.js';
import { ClientSecretPostAuthenticator } from './client-auth/client-secret-post.authenticator.js';
import { NoneAuthenticator } from './client-auth/none.authenticator.js';
import { BrowserOrigins } from './cors.js';
import { DeviceAuthorizationController } from './device/device-authorization.controller.js';
import { DeviceController } from './device/device.controller.js';
import { UserCodeThrottle } from './device/user-code-throttle.js';
import { DiscoveryController } from './discovery/discovery.controller.js';
import { type IdentityProviderOptions, IdentityProviderSettings } from './identity-provider.options.js';
import { CheckSessionController } from './session-management/check-session.controller.js';
import { IntrospectionController } from './introspection/introspection.controller.js';
import { BackChannelLogout } from './logout/back-channel-logout.js';
import { LogoutController } from './logout/logout.controller.js';
import { LogoutTokens } from './logout/logout-tokens.js';
import { SignOut } from './logout/sign-out.js';
import { Maintenance } from './maintenance.js';
import { JointLimits } from '../platform/database/joint-limits.js';
import { selfProtecting } from '../platform/http/own-protection.js';
import { PushedAuthorizationController } from './par/pushed-authorization.controller.js';
import { PushedRequests } from './par/pushed-requests.js';
import { ClientLogos } from './registration/client-logos.js';
import { LogoController } from './registration/logo.controller.js';
import { RegistrationThrottle } from './registration/registration-throttle.js';
import { RegistrationController } from './registration/registration.controller.js';
import { Registrations } from './registration/registrations.js';
import { SectorIdentifiers } from './registration/sector-identifiers.js';
import { RevocationController } from './revocation/revocation.controller.js';
import { ServedPaths } from './served-paths.js';
import { Receipts } from './signals/receipts.js';
import { signalsControllers, signalsProviders } from './signals/signals.providers.js';
import { AuthorizationCodeGrant } from './token/grants/authorization-code.grant.js';
import { ClientCredentialsGrant } from './token/grants/client-credentials.grant.js';
import { DeviceCodeGrant } from './token/grants/device-code.grant.js';
import { JwtBearerGrant } from './token/grants/jwt-bearer.grant.js';
import { RefreshTokenGrant } from './token/grants/refresh-token.grant.js';
import { TokenExchangeGrant } from './token/grants/token-exchange.grant.js';
import { Grants } from './token/grants.js';
import { TokenController } from './token/token.controller.js';
import { UserinfoController } from './userinfo/userinfo.controller.js';

export interface IdentityProviderAsyncOptions {
  inject?: FactoryProvider['inject'];
  useFactory: (...dependencies: never[]) => IdentityProviderOptions | Promise<IdentityProviderOptions>;
}

/**
 * The OpenID Provider: authorization, token, userinfo, introspection, revocation, registration and end-session endpoints,
 * and discovery. It is not the login: who a person is, it learns from the sign-on session that `LoginModule` starts. It
 * needs `Clock`, `Secrets`, `Database` and `Outbound` from a global module.
 */
@Module({})
export class IdentityProviderModule {
  static forRoot(options: IdentityProviderOptions): DynamicModule {
    return dynamicModule({ provide: IdentityProviderSettings, useValue: new IdentityProviderSettings(options) });
  }

  static forRootAsync({ inject, useFactory }: IdentityProviderAsyncOptions): DynamicModule {
    return dynamicModule({
      provide: IdentityProviderSettings,
      inject: inject ?? [],
      useFactory: async (...dependencies: never[]) => new IdentityProviderSettings(await useFactory(...dependencies)),
    });
  }
}

function dynamicModule(settings: Provider): DynamicModule {
  return {
    module: IdentityProviderModule,
    // A person's own pages beside it show what they let applications do.
    global: true,
    imports: [DiscoveryModule],
    controllers: selfProtecting([
      DiscoveryController,
      AuthorizeController,
      PushedAuthorizationController,
      ConsentController,
      DeviceAuthorizationController,
      DeviceController,
      TokenController,
      UserinfoController,
      IntrospectionController,
      RevocationController,
      LogoutController,
      CheckSessionController,
      RegistrationController,
      LogoController,
      ...signalsControllers,
    ]),
    providers: [
      settings,
      {
        provide: TokenPolicy,
        inject: [IdentityProviderSettings],
        useFactory: (chosen: IdentityProviderSettings) => new TokenPolicy(chosen.tokenPolicy()),
      },
      KeyRing,
      { provide: SigningKeys, useExisting: KeyRing },
      { provide: VerificationKeys, useExisting: KeyRing },
      { provide: DecryptionKeys, useExisting: KeyRing },
      TokenSigner,
      Clients,
      Resources,
      SubjectIdentifiers,
      Browser,
      Interactions,
      Authorizations,
      RevocationLog,
      AuthorizationCodes,
      RefreshTokens,
      Consents,
      DeviceAuthorizations,
      PersonAuthorizations,
      AccessTokens,
      ClientEncryption,
      TokenIssuer,
      AnsweredRequests,
      AuthorizationAnswers,
      AuthorizationRequests,
      PushedRequests,
      RepeatedChallenges,
      WaitingRequests,
      RequestObjects,
      RequestParameters,
      RequestUris,
      AuthorizationFlow,
      IdTokenHints,
      BrowserOrigins,
      ClientAuthThrottle,
      ClientAuthentication,
      ClientSecretBasicAuthenticator,
      ClientSecretPostAuthenticator,
      ClientAssertions,
      UsedAssertions,
      Visits,
      ClientKeys,
      PrivateKeyJwtAuthenticator,
      ClientSecretJwtAuthenticator,
      NoneAuthenticator,
      Grants,
      AuthorizationCodeGrant,
      RefreshTokenGrant,
      ClientCredentialsGrant,
      DeviceCodeGrant,
      TokenExchangeGrant,
      JwtBearerGrant,
      JointLimits,
      UserCodeThrottle,
      LogoutOutbox,
      SessionEnds,
      SessionClients,
      LogoutTokens,
      BackChannelLogout,
      SignOut,
      ClientChanges,
      Registrations,
      RegistrationThrottle,
      SectorIdentifiers,
      ClientLogos,
      UnusedClients,
      Maintenance,
      ServedPaths,
      ...signalsProviders,
      { provide: RevocationReceipts, useExisting: Receipts },
    ],
    exports: [
      Clients,
      Resources,
      SubjectIdentifiers,
      KeyRing,
      Authorizations,
      Consents,
      ReceiptNames,
      RevocationLog,
      RevocationReceipts,
    ],
  };
}
