import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/**
 * An answer that is given later, by Node's own response alone. A framework's request, reply and body, and the handler's
 * promises, would be kept alive by whoever waits with them; of a thousand that wait, most of the memory is that.
 */
export class LateAnswer {
  constructor(
    private readonly raw: ServerResponse,
    /** What was set until now and is not Node's response's own. */
    private readonly headers: OutgoingHttpHeaders,
    readonly correlationId: string,
  ) {}

  /** Nobody waits for it any more. */
  get isGone(): boolean {
    return this.raw.destroyed;
  }

  json(status: number, value: unknown, headers?: OutgoingHttpHeaders): void {
    this.written(status, JSON.stringify(value), headers);
  }

  /** JSON that is written already. */
  written(status: number, body: string, headers?: OutgoingHttpHeaders): void {
    if (this.isGone) return;
    this.raw
      .writeHead(status, {
        'cache-control': 'no-store',
        pragma: 'no-cache',
        'x-content-type-options': 'nosniff',
        ...this.headers,
        ...headers,
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
      })
      .end(body);
  }
}
