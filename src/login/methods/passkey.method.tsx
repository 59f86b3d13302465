import { Injectable } from '@nestjs/common';
import { Audit, originOf } from '../../audit/audit.js';
import { Browser } from '../../interactions/browser.js';
import { Challenges } from '../../interactions/challenges.js';
import type { PageForm } from '../../platform/http/page-form.js';
import { WebAuthnForm } from '../../platform/pages/webauthn-form.js';
import { WEBAUTHN_SCRIPT_URL } from '../../platform/pages/webauthn-script.js';
import { HeldFactors } from '../../users/credentials/held-factors.js';
import { Passkeys, type ProvedPasskey } from '../../users/credentials/passkeys.js';
import { Users } from '../../users/users.js';
import { LoginMethod, type Method, type Offer, type Proved, type SecondStep, type Step } from '../login-method.js';
import { SignInRefused } from '../sign-in-refused.js';
import { SignInThrottle } from '../throttle.js';
import type { Sentence } from '../../platform/languages/sentences.js';
import { T } from '../../platform/pages/words.js';

const PROBLEM = 'That did not work. Try again, or sign in another way.';

/**
 * A passkey or a security key: as the first factor one that verifies its user, which is two factors in one; after another
 * factor any that the person has.
 */
@Injectable()
@LoginMethod('passkey')
export class PasskeyMethod implements Method {
  readonly amr = ['pop', 'user', 'mfa'] as const;
  readonly order = 20;
  readonly heldAs = 'passkey';

  constructor(
    private readonly passkeys: Passkeys,
    private readonly held: HeldFactors,
    private readonly challenges: Challenges,
    private readonly browser: Browser,
    private readonly users: Users,
    private readonly throttle: SignInThrottle,
    private readonly audit: Audit,
  ) {}

  unusable(): string | undefined {
    return this.passkeys.site.problem;
  }

  has(subject: string): Promise<boolean> {
    return this.held.has(subject, 'passkey');
  }

  async first(step: Step): Promise<Offer> {
    const options = await this.passkeys.requestOptions(this.challenge(step));
    return this.offer(step, options, 'Sign in with a passkey');
  }

  async second(step: SecondStep): Promise<Offer> {
    const options = await this.passkeys.requestOptions(this.challenge(step), step.person.sub);
    return this.offer(step, options, 'Use your passkey or security key');
  }

  async prove(step: Step, form: PageForm): Promise<Proved> {
    const { exchange, person } = step;
    const answer = form.require('credential');
    const counted = await this.throttle.admitFrom(exchange.ip);
    const proved = await this.verify(step, answer);
    const user = proved && (person ?? (await this.users.findBySubject(proved.subject)));
    if (!proved || !user || user.disabled) {
      const cause = proved ? 'disabled' : 'wrong passkey';
      const subject = person?.sub ?? proved?.subject;
      await this.audit.record({ name: 'sign_in_refused', subject, method: 'passkey', cause }, originOf(exchange));
      throw new SignInRefused(401, PROBLEM);
    }
    return { user, amr: proved.userVerified ? this.amr : ['pop', 'user'], counted };
  }

  /** The challenge is spent by the asking, whatever else is wrong with the answer. */
  private async verify(step: Step, answer: string): Promise<ProvedPasskey | undefined> {
    const challenge = this.passkeys.challengeOf(answer);
    const spent = challenge && (await this.challenges.spend(challenge, this.browser.find(step.exchange), about(step)));
    return challenge && spent ? this.passkeys.verify(answer, challenge, step.person?.sub) : undefined;
  }

  private challenge(step: Step): Buffer {
    return this.challenges.make(this.browser.identify(step.exchange), about(step));
  }

  private offer({ hidden, person }: Step, options: object, label: Sentence): Offer {
    return {
      view: (
        <WebAuthnForm
          ceremony="get"
          id="passkey-form"
          action="/login/passkey"
          hidden={hidden}
          options={options}
          conditional={!person}
          problem={PROBLEM}
        >
          <button class={person ? 'button' : 'button quiet'} id="passkey-submit" type="submit">
            <T s={label} />
          </button>
        </WebAuthnForm>
      ),
      scripts: [WEBAUTHN_SCRIPT_URL],
    };
  }
}

/** A challenge fits one step of one sign-in. */
function about({ hidden }: Step): string {
  return `passkey\0${hidden['interaction'] ?? ''}\0${hidden['attempt'] ?? ''}`;
}
