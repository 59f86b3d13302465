import type { ComponentChild } from 'preact';
import type { Interaction } from '../interactions/interaction.js';
import type { Taken } from '../platform/database/taken.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import type { PageForm } from '../platform/http/page-form.js';
import { plugIn } from '../platform/registry.js';
import type { Amr } from '../protocol/acr.js';
import type { Factor } from '../users/credentials/held-factors.js';
import type { User } from '../users/users.js';

/**
 * Names a way to prove who one is, such as `@LoginMethod('totp')`: one class, listed as a provider of any module, and the
 * sign-in pages, its routes `/login/<name>` and the provider's `acr_values_supported` know it. The built-in ones come by
 * the same door.
 */
export const LoginMethod = plugIn();

/** Where a sign-in stands when a method is asked. */
export interface Step {
  exchange: HttpExchange;
  /** When the request came, in epoch milliseconds: nothing that is proved in it was looked up earlier. */
  at: number;
  /** What waits for the sign-in; absent for one that began at our own start page. */
  interaction?: Interaction;
  /** Whoever proved the first factor: there from the second step on. */
  person?: User;
  /** Goes into every form of the step, unchanged: `csrf`, and what names the step. */
  hidden: Record<string, string | undefined>;
  /** What was typed as the name, to be shown again. */
  username?: string;
  /** The id of the element that says why the last proof was refused, for `aria-describedby`. */
  describedBy?: string;
}

/** The second step: somebody proved one factor already. */
export type SecondStep = Step & { interaction: Interaction; person: User };

/** What a page shows of a method. */
export interface Offer {
  view: ComponentChild;
  /** Scripts that the view needs, as paths of this site; they must work without. */
  scripts?: string[];
}

/** A proof that was given. */
export interface Proved {
  user: User;
  /** What it was (RFC 8176): the truth about this very proof, not the best that the method can do. */
  amr: readonly Amr[];
  /** When it was given, in epoch milliseconds, if that was before now: at another provider, say. */
  at?: number;
  /** What the attempt was counted with before it was looked at: given back with whatever the sign-in writes next. */
  counted?: Taken;
  /**
   * The last end of what the person had proved before (`lastEnding`), as it was when they were looked up for this proof. Where
   * a method does not ask, the time of its step stands in for it.
   */
  ending?: string | null;
}

/** A way to prove who one is. */
export interface Method {
  /** The references it can add at best: what can be promised of it. */
  readonly amr: readonly Amr[];
  /** Its place on the pages, smallest first. */
  readonly order: number;
  /** It is offered only where the option `methods` names it. */
  readonly optIn?: true;

  /** Why it cannot work here (no mail is set up, say), as a sentence; undefined when it can. */
  unusable?(): string | undefined;

  /** What the sign-in page shows of it. Without this it is no first factor. */
  first?(step: Step): Offer | undefined | Promise<Offer | undefined>;

  /** Whether this person has it as a second factor. Without this it is none. */
  has?(subject: string): Promise<boolean>;

  /** Which of our own tables {@link has} looks into: the statement that starts a session then looks there by itself. */
  readonly heldAs?: Factor;

  /** What the second step shows of it to a person who has it. */
  second?(step: SecondStep): Offer | Promise<Offer>;

  /** A GET of `/login/<name>` or `/login/<name>/<action>`: a page of its own. It answers by itself. */
  show?(step: Step, action: string): Promise<void>;

  /**
   * A POST to the same; the form is this browser's own, for this step. Answers the proof, or undefined when it has
   * answered the browser itself and there is more to do. In the second step the proof must be that of `step.person`.
   * @throws SignInRefused, which shows the page of the step again.
   */
  prove(step: Step, form: PageForm, action: string): Promise<Proved | undefined>;
}
