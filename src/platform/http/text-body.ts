import type { IncomingMessage } from 'node:http';
import type { AbstractHttpAdapter } from '@nestjs/core';

/** As much of Fastify as we use. */
interface TextParsers {
  hasContentTypeParser(type: string): boolean;
  addContentTypeParser(
    type: string,
    options: { parseAs: 'string'; bodyLimit: number },
    parse: (request: object, body: string, done: (error: null, body: string) => void) => void,
  ): void;
}

/** Has the host take bodies of a media type that is text to it. Express hands over what it does not know by itself. */
export function acceptText(adapter: AbstractHttpAdapter, mediaType: string, bodyLimit: number): void {
  if (adapter.getType() !== 'fastify') return;
  const instance = adapter.getInstance<TextParsers>();
  if (instance.hasContentTypeParser(mediaType)) return;
  instance.addContentTypeParser(mediaType, { parseAs: 'string', bodyLimit }, (_request, body, done) =>
    done(null, body),
  );
}

/** The body of a request as text, whether the host has read it or not. Undefined: there is none, or it is longer than `most`. */
export async function textBody(request: object, most: number): Promise<string | undefined> {
  const { body } = request as { body?: unknown };
  if (typeof body === 'string') return body.length <= most ? body : undefined;
  if (Buffer.isBuffer(body)) return body.length <= most ? body.toString() : undefined;
  const stream = request as IncomingMessage;
  if (typeof stream.on !== 'function' || stream.readableEnded) return undefined;
  if (Number(stream.headers['content-length'] ?? 0) > most) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop closes the connection: whoever sends without end is not listened to.
    if (length > most) return undefined;
    chunks.push(chunk);
  }
  return length > 0 ? Buffer.concat(chunks).toString() : undefined;
}
