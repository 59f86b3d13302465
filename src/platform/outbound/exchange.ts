import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { OutboundError } from './outbound-error.js';
import { OutboundResponse } from './outbound-response.js';

/** One request, with every limit filled in. */
export interface Exchange {
  url: URL;
  method: 'GET' | 'POST' | 'DELETE';
  headers: Record<string, string>;
  body?: string;
  /** The media types that a successful answer may have; absent means any. */
  accept?: string[];
  maxBytes: number;
  /** For everything from the name's resolution to the last byte, so that a slow drip ends too. */
  timeoutMilliseconds: number;
}

/**
 * Sends one request and reads one answer. Redirects are never followed: they would lead past every check.
 * @throws OutboundError `refused` by the dispatcher's guard; `failed` for a redirect, an encoded, oversized or foreign
 * body, a late answer, and whatever else goes wrong on the way
 */
export function exchange(dispatcher: Dispatcher, what: Exchange): Promise<OutboundResponse> {
  return new Promise((resolve, reject) => {
    const answer = new Answer(what, resolve, reject);
    const { url, method, body, accept } = what;
    dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        body,
        headers: {
          'user-agent': 'gatehouse',
          accept: accept?.join(', ') ?? '*/*',
          ...lowerCased(what.headers),
          // A compressed body could be a thousand times larger than the bytes we count.
          'accept-encoding': 'identity',
        },
      },
      answer,
    );
  });
}

/**
 * The answer as it comes in. What waits for it is told in the turn in which its last byte is read: by a stream, which nobody needs
 * for so few bytes, it took three times as long.
 */
class Answer implements Dispatcher.DispatchHandler {
  private status = 0;
  private headers: Record<string, string> = {};
  private readonly chunks: Buffer[] = [];
  private length = 0;
  /** Why it is not waited for any more, once it is not. */
  private failure: OutboundError | undefined;
  private controller: Dispatcher.DispatchController | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly what: Exchange,
    private readonly resolve: (response: OutboundResponse) => void,
    private readonly reject: (error: OutboundError) => void,
  ) {
    // From now on: a name server or a handshake that hangs must not hold us.
    const { timeoutMilliseconds } = what;
    this.timer = setTimeout(() => this.fail(`no answer in ${timeoutMilliseconds} ms`), timeoutMilliseconds);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.failure) controller.abort(this.failure);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // Another head follows (RFC 9110 §15.2).
    if (status < 200) return;
    this.status = status;
    this.headers = flatten(headers);
    const reason = faultOfHead(this.what, status, this.headers);
    if (reason !== undefined) this.fail(reason);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    const { maxBytes } = this.what;
    this.length += chunk.length;
    if (this.length > maxBytes) this.fail(`the body is over ${maxBytes} bytes`);
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    clearTimeout(this.timer);
    this.resolve(new OutboundResponse(this.status, this.headers, Buffer.concat(this.chunks)));
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (error instanceof OutboundError) this.end(error);
    else this.fail(error.message, error);
  }

  private fail(reason: string, cause?: unknown): void {
    this.end(new OutboundError('failed', `${this.what.url.origin}: ${reason}`, cause));
  }

  private end(failure: OutboundError): void {
    if (this.failure) return;
    this.failure = failure;
    clearTimeout(this.timer);
    this.reject(failure);
    this.controller?.abort(failure);
  }
}

/** What is wrong with an answer, as far as its head shows it. */
function faultOfHead({ accept }: Exchange, status: number, headers: Record<string, string>): string | undefined {
  if (status >= 300 && status < 400) return `answered ${status}, and redirects are not followed`;

  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') return 'the body is encoded although identity was asked for';

  const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  return accept && status < 300 && !accept.includes(mediaType)
    ? 'the body is of another type than accepted'
    : undefined;
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}
