import { All, Controller, Logger, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { h } from 'preact';
import { Audit, originOf } from '../../audit/audit.js';
import { audienceOf } from '../../authorizations/audience.js';
import { Consents } from '../../authorizations/consents.js';
import { DeviceAuthorizations } from '../../authorizations/device-authorizations.js';
import type { Client } from '../../clients/client.js';
import { Clients } from '../../clients/clients.js';
import { Resources } from '../../clients/resources.js';
import { Browser } from '../../interactions/browser.js';
import type { Interaction } from '../../interactions/interaction.js';
import { Interactions } from '../../interactions/interactions.js';
import type { Taken } from '../../platform/database/taken.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { formParameters, queryParameters } from '../../platform/http/form.js';
import { allowMethods } from '../../platform/http/methods.js';
import { PageError } from '../../platform/http/page-error.js';
import { PageErrorFilter } from '../../platform/http/page-error.filter.js';
import { duration, say } from '../../platform/languages/languages.js';
import { DEVICE_CODE } from '../../protocol/grant-type.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { displayUserCode, normalUserCode } from '../../protocol/user-code.js';
import type { Session } from '../../sessions/session.js';
import { SignOnSessions } from '../../sessions/sign-on-sessions.js';
import type { User } from '../../users/users.js';
import { AuthorizationFlow, demandOf, interactionExpired } from '../authorize/authorization-flow.js';
import { type PersonRequest, scopesToAllow } from '../authorize/authorization-request.js';
import { describeScopes } from '../authorize/scope-descriptions.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { shownClient } from '../shown-client.js';
import { DeviceCodePage, DeviceConfirmPage, DeviceDonePage } from '../pages/device.page.js';
import { TooManyGuesses, UserCodeThrottle } from './user-code-throttle.js';

/** What an interaction of ours puts aside. */
interface PutAside extends Record<string, unknown> {
  userCode: string;
  clientId: string;
  request: PersonRequest;
}

/** A device that waits for this person's answer, and for nothing before it. */
interface Waiting {
  interaction: Interaction;
  aside: PutAside;
  client: Client;
  session: Session;
  user: User;
}

const CONFIRM = '/device/confirm';
const ENTRY_FORM = 'device';
const WRONG_CODE = 'This code is not known, or it has expired. Check it, or ask your device for a new one.';

/**
 * Where a person enters a device's code (RFC 8628 §3.3), signs in if need be, sees what asks and whether the code is the
 * one on their device, and decides. The same steps as at the authorization endpoint, asked again with every request.
 */
@Controller({ path: 'device', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class DeviceController {
  private readonly logger = new Logger(DeviceController.name);

  constructor(
    private readonly devices: DeviceAuthorizations,
    private readonly throttle: UserCodeThrottle,
    private readonly flow: AuthorizationFlow,
    private readonly interactions: Interactions,
    private readonly browser: Browser,
    private readonly sessions: SignOnSessions,
    private readonly clients: Clients,
    private readonly consents: Consents,
    private readonly audit: Audit,
    private readonly resources: Resources,
    private readonly settings: IdentityProviderSettings,
  ) {}

  @All()
  async device(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    allowMethods(exchange, 'GET', 'POST');
    // A link with the code in it (§3.3.1) only fills the field in: nothing is looked up before the person sends it.
    if (exchange.method === 'GET') this.ask(exchange, 200, queryParameters(exchange).get('user_code'));
    else await this.enter(exchange);
  }

  @All('confirm')
  async confirm(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    allowMethods(exchange, 'GET', 'POST');
    if (exchange.method === 'GET') await this.show(exchange);
    else await this.decide(exchange);
  }

  private ask(exchange: HttpExchange, status: number, userCode?: string, error?: string): void {
    const browserId = this.browser.identify(exchange);
    exchange.page(
      status,
      h(DeviceCodePage, {
        action: '/device',
        csrfToken: this.browser.formToken(browserId, ENTRY_FORM),
        ...(userCode === undefined ? {} : { userCode: userCode.slice(0, 64) }),
        ...(error === undefined ? {} : { error, correlationId: exchange.correlationId }),
      }),
    );
  }

  private async enter(exchange: HttpExchange): Promise<void> {
    const form = formParameters(exchange);
    if (!this.browser.isOwnForm(exchange, form.get('csrf'), ENTRY_FORM, this.settings.issuer)) throw foreignForm();
    const typed = form.get('user_code') ?? '';
    const session = (await this.sessions.resumeFrom(exchange))?.session;
    let taken: Taken;
    try {
      taken = await this.throttle.admit(exchange.ip, session?.subject);
    } catch (error) {
      if (!(error instanceof TooManyGuesses)) throw error;
      this.askLater(exchange, error);
      return;
    }
    const userCode = normalUserCode(typed);
    const waiting = userCode === undefined ? undefined : await this.devices.find(userCode);
    const client = waiting && (await this.clientOf(waiting.clientId));
    if (!client) {
      this.ask(exchange, 400, typed, WRONG_CODE);
      return;
    }
    await taken.giveBack();
    const request = waiting.request as unknown as PersonRequest;
    const aside: PutAside = { userCode: userCode!, clientId: client.id, request };
    const { step } = await this.flow.locate(exchange, client, aside);
    const id = await this.interactions.begin(this.browser.identify(exchange), {
      resumePath: CONFIRM,
      display: {
        client: shownClient(client, this.settings),
        ...(request.loginHint === undefined ? {} : { loginHint: request.loginHint }),
      },
      demand: demandOf(client, request, step === 'login'),
      payload: aside,
    });
    exchange.redirect(`${CONFIRM}?interaction=${encodeURIComponent(id)}`);
  }

  private askLater(exchange: HttpExchange, { retryAfterSeconds, signInHelps }: TooManyGuesses): void {
    exchange.setHeader('retry-after', String(retryAfterSeconds));
    const { language } = exchange;
    const minutes = duration(language, Math.ceil(retryAfterSeconds / 60), 'minute');
    const sentence = signInHelps
      ? 'Too many wrong codes were entered. Sign in first and enter the code then, or try again in {minutes}.'
      : 'Too many wrong codes were entered. Try again in {minutes}.';
    this.ask(exchange, 429, undefined, say(language, sentence, { minutes }));
  }

  private async show(exchange: HttpExchange): Promise<void> {
    const waiting = await this.waiting(exchange, queryParameters(exchange).get('interaction'));
    if (!waiting) return;
    const { interaction, aside, client, user } = waiting;
    const { scopes, resources } = aside.request;
    const { audience } = audienceOf(scopes, resources, await this.resources.list(), this.settings.issuer);
    const name = user.claims['name'];
    exchange.page(
      200,
      h(DeviceConfirmPage, {
        action: CONFIRM,
        csrfToken: this.browser.formToken(this.browser.identify(exchange), aboutForm(interaction, user)),
        interaction: interaction.id,
        client: shownClient(client, this.settings),
        user: { name: typeof name === 'string' ? name : user.username, username: user.username },
        userCode: displayUserCode(aside.userCode),
        scopes: describeScopes(scopesToAllow(aside.request)),
        resources: audience.filter((one) => one !== this.settings.issuer),
      }),
    );
  }

  private async decide(exchange: HttpExchange): Promise<void> {
    const form = formParameters(exchange);
    const waiting = await this.waiting(exchange, form.get('interaction'));
    if (!waiting) return;
    const { interaction, client, user } = waiting;
    if (!this.browser.isOwnForm(exchange, form.get('csrf'), aboutForm(interaction, user), this.settings.issuer)) {
      throw foreignForm();
    }
    const answer = form.get('decision');
    if (answer !== 'allow' && answer !== 'deny') {
      throw new PageError(400, 'invalid_request', 'The form holds no decision.', { parameter: 'decision' });
    }
    // An interaction gives one answer: of two tabs that decide at once, one is too late.
    if (!(await this.interactions.complete(interaction.id, this.browser.identify(exchange))))
      throw interactionExpired();
    if (!(await this.record(exchange, waiting, answer))) throw codeExpired();
    this.logger.log(`a device of client ${client.id}: ${user.sub} said ${answer}`);
    exchange.page(200, h(DeviceDonePage, { client: shownClient(client, this.settings), allowed: answer === 'allow' }));
  }

  private async record(
    exchange: HttpExchange,
    { aside, client, session, user }: Waiting,
    answer: 'allow' | 'deny',
  ): Promise<boolean> {
    const { request, userCode } = aside;
    if (answer === 'deny') return this.devices.deny(userCode);
    const authorization = {
      clientId: client.id,
      subject: user.sub,
      scopes: request.scopes,
      resources: request.resources,
      ...(request.claims ? { claims: request.claims } : {}),
      sid: session.sid,
      offline: request.scopes.includes('offline_access'),
      authTime: Math.floor(session.authenticatedAt / 1000),
      acr: session.acr,
      amr: session.amr,
    };
    if (client.policy.firstParty) return this.devices.allow(userCode, authorization);
    const scopes = scopesToAllow(request);
    const event = { name: 'consent_given', subject: user.sub, client: client.id, scopes } as const;
    await this.consents.grant(user.sub, client.id, scopes, async (transaction) => {
      await this.audit.record(event, originOf(exchange), transaction);
      // Last, because its place in the revocation log is read here; without it there was no consent, either.
      if (!(await this.devices.allow(userCode, authorization, transaction))) throw codeExpired();
    });
    return true;
  }

  /** The device that waits; undefined when something comes first, and the browser was sent there. */
  private async waiting(exchange: HttpExchange, id: string | undefined): Promise<Waiting | undefined> {
    const interaction = await this.interactions.find(id, this.browser.find(exchange));
    if (interaction?.resumePath !== CONFIRM) throw interactionExpired();
    exchange.speak(interaction.display.locales);
    const aside = interaction.payload as PutAside;
    const client = await this.clientOf(aside.clientId);
    if (!client || !(await this.devices.find(aside.userCode))) throw codeExpired();
    exchange.dressFor(shownClient(client, this.settings));
    const { step, session, user } = await this.flow.locate(exchange, client, aside, { interaction });
    if (step instanceof OAuthError) {
      // The device is told no, and the person why.
      await this.devices.deny(aside.userCode);
      throw step;
    }
    if (step === 'consent' && session && user) {
      exchange.settle(user.claims);
      return { interaction, aside, client, session, user };
    }
    if (exchange.method === 'POST') {
      throw new PageError(
        400,
        'invalid_request',
        'This sign-in is not waiting for a decision. Go back and start again.',
      );
    }
    exchange.redirect(`/login?interaction=${encodeURIComponent(interaction.id)}`);
    return undefined;
  }

  /** The client, if it may still ask for devices. */
  private async clientOf(id: string): Promise<Client | undefined> {
    const client = await this.clients.find(id);
    return client && !client.disabled && client.metadata.grant_types.includes(DEVICE_CODE) ? client : undefined;
  }
}

function aboutForm(interaction: Interaction, user: User): string {
  return `device\0${interaction.id}\0${user.sub}`;
}

function foreignForm(): PageError {
  return new PageError(403, 'csrf', 'This form was not sent from our own page. Go back and try again.');
}

function codeExpired(): PageError {
  return new PageError(
    400,
    'expired_token',
    'The code has expired, or it was answered already. Ask your device for a new one.',
    {
      parameter: 'user_code',
    },
  );
}
