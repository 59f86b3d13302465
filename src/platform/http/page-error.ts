/** A refusal that a person sees as a page. `code` and `message` are public; `detail` goes to the log only. */
export class PageError extends Error {
  override readonly name = 'PageError';

  constructor(
    readonly status: number,
    /** Stable; the names of RFC 6749 where there are. */
    readonly code: string,
    message: string,
    readonly more: {
      /** The request parameter at fault. */
      parameter?: string;
      detail?: string;
      /** What the person can do all the same. */
      way?: { href: string; text: string };
    } = {},
  ) {
    super(message);
  }
}
