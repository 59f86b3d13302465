import type { SubmittedForm } from './sign-in-form.js';

/** A sign-in that was refused; the form is shown again. The message is the same for every cause of a status. */
export class SignInRefused extends Error {
  override readonly name = 'SignInRefused';

  constructor(
    readonly form: SubmittedForm,
    readonly status: 401 | 429 | 503,
    message: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}
