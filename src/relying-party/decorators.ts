import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Duration } from '../platform/duration.js';
import type { Principal } from '../protocol/principal.js';
import { type AuthenticatedOptions, demand, demandRoles, demandScopes, demandStepUp, type Scheme } from './access.js';
import { authenticationOf } from './authentication.js';
import type { CurrentUserType } from './relying-party.options.js';

/** Only authenticated requests, by the credentials named; what a route without a decorator demands, with `any`. */
export function Authenticated(scheme: Scheme = 'any', options: AuthenticatedOptions = {}) {
  return demand({ mode: 'required', scheme, ...options });
}

/** Everybody; credentials are not looked at. */
export function Public() {
  return demand({ mode: 'public', scheme: 'any' });
}

/** Nobody needs a credential, but one that is brought must be good. */
export function OptionalAuth(scheme: Scheme = 'any', options: AuthenticatedOptions = {}) {
  return demand({ mode: 'optional', scheme, ...options });
}

/** Every one of these scopes, or 403 `insufficient_scope`; on a class and a handler they add up. */
export function RequireScopes(...scopes: string[]) {
  return demandScopes(scopes);
}

/** One of these roles, or 403 `insufficient_role`; on a class and a handler, one of each. */
export function Roles(...roles: string[]) {
  return demandRoles(roles);
}

/** How lately a person must have proved who they are, for {@link RequireAcr}. */
export interface StepUpOptions {
  maxAge?: Duration;
}

/**
 * Only who proved well enough, or lately enough, who they are (RFC 9470): one of these `acr` values, or names for them from
 * the option `acr`, at most `maxAge` ago. A browser is sent to prove it again and comes back to the same page; everything
 * else gets 401 `insufficient_user_authentication`. On a class and a handler, both.
 */
export function RequireAcr(acr: string | readonly string[], options?: StepUpOptions): MethodDecorator & ClassDecorator;
export function RequireAcr(options: StepUpOptions): MethodDecorator & ClassDecorator;
export function RequireAcr(first: string | readonly string[] | StepUpOptions, options: StepUpOptions = {}) {
  if (typeof first === 'string') return demandStepUp([first], options.maxAge);
  if (isList(first)) return demandStepUp(first, options.maxAge);
  return demandStepUp([], first.maxAge);
}

function isList(value: readonly string[] | StepUpOptions): value is readonly string[] {
  return Array.isArray(value);
}

/** What `mapUser` made; undefined for the anonymous and for programs that act for themselves. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext) => {
  return authenticationOf(context)?.user as CurrentUserType | undefined;
});

/** The {@link Principal}; undefined for the anonymous. */
export const Auth = createParamDecorator((_: unknown, context: ExecutionContext): Principal | undefined => {
  return authenticationOf(context)?.principal;
});

/**
 * An access token for calling other APIs as this principal: the session's own (renewed when needed), or the one presented.
 * Undefined when a session's has ended and could not be renewed.
 */
export const AccessToken = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  return authenticationOf(context)?.accessToken;
});
