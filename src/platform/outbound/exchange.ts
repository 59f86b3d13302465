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
export async function exchange(dispatcher: Dispatcher, what: Exchange): Promise<OutboundResponse> {
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  // undici notices an abort only once connected; a name server or a handshake that hangs must not hold us.
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new OutboundError('failed', `${what.url.origin}: no answer in ${what.timeoutMilliseconds} ms`);
      deadline.abort(error);
      reject(error);
    }, what.timeoutMilliseconds);
  });
  try {
    return await Promise.race([send(dispatcher, what, deadline.signal), late]);
  } catch (error) {
    throw error instanceof OutboundError ? error : new OutboundError('failed', describe(what.url, error), error);
  } finally {
    clearTimeout(timer);
  }
}

async function send(dispatcher: Dispatcher, what: Exchange, signal: AbortSignal): Promise<OutboundResponse> {
  const { url, method, body, accept } = what;
  const { request } = await import('undici');
  const response = await request(url, {
    dispatcher,
    method,
    body,
    signal,
    headers: {
      'user-agent': 'gatehouse',
      accept: accept?.join(', ') ?? '*/*',
      ...lowerCased(what.headers),
      // A compressed body could be a thousand times larger than the bytes we count.
      'accept-encoding': 'identity',
    },
  });
  // An abort destroys the stream also while nobody reads it.
  response.body.on('error', () => {});
  try {
    const headers = flatten(response.headers);
    checkHead(what, response.statusCode, headers);
    return new OutboundResponse(response.statusCode, headers, await read(response.body, what));
  } finally {
    response.body.destroy();
  }
}

function checkHead({ url, accept }: Exchange, status: number, headers: Record<string, string>): void {
  const fail = (reason: string) => new OutboundError('failed', `${url.origin}: ${reason}`);
  if (status >= 300 && status < 400) throw fail(`answered ${status}, and redirects are not followed`);

  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') throw fail('the body is encoded although identity was asked for');

  const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (accept && status < 300 && !accept.includes(mediaType)) throw fail('the body is of another type than accepted');
}

async function read(body: AsyncIterable<Buffer>, { url, maxBytes }: Exchange): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) throw new OutboundError('failed', `${url.origin}: the body is over ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

function describe(url: URL, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `${url.origin}: ${reason}`;
}
