/** `refused`: our own rules said no before anything was sent. `failed`: everything else. */
export type OutboundErrorCode = 'refused' | 'failed';

/**
 * The one error of {@link Outbound}. Its public half never varies: a closed port, an open one, a timeout, an unknown
 * name and a private address read the same, also when the error is turned into JSON, so that a stranger who may name
 * a URL cannot use us to look around inside (blind SSRF). `code` and `detail` are for the log and for our own
 * decisions; show them to nobody. `detail` names the origin but never a path or a query, which may hold secrets.
 */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly #code: OutboundErrorCode;
  readonly #detail: string;

  constructor(code: OutboundErrorCode, detail: string, cause?: unknown) {
    super('The address could not be fetched.', cause === undefined ? undefined : { cause });
    this.#code = code;
    this.#detail = detail;
  }

  get code(): OutboundErrorCode {
    return this.#code;
  }

  get detail(): string {
    return this.#detail;
  }
}
