import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { isDatabaseAway } from '../platform/database/database-error.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { OAuthError } from '../protocol/oauth-error.js';

/** The one writer of protocol errors as JSON (RFC 6749 §5.2). What is not ours to tell goes to the log. */
@Catch()
export class OAuthErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(OAuthErrorFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const exchange = HttpExchange.of(http.getRequest<object>(), http.getResponse<object>());
    const error = oauthErrorOf(thrown);
    const detail = error.detail ?? (thrown === error ? error.message : describe(thrown));
    const line = `${exchange.method} ${exchange.path}: ${error.code}: ${detail} (reference ${exchange.correlationId})`;
    if (error.status >= 500) this.logger.error(line);
    else this.logger.debug(line);
    if (error.retryAfterSeconds !== undefined) exchange.setHeader('retry-after', String(error.retryAfterSeconds));
    const challenge = challengeOf(error, exchange);
    if (challenge) exchange.setHeader('www-authenticate', challenge);
    exchange.setHeader('x-correlation-id', exchange.correlationId).json(error.status, error);
  }
}

/** What a thrown value means to a caller: never a stack, never SQL. */
export function oauthErrorOf(thrown: unknown): OAuthError {
  if (thrown instanceof OAuthError) return thrown;
  if (thrown instanceof HttpException && thrown.getStatus() < 500) {
    return new OAuthError('invalid_request', 'the request could not be read', { status: thrown.getStatus() });
  }
  if (isDatabaseAway(thrown)) {
    return new OAuthError('temporarily_unavailable', 'try again in a moment', {
      detail: describe(thrown),
      retryAfterSeconds: 2,
    });
  }
  return new OAuthError('server_error', 'the server could not complete this request', { detail: describe(thrown) });
}

function challengeOf(error: OAuthError, exchange: HttpExchange): string | undefined {
  switch (error.code) {
    case 'invalid_client':
      // RFC 6749 §5.2: the scheme that the client used; Basic is the one HTTP knows.
      return `Basic realm="${exchange.path}", charset="UTF-8"`;
    case 'invalid_token':
    case 'insufficient_scope':
      return bearerChallenge(error);
    default:
      return error.challenge && bearerChallenge(error);
  }
}

function bearerChallenge({ code, message }: OAuthError): string {
  return `Bearer realm="gatehouse", error="${code}", error_description="${message}"`;
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : 'something that is no Error was thrown';
}
