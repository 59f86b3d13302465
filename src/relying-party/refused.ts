import { KeysUnavailableError } from '../jwt/fetched-keys.js';
import { tokenRefusal } from '../jwt/token-refusal.js';
import { ProviderUnavailableError } from '../federation/provider-metadata.js';
import { withoutStacks } from '../platform/stackless.js';
import type { RefusalParts } from './refusal.js';
import { RevocationsUnknownError } from './revocation/revocation.js';

/** A reason to refuse, before it is known how the answer looks. */
export class Refused extends Error {
  /** @param reason for the log, when it is another than what is answered. */
  constructor(
    readonly parts: RefusalParts,
    reason = parts.message,
  ) {
    const restore = withoutStacks();
    super(reason);
    restore();
  }
}

/** A credential that was brought and is not good. */
export function unauthorized(code: string, message: string): Refused {
  return new Refused({ status: 401, error: 'invalid_token', code, message });
}

/** How an error refuses; whatever is not known to be the credential's fault is ours: 503, never a yes. */
export function partsOf(error: unknown): RefusalParts {
  if (error instanceof Refused) return error.parts;
  const refusal = tokenRefusal(error);
  if (refusal) return refusal;
  if (error instanceof RevocationsUnknownError) {
    const message = 'It cannot be checked right now whether this was revoked. Try again in a moment.';
    return { status: 503, error: 'temporarily_unavailable', code: 'revocations_unknown', message };
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
