import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { isDatabaseAway } from '../database/database-error.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { isOurs } from '../languages/languages.js';
import { answerErrorPage } from './error-answer.js';
import { HttpExchange } from './exchange.js';
import { PageError } from './page-error.js';

const MISMADE = 'The request is not made as it should be.';

/** Shows every error of a page's route as our error page; what is not ours to tell goes to the log under the page's reference. */
@Catch()
export class PageErrorFilter implements ExceptionFilter {
  protected readonly logger = new Logger(this.constructor.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, HttpExchange.of(http.getRequest<object>(), http.getResponse<object>()));
  }

  protected answer(error: unknown, exchange: HttpExchange): void {
    const shown = pageErrorOf(error);
    const detail = shown.more.detail ?? (shown === error ? undefined : describe(error));
    const line = `${exchange.method} ${exchange.path}: ${shown.code}${detail ? `: ${detail}` : ''} (reference ${exchange.correlationId})`;
    if (shown.status >= 500) this.logger.error(line);
    else this.logger.log(line);
    const { status, code, message, more } = shown;
    if (status === 503) exchange.setHeader('retry-after', '2');
    answerErrorPage(exchange, {
      status,
      code,
      // What the protocol tells programs is in English; people are told what it comes to, and it stays among the details.
      ...(error instanceof OAuthError && !isOurs(message) ? { message: MISMADE, description: message } : { message }),
      parameter: more.parameter,
      way: more.way,
    });
  }
}

function pageErrorOf(error: unknown): PageError {
  if (error instanceof PageError) return error;
  if (error instanceof OAuthError) {
    const { parameter, detail } = error;
    return new PageError(error.status, error.code, error.message, {
      ...(parameter === undefined ? {} : { parameter }),
      ...(detail === undefined ? {} : { detail }),
    });
  }
  if (error instanceof HttpException && error.getStatus() < 500) {
    return new PageError(error.getStatus(), 'invalid_request', 'The server refused this request.');
  }
  if (isDatabaseAway(error)) {
    return new PageError(503, 'temporarily_unavailable', 'The server cannot answer right now. Try again in a moment.');
  }
  return new PageError(500, 'server_error', 'The server could not complete this request.');
}

/** Name and message, never the stack, and never the values that a database puts into an error's detail. */
function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'something that is no Error was thrown';
}
