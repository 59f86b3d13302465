import { wantedValues } from '../../protocol/claims.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { isCovered } from '../../protocol/scope.js';
import { type PersonRequest, scopesToAllow } from './authorization-request.js';

/** What is known about the person in front of the browser. Times are seconds since the epoch, with their fraction. */
export interface KnownPerson {
  /** As this client knows them. */
  subject: string;
  authTime: number;
  /** The Authentication Context Classes that their session belongs to. */
  acrs: readonly string[];
  /** The classes they could reach by signing in with everything they have. */
  reachableAcrs: readonly string[];
  /** Signed in for this very request: `prompt=login` and `max_age` are satisfied by nothing else. */
  freshly: boolean;
}

export interface Situation {
  request: Pick<PersonRequest, 'scopes' | 'prompt' | 'maxAgeSeconds' | 'acrValues' | 'claims'>;
  person?: KnownPerson;
  /** Whose ID token the client showed as a hint; also as this client knows them. */
  hintedSubject?: string;
  /** Scopes this person allowed this client before; undefined when they were never asked. */
  consentedScopes?: readonly string[] | undefined;
  /** The client is ours: nobody is asked. */
  firstParty: boolean;
  /** Any program could receive the answer (loopback, private scheme): asked every time (RFC 8252 §8.6). */
  unassured: boolean;
  /** A class that this client's users must have reached, whatever the request says: the operator's own rule. */
  requiredAcr?: string;
  /** What the person answered on the consent page of this very request. */
  decision?: 'allow' | 'deny';
  nowSeconds: number;
}

/** `step_up`: who is here is known well enough; they prove more of it. */
export type NextStep = 'login' | 'step_up' | 'consent' | 'issue' | OAuthError;

/**
 * What comes next for a request to a person: a pure function of the situation, asked again each time the browser
 * comes back, so that no step can be skipped by going to a later one (OpenID Connect Core §3.1.2.3 and §3.1.2.4).
 */
export function nextStep(situation: Situation): NextStep {
  const { request } = situation;
  const silent = request.prompt.includes('none');
  const login = loginStep(situation) ?? acrStep(situation);
  if (login) return silent && !(login instanceof OAuthError) ? loginRequired() : login;
  const consent = consentStep(situation);
  if (consent) return silent ? consentProblem() : consent;
  return 'issue';
}

function loginStep({ request, person, hintedSubject, nowSeconds }: Situation): 'login' | OAuthError | undefined {
  if (!person) return 'login';
  if (!person.freshly) {
    if (request.prompt.includes('login') || request.prompt.includes('select_account')) return 'login';
    if (request.maxAgeSeconds !== undefined && nowSeconds - person.authTime > request.maxAgeSeconds) return 'login';
    // max_age=0 is prompt=login (OpenID Connect Core §3.1.2.1), also within the same second.
    if (request.maxAgeSeconds === 0) return 'login';
  }
  if (hintedSubject !== undefined && hintedSubject !== person.subject)
    return person.freshly ? loginRequired() : 'login';
  const idTokenClaims = request.claims?.id_token;
  const wantedSubjects = wantedValues(idTokenClaims?.['sub']) ?? wantedValues(request.claims?.userinfo?.['sub']);
  if (wantedSubjects && !wantedSubjects.includes(person.subject)) return person.freshly ? loginRequired() : 'login';
  return undefined;
}

/** The classes that the request wishes for, in its order; `essential` when nothing else will do (OpenID Connect Core §5.5.1.1). */
export function wishedAcrs({ claims, acrValues }: Pick<PersonRequest, 'acrValues' | 'claims'>): {
  acrs: string[];
  essential: boolean;
} {
  const claim = claims?.id_token?.['acr'];
  const values = wantedValues(claim)?.filter((value): value is string => typeof value === 'string');
  return { acrs: values ?? acrValues, essential: claim?.essential === true && values !== undefined };
}

/** A wish is followed as far as the person can follow it; what is required is asked for once, and its absence is an error. */
function acrStep({ request, person, requiredAcr }: Situation): 'step_up' | OAuthError | undefined {
  if (!person) return undefined;
  const missing = (acrs: readonly string[]) => !acrs.some((acr) => person.acrs.includes(acr));
  const { acrs, essential } = wishedAcrs(request);
  if (requiredAcr !== undefined && missing([requiredAcr])) return person.freshly ? unmet() : 'step_up';
  if (!essential && (acrs.length === 0 || request.prompt.includes('none'))) return undefined;
  if (!missing(acrs)) return undefined;
  if (!person.freshly && acrs.some((acr) => person.reachableAcrs.includes(acr))) return 'step_up';
  return essential ? unmet() : undefined;
}

function consentStep(situation: Situation): 'consent' | OAuthError | undefined {
  const { request, decision } = situation;
  if (decision === 'deny') return new OAuthError('access_denied', 'the person did not allow it');
  if (decision === 'allow') return undefined;
  if (request.prompt.includes('consent')) return 'consent';
  if (situation.firstParty) return undefined;
  if (situation.unassured) return 'consent';
  // Also a request without any scope is one: its access token names the person.
  if (!situation.consentedScopes) return 'consent';
  return isCovered(scopesToAllow(request), situation.consentedScopes) ? undefined : 'consent';
}

/** OpenID Connect Core Unmet Authentication Requirements 1.0 §2. */
function unmet(): OAuthError {
  return new OAuthError('unmet_authentication_requirements', 'the authentication that was asked for is not available');
}

function loginRequired(): OAuthError {
  return new OAuthError('login_required', 'the person must sign in');
}

function consentProblem(): OAuthError {
  return new OAuthError('consent_required', 'the person must be asked');
}
