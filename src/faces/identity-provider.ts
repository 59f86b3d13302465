// What `nest-gatehouse/identity-provider` offers: the provider and its login, to be embedded in somebody's own Nest
// application. A room of its own near the top, because the rooms it shows never import each other.

export {
  IdentityProviderModule,
  type IdentityProviderAsyncOptions,
} from '../identity-provider/identity-provider.module.js';
export type { IdentityProviderOptions } from '../identity-provider/identity-provider.options.js';
export { AccountModule, type AccountAsyncOptions } from '../account/account.module.js';
export type { AccountOptions } from '../account/account.options.js';
export {
  LoginMethod,
  type Method,
  type Offer,
  type Proved,
  type SecondStep,
  type Step,
} from '../login/login-method.js';
export { identityProviderRoutes } from '../identity-provider/routes.js';
export { protectsItself } from '../platform/http/own-protection.js';
export type { PageForm } from '../platform/http/page-form.js';
export { SignInRefused } from '../login/sign-in-refused.js';
export { LoginModule, type LoginAsyncOptions } from '../login/login.module.js';
export type { UpstreamOptions } from '../federation/upstream.options.js';
export type { LoginOptions, LoginUsers, ThrottleOptions } from '../login/login.options.js';
export { type PlatformAsyncOptions, PlatformModule, type PlatformOptions } from '../platform/platform.module.js';
export { sentences } from '../platform/languages/sentences.js';
export { Branding, BrandingError, type BrandingOptions, readBranding } from '../platform/branding/branding.js';
export { Clock, SystemClock } from '../platform/clock.js';
export { Database } from '../platform/database/database.js';
export { DatabaseError } from '../platform/database/database-error.js';
export { type DatabaseOptions, openDatabase } from '../platform/database/open-database.js';
export { type EmbeddedPostgres, startEmbeddedPostgres } from '../platform/database/embedded-postgres.js';
export type { Mail, MailTransport } from '../platform/mail/mail.js';
export { SmtpTransport } from '../platform/mail/smtp-transport.js';
export { Outbound } from '../platform/outbound.js';
export { traceWithOpenTelemetry } from '../platform/open-telemetry.js';
export { Secrets } from '../platform/secret.js';
export { identityProviderMigrations } from '../migrations/identity-provider.js';
export { Authorizations } from '../authorizations/authorizations.js';
export { Clients } from '../clients/clients.js';
export { Resources } from '../clients/resources.js';
export { KeyRing } from '../keys/key-ring.js';
export { Audit } from '../audit/audit.js';
export type { AuditEvent, AuditRecord } from '../audit/audit-event.js';
export { EmailError } from '../users/canonical-email.js';
export { UsernameError } from '../users/canonical-username.js';
export { DatabaseUsers } from '../users/database-users.js';
export { PasswordHasher } from '../users/password-hasher.js';
export { type Registration, type User, Users, type UserWithPassword } from '../users/users.js';

export { identityProviderEntities } from './identity-provider-entities.js';
