import type { AuthorizationRequest } from '../../src/identity-provider/authorize/authorization-request.js';
import { nextStep, type Situation } from '../../src/identity-provider/authorize/next-step.js';

const NOW = 1_800_000_000;
const REQUEST: AuthorizationRequest = {
  clientId: 'rp',
  redirectUri: 'https://rp.test/cb',
  responseMode: 'query',
  responseType: 'code',
  scopes: ['openid', 'profile'],
  resources: [],
  prompt: [],
  acrValues: [],
};
const ALICE = {
  subject: 'alice',
  authTime: NOW - 100,
  acrs: ['urn:gatehouse:pwd'],
  reachableAcrs: ['urn:gatehouse:mfa', 'urn:gatehouse:pwd'],
  freshly: false,
};
const FRESH = { ...ALICE, authTime: NOW, freshly: true };
const CONSENTED: Situation = {
  request: REQUEST,
  person: ALICE,
  consentedScopes: ['openid', 'profile'],
  firstParty: false,
  unassured: false,
  nowSeconds: NOW,
};

const asking = (change: Partial<AuthorizationRequest>): AuthorizationRequest => ({ ...REQUEST, ...change });
const STRONG = { ...ALICE, acrs: ['urn:gatehouse:mfa', 'urn:gatehouse:pwd'] };
const essentialMfa = { id_token: { acr: { essential: true, values: ['urn:gatehouse:mfa'] } } };
const essentialAcr = { id_token: { acr: { essential: true, value: 'mfa' } } };

it.each<[string, Partial<Situation>, string]>([
  ['signed in and consented', {}, 'issue'],
  ['nobody signed in', { person: undefined }, 'login'],
  ['nobody signed in, although the decision is there', { person: undefined, decision: 'allow' }, 'login'],
  ['no consent yet', { consentedScopes: [] }, 'consent'],
  ['no consent yet, and no scope asked for', { request: asking({ scopes: [] }), consentedScopes: undefined }, 'consent'],
  ['no scope asked for, consent to nothing', { request: asking({ scopes: [] }), consentedScopes: [] }, 'issue'],
  ['a claim by name whose scope was not allowed', { request: asking({ claims: { userinfo: { email: null } } }) }, 'consent'],
  ['a claim by name whose scope was allowed', { request: asking({ claims: { id_token: { name: null, acr: null } } }) }, 'issue'],
  ['consent to less', { consentedScopes: ['openid'] }, 'consent'],
  ['consent to more', { consentedScopes: ['email', 'profile', 'openid'] }, 'issue'],
  ['consent given now', { consentedScopes: [], decision: 'allow' }, 'issue'],
  ['denied now', { decision: 'deny' }, 'access_denied'],
  ['a client of ours', { consentedScopes: [], firstParty: true }, 'issue'],
  ['a client of ours, denied', { firstParty: true, decision: 'deny' }, 'access_denied'],
  ['AZ-33 a client that anybody could be', { unassured: true }, 'consent'],
  ['AZ-33 …that the person has just allowed', { unassured: true, decision: 'allow' }, 'issue'],

  ['prompt=none', { request: asking({ prompt: ['none'] }) }, 'issue'],
  ['AZ-14 prompt=none, nobody there', { request: asking({ prompt: ['none'] }), person: undefined }, 'login_required'],
  ['prompt=none, no consent', { request: asking({ prompt: ['none'] }), consentedScopes: [] }, 'consent_required'],
  ['AZ-33 prompt=none, unassured', { request: asking({ prompt: ['none'] }), unassured: true }, 'consent_required'],
  ['prompt=none and too old', { request: asking({ prompt: ['none'], maxAgeSeconds: 99 }) }, 'login_required'],

  ['prompt=login', { request: asking({ prompt: ['login'] }) }, 'login'],
  ['prompt=login, done', { request: asking({ prompt: ['login'] }), person: FRESH }, 'issue'],
  ['prompt=select_account', { request: asking({ prompt: ['select_account'] }) }, 'login'],
  ['prompt=select_account, done', { request: asking({ prompt: ['select_account'] }), person: FRESH }, 'issue'],
  ['prompt=consent', { request: asking({ prompt: ['consent'] }) }, 'consent'],
  ['prompt=consent of a client of ours', { request: asking({ prompt: ['consent'] }), firstParty: true }, 'consent'],
  ['prompt=consent, allowed', { request: asking({ prompt: ['consent'] }), decision: 'allow' }, 'issue'],
  ['prompt=login consent', { request: asking({ prompt: ['login', 'consent'] }) }, 'login'],
  ['prompt=login consent, login done', { request: asking({ prompt: ['login', 'consent'] }), person: FRESH }, 'consent'],

  ['max_age not yet over', { request: asking({ maxAgeSeconds: 100 }) }, 'issue'],
  ['max_age over', { request: asking({ maxAgeSeconds: 99 }) }, 'login'],
  ['max_age over, signed in again', { request: asking({ maxAgeSeconds: 99 }), person: FRESH }, 'issue'],
  ['max_age=0 in the same second', { request: asking({ maxAgeSeconds: 0 }), person: { ...ALICE, authTime: NOW } }, 'login'],
  ['max_age=0, signed in again', { request: asking({ maxAgeSeconds: 0 }), person: FRESH }, 'issue'],

  ['a hint at the same person', { hintedSubject: 'alice' }, 'issue'],
  ['a hint at another', { hintedSubject: 'bob' }, 'login'],
  ['AZ-18 prompt=none with a hint at another', { request: asking({ prompt: ['none'] }), hintedSubject: 'bob' }, 'login_required'],
  ['a hint at another, and the wrong one signed in', { person: FRESH, hintedSubject: 'bob' }, 'login_required'],
  ['AZ-36 the ID token’s sub must be another', { request: asking({ claims: { id_token: { sub: { value: 'bob' } } } }) }, 'login'],
  ['AZ-36 …silently', { request: asking({ prompt: ['none'], claims: { id_token: { sub: { value: 'bob' } } } }) }, 'login_required'],
  ['AZ-36 userinfo’s sub must be another', { request: asking({ prompt: ['none'], claims: { userinfo: { sub: { values: ['bob'] } } } }) }, 'login_required'],
  ['the sub is the right one', { request: asking({ claims: { id_token: { sub: { value: 'alice' } } } }) }, 'issue'],

  ['AZ-35 an essential acr we cannot give', { request: asking({ claims: essentialAcr }) }, 'unmet_authentication_requirements'],
  ['AZ-35 …silently', { request: asking({ prompt: ['none'], claims: essentialAcr }) }, 'unmet_authentication_requirements'],
  ['an essential acr we have', { request: asking({ claims: { id_token: { acr: { essential: true, values: ['mfa', 'urn:gatehouse:pwd'] } } } }) }, 'issue'],
  ['an essential acr the person can reach', { request: asking({ claims: essentialMfa }) }, 'step_up'],
  ['MF-09 …and reached', { request: asking({ claims: essentialMfa }), person: STRONG }, 'issue'],
  ['MF-12 …and did not reach, just now', { request: asking({ claims: essentialMfa }), person: FRESH }, 'unmet_authentication_requirements'],
  ['…and can reach, silently', { request: asking({ claims: essentialMfa, prompt: ['none'] }) }, 'login_required'],
  ['acr_values the person can reach', { request: asking({ acrValues: ['mfa', 'urn:gatehouse:mfa'] }) }, 'step_up'],
  ['…reached', { request: asking({ acrValues: ['urn:gatehouse:mfa'] }), person: STRONG }, 'issue'],
  ['…not reached, just now', { request: asking({ acrValues: ['urn:gatehouse:mfa'] }), person: FRESH }, 'issue'],
  ['…silently', { request: asking({ acrValues: ['urn:gatehouse:mfa'], prompt: ['none'] }) }, 'issue'],
  ['acr_values of which one is there', { request: asking({ acrValues: ['urn:gatehouse:mfa', 'urn:gatehouse:pwd'] }) }, 'issue'],
  ['a stronger session for a weaker wish', { request: asking({ acrValues: ['urn:gatehouse:pwd'] }), person: STRONG }, 'issue'],
  ['a session by mail, a password wished for', { request: asking({ acrValues: ['urn:gatehouse:pwd'] }), person: { ...ALICE, acrs: ['urn:gatehouse:email'] } }, 'step_up'],
  ['a client that requires a second factor', { requiredAcr: 'urn:gatehouse:mfa' }, 'step_up'],
  ['…of somebody who has none', { requiredAcr: 'urn:gatehouse:mfa', person: { ...ALICE, reachableAcrs: ALICE.acrs } }, 'step_up'],
  ['…and got it', { requiredAcr: 'urn:gatehouse:mfa', person: STRONG }, 'issue'],
  ['…and did not get it', { requiredAcr: 'urn:gatehouse:mfa', person: FRESH }, 'unmet_authentication_requirements'],
  ['…silently', { requiredAcr: 'urn:gatehouse:mfa', request: asking({ prompt: ['none'] }) }, 'login_required'],
  ['…of nobody', { requiredAcr: 'urn:gatehouse:mfa', person: undefined }, 'login'],
  ['max_age over goes before an acr', { request: asking({ maxAgeSeconds: 99, acrValues: ['urn:gatehouse:mfa'] }) }, 'login'],
  ['a voluntary acr', { request: asking({ claims: { id_token: { acr: { value: 'mfa' } } }, acrValues: ['mfa'] }) }, 'issue'],
])('%s: %s', (...[, change, step]) => {
  const result = nextStep({ ...CONSENTED, ...change } as Situation);
  expect(typeof result === 'string' ? result : result.code).toBe(step);
}); // prettier-ignore
