import { ErrorPage, type ErrorPageProps } from '../pages/error.page.js';
import type { HttpExchange } from './exchange.js';

/** Answers with our error page: prepared once for each error, because strangers cause it as often as they like. */
export function answerErrorPage(
  exchange: HttpExchange,
  shown: Omit<ErrorPageProps, 'correlationId'> & { status: number },
): void {
  exchange.preparedPage(shown.status, `error ${JSON.stringify(shown)}`, (correlationId) =>
    ErrorPage({ ...shown, correlationId }),
  );
}
