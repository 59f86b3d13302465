import { Sessions1764000000000 } from './1764000000000-sessions.js';
import { Users1764000001000 } from './1764000001000-users.js';
import { RateLimit1764000002000 } from './1764000002000-rate-limit.js';
import { IdentityProvider1764000003000 } from './1764000003000-identity-provider.js';
import { Registration1764000004000 } from './1764000004000-registration.js';
import { ResourceSigning1764000005000 } from './1764000005000-resource-signing.js';
import { FrontChannel1764000006000 } from './1764000006000-front-channel.js';
import { PushedRequests1764000006001 } from './1764000006001-pushed-requests.js';
import { LogoutDelivery1764000007000 } from './1764000007000-logout-delivery.js';
import { DeviceAuthorization1764000008000 } from './1764000008000-device-authorization.js';
import { SessionClaims1764000009000 } from './1764000009000-session-claims.js';
import { RevocationLog1764000010000 } from './1764000010000-revocation-log.js';
import { Signals1764000010001 } from './1764000010001-signals.js';
import { SignInSteps1764000011000 } from './1764000011000-sign-in-steps.js';
import { Audit1764000011001 } from './1764000011001-audit.js';
import { Credentials1764000011002 } from './1764000011002-credentials.js';
import { Mail1764000011003 } from './1764000011003-mail.js';
import { PushDelivery1764000013000 } from './1764000013000-push-delivery.js';
import { ClaimsAndCredentials1764000013001 } from './1764000013001-claims-and-credentials.js';
import { OlderHashes1764000014000 } from './1764000014000-older-hashes.js';
import { AppendedLines1764000015000 } from './1764000015000-appended-lines.js';
import { SignalWishes1764000017000 } from './1764000017000-signal-wishes.js';
import { Endings1764000018000 } from './1764000018000-endings.js';
import type { Migration } from './migration.js';

/** The provider's migrations, oldest first. One that has been released is never changed. */
export const identityProviderMigrations: Migration[] = [
  Sessions1764000000000,
  Users1764000001000,
  RateLimit1764000002000,
  IdentityProvider1764000003000,
  Registration1764000004000,
  ResourceSigning1764000005000,
  FrontChannel1764000006000,
  PushedRequests1764000006001,
  LogoutDelivery1764000007000,
  DeviceAuthorization1764000008000,
  SessionClaims1764000009000,
  RevocationLog1764000010000,
  Signals1764000010001,
  SignInSteps1764000011000,
  Audit1764000011001,
  Credentials1764000011002,
  Mail1764000011003,
  PushDelivery1764000013000,
  ClaimsAndCredentials1764000013001,
  OlderHashes1764000014000,
  AppendedLines1764000015000,
  SignalWishes1764000017000,
  Endings1764000018000,
];
