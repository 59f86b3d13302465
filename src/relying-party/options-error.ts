/** `options_invalid` can be seen from the options alone; the others need a look around. */
export type OptionsErrorCode = 'options_invalid' | 'cookie_name_taken' | 'issuer_mismatch';

/** The module does not start. Each problem begins with the path of its option, such as `session.secret: …`, and never repeats a secret. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';

  constructor(
    readonly code: OptionsErrorCode,
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    const lines = problems.map((problem) => `  ${problem}`);
    super(`RelyingPartyModule cannot start with these options:\n${lines.join('\n')}`, options);
  }
}
