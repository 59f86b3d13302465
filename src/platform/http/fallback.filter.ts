import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { isDatabaseAway } from '../database/database-error.js';
import { answerErrorPage } from './error-answer.js';
import { HttpExchange } from './exchange.js';

const CODES: Readonly<Record<number, string>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'too_large',
  415: 'unsupported_media_type',
  429: 'slow_down',
  503: 'temporarily_unavailable',
};
const MESSAGES: Readonly<Record<number, string>> = {
  404: 'There is nothing at this address.',
  413: 'The request is too large.',
  415: 'The request has a content type that is not accepted here.',
  503: 'The server cannot answer right now. Try again in a moment.',
};

/**
 * Answers what no route of ours has answered: unknown addresses, bodies that cannot be parsed, faults. People get a page,
 * programs JSON; neither a stack.
 */
@Catch()
export class FallbackFilter implements ExceptionFilter {
  private readonly logger = new Logger(FallbackFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const exchange = HttpExchange.of(http.getRequest<object>(), http.getResponse<object>());
    const status = statusOf(error);
    if (status >= 500) {
      const stack = error instanceof Error ? error.stack : undefined;
      const what = `${exchange.method} ${exchange.path}: ${String(error)}`;
      this.logger.error(`${what} (reference ${exchange.correlationId})`, stack);
    }
    answerPlainly(exchange, status);
  }
}

/** Says no more than the status does, and a stable code: on a page to people, in JSON to programs. */
export function answerPlainly(exchange: HttpExchange, status: number): void {
  const code = CODES[status] ?? (status < 500 ? 'invalid_request' : 'server_error');
  const message =
    MESSAGES[status] ??
    (status < 500 ? 'The request could not be read.' : 'The server could not complete this request.');
  const { correlationId } = exchange;
  if (status === 503) exchange.setHeader('retry-after', '2');
  if (exchange.header('accept')?.includes('text/html')) {
    answerErrorPage(exchange, { status, code, message, ...(exchange.isBranded ? {} : { brand: '' }) });
  } else {
    exchange.json(status, { error: code, error_description: message, correlation_id: correlationId });
  }
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (isDatabaseAway(error)) return 503;
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}
