export { RelyingPartyModule } from './relying-party.module.js';
export type {
  BearerOptions,
  Claims,
  CurrentUserType,
  Register,
  RelyingPartyOptions,
  RevocationMode,
  RevocationOptions,
  SessionOptions,
} from './relying-party.options.js';
export { OptionsError, type OptionsErrorCode } from './options-error.js';
export { AuthenticationGuard } from './authentication.guard.js';
export type { AuthenticatedOptions, Scheme } from './access.js';
export {
  AccessToken,
  Auth,
  Authenticated,
  CurrentUser,
  OptionalAuth,
  Public,
  RequireAcr,
  RequireScopes,
  Roles,
  type StepUpOptions,
} from './decorators.js';
export { guardedWsAdapter, type GuardedWsAdapterOptions } from './guarded-ws-adapter.js';
export { DenyList, type Denied } from './revocation/deny-list.js';
export { TokenVersions } from './revocation/token-versions.js';
export { type FeedHealth, type FeedState, RevocationFeed } from './revocations/revocation-feed.js';
export { Refusal } from './refusal.js';
export { RefusalFilter } from './refusal.filter.js';
export type { IssuedToken, TokenTarget } from '../federation/oidc-client.js';
export { TokenClient, TokenRequestError } from './token-client.js';
export { type UserSession, UserSessions } from './user-sessions.js';
export type { SignOutReceipt } from './revocations/transmitter.js';
export { SignOutReceipts } from './sign-out-receipts.js';
export { traceWithOpenTelemetry } from '../platform/open-telemetry.js';
export type { Principal } from '../protocol/principal.js';
export { SessionStore, type StoredSession } from '../sessions/session-store.js';
