import { generateSync } from 'otplib';
import type { TotpCredentials } from '../../src/users/credentials/totp.js';
import type { TestClock } from './test-clock.js';

/** An authenticator app in the test's hand; `steps` looks so many codes back or ahead. */
export class TestAuthenticator {
  constructor(
    private readonly clock: TestClock,
    /** Base32. */
    readonly secret: string,
  ) {}

  code(steps = 0): string {
    return generateSync({ secret: this.secret, epoch: this.clock.seconds() + steps * 30 });
  }
}

/** Sets an authenticator app up for a person, who can use the code after the next at once. */
export async function addAuthenticator(
  totp: TotpCredentials,
  clock: TestClock,
  subject: string,
  name = 'Phone',
): Promise<TestAuthenticator> {
  const { secret, ticket } = totp.begin(subject, 'Gatehouse', 'somebody');
  const app = new TestAuthenticator(clock, secret);
  const id = await totp.add(subject, { ticket, code: app.code(-1), name });
  if (id === undefined) throw new Error('the authenticator was not added');
  return app;
}
