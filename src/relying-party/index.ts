export { RelyingPartyModule } from './relying-party.module.js';
export type {
  BearerOptions,
  Claims,
  CurrentUserType,
  Register,
  RelyingPartyOptions,
  RevocationMode,
  SessionOptions,
} from './relying-party.options.js';
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
export { Refusal } from './refusal.js';
export type { Principal } from '../protocol/principal.js';
export { SessionStore, type StoredSession } from '../sessions/session-store.js';
