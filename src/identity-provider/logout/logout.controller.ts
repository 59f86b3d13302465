import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { h } from 'preact';
import { ReceiptNames } from '../../authorizations/receipt-names.js';
import type { Receipt } from '../../authorizations/revocation-receipts.js';
import type { Client } from '../../clients/client.js';
import { Clients } from '../../clients/clients.js';
import { SubjectIdentifiers } from '../../clients/subject-identifiers.js';
import { Browser } from '../../interactions/browser.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { formParameters, queryParameters } from '../../platform/http/form.js';
import { allowMethods } from '../../platform/http/methods.js';
import type { Language } from '../../platform/languages/language.js';
import { languageFor } from '../../platform/languages/languages.js';
import { PageError } from '../../platform/http/page-error.js';
import { repeatAsGet } from '../../platform/http/repeat-as-get.js';
import { PageErrorFilter } from '../../platform/http/page-error.filter.js';
import type { Parameters } from '../../protocol/parameters.js';
import type { Session } from '../../sessions/session.js';
import type { OpenSession } from '../../sessions/sessions.js';
import { SignOnSessions } from '../../sessions/sign-on-sessions.js';
import { Users } from '../../users/users.js';
import { type IdTokenHint, IdTokenHints } from '../authorize/id-token-hint.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { shownClient } from '../shown-client.js';
import { ONWARD_SCRIPT_HASH, SignedOutPage, SignOutPage } from '../pages/sign-out.page.js';
import { Receipts } from '../signals/receipts.js';
import { SignOut } from './sign-out.js';

const DONE = '/logout/done';
/** What the confirmation brings back, so that a sign-out that was asked about ends where it was to end. */
const CARRIED = ['id_token_hint', 'client_id', 'post_logout_redirect_uri', 'state', 'ui_locales'];

/** A sign-out that a client asks for, as far as it is proved. */
interface Asked {
  client?: Client;
  hint?: IdTokenHint;
  /** Where to go afterwards: registered, and backed by an ID token of ours. */
  returnUrl?: string;
  /** The language that it wishes for, if we have it. */
  language?: Language | undefined;
}

/**
 * The end-session endpoint (OpenID Connect RP-Initiated Logout 1.0). With an ID token of this very session the person is
 * signed out at once and goes back; in every other case the person is asked first. They go back after that, too, if the ID
 * token is of theirs; with anybody else's, or none, they stay here.
 */
@Controller({ path: 'logout', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class LogoutController {
  constructor(
    private readonly sessions: SignOnSessions,
    private readonly signOut: SignOut,
    private readonly hints: IdTokenHints,
    private readonly clients: Clients,
    private readonly subjects: SubjectIdentifiers,
    private readonly users: Users,
    private readonly browser: Browser,
    private readonly settings: IdentityProviderSettings,
    private readonly receipts: Receipts,
    private readonly receiptNames: ReceiptNames,
  ) {}

  @All()
  async logout(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    allowMethods(exchange, 'GET', 'POST');
    const parameters = exchange.method === 'POST' ? formParameters(exchange) : queryParameters(exchange);
    if (repeatAsGet(exchange, parameters)) return;
    exchange.speak(parameters.get('ui_locales')?.split(' '));
    const open = await this.sessions.resumeFrom(exchange);
    if (exchange.method === 'POST' && parameters.has('csrf')) {
      await this.confirmed(exchange, parameters, open);
      return;
    }
    const asked = await this.askedBy(parameters);
    this.dressFor(exchange, asked);
    if (!open) {
      this.leave(exchange, asked);
    } else if (asked.hint?.sid === open.session.sid && (await this.isOf(asked, open.session))) {
      await this.end(exchange, open.session, asked);
    } else {
      await this.ask(exchange, asked, open.session, parameters);
    }
  }

  @All('done')
  async done(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    allowMethods(exchange, 'GET');
    const seq = this.receiptNames.read(queryParameters(exchange).get('receipt'));
    const receipt = seq === undefined ? undefined : await this.receipts.of(seq);
    exchange.page(200, h(SignedOutPage, { returnUrl: '/', ...(receipt ? { receipt: countsOf(receipt) } : {}) }));
  }

  /** The person pressed the button of our own page. */
  private async confirmed(exchange: HttpExchange, form: Parameters, open: OpenSession | undefined): Promise<void> {
    if (!open) {
      exchange.redirect(DONE);
      return;
    }
    if (!this.browser.isOwnForm(exchange, form.get('csrf'), aboutForm(open.session), this.settings.issuer)) {
      throw new PageError(403, 'csrf', 'This form was not sent from our own page. Go back and try again.');
    }
    const asked = await this.askedBy(form);
    const isOwn = await this.isOf(asked, open.session);
    if (isOwn) this.dressFor(exchange, asked);
    await this.end(exchange, open.session, isOwn ? asked : { language: asked.language });
  }

  private dressFor(exchange: HttpExchange, { client }: Asked): void {
    if (client) exchange.dressFor(shownClient(client, this.settings));
  }

  /** Whether the hint is an ID token of this person. */
  private async isOf({ client, hint }: Asked, session: Session): Promise<boolean> {
    return !!client && hint?.subject === (await this.subjects.of(client, session.subject));
  }

  /** Ends the session, and goes on when every application has been told that can be (§2, §3). */
  private async end(exchange: HttpExchange, session: Session, asked: Asked): Promise<void> {
    const { frames, receipt } = await this.signOut.end(exchange, session);
    if (frames.length === 0) {
      this.leave(exchange, asked, receipt);
      return;
    }
    const { client, returnUrl } = asked;
    const goOn = returnUrl !== undefined;
    exchange.page(
      200,
      h(SignedOutPage, {
        frames,
        returnUrl: returnUrl ?? '/',
        goOn,
        ...(receipt ? { receipt: countsOf(receipt) } : {}),
        ...(goOn && client ? { client: shownClient(client, this.settings) } : {}),
      }),
      { frameSrc: frames, ...(goOn ? { scriptHashes: [ONWARD_SCRIPT_HASH] } : {}) },
    );
  }

  private leave(exchange: HttpExchange, { returnUrl, language }: Asked, receipt?: Receipt): void {
    const query = new URLSearchParams();
    if (receipt) query.set('receipt', this.receiptNames.write(receipt.seq));
    if (language) query.set('ui_locales', language.tag);
    exchange.redirect(returnUrl ?? (query.size > 0 ? `${DONE}?${String(query)}` : DONE));
  }

  private async ask(
    exchange: HttpExchange,
    { client }: Asked,
    session: Session,
    parameters: Parameters,
  ): Promise<void> {
    const user = await this.users.findBySubject(session.subject);
    const name = user?.claims['name'];
    if (user) exchange.settle(user.claims);
    const carried = CARRIED.flatMap((field) => parameters.all(field).map((value): [string, string] => [field, value]));
    exchange.page(
      200,
      h(SignOutPage, {
        action: '/logout',
        csrfToken: this.browser.formToken(this.browser.identify(exchange), aboutForm(session)),
        fields: Object.fromEntries(carried),
        ...(client ? { client: shownClient(client, this.settings) } : {}),
        ...(user ? { user: { name: typeof name === 'string' ? name : user.username, username: user.username } } : {}),
      }),
    );
  }

  /** @throws PageError when the request contradicts itself or the registration: nobody is redirected then. */
  private async askedBy(parameters: Parameters): Promise<Asked> {
    const language = languageFor(parameters.get('ui_locales')?.split(' ') ?? []);
    const hintText = parameters.get('id_token_hint');
    const hint = hintText === undefined ? undefined : await this.hints.read(hintText);
    if (hintText !== undefined && !hint) {
      throw refused('The id_token_hint is not an ID token of this provider.', 'id_token_hint');
    }
    const clientId = parameters.get('client_id');
    if (hint && clientId !== undefined && clientId !== hint.clientId) {
      throw refused('The id_token_hint was issued to another application than client_id names.', 'client_id');
    }
    const client = hint && (await this.clients.find(hint.clientId));
    // One that is disabled is as good as gone, and looks like it.
    if (!client || client.disabled) return { language };
    const returnUrl = parameters.get('post_logout_redirect_uri');
    if (returnUrl === undefined) return { client, hint, language };
    if (!client.metadata.post_logout_redirect_uris?.includes(returnUrl)) {
      throw refused('The post_logout_redirect_uri is not registered for this application.', 'post_logout_redirect_uri');
    }
    return { client, hint, language, returnUrl: withState(returnUrl, parameters.get('state')) };
  }
}

function countsOf({ enforced, applications, milliseconds }: Receipt) {
  return { enforced, applications: applications.length, ...(milliseconds === undefined ? {} : { milliseconds }) };
}

function aboutForm(session: Session): string {
  return `logout\0${session.sid}`;
}

/** Exactly `state` is appended (RP-Initiated Logout 1.0 §3). */
function withState(url: string, state: string | undefined): string {
  return state === undefined ? url : `${url}${url.includes('?') ? '&' : '?'}state=${encodeURIComponent(state)}`;
}

/** The person wanted to sign out, so they can, whatever is wrong with the way they came (RP-Initiated Logout 1.0 §4). */
function refused(message: string, parameter: string): PageError {
  return new PageError(400, 'invalid_request', message, { parameter, way: { href: '/logout', text: 'Sign out here' } });
}
