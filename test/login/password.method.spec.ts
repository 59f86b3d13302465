import { PasswordMethod } from '../../src/login/methods/password.method.js';
import type { PasswordStrategy } from '../../src/login/methods/password.strategy.js';
import type { Proved } from '../../src/login/login-method.js';
import { HttpExchange } from '../../src/platform/http/exchange.js';
import type { Mails } from '../../src/platform/mail/mails.js';
import type { Users } from '../../src/users/users.js';
import { PageForm } from '../../src/platform/http/page-form.js';

/** What Passport gives a strategy for one request. */
interface Actions {
  success(user: unknown): void;
  fail(challenge: string, status: number): void;
  error(error: Error): void;
  pass(): void;
  redirect(url: string): void;
}
type Behaviour = (this: Actions) => void;

/** The method before a strategy that behaves as the test says. */
function prove(authenticate: Behaviour): Promise<Proved> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = { username: 'alice', password: 'x' };
  const exchange = HttpExchange.of({ method: 'POST', url: '/login', headers, body }, {});
  const method = new PasswordMethod({ authenticate } as unknown as PasswordStrategy, {} as Users, {} as Mails);
  return method.prove({ exchange, at: 0, hidden: {} }, PageForm.of(exchange));
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
  await expect(prove(behaviour)).rejects.toThrow();
});

it('proves the person that the strategy names', async () => {
  const proved = prove(function () {
    this.success({ sub: 'usr_1' });
  });
  await expect(proved).resolves.toEqual({ user: { sub: 'usr_1' }, amr: ['pwd'] });
});
