import { Injectable } from '@nestjs/common';
import { ProviderUnavailableError } from '../../federation/provider-metadata.js';
import { Upstreams } from '../../federation/upstreams.js';
import { Browser } from '../../interactions/browser.js';
import type { PageForm } from '../../platform/http/page-form.js';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { ACR } from '../../protocol/acr.js';
import { LoginMethod, type Method, type Offer, type Proved, type Step } from '../login-method.js';
import { SignInRefused } from '../sign-in-refused.js';
import { SignInThrottle, TooManyAttempts } from '../throttle.js';
import { T } from '../../platform/pages/words.js';

/**
 * Signing in at another OpenID Provider. The form sends the browser there; it comes back to `UpstreamController`. What the
 * other provider says counts as one factor, unless the operator believes it more.
 */
@Injectable()
@LoginMethod('upstream')
export class UpstreamMethod implements Method {
  readonly amr = ['fed'] as const;
  readonly order = 40;

  constructor(
    private readonly upstreams: Upstreams,
    private readonly browser: Browser,
    private readonly throttle: SignInThrottle,
  ) {}

  unusable(): string | undefined {
    return this.upstreams.list.length > 0 ? undefined : 'there is no other provider to sign in with (option upstream)';
  }

  first({ hidden }: Step): Offer {
    return {
      view: (
        <form method="post" action="/login/upstream" class="stack near">
          <HiddenFields fields={hidden} />
          {this.upstreams.list.map(({ id, name }) => (
            <button class="button quiet" id={`upstream-${id}`} type="submit" name="provider" value={id}>
              <T s="Sign in with {name}" name={name} />
            </button>
          ))}
        </form>
      ),
    };
  }

  async prove({ exchange, interaction }: Step, form: PageForm, action: string): Promise<Proved | undefined> {
    const upstream = action === '' ? this.upstreams.find(form.require('provider')) : undefined;
    if (!upstream) throw new SignInRefused(400, 'There is no such way to sign in, any more. Choose another.');
    const { acrs = [], secondFactor = false, maxAgeSeconds } = interaction?.demand ?? {};
    try {
      await this.throttle.admitMailFrom(exchange.ip);
      const url = await this.upstreams.begin(
        upstream,
        this.browser.identify(exchange),
        { act: 'sign-in', interaction: interaction?.id },
        { maxAgeSeconds, secondFactor: secondFactor || acrs.includes(ACR.twoFactors) },
      );
      exchange.redirect(url);
      return undefined;
    } catch (error) {
      if (error instanceof TooManyAttempts) {
        const { retryAfterSeconds } = error;
        throw new SignInRefused(429, 'Too many attempts. Wait a while, then try again.', { retryAfterSeconds });
      }
      if (!(error instanceof ProviderUnavailableError)) throw error;
      throw new SignInRefused(503, `${upstream.name} cannot be reached right now. Sign in another way, or try again.`);
    }
  }
}
