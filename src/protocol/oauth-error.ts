/**
 * The error codes we send, with the HTTP status each has when it answers a request directly (not through a redirect).
 * Sources: RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1, RFC 7591 §3.2.2, RFC 8628 §3.5, RFC 8707 §2,
 * OpenID Connect Core §3.1.2.6, OpenID Connect Core Unmet Authentication Requirements 1.0.
 */
const STATUS = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  invalid_target: 400,
  access_denied: 403,
  unsupported_response_type: 400,
  unsupported_token_type: 400,
  server_error: 500,
  temporarily_unavailable: 503,
  interaction_required: 400,
  login_required: 400,
  account_selection_required: 400,
  consent_required: 400,
  invalid_request_uri: 400,
  invalid_request_object: 400,
  registration_not_supported: 400,
  unmet_authentication_requirements: 400,
  invalid_token: 401,
  insufficient_scope: 403,
  invalid_redirect_uri: 400,
  invalid_client_metadata: 400,
  slow_down: 429,
  authorization_pending: 400,
  expired_token: 400,
} as const;

/** RFC 6749 §5.2 and RFC 6750 §3: a description is %x20-21 / %x23-5B / %x5D-7E; also inside the quotes of a challenge. */
const NOT_IN_A_DESCRIPTION = /[^\x20\x21\x23-\x5B\x5D-\x7E]/g;

export type OAuthErrorCode = keyof typeof STATUS;

/**
 * The one error of the protocol: a stable code, a public sentence, and a private detail that only the log sees.
 * The public sentence never repeats what the caller sent, because it may be a secret.
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly status: number;
  /** The request parameter at fault. */
  readonly parameter?: string;
  /** For the log only. */
  readonly detail?: string;
  /** Seconds after which a try makes sense: the `Retry-After` header. */
  readonly retryAfterSeconds?: number;
  /** The scheme of a protected resource that must say this in a challenge, too, beyond the errors that always are one. */
  readonly challenge?: 'Bearer';

  constructor(
    readonly code: OAuthErrorCode,
    description: string,
    more: {
      parameter?: string;
      detail?: string;
      status?: number;
      retryAfterSeconds?: number;
      challenge?: 'Bearer';
    } = {},
  ) {
    super(description.replace(NOT_IN_A_DESCRIPTION, "'"));
    this.status = more.status ?? STATUS[code];
    if (more.parameter !== undefined) this.parameter = more.parameter;
    if (more.detail !== undefined) this.detail = more.detail;
    if (more.retryAfterSeconds !== undefined) this.retryAfterSeconds = more.retryAfterSeconds;
    if (more.challenge !== undefined) this.challenge = more.challenge;
  }

  /** The body of an error answer (RFC 6749 §5.2). */
  toJSON(): { error: string; error_description: string } {
    return { error: this.code, error_description: this.message };
  }
}

/** A parameter is missing, malformed or sent twice. */
export function invalidRequest(description: string, parameter?: string): OAuthError {
  return new OAuthError('invalid_request', description, parameter === undefined ? {} : { parameter });
}
