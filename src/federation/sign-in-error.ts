/** A sign-in, a refresh or a token request that did not come off. `code` is stable: the provider's own where it gave one, else ours. */
export class SignInError extends Error {
  override readonly name = 'SignInError';

  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
