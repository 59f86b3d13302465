import { DpopProofError } from '../jwt/dpop-proof.js';
import { KeysUnavailableError } from '../jwt/remote-keys.js';
import { TokenError } from '../jwt/token-error.js';
import { ProviderUnavailableError } from './provider-metadata.js';
import type { RefusalParts } from './refusal.js';

/** A reason to refuse, before it is known how the answer looks. */
export class Refused extends Error {
  /** @param reason for the log, when it is another than what is answered. */
  constructor(
    readonly parts: RefusalParts,
    reason = parts.message,
  ) {
    super(reason);
  }
}

/** A credential that was brought and is not good. */
export function unauthorized(code: string, message: string): Refused {
  return new Refused({ status: 401, error: 'invalid_token', code, message });
}

const TOKEN_MESSAGES: Partial<Record<TokenError['code'], string>> = {
  token_expired: 'The access token has expired.',
  token_revoked: 'The access token was revoked.',
  audience_mismatch: 'The access token is for another audience.',
  wrong_token_type: 'This is not an access token.',
  proof_required: 'This needs an access token that is bound to a key, and the proof of that key (DPoP).',
  proof_mismatch: 'The access token and the proof do not belong together.',
};

/** How an error refuses; whatever is not known to be the credential's fault is ours: 503, never a yes. */
export function partsOf(error: unknown): RefusalParts {
  if (error instanceof Refused) return error.parts;
  if (error instanceof TokenError) {
    const message = TOKEN_MESSAGES[error.code] ?? 'The access token is not believed.';
    const isAboutProof = error.code === 'proof_required' || error.code === 'proof_mismatch';
    return {
      status: 401,
      error: 'invalid_token',
      code: error.code,
      message,
      ...(isAboutProof ? { scheme: 'DPoP' } : {}),
    };
  }
  if (error instanceof DpopProofError) {
    const { code } = error;
    const message =
      code === 'use_dpop_nonce' ? 'Put the nonce of this answer into the proof.' : 'The DPoP proof is not believed.';
    return { status: 401, error: code, code, message, scheme: 'DPoP' };
  }
  const code =
    error instanceof KeysUnavailableError
      ? 'keys_unavailable'
      : error instanceof ProviderUnavailableError
        ? 'provider_unavailable'
        : 'authentication_unavailable';
  const message = 'It cannot be checked right now who you are. Try again in a moment.';
  return { status: 503, error: 'temporarily_unavailable', code, message };
}

/** For the log: our own words, never the request's. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
}
