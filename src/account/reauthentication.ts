import { Injectable } from '@nestjs/common';
import { Assurance } from '../interactions/assurance.js';
import { Browser } from '../interactions/browser.js';
import { Interactions } from '../interactions/interactions.js';
import { Clock } from '../platform/clock.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { PageForm } from '../platform/http/page-form.js';
import { ACR, acrsOf } from '../protocol/acr.js';
import type { OpenSession } from '../sessions/sessions.js';
import { SignOnSessions } from '../sessions/sign-on-sessions.js';
import { type User, Users } from '../users/users.js';
import { AccountSettings } from './account.options.js';
import { speakChosenLanguage } from './chosen-language.js';

/** The person in front of one of their own pages. */
export interface Visit {
  user: User;
  open: OpenSession;
  /** For the forms of the page. */
  csrf: string;
}

/** The path, and query, that an interaction of ours leads back to: one of our own routes. */
interface Return extends Record<string, unknown> {
  path: string;
}

/**
 * Lets people to their own pages. For what could be used to take an account over, they must have proved who they are a
 * moment ago, with a second factor when they have one: a session that somebody finds open opens nothing of it.
 */
@Injectable()
export class Reauthentication {
  constructor(
    private readonly sessions: SignOnSessions,
    private readonly users: Users,
    private readonly assurance: Assurance,
    private readonly interactions: Interactions,
    private readonly browser: Browser,
    private readonly clock: Clock,
    private readonly settings: AccountSettings,
  ) {}

  /** Who is signed in; undefined when nobody is, and the browser was sent to sign in and come back to this path. */
  async visit(exchange: HttpExchange): Promise<Visit | undefined> {
    const found = await this.find(exchange);
    if (!found) await this.send(exchange, { fresh: false, acrs: [] });
    return found;
  }

  /** As {@link visit}, for a person who has just proved who they are as well as they can; else they are sent to do so. */
  async sensitive(exchange: HttpExchange): Promise<Visit | undefined> {
    const found = await this.find(exchange);
    if (!found) {
      await this.send(exchange, { fresh: true, acrs: [ACR.twoFactors] });
      return undefined;
    }
    const { session } = found.open;
    const old = session.authenticatedAt + this.settings.reauthenticateAfterMilliseconds <= this.clock.now();
    const reachable = await this.assurance.reachableBy(found.user.sub);
    const weak = reachable.includes(ACR.twoFactors) && !acrsOf(session.amr).includes(ACR.twoFactors);
    if (!old && !weak) return found;
    await this.send(exchange, { fresh: old, acrs: [ACR.twoFactors] }, found.user.username);
    return undefined;
  }

  /**
   * As {@link sensitive}, or {@link visit}, for a form that was sent. Who must prove more is sent to do so and comes back to
   * the page.
   * @throws PageError 403 for a form that is not this browser's own, for this page and this session.
   */
  async submitted(
    exchange: HttpExchange,
    { sensitive = true } = {},
  ): Promise<{ visit: Visit; form: PageForm } | undefined> {
    const form = PageForm.of(exchange);
    const visit = await (sensitive ? this.sensitive(exchange) : this.visit(exchange));
    if (!visit) return undefined;
    const about = aboutForm(visit.open.session.sid, exchange.path);
    if (!this.browser.isOwnForm(exchange, form.get('csrf'), about, this.settings.origin)) {
      throw new PageError(403, 'csrf', 'This form was not sent from our own page. Go back and try again.');
    }
    return { visit, form };
  }

  /** Where to go on after the sign-in that was asked for. @throws PageError when it is not done, or not this browser's. */
  async resume(exchange: HttpExchange): Promise<string> {
    const id = new URLSearchParams(exchange.query).get('interaction') ?? undefined;
    const browserId = this.browser.find(exchange);
    const interaction = await this.interactions.find(id, browserId);
    if (!interaction?.signedIn || !(await this.interactions.complete(interaction.id, browserId!))) {
      throw new PageError(400, 'interaction_expired', 'This sign-in has ended, or began in another browser.', {
        parameter: 'interaction',
      });
    }
    return (interaction.payload as Return).path;
  }

  private async find(exchange: HttpExchange): Promise<Visit | undefined> {
    speakChosenLanguage(exchange);
    const open = await this.sessions.resumeFrom(exchange);
    const user = open && (await this.users.findBySubject(open.session.subject));
    if (!open || !user || user.disabled) return undefined;
    exchange.settle(user.claims);
    const about = aboutForm(open.session.sid, exchange.path);
    return { user, open, csrf: this.browser.formToken(this.browser.identify(exchange), about) };
  }

  private async send(
    exchange: HttpExchange,
    { fresh, acrs }: { fresh: boolean; acrs: string[] },
    loginHint?: string,
  ): Promise<void> {
    const payload: Return = { path: exchange.query ? `${exchange.path}?${exchange.query}` : exchange.path };
    const id = await this.interactions.begin(this.browser.identify(exchange), {
      resumePath: '/account/resume',
      display: { locales: [exchange.language.tag], ...(loginHint === undefined ? {} : { loginHint }) },
      demand: { fresh, acrs, secondFactor: false, ...(fresh ? { maxAgeSeconds: 0 } : {}) },
      payload,
    });
    exchange.redirect(`/login?interaction=${encodeURIComponent(id)}`);
  }
}

/** A form's token fits one page of one session. */
function aboutForm(sid: string, path: string): string {
  return `account\0${sid}\0${path}`;
}
