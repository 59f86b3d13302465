/** A proof that was refused; the page of the step is shown again. The message is the same for every cause of a status. */
export class SignInRefused extends Error {
  override readonly name = 'SignInRefused';

  constructor(
    readonly status: 400 | 401 | 429 | 503,
    message: string,
    readonly more: { retryAfterSeconds?: number; /** What was typed as the name. */ username?: string } = {},
  ) {
    super(message);
  }
}
