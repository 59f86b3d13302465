/** What a credential is: the words of the tables that keep them. */
export type CredentialKind = 'password' | 'passkey' | 'totp' | 'recovery_codes' | 'federated';

/**
 * What is recorded, one shape for each act. `subject` is whom it concerns (absent where nobody is known), `actor` who did it
 * when that is somebody else. Everything beyond these becomes the record's detail: never a secret, never a typed name.
 */
export type AuditEvent = { subject?: string | undefined; actor?: string } & (
  | { name: 'sign_in'; subject: string; sid: string; acr: string; amr: string[]; methods: string[]; language: string }
  | { name: 'sign_in_refused'; method: string; cause: string }
  | { name: 'signed_out'; subject: string; sid: string }
  | { name: 'consent_given'; subject: string; client: string; scopes: string[] }
  | { name: 'consent_withdrawn'; subject: string; client: string }
  | { name: 'profile_changed'; subject: string; claims: string[] }
  | { name: 'data_downloaded'; subject: string }
  | {
      name: 'credential_added' | 'credential_renamed' | 'credential_removed';
      subject: string;
      kind: CredentialKind;
      credential?: string;
    }
  | { name: 'credentials_reset'; subject: string }
  | { name: 'password_changed'; subject: string; by: 'reset' | 'change' | 'operator' }
  | { name: 'password_reset_requested'; subject: string }
  | { name: 'mail_sign_in_requested'; subject: string; method: string }
  | { name: 'email_change_requested' | 'email_changed' | 'email_change_undone' | 'email_verified'; subject: string }
  | { name: 'user_added'; subject: string; by: 'sign_up' | 'import' | 'operator' }
  | { name: 'roles_changed'; subject: string; roles: string[] }
  | { name: 'user_suspended' | 'user_restored' | 'user_removed'; subject: string }
  | { name: 'signed_out_everywhere'; subject: string; sessions: number }
);

/** An event as it was recorded. */
export interface AuditRecord {
  /** Epoch milliseconds. */
  at: number;
  event: AuditEvent['name'];
  subject?: string;
  actor?: string;
  detail: Record<string, unknown>;
  ip: string;
  userAgent: string;
  correlationId: string;
}
