import { Injectable } from '@nestjs/common';
import { CodeField } from '../../platform/pages/code-field.js';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import type { PageForm } from '../../platform/http/page-form.js';
import { HeldFactors } from '../../users/credentials/held-factors.js';
import { TotpCredentials } from '../../users/credentials/totp.js';
import { LoginMethod, type Method, type Offer, type Proved, type SecondStep, type Step } from '../login-method.js';
import { SecondFactorCheck } from '../second-factor-check.js';
import { T } from '../../platform/pages/words.js';

/** A code from an authenticator app (RFC 6238), as the second factor. Each code counts once. */
@Injectable()
@LoginMethod('totp')
export class TotpMethod implements Method {
  readonly amr = ['otp'] as const;
  readonly order = 30;
  readonly heldAs = 'totp';

  constructor(
    private readonly totp: TotpCredentials,
    private readonly held: HeldFactors,
    private readonly check: SecondFactorCheck,
  ) {}

  has(subject: string): Promise<boolean> {
    return this.held.has(subject, 'totp');
  }

  second({ hidden, describedBy }: SecondStep): Offer {
    return {
      view: (
        <form method="post" action="/login/totp" class="stack">
          <HiddenFields fields={hidden} />
          <CodeField id="totp-code" label="Code from your authenticator app" describedBy={describedBy} />
          <button class="button" id="totp-submit" type="submit">
            <T s="Continue" />
          </button>
        </form>
      ),
    };
  }

  async prove(step: Step, form: PageForm): Promise<Proved> {
    const code = form.require('code');
    await this.check.require(step, 'totp', (subject) => this.totp.verify(subject, code));
    return { user: step.person!, amr: this.amr };
  }
}
