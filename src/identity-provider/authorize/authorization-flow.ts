import { Injectable } from '@nestjs/common';
import { TokenPolicy } from '../../authorizations/token-policy.js';
import { type Visit, Visits } from '../../authorizations/visits.js';
import { type Client, isPublic } from '../../clients/client.js';
import { Clients } from '../../clients/clients.js';
import { SubjectIdentifiers } from '../../clients/subject-identifiers.js';
import { Browser } from '../../interactions/browser.js';
import type { Demand, Interaction } from '../../interactions/interaction.js';
import { Interactions } from '../../interactions/interactions.js';
import { Assurance } from '../../interactions/assurance.js';
import { Clock } from '../../platform/clock.js';
import type { HttpExchange } from '../../platform/http/exchange.js';
import { PageError } from '../../platform/http/page-error.js';
import { randomToken } from '../../platform/secret.js';
import { ACR, acrsOf } from '../../protocol/acr.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { sessionState } from '../../protocol/session-state.js';
import { isUnassured } from '../../protocol/redirect-uri.js';
import type { Session } from '../../sessions/session.js';
import { SignOnSessions } from '../../sessions/sign-on-sessions.js';
import { type User, Users } from '../../users/users.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { shownClient } from '../shown-client.js';
import { AnsweredRequests } from './answered-requests.js';
import { AuthorizationAnswers } from './authorization-answers.js';
import type { AuthorizationRequest, PersonRequest, ResponseTarget } from './authorization-request.js';
import { respond } from './authorization-response.js';
import { type NextStep, nextStep, wishedAcrs } from './next-step.js';
import { WaitingRequests } from './waiting-requests.js';
import type { Once } from './request-parameters.js';

/** Where sign-in and consent return to. An interaction that leads elsewhere is not an authorization request. */
export const RESUME_PATH = '/authorize/resume';

/** Somebody else's server may have been asked meanwhile, for a request object: what was read before is read again. In milliseconds. */
const LONGEST_VISIT = 500;

/** What an interaction of ours puts aside. */
export interface PutAside extends Record<string, unknown> {
  request: AuthorizationRequest;
  /** Whom an ID token of ours names, in the words of the client that it was issued to. */
  hint?: { subject: string; clientId: string };
  /** It may be answered once. */
  once?: Once;
}

/** What can be located: a request with its redirect URI, or one of a device, which has none. */
export interface Locatable {
  request: PersonRequest & { redirectUri?: string };
  hint?: PutAside['hint'];
}

/** Where a request stands: what comes next, and who is in front of the browser. */
export interface Position {
  step: NextStep;
  session?: Session;
  user?: User;
}

/** `/authorize` decides, redirects, and is returned to. Login and consent never route to each other; this does. */
@Injectable()
export class AuthorizationFlow {
  constructor(
    private readonly interactions: Interactions,
    private readonly waiting: WaitingRequests,
    private readonly browser: Browser,
    private readonly sessions: SignOnSessions,
    private readonly users: Users,
    private readonly visits: Visits,
    private readonly clients: Clients,
    private readonly subjects: SubjectIdentifiers,
    private readonly answers: AuthorizationAnswers,
    private readonly answered: AnsweredRequests,
    private readonly policy: TokenPolicy,
    private readonly assurance: Assurance,
    private readonly clock: Clock,
    private readonly settings: IdentityProviderSettings,
  ) {}

  /** What the database knows of the client of this id, and of whoever comes from it. */
  visit(exchange: HttpExchange, clientId: string): Promise<Visit> {
    return this.visits.read(clientId, this.sessions.digestIn(exchange));
  }

  /**
   * Finds out where a request stands, from scratch each time.
   * @param visit of this very request, if it was read already
   */
  async locate(
    exchange: HttpExchange,
    client: Client,
    { request, hint }: Locatable,
    { interaction, visit }: { interaction?: Interaction; visit?: Visit } = {},
  ): Promise<Position> {
    const isRecent = visit !== undefined && this.clock.monotonic() - visit.readAt < LONGEST_VISIT;
    const seen = isRecent ? visit : await this.visit(exchange, client.id);
    const session = await this.sessions.resumeRead(exchange, seen.session);
    const user = session && (await this.users.findBySubject(session.subject, seen.userVersion));
    const present = user && !user.disabled ? user : undefined;
    const subject = present && (await this.subjects.of(client, present.sub));
    const hintedSubject = present && hint && (await this.hintedSubject(hint, client, present));
    const decision = interaction?.progress['decision'] as { subject: string; answer: 'allow' | 'deny' } | undefined;
    const step = nextStep({
      request,
      consentedScopes: seen.consentedScopes,
      firstParty: client.policy.firstParty,
      unassured: request.redirectUri === undefined || isUnassured(request.redirectUri, !isPublic(client)),
      ...(client.policy.secondFactor ? { requiredAcr: ACR.twoFactors } : {}),
      nowSeconds: this.clock.now() / 1000,
      ...(hintedSubject === undefined ? {} : { hintedSubject }),
      ...(present && decision?.subject === present.sub ? { decision: decision.answer } : {}),
      ...(subject !== undefined && session
        ? {
            person: {
              subject,
              authTime: session.authenticatedAt / 1000,
              acrs: acrsOf(session.amr),
              reachableAcrs: await this.reachableAcrs(request, session, present!),
              freshly: signedInFor(interaction, session),
            },
          }
        : {}),
    });
    return { step, ...(session ? { session } : {}), ...(present ? { user: present } : {}) };
  }

  /** Acts on the position: sends the browser to sign in, to consent, or back to the client. */
  async proceed(
    exchange: HttpExchange,
    client: Client,
    aside: PutAside,
    position: Position,
    interaction?: Interaction,
  ): Promise<void> {
    const { step, session, user } = position;
    if (step === 'login' || step === 'step_up' || step === 'consent') {
      const id = interaction?.id ?? (await this.putAside(exchange, client, aside, { fresh: step === 'login', user }));
      exchange.redirect(`/${step === 'consent' ? step : 'login'}?interaction=${encodeURIComponent(id)}`);
      return;
    }
    if (interaction) await this.complete(exchange, interaction);
    const state = this.sessionState(exchange, aside.request, session);
    if (step instanceof OAuthError) {
      this.refuse(exchange, aside.request, step, state);
      return;
    }
    try {
      if (aside.once) await this.answered.use(client.id, aside.once);
      const answer = await this.answers.make(aside.request, client, { session: session!, user: user! });
      respond(exchange, aside.request, this.policy.issuer, { ...answer, ...state });
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      this.refuse(exchange, aside.request, error, state);
    }
  }

  /** Sends an error to the client, in the channel that its answer would have taken (RFC 6749 §4.1.2.1 and §4.2.2.1). */
  refuse(exchange: HttpExchange, target: ResponseTarget, error: OAuthError, more: Record<string, string> = {}): void {
    respond(exchange, target, this.policy.issuer, { error: error.code, error_description: error.message, ...more });
  }

  /** Session Management 1.0 §2: in every authentication response, errors too. */
  private sessionState(
    exchange: HttpExchange,
    { clientId, redirectUri, scopes }: AuthorizationRequest,
    session: Session | undefined,
  ): { session_state?: string } {
    if (!scopes.includes('openid')) return {};
    const browserState = this.sessions.show(exchange, session && this.sessions.read(exchange));
    const state = sessionState({ clientId, redirectUri, browserState, salt: randomToken(12) });
    return state === undefined ? {} : { session_state: state };
  }

  /**
   * @param fresh whether nothing but a new proof of who is there will do; else a session may be built upon.
   * @param user whoever is signed in: who only has to prove it again finds their name filled in.
   */
  private putAside(
    exchange: HttpExchange,
    client: Client,
    aside: PutAside,
    { fresh, user }: { fresh: boolean; user: User | undefined },
  ): Promise<string> {
    const { prompt, uiLocales: locales, redirectUri } = aside.request;
    // Else another one is wanted, or meant by the client.
    const isSame = fresh && !prompt.includes('select_account') && aside.hint === undefined;
    const loginHint = aside.request.loginHint ?? (isSame ? user?.username : undefined);
    this.waiting.admit(exchange.ip);
    return this.interactions.begin(this.browser.identify(exchange), {
      resumePath: RESUME_PATH,
      display: {
        client: shownClient(client, this.settings, redirectUri),
        ...(loginHint === undefined ? {} : { loginHint }),
        ...(locales ? { locales } : {}),
      },
      demand: demandOf(client, aside.request, fresh),
      payload: aside,
    });
  }

  /** What the person could reach, looked up only for a request that wishes for more than their session has. */
  private async reachableAcrs(request: PersonRequest, session: Session, user: User): Promise<string[]> {
    const { acrs } = wishedAcrs(request);
    const reached = acrsOf(session.amr);
    return acrs.length === 0 || acrs.some((acr) => reached.includes(acr))
      ? reached
      : this.assurance.reachableBy(user.sub);
  }

  /** The hint in the words of the client that asks now: its subject for this person when they are meant, else nobody's. */
  private async hintedSubject(hint: NonNullable<PutAside['hint']>, client: Client, person: User): Promise<string> {
    const issuedTo = hint.clientId === client.id ? client : await this.clients.find(hint.clientId);
    const meant = issuedTo !== undefined && (await this.subjects.of(issuedTo, person.sub)) === hint.subject;
    return meant ? this.subjects.of(client, person.sub) : '';
  }

  /** An interaction gives one answer: of two tabs that come back at once, one is too late. */
  private async complete(exchange: HttpExchange, interaction: Interaction): Promise<void> {
    if (!(await this.interactions.complete(interaction.id, this.browser.identify(exchange))))
      throw interactionExpired();
  }
}

/** What sign-in must come to. @param fresh whether nothing but a new proof of who is there will do. */
export function demandOf(client: Client, request: PersonRequest, fresh: boolean): Demand {
  const anew = request.prompt.includes('login') || request.prompt.includes('select_account');
  const maxAgeSeconds = anew ? 0 : request.maxAgeSeconds;
  return {
    fresh,
    acrs: wishedAcrs(request).acrs,
    secondFactor: client.policy.secondFactor,
    ...(fresh && maxAgeSeconds !== undefined ? { maxAgeSeconds } : {}),
  };
}

/** The session must be the very one that the sign-in for this interaction started, and not have been replaced since. */
function signedInFor(interaction: Interaction | undefined, session: Session): boolean {
  const proof = interaction?.signedIn;
  return proof !== undefined && proof.sid === session.sid && proof.authenticatedAt === session.authenticatedAt;
}

/** What somebody sees who comes too late, twice, or with another browser. */
export function interactionExpired(): PageError {
  return new PageError(
    400,
    'interaction_expired',
    'This page belongs to a sign-in that has ended, or to another browser.',
    { parameter: 'interaction' },
  );
}
