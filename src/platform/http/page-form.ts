import { FORM } from './form.js';
import type { HttpExchange } from './exchange.js';
import { PageError } from './page-error.js';

/** More fields than this is no form of ours. */
const MOST_FIELDS = 50;

/** The fields that a page of ours sent. An empty field is there, unlike an empty parameter of the protocol. */
export class PageForm {
  private constructor(private readonly fields: ReadonlyMap<string, string>) {}

  /** @throws PageError 415 for anything but a form, 400 for a field that comes more than once or nested. */
  static of(exchange: HttpExchange): PageForm {
    if (exchange.mediaType !== FORM || exchange.headerValues('content-type').length > 1) {
      throw new PageError(415, 'invalid_request', 'This page takes a form, not this kind of content.');
    }
    const fields = new Map<string, string>();
    for (const [name, value] of entries(exchange.body)) {
      if (typeof value !== 'string' || fields.has(name)) throw atFault(name);
      fields.set(name, value);
    }
    if (fields.size > MOST_FIELDS) throw new PageError(400, 'invalid_request', 'The form has too many fields.');
    return new PageForm(fields);
  }

  get(name: string): string | undefined {
    return this.fields.get(name);
  }

  /** @throws PageError 400 when the form has no such field. */
  require(name: string): string {
    const value = this.fields.get(name);
    if (value === undefined) throw atFault(name);
    return value;
  }
}

/** A host's parser makes an object; without one the body is text, or nothing. */
function entries(body: unknown): Iterable<[string, unknown]> {
  if (typeof body === 'string' || Buffer.isBuffer(body)) return new URLSearchParams(body.toString());
  return Object.entries((body ?? {}) as Record<string, unknown>);
}

function atFault(parameter: string): PageError {
  return new PageError(400, 'invalid_request', 'A field of the form is missing or comes more than once.', {
    parameter,
  });
}
