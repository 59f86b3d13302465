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
export {
  AccessToken,
  Auth,
  Authenticated,
  type AuthenticatedOptions,
  AuthenticationGuard,
  CurrentUser,
  OptionalAuth,
  Public,
  RequireScopes,
  Roles,
  type Scheme,
} from './authentication.guard.js';
export { Refusal } from './refusal.js';
export type { Principal } from '../protocol/principal.js';
export { SessionStore, type StoredSession } from '../sessions/session-store.js';
