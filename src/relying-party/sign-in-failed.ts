import type { HttpExchange } from '../platform/http/exchange.js';
import { SignInFailedPage, type SignInFailedPageProps } from './pages/sign-in-failed.page.js';

/** Tells a person that a sign-in did not come off: on a page that is prepared once for each failure. */
export function answerSignInFailed(
  exchange: HttpExchange,
  status: number,
  shown: Omit<SignInFailedPageProps, 'correlationId'>,
): void {
  exchange.preparedPage(status, `sign-in failed ${JSON.stringify(shown)}`, (correlationId) =>
    SignInFailedPage({ ...shown, correlationId }),
  );
}
