/**
 * Why a token is not believed. The codes are stable. A bad signature and an unknown key are one code, so that nobody can
 * ask us which keys there are.
 */
export type TokenErrorCode =
  | 'malformed_token'
  | 'algorithm_refused'
  | 'wrong_token_type'
  | 'signature_invalid'
  | 'issuer_mismatch'
  | 'audience_mismatch'
  | 'token_expired'
  | 'token_revoked'
  | 'token_not_yet_valid'
  | 'lifetime_too_long'
  | 'claims_invalid'
  | 'proof_required'
  | 'proof_mismatch';

/** A token that must not be believed. The message is for the log and never quotes the token. */
export class TokenError extends Error {
  override readonly name = 'TokenError';

  constructor(
    readonly code: TokenErrorCode,
    message: string,
  ) {
    super(message);
  }
}
