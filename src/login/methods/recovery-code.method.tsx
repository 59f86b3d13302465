import { Injectable } from '@nestjs/common';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import type { PageForm } from '../../platform/http/page-form.js';
import { HeldFactors } from '../../users/credentials/held-factors.js';
import { RecoveryCodes } from '../../users/credentials/recovery-codes.js';
import { SecurityNotices } from '../../users/security-notices.js';
import { LoginMethod, type Method, type Offer, type Proved, type SecondStep, type Step } from '../login-method.js';
import { SecondFactorCheck } from '../second-factor-check.js';
import { T } from '../../platform/pages/words.js';

/** A code from the list that was shown once, in place of a second factor that is lost. */
@Injectable()
@LoginMethod('recovery-code')
export class RecoveryCodeMethod implements Method {
  readonly amr = ['recovery'] as const;
  readonly order = 90;
  readonly heldAs = 'recovery_code';

  constructor(
    private readonly codes: RecoveryCodes,
    private readonly held: HeldFactors,
    private readonly check: SecondFactorCheck,
    private readonly notices: SecurityNotices,
  ) {}

  has(subject: string): Promise<boolean> {
    return this.held.has(subject, 'recovery_code');
  }

  second({ hidden }: SecondStep): Offer {
    return {
      view: (
        <details>
          <summary>
            <T s="Use a recovery code" />
          </summary>
          <form method="post" action="/login/recovery-code" class="stack near">
            <HiddenFields fields={hidden} />
            <div>
              <label for="recovery-code">
                <T s="Recovery code" />
              </label>
              <input
                class="field"
                id="recovery-code"
                name="code"
                type="text"
                autocomplete="off"
                autocapitalize="characters"
                spellcheck={false}
                maxlength={100}
                required
              />
            </div>
            <button class="button quiet" id="recovery-submit" type="submit">
              <T s="Use this code" />
            </button>
          </form>
        </details>
      ),
    };
  }

  async prove(step: Step, form: PageForm): Promise<Proved> {
    const code = form.require('code');
    await this.check.require(step, 'recovery-code', (subject) => this.codes.spend(subject, code));
    await this.notices.tell(step.person!, 'recovery_code_used', step.exchange.language);
    return { user: step.person!, amr: this.amr };
  }
}
