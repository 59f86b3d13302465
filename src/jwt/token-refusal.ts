import { DpopProofError } from './dpop-proof.js';
import { TokenError } from './token-error.js';

/** How a bad token or proof is answered. */
export interface TokenRefusal {
  status: 401;
  /** RFC 6750 §3.1, RFC 9449 §7.1. */
  error: string;
  /** Ours, stable and finer. */
  code: string;
  /** For people; says nothing of the token. */
  message: string;
  /** Where it matters which scheme the error is about. */
  scheme?: 'DPoP';
}

const TOKEN_MESSAGES: Partial<Record<TokenError['code'], string>> = {
  token_expired: 'The access token has expired.',
  token_revoked: 'The access token was revoked.',
  lifetime_too_long: 'The access token lives longer than is accepted here.',
  audience_mismatch: 'The access token is for another audience.',
  wrong_token_type: 'This is not an access token.',
  proof_required: 'This needs an access token that is bound to a key, and the proof of that key (DPoP).',
  proof_mismatch: 'The access token and the proof do not belong together.',
};

/** How a request is refused whose token or proof is not believed; undefined for every other error. */
export function tokenRefusal(error: unknown): TokenRefusal | undefined {
  if (error instanceof TokenError) {
    const message = TOKEN_MESSAGES[error.code] ?? 'The access token is not believed.';
    const isAboutProof = error.code === 'proof_required' || error.code === 'proof_mismatch';
    const refusal: TokenRefusal = { status: 401, error: 'invalid_token', code: error.code, message };
    return isAboutProof ? { ...refusal, scheme: 'DPoP' } : refusal;
  }
  if (error instanceof DpopProofError) {
    const { code } = error;
    const message =
      code === 'use_dpop_nonce' ? 'Put the nonce of this answer into the proof.' : 'The DPoP proof is not believed.';
    return { status: 401, error: code, code, message, scheme: 'DPoP' };
  }
  return undefined;
}
