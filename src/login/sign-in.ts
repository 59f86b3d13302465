import { Injectable } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import { Browser } from '../interactions/browser.js';
import type { Interaction, Proof } from '../interactions/interaction.js';
import { Interactions } from '../interactions/interactions.js';
import { Clock } from '../platform/clock.js';
import type { Taken } from '../platform/database/taken.js';
import { randomToken } from '../platform/secret.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import { tokenAcr } from '../protocol/acr.js';
import { SignOnSessions } from '../sessions/sign-on-sessions.js';
import { DeviceTrust } from '../users/credentials/device-trust.js';
import { type Factor, HeldFactors } from '../users/credentials/held-factors.js';
import { type User, Users } from '../users/users.js';
import { KnownDevice } from './known-device.js';
import type { Proved } from './login-method.js';
import { LoginMethods, type NamedMethod } from './login-methods.js';
import { LoginSettings } from './login.options.js';
import { amrOf, type NextFactor, nextFactor } from './next-factor.js';
import { BY_SESSION, type CurrentStep, interactionExpired } from './sign-in-steps.js';

/** A session by a proof that is not older may make a second factor. In milliseconds. */
const FRESH = 10 * 60_000;

/** What becomes of a sign-in after a proof: another factor, or a session. Every method comes through here. */
@Injectable()
export class SignIn {
  constructor(
    private readonly methods: LoginMethods,
    private readonly users: Users,
    private readonly sessions: SignOnSessions,
    private readonly interactions: Interactions,
    private readonly browser: Browser,
    private readonly device: KnownDevice,
    private readonly trust: DeviceTrust,
    private readonly held: HeldFactors,
    private readonly audit: Audit,
    private readonly clock: Clock,
    private readonly settings: LoginSettings,
  ) {}

  /** Takes a proof; answers where the browser goes next, a path of this site. */
  async proved(step: CurrentStep, method: string, { user, amr, at, counted, ...proved }: Proved): Promise<string> {
    const { exchange, interaction, attempt } = step;
    if (attempt) {
      await counted?.giveBack();
      const taken =
        user.sub === attempt.subject &&
        (await this.interactions.endAttempt(interaction!.id, this.browser.identify(exchange), attempt.id));
      if (!taken) throw interactionExpired();
    }
    const now = this.clock.now();
    const proofs = [...(attempt?.proofs ?? []), { method, amr: [...amr], at: Math.min(at ?? now, now) }];
    // The first proof was looked up before the others.
    const { ending } = attempt ?? proved;
    const current = { ...step, ...(ending === undefined ? {} : { ending }) };
    const had = await this.startUnlessHeld(current, user, proofs, attempt ? undefined : counted);
    if (typeof had === 'string') return had;
    const next = await this.after(exchange, interaction, user, proofs, had);
    return next === 'done'
      ? ((await this.start(current, user, proofs)) as string)
      : this.goOn(current, user, proofs, next);
  }

  /**
   * Most people have nothing to add to their first proof, and the statement that starts the session finds that out: where they
   * are done then, it is the only one, and gives back what the attempt was counted with.
   * @returns where the browser goes next; or what the person can add, if that is known now.
   */
  private async startUnlessHeld(
    step: CurrentStep & Pick<Proved, 'ending'>,
    user: User,
    proofs: Proof[],
    counted: Taken | undefined,
  ): Promise<string | NamedMethod[] | undefined> {
    const { interaction } = step;
    const addable = this.methods.addable(proofs.map(({ method }) => method));
    const doneWith = (factors: NamedMethod[]) => this.next(interaction, proofs, factors, false) === 'done';
    // Who is done with everything and with nothing is done with whatever they have.
    const looked = doneWith(addable) ? [] : addable;
    const tables = looked.flatMap(({ method }) => method.heldAs ?? []);
    if (!doneWith([]) || tables.length < looked.length) {
      await counted?.giveBack();
      return undefined;
    }
    const started = await this.start(step, user, proofs, { counted, unlessHeld: tables });
    return typeof started === 'string' ? started : looked.filter(({ method }) => started.includes(method.heldAs!));
  }

  /**
   * Builds upon the session that is there, when what waits allows it and wants more than the session has: the person goes
   * straight to the factor that is missing. Answers the path of it, or undefined.
   */
  async stepUp(exchange: HttpExchange, interaction: Interaction): Promise<string | undefined> {
    const { fresh, acrs, secondFactor } = interaction.demand;
    if (fresh || (acrs.length === 0 && !secondFactor)) return undefined;
    const session = (await this.sessions.resumeFrom(exchange))?.session;
    const user = session && (await this.users.findBySubject(session.subject));
    if (!session || !user || user.disabled) return undefined;
    const now = this.clock.now();
    const proofs = [{ method: BY_SESSION, amr: session.amr, at: session.authenticatedAt }];
    const next = await this.after(exchange, interaction, user, proofs);
    // Whoever finds a session open does not get to make the second factor of its owner.
    const old = next === 'enrol' && session.authenticatedAt + FRESH <= now;
    return next === 'done' || old ? undefined : this.goOn({ exchange, interaction, at: now }, user, proofs, next);
  }

  /** Whether the sign-in of a step waits for nothing but a second factor that the person has to make. */
  async mustEnrol({ exchange, interaction, attempt, person }: CurrentStep): Promise<boolean> {
    if (!attempt || !person) return false;
    return (await this.after(exchange, interaction, person, attempt.proofs)) === 'enrol';
  }

  private async after(
    exchange: HttpExchange,
    interaction: Interaction | undefined,
    user: User,
    proofs: Proof[],
    had?: NamedMethod[],
  ): Promise<NextFactor> {
    const used = proofs.map(({ method }) => method);
    const factors = had ?? (await this.methods.secondOf(user.sub, used));
    const trusted = this.settings.secondFactor === 'new-device' && (await this.isTrusted(exchange, user.sub));
    return this.next(interaction, proofs, factors, trusted);
  }

  private next(
    interaction: Interaction | undefined,
    proofs: Proof[],
    factors: NamedMethod[],
    trustedDevice: boolean,
  ): NextFactor {
    return nextFactor({
      proofs,
      demand: interaction?.demand ?? { fresh: false, acrs: [], secondFactor: false },
      policy: this.settings.secondFactor,
      factors: factors.map(({ method }) => method),
      trustedDevice,
    });
  }

  private async isTrusted(exchange: HttpExchange, sub: string): Promise<boolean> {
    const since = this.device.secondFactorAt(exchange, sub);
    if (since === undefined || since + this.settings.deviceTrustMilliseconds <= this.clock.now()) return false;
    return since > (await this.trust.notBefore(sub));
  }

  /** Notes what was proved on the interaction, for a sign-in at the start page on one made for it, and asks for more. */
  private async goOn(
    {
      exchange,
      interaction,
      at: startedAt,
      ending,
    }: Pick<CurrentStep, 'exchange' | 'interaction' | 'at'> & Pick<Proved, 'ending'>,
    { sub }: User,
    proofs: Proof[],
    next: 'second' | 'enrol',
  ): Promise<string> {
    const browserId = this.browser.identify(exchange);
    const id =
      interaction?.id ?? (await this.interactions.begin(browserId, { resumePath: '/', display: {}, payload: {} }));
    const attempt = {
      id: randomToken(16),
      subject: sub,
      proofs,
      startedAt,
      ...(ending === undefined ? {} : { ending }),
    };
    if (!(await this.interactions.beginAttempt(id, browserId, attempt))) throw interactionExpired();
    const page = next === 'enrol' ? 'enrol' : 'second-factor';
    return `/login/${page}?interaction=${encodeURIComponent(id)}`;
  }

  /** @returns where the browser goes next; or what of `unlessHeld` the person has, and then nothing has begun. */
  private async start(
    { exchange, interaction, at, ending }: CurrentStep & Pick<Proved, 'ending'>,
    { sub }: User,
    proofs: Proof[],
    { counted, unlessHeld }: { counted?: Taken | undefined; unlessHeld: Factor[] } = { unlessHeld: [] },
  ): Promise<string | Factor[]> {
    const amr = amrOf(proofs);
    const methods = proofs.map(({ method }) => method);
    const language = exchange.language.tag;
    const previous = this.sessions.read(exchange);
    const earlier = await this.sessions.resumeFrom(exchange);
    // What takes a transaction holds no counts of a whole network meanwhile.
    const giving = previous ? undefined : counted?.giving?.();
    if (counted && !giving) await counted.giveBack();
    const started = await this.sessions.startUnless<{ factor: Factor | null }>(
      {
        subject: sub,
        acr: tokenAcr(amr),
        amr,
        ip: exchange.ip,
        userAgent: exchange.userAgent,
        // What a session vouches for is as old as its oldest proof.
        authenticatedAt: Math.min(...proofs.map(({ at }) => at)),
        // The same person again keeps the session's name, so that what relying parties hold stays linked to it.
        ...(earlier?.session.subject === sub ? { sid: earlier.session.sid } : {}),
      },
      previous,
      ({ sid, acr }) => ({
        insert: [
          this.audit.recording({ name: 'sign_in', subject: sub, sid, acr, amr, methods, language }, originOf(exchange)),
        ],
        ...this.held.reading(sub, unlessHeld, { at, ...(ending === undefined ? {} : { ending }) }, this.clock.now()),
        ...(giving ? { anyway: [giving] } : {}),
      }),
    );
    if (Array.isArray(started)) {
      const held = started.flatMap(({ factor }) => factor ?? []);
      // What was proved was replaced meanwhile: somebody who knew the old password is let in no more.
      if (held.length < started.length) throw interactionExpired();
      return held;
    }
    const { id, session } = started;
    this.sessions.set(exchange, id);
    this.device.remember(exchange, sub, { secondFactor: amr.includes('mfa') });
    const { sid, authenticatedAt } = session;
    if (!interaction || interaction.resumePath === '/') {
      // A pending interaction is bound to the browser's id, which therefore stays until there is none.
      this.browser.renew(exchange);
      return '/';
    }
    const signedIn = { sid, subject: sub, authenticatedAt };
    const path = await this.interactions.recordSignIn(interaction.id, this.browser.identify(exchange), signedIn);
    if (path === undefined) throw interactionExpired();
    return path;
  }
}
