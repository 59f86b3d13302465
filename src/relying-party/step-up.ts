import type { StepUpRequest } from '../federation/oidc-client.js';
import { isRecent } from '../federation/recent.js';
import type { Principal } from '../protocol/principal.js';
import type { Route } from './access.js';
import { Refused } from './refused.js';
import type { Settings } from './relying-party.options.js';

export type { StepUpRequest };

/**
 * What is missing in how this person proved who they are, or undefined when nothing is (RFC 9470). Whoever does not say
 * when, or how, has not proved it.
 */
export function missingStepUp(principal: Principal, route: Route, settings: Settings): StepUpRequest | undefined {
  let missing: StepUpRequest | undefined;
  for (const { acr, maxAgeSeconds } of route.stepUps) {
    const acrValues = acr.flatMap((name) => settings.acr[name] ?? [name]);
    const isWellProved = acr.length === 0 || acrValues.includes(principal.acr ?? '');
    if (isWellProved && isRecent(principal.authTime, maxAgeSeconds, settings)) continue;
    const shortest = Math.min(missing?.maxAgeSeconds ?? Infinity, maxAgeSeconds ?? Infinity);
    missing = {
      ...missing,
      ...(acr.length > 0 ? { acrValues } : {}),
      ...(shortest === Infinity ? {} : { maxAgeSeconds: shortest }),
    };
  }
  return missing;
}

/** The refusal that says what would do (RFC 9470 §3). */
export function stepUpRefusal({ acrValues, maxAgeSeconds }: StepUpRequest): Refused {
  return new Refused({
    status: 401,
    error: 'insufficient_user_authentication',
    code: 'insufficient_user_authentication',
    message: acrValues
      ? 'This needs a stronger proof of who you are.'
      : 'This needs a more recent proof of who you are.',
    ...(acrValues ? { acrValues: acrValues.join(' ') } : {}),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
  });
}

const LONGEST = 500;

/** Reads what {@link signInUrl} wrote; anything malformed asks for nothing, and the page demands it again. */
export function readStepUp(query: URLSearchParams): StepUpRequest {
  const acrValues = query.get('acr_values') ?? '';
  const maxAge = query.get('max_age') ?? '';
  const isList = acrValues.length <= LONGEST && /^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(acrValues);
  return {
    ...(isList ? { acrValues: acrValues.split(' ') } : {}),
    ...(/^\d{1,9}$/.test(maxAge) ? { maxAgeSeconds: Number(maxAge) } : {}),
  };
}

/** The sign-in's address that asks for this. */
export function signInUrl(loginPath: string, returnTo: string, { acrValues, maxAgeSeconds }: StepUpRequest): string {
  const query = new URLSearchParams({
    returnTo,
    ...(acrValues ? { acr_values: acrValues.join(' ') } : {}),
    ...(maxAgeSeconds === undefined ? {} : { max_age: String(maxAgeSeconds) }),
  });
  return `${loginPath}?${query.toString()}`;
}
