import { ConfigurableModuleBuilder, Module, type Provider as NestProvider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { SIGNING_ALGORITHMS } from '../jwt/key-source.js';
import { RemoteKeys } from '../jwt/remote-keys.js';
import { TokenVerifier } from '../jwt/token-verifier.js';
import { Outbound } from '../platform/outbound.js';
import { ApplicationSessions } from './application-sessions.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { Authenticator } from './authenticator.js';
import { BearerTokens } from './bearer-tokens.js';
import { OidcClient } from '../federation/oidc-client.js';
import { Provider } from '../federation/provider-metadata.js';
import { Challenges } from './challenges.js';
import { Description, GLOBAL_GUARD_MARK } from './description/description.js';
import { OpenConnections } from './open-connections.js';
import { GuardedMessages, OtherContexts } from './other-contexts.js';
import { Possession } from './possession.js';
import { ProtectedResource } from './protected-resource.js';
import { RefusalFilter } from './refusal.filter.js';
import { type RelyingPartyOptions, Settings } from './relying-party.options.js';
import { DenyList } from './revocation/deny-list.js';
import { Introspection } from './revocation/introspection.js';
import { RevocationRedis } from './revocation/revocation-redis.js';
import { Revocations } from './revocation/revocations.js';
import { TokenVersions } from './revocation/token-versions.js';
import { RevocationFeed } from './revocations/revocation-feed.js';
import { ProviderLogoutController } from './provider-logout.controller.js';
import { SignalsController } from './signals.controller.js';
import { StartChecks } from './start-checks.js';
import { SignInController } from './sign-in.controller.js';
import { TokenClient } from './token-client.js';
import { ToldSessions } from './told-sessions.js';
import { TrustedIssuers } from './trusted-issuers.js';
import { SignOutReceipts } from './sign-out-receipts.js';
import { UserSessions } from './user-sessions.js';

const GLOBAL_GUARD: NestProvider[] = [
  { provide: APP_GUARD, useExisting: AuthenticationGuard },
  { provide: GLOBAL_GUARD_MARK, useValue: true },
  GuardedMessages,
];

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<RelyingPartyOptions>()
  .setClassMethodName('forRoot')
  .setExtras({ isGlobal: true, globalGuard: true }, (definition, { isGlobal, globalGuard }) => ({
    ...definition,
    global: isGlobal,
    providers: [...(definition.providers ?? []), ...(globalGuard ? GLOBAL_GUARD : [])],
  }))
  .build();

const providers: NestProvider[] = [
  {
    provide: Settings,
    useFactory: (options: RelyingPartyOptions) => new Settings(options),
    inject: [MODULE_OPTIONS_TOKEN],
  },
  // Also so that Nest closes it at shutdown.
  { provide: Outbound, useFactory: (settings: Settings) => settings.outbound, inject: [Settings] },
  {
    provide: Provider,
    useFactory: ({ issuer, clock }: Settings, outbound: Outbound) => new Provider(issuer, outbound, clock),
    inject: [Settings, Outbound],
  },
  {
    provide: RemoteKeys,
    useFactory: ({ clock, bearer }: Settings, provider: Provider, outbound: Outbound) =>
      new RemoteKeys({
        url: async () => (await provider.metadata()).jwks_uri,
        outbound,
        clock,
        algorithms: [...(bearer?.issuers[0]!.algorithms ?? []), ...SIGNING_ALGORITHMS],
      }),
    inject: [Settings, Provider, Outbound],
  },
  {
    provide: TokenVerifier,
    // For ID tokens and logout tokens; access tokens have their own.
    useFactory: ({ issuer, clock, skewSeconds, idTokenAlgorithms: algorithms }: Settings, keys: RemoteKeys) =>
      new TokenVerifier({ keys, issuer, algorithms, clock, skewSeconds }),
    inject: [Settings, RemoteKeys],
  },
  {
    provide: Introspection,
    useFactory: (settings: Settings, provider: Provider) => new Introspection(settings, provider),
    inject: [Settings, Provider],
  },
  {
    provide: Revocations,
    useFactory: (
      issuers: TrustedIssuers,
      feed: RevocationFeed,
      denyList: DenyList,
      versions: TokenVersions,
      settings: Settings,
    ) => new Revocations((issuer) => issuers.introspectionOf(issuer), { feed, denyList, versions }, settings),
    inject: [TrustedIssuers, RevocationFeed, DenyList, TokenVersions, Settings],
  },
  { provide: RevocationRedis, useFactory: (settings: Settings) => new RevocationRedis(settings), inject: [Settings] },
  {
    provide: DenyList,
    useFactory: (redis: RevocationRedis, settings: Settings) => new DenyList(redis, settings),
    inject: [RevocationRedis, Settings],
  },
  {
    provide: TokenVersions,
    useFactory: (redis: RevocationRedis, settings: Settings) => new TokenVersions(redis, settings),
    inject: [RevocationRedis, Settings],
  },
  {
    provide: RevocationFeed,
    useFactory: (settings: Settings, provider: Provider, outbound: Outbound, verifier: TokenVerifier) =>
      new RevocationFeed(settings, provider, outbound, verifier),
    inject: [Settings, Provider, Outbound, TokenVerifier],
  },
  {
    provide: OidcClient,
    useFactory: (settings: Settings, provider: Provider, verifier: TokenVerifier, feed: RevocationFeed) =>
      new OidcClient(settings, provider, verifier, feed),
    inject: [Settings, Provider, TokenVerifier, RevocationFeed],
  },
  {
    provide: ApplicationSessions,
    useFactory: (
      settings: Settings,
      client: OidcClient,
      feed: RevocationFeed,
      provider: Provider,
      outbound: Outbound,
    ) => ApplicationSessions.open(settings, client, new ToldSessions(feed, provider, outbound, settings)),
    inject: [Settings, OidcClient, RevocationFeed, Provider, Outbound],
  },
  {
    provide: TrustedIssuers,
    useFactory: (settings: Settings, keys: RemoteKeys, introspection: Introspection) =>
      new TrustedIssuers(settings, { keys, introspection }),
    inject: [Settings, RemoteKeys, Introspection],
  },
  { provide: Possession, useFactory: (settings: Settings) => new Possession(settings), inject: [Settings] },
  {
    provide: BearerTokens,
    useFactory: (settings: Settings, issuers: TrustedIssuers, possession: Possession) =>
      new BearerTokens(settings, issuers, possession),
    inject: [Settings, TrustedIssuers, Possession],
  },
  {
    provide: TokenClient,
    useFactory: (settings: Settings, client: OidcClient) => new TokenClient(settings, client),
    inject: [Settings, OidcClient],
  },
  {
    provide: SignOutReceipts,
    useFactory: (settings: Settings, feed: RevocationFeed) => new SignOutReceipts(settings, feed),
    inject: [Settings, RevocationFeed],
  },
  ProtectedResource,
  Description,
  Challenges,
  UserSessions,
  Authenticator,
  AuthenticationGuard,
  OtherContexts,
  OpenConnections,
  StartChecks,
  { provide: APP_FILTER, useClass: RefusalFilter },
];

/**
 * What an application behind the gate imports: the guard that takes a session or an access token, and the pages' way to
 * sign in. It knows the provider by its issuer only, ours or any other OpenID Provider. It holds no users.
 */
@Module({
  controllers: [SignInController, ProviderLogoutController, SignalsController],
  providers,
  // With what the guard is made from: `@UseGuards(AuthenticationGuard)` makes one in the module of its handler.
  exports: [
    AuthenticationGuard,
    Authenticator,
    OpenConnections,
    Settings,
    ApplicationSessions,
    UserSessions,
    SignOutReceipts,
    TokenClient,
    BearerTokens,
    Revocations,
    RevocationFeed,
    DenyList,
    TokenVersions,
  ],
})
export class RelyingPartyModule extends ConfigurableModuleClass {}
