import { OutboundError } from './outbound-error.js';

/** An answer, read to its end. It may be shared between callers: read it, do not change it. */
export class OutboundResponse {
  constructor(
    readonly status: number,
    /** Lower-case names; repeated headers joined with a comma. */
    readonly headers: Readonly<Record<string, string>>,
    readonly body: Buffer,
  ) {}

  text(): string {
    return this.body.toString('utf8');
  }

  /** @throws OutboundError `failed` when the body is not JSON */
  json(): unknown {
    try {
      return JSON.parse(this.text());
    } catch {
      // The parser's own message quotes the body, which may be a secret.
      throw new OutboundError('failed', 'the answer is not JSON');
    }
  }
}
