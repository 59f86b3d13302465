import { wantedValues } from '../../protocol/claims.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { isCovered } from '../../protocol/scope.js';
import type { PersonRequest } from './authorization-request.js';

/** What is known about the person in front of the browser. Times are seconds since the epoch. */
export interface KnownPerson {
  /** As this client knows them. */
  subject: string;
  authTime: number;
  acr: string;
  /** Signed in for this very request: `prompt=login` and `max_age` are satisfied by nothing else. */
  freshly: boolean;
}

export interface Situation {
  request: Pick<PersonRequest, 'scopes' | 'prompt' | 'maxAgeSeconds' | 'claims'>;
  person?: KnownPerson;
  /** Whose ID token the client showed as a hint; also as this client knows them. */
  hintedSubject?: string;
  /** Scopes this person allowed this client before. */
  consentedScopes: readonly string[];
  /** The client is ours: nobody is asked. */
  firstParty: boolean;
  /** Any program could receive the answer (loopback, private scheme): asked every time (RFC 8252 §8.6). */
  unassured: boolean;
  /** What the person answered on the consent page of this very request. */
  decision?: 'allow' | 'deny';
  nowSeconds: number;
}

export type NextStep = 'login' | 'consent' | 'issue' | OAuthError;

/**
 * What comes next for a request to a person: a pure function of the situation, asked again each time the browser
 * comes back, so that no step can be skipped by going to a later one (OpenID Connect Core §3.1.2.3 and §3.1.2.4).
 */
export function nextStep(situation: Situation): NextStep {
  const { request } = situation;
  const silent = request.prompt.includes('none');
  const login = loginStep(situation);
  if (login) return silent && login === 'login' ? loginRequired() : login;
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
  const acr = idTokenClaims?.['acr'];
  if (acr?.essential && wantedValues(acr) && !wantedValues(acr)!.includes(person.acr)) {
    return new OAuthError(
      'unmet_authentication_requirements',
      'the authentication that was asked for is not available',
    );
  }
  return undefined;
}

function consentStep(situation: Situation): 'consent' | OAuthError | undefined {
  const { request, decision } = situation;
  if (decision === 'deny') return new OAuthError('access_denied', 'the person did not allow it');
  if (decision === 'allow') return undefined;
  if (request.prompt.includes('consent')) return 'consent';
  if (situation.firstParty) return undefined;
  if (situation.unassured) return 'consent';
  return isCovered(request.scopes, situation.consentedScopes) ? undefined : 'consent';
}

function loginRequired(): OAuthError {
  return new OAuthError('login_required', 'the person must sign in');
}

function consentProblem(): OAuthError {
  return new OAuthError('consent_required', 'the person must be asked');
}
