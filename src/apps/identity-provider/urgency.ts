import type { HttpExchange } from '../../platform/http/exchange.js';
import { FORM, formParameters } from '../../platform/http/form.js';
import { SIGNAL_SCOPES } from '../../protocol/security-event.js';
import type { RouteNeeds, Urgency } from '../support/load-shedding.js';

/** What ends something, what tells of it, what says that we live; and what costs no more than to refuse it. */
const VITAL =
  /^\/(?:revoke|logout|ssf|\.well-known|jwks|check-session|health|account\/sessions|account\/applications)(?:\/|$)/;
const SIGN_IN = /^\/login(?:\/|$)/;
const BEGINNING = /^\/(?:authorize|par|device_authorization|register)$/;

/** Of a route of the provider, by its pattern. */
export function needsOf(route: string): RouteNeeds {
  return {
    urgency: urgencyOf(route),
    ...(route === '/token' ? { isDependedOn: asksForTheFeed } : {}),
  };
}

function urgencyOf(route: string): Urgency {
  if (VITAL.test(route)) return 'vital';
  if (SIGN_IN.test(route)) return 'sign-in';
  return BEGINNING.test(route) ? 'beginning' : 'ordinary';
}

/** Without a token no application hears of revocations. Who asks is not known yet; so there are few places for it. */
function asksForTheFeed(exchange: HttpExchange): boolean {
  if (exchange.mediaType !== FORM) return false;
  try {
    const scopes = formParameters(exchange).get('scope')?.split(' ') ?? [];
    return scopes.length > 0 && scopes.every((scope) => (SIGNAL_SCOPES as readonly string[]).includes(scope));
  } catch {
    return false;
  }
}
