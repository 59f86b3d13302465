import { KeysUnavailableError } from '../jwt/fetched-keys.js';
import { tokenRefusal } from '../jwt/token-refusal.js';
import { challenges } from '../protocol/challenge.js';

/** How a request is refused. */
export interface EdgeRefusal {
  status: 401 | 503;
  error?: string;
  /** Stable. */
  code: string;
  /** For people; says nothing of the token. */
  message: string;
  scheme?: 'DPoP';
}

/** Whoever sent the request is not known, or it cannot be known who they are. */
export class AuthenticationError extends Error {
  override readonly name = 'AuthenticationError';

  constructor(
    readonly refusal: EdgeRefusal,
    private readonly dpopAlgorithms: readonly string[] | undefined,
    options?: ErrorOptions,
  ) {
    super(refusal.message, options);
  }

  /** What an error means for the request. */
  static of(error: unknown, dpopAlgorithms: readonly string[] | undefined): AuthenticationError {
    if (error instanceof AuthenticationError) return error;
    const code = error instanceof KeysUnavailableError ? 'keys_unavailable' : 'authentication_unavailable';
    const message = 'It cannot be checked right now who you are. Try again in a moment.';
    const unavailable: EdgeRefusal = { status: 503, error: 'temporarily_unavailable', code, message };
    return new AuthenticationError(tokenRefusal(error) ?? unavailable, dpopAlgorithms, { cause: error });
  }

  /** Stable, see `docs/errors.md`. */
  get code(): string {
    return this.refusal.code;
  }

  /** What to answer: 401 with `WWW-Authenticate`, or 503. */
  response(realm = 'api'): Response {
    const { status, error, code, message } = this.refusal;
    const headers = new Headers({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    if (status === 503) headers.set('retry-after', '5');
    else {
      const values = challenges({ realm, dpopAlgorithms: this.dpopAlgorithms }, this.refusal);
      for (const value of values) headers.append('www-authenticate', value);
    }
    return new Response(JSON.stringify({ error: error ?? code, code, message }), { status, headers });
  }
}

/** No token came, or a header that is none. */
export function missingToken(hasHeader: boolean, dpopAlgorithms: readonly string[] | undefined): AuthenticationError {
  const refusal: EdgeRefusal = hasHeader
    ? {
        status: 401,
        error: 'invalid_token',
        code: 'malformed_credentials',
        message: 'Send one Authorization header: Bearer, one space, the token.',
      }
    : { status: 401, code: 'unauthenticated', message: 'Send an access token.' };
  return new AuthenticationError(refusal, dpopAlgorithms);
}
