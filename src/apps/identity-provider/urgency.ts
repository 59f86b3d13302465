import type { Urgency } from '../support/load-shedding.js';

/** What ends something, what tells of it, what says that we live; and what costs no more than to refuse it. */
const VITAL =
  /^\/(?:revoke|logout|ssf|\.well-known|jwks|check-session|health|account\/sessions|account\/applications)(?:\/|$)/;
const SIGN_IN = /^\/login(?:\/|$)/;
const BEGINNING = /^\/(?:authorize|par|device_authorization|register)$/;

/** Of a route of the provider, by its pattern. */
export function urgencyOf(route: string): Urgency {
  if (VITAL.test(route)) return 'vital';
  if (SIGN_IN.test(route)) return 'sign-in';
  return BEGINNING.test(route) ? 'beginning' : 'ordinary';
}
