import type { ExecutionContext } from '@nestjs/common';
import { PasswordGuard, provedForm } from '../../src/login/methods/password.guard.js';
import type { PasswordStrategy } from '../../src/login/methods/password.strategy.js';
import type { SignInForm } from '../../src/login/sign-in-form.js';
import { HttpExchange } from '../../src/platform/http/exchange.js';

/** What Passport gives a strategy for one request. */
interface Actions {
  success(user: unknown): void;
  fail(challenge: string, status: number): void;
  error(error: Error): void;
  pass(): void;
  redirect(url: string): void;
}
type Behaviour = (this: Actions) => void;

/** The guard before a strategy that behaves as the test says. */
function guarded(authenticate: Behaviour) {
  const [request, response] = [{ method: 'POST', url: '/login', headers: {} }, {}];
  const exchange = HttpExchange.of(request, response);
  const form = { read: async () => ({ exchange, username: 'alice', password: 'x' }) };
  const guard = new PasswordGuard(form as unknown as SignInForm, { authenticate } as unknown as PasswordStrategy);
  const context = { switchToHttp: () => ({ getRequest: () => request, getResponse: () => response }) };
  return { exchange, verdict: guard.canActivate(context as unknown as ExecutionContext) };
}

it.each<[string, Behaviour]>([
  [
    'fails',
    function () {
      this.fail('no', 401);
    },
  ],
  [
    'passes',
    function () {
      this.pass();
    },
  ],
  [
    'errs',
    function () {
      this.error(new Error('broken'));
    },
  ],
  [
    'throws',
    () => {
      throw new Error('broken');
    },
  ],
  [
    'redirects',
    function () {
      this.redirect('https://evil.test/');
    },
  ],
  [
    'names nobody',
    function () {
      this.success(undefined);
    },
  ],
  [
    'names something without a subject',
    function () {
      this.success({});
    },
  ],
  [
    'says only yes',
    function () {
      this.success(true);
    },
  ],
])('refuses when the strategy %s', async (_, behaviour) => {
  const { exchange, verdict } = guarded(behaviour);
  await expect(verdict).rejects.toThrow();
  expect(provedForm(exchange)).toBeUndefined();
});

it('passes when the strategy names a person', async () => {
  const { exchange, verdict } = guarded(function () {
    this.success({ sub: 'usr_1' });
  });
  await expect(verdict).resolves.toBe(true);
  expect(provedForm(exchange)!.user).toEqual({ sub: 'usr_1' });
});
