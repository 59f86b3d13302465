import { randomToken } from '../platform/secret.js';
import type { ClaimsRequest } from '../protocol/claims.js';

/** Who let which client do what, since when. A code lends it, tokens copy it, a session says where it came from, a revocation ends it. */
export interface Authorization {
  /** Random, 128 bits; also the claim `authorization_id`. It is no secret. */
  id: string;
  clientId: string;
  subject: string;
  scopes: string[];
  /** Audiences that were asked for (RFC 8707); empty: the default of the scopes. */
  resources: string[];
  /** The `claims` parameter of the request. */
  claims?: ClaimsRequest;
  /** The sign-on session it came from. */
  sid: string;
  /** `offline_access` was granted: it outlives the session. */
  offline: boolean;
  /** Seconds since the epoch. */
  authTime: number;
  acr: string;
  amr: string[];
}

/** What an authorization is when nobody signed in for it: the rest is empty. */
export type AssertedAuthorization = Pick<Authorization, 'id' | 'clientId' | 'subject' | 'scopes' | 'resources'>;

/** 128 bits: a code's single use hangs on it. */
export function newAuthorizationId(): string {
  return randomToken(16);
}

/** What came or went that a person signs in with. Nothing ends by it. */
export type CredentialCause = `${'passkey' | 'authenticator' | 'federated'}_${'added' | 'removed'}`;

/** Why an authorization ended; kept with it. */
export type RevocationCause =
  | 'code_misused'
  | 'code_reused'
  | 'refresh_reused'
  | 'revoked_by_client'
  | 'sign_out'
  | 'sign_out_everywhere'
  | 'consent_withdrawn'
  | 'user_disabled'
  | 'user_removed'
  | 'client_disabled'
  | 'client_removed'
  | 'credential_change'
  | 'password_set'
  | 'factors_reset'
  | 'address_recovered'
  | 'claims_change'
  | CredentialCause
  | 'administrative';
