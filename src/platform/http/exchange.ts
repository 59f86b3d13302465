import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { JSX, VNode } from 'preact';
import { type Brand, GATEHOUSE } from '../branding/brand.js';
import type { Dressing } from '../branding/branding.js';
import { brandingOf } from '../branding/server-brand.js';
import type { Language } from '../languages/language.js';
import { acceptedLanguage, languageFor, languages } from '../languages/languages.js';
import { knownTimeZone } from '../pages/moment.js';
import { pageFor } from '../pages/prepared-page.js';
import { contentSecurityPolicy, type ContentSecurityPolicyOptions, renderPage } from '../pages/render.js';
import { randomToken } from '../secret.js';
import { readCookie, readCookies } from './cookies.js';
import { LateAnswer } from './late-answer.js';

/** What Fastify's and Express's requests have in common, as far as we read them. */
interface HostRequest {
  method: string;
  url: string;
  originalUrl?: string;
  headers: IncomingMessage['headers'];
  rawHeaders?: string[];
  raw?: IncomingMessage;
  ip?: string;
  id?: unknown;
  body?: unknown;
}

interface FastifyLike {
  code(status: number): unknown;
  header(name: string, value: string | string[]): unknown;
  getHeader(name: string): string | number | string[] | undefined;
  getHeaders(): OutgoingHttpHeaders;
  send(body: unknown): unknown;
  hijack(): unknown;
  raw: ServerResponse;
}

interface ExpressLike {
  statusCode: number;
  setHeader(name: string, value: string | string[]): unknown;
  getHeader(name: string): string | number | string[] | undefined;
  end(body?: unknown): unknown;
}

/** Where a request keeps its exchange; not a WeakMap, whose entries cost the garbage collector more than the request does. */
const EXCHANGE = Symbol('gatehouse.exchange');

/**
 * One request and its answer, the same on Fastify and Express. Our controllers answer through it rather than by a return
 * value, so that a host application's interceptors, pipes and serialisers cannot change what the protocol prescribes.
 */
export class HttpExchange {
  private constructor(
    private readonly request: HostRequest,
    private readonly response: FastifyLike | ExpressLike,
  ) {}

  /** The exchange of a handler's `@Req()` and `@Res()`; the same object for the same request. */
  static of(request: object, response: object): HttpExchange {
    const host = request as HostRequest & { [EXCHANGE]?: HttpExchange };
    return (host[EXCHANGE] ??= new HttpExchange(host, response as FastifyLike | ExpressLike));
  }

  get method(): string {
    return this.request.method;
  }

  /** Path and query as they were sent; whose they are said to be (RFC 9112 §3.2.2, absolute-form) counts for nothing. */
  get target(): string {
    const sent = this.request.originalUrl ?? this.request.url;
    return sent.startsWith('/') ? sent : sent.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*/i, '');
  }

  /** The path without its query, which may hold what no log should. */
  get path(): string {
    return this.target.split('?', 1)[0]!;
  }

  /** The raw query string without its question mark. */
  get query(): string {
    const mark = this.target.indexOf('?');
    return mark < 0 ? '' : this.target.slice(mark + 1);
  }

  /** What the host's body parser made of the body: text, an object, or nothing. */
  get body(): unknown {
    return this.request.body;
  }

  /** A request header; several of one name are joined by the host, so look at {@link headerValues} where that matters. */
  header(name: Lowercase<string>): string | undefined {
    const value = this.request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /** Every value of a header as it stood on the wire; Node itself keeps only the first `Authorization`. */
  headerValues(name: Lowercase<string>): string[] {
    const raw = this.request.raw?.rawHeaders ?? this.request.rawHeaders ?? [];
    const values: string[] = [];
    for (let index = 0; index < raw.length; index += 2) {
      const candidate = raw[index]!;
      if (candidate.length === name.length && candidate.toLowerCase() === name) values.push(raw[index + 1]!);
    }
    return values;
  }

  /** The media type without parameters, lower case; empty when there is none. */
  get mediaType(): string {
    return (this.header('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase();
  }

  /** Whether the body is said to be JSON, once, and in the one encoding that JSON has (RFC 8259 §8.1). */
  get isJson(): boolean {
    const [type = '', ...more] = this.headerValues('content-type');
    const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1]?.toLowerCase() ?? 'utf-8';
    return more.length === 0 && this.mediaType === 'application/json' && charset === 'utf-8';
  }

  /** Address of the peer, or of the client behind a trusted proxy. */
  get ip(): string {
    return this.request.ip ?? '';
  }

  get userAgent(): string {
    return (this.header('user-agent') ?? '').slice(0, 400);
  }

  private parsedCookies?: ReadonlyMap<string, string>;

  /** Cookies by name; a name sent twice is left out, because nobody can tell which one is ours. */
  get cookies(): ReadonlyMap<string, string> {
    return (this.parsedCookies ??= readCookies(this.header('cookie')));
  }

  /** One of {@link cookies}. */
  cookie(name: string): string | undefined {
    return this.parsedCookies ? this.parsedCookies.get(name) : readCookie(this.header('cookie'), name);
  }

  private chosenLanguage: Language | undefined;

  /**
   * The language of the person: what the request wishes for (`ui_locales`, OpenID Connect Core §3.1.2.1), else what the
   * browser asks for, else English.
   */
  get language(): Language {
    return this.chosenLanguage ?? this.wishedLanguage ?? this.acceptedLanguage ?? languages[0]!;
  }

  private get wishedLanguage(): Language | undefined {
    const { query } = this;
    // Most requests have none, and need not be taken apart for it.
    if (!/(?:^|&)(?:ui_locales|[^=&]*%)/.test(query)) return undefined;
    return languageFor(new URLSearchParams(query).get('ui_locales')?.split(' ') ?? []);
  }

  private get acceptedLanguage(): Language | undefined {
    return acceptedLanguage(this.header('accept-language'));
  }

  /** Speaks the first of these that we have, if any: an application's wish that came with an earlier request. */
  speak(locales: readonly string[] | undefined): void {
    this.chosenLanguage = languageFor(locales ?? []) ?? this.chosenLanguage;
  }

  private client?: Dressing;

  /** From here on pages have the look of a client, as far as an operator decided so: the one that the person came for. */
  dressFor(client: Dressing | undefined): void {
    if (client) this.client = client;
  }

  /** Whose pages this server shows. */
  private get brand(): Brand {
    const branding = brandingOf(this.request);
    return (this.client ? branding?.dressed(this.client) : branding?.brand) ?? GATEHOUSE;
  }

  /** Whether somebody said whose they are: an application that nobody said it of does not call itself Gatehouse. */
  get isBranded(): boolean {
    return brandingOf(this.request)?.isChosen ?? false;
  }

  private timeZone = 'UTC';

  /**
   * What is known of the person whose pages these are (OpenID Connect Core §5.1): their `locale`, and the time zone for dates.
   * A `locale` that is one of our languages to the letter was chosen among them, and comes before what the browser asks for;
   * any other, such as `en-GB`, counts where the browser asks for nothing that we have.
   */
  settle({ locale, zoneinfo }: { locale?: unknown; zoneinfo?: unknown }): void {
    this.chosenLanguage ??=
      this.wishedLanguage ??
      languages.find(({ tag }) => tag === locale) ??
      this.acceptedLanguage ??
      languageFor(typeof locale === 'string' ? [locale] : []);
    this.timeZone = knownTimeZone(zoneinfo) ?? this.timeZone;
  }

  private ownCorrelationId?: string;

  /** Ties what the caller sees to our log. The caller cannot choose it. */
  get correlationId(): string {
    const given = this.request.id;
    return typeof given === 'string' ? given : (this.ownCorrelationId ??= randomToken(12));
  }

  setHeader(name: string, value: string | string[]): this {
    if ('code' in this.response) this.response.header(name, value);
    else this.response.setHeader(name, value);
    return this;
  }

  /** Says by what else the answer differs, beside what others have said. */
  vary(names: string): this {
    const said = this.response.getHeader('vary');
    if (said === undefined) return this.setHeader('vary', names);
    return String(said).includes(names) ? this : this.setHeader('vary', `${String(said)}, ${names}`);
  }

  /** Adds a `Set-Cookie` header to those that are set already. */
  setCookie(cookie: string): this {
    // Fastify appends Set-Cookie by itself; Node replaces.
    if ('code' in this.response) {
      this.response.header('set-cookie', cookie);
    } else {
      const earlier = this.response.getHeader('set-cookie');
      this.response.setHeader(
        'set-cookie',
        earlier === undefined ? [cookie] : [...[earlier].flat().map(String), cookie],
      );
    }
    return this;
  }

  /** Sends the answer. Everything we say is about one person or one client, so it is never stored unless a caller set otherwise. */
  send(status: number, body: string | Buffer, contentType?: string): void {
    if (contentType) this.setHeader('content-type', contentType);
    if (this.response.getHeader('cache-control') === undefined) {
      this.setHeader('cache-control', 'no-store').setHeader('pragma', 'no-cache');
    }
    this.setHeader('x-content-type-options', 'nosniff');
    if ('code' in this.response) {
      this.response.code(status);
      this.response.send(body);
    } else {
      this.response.statusCode = status;
      this.response.end(this.method === 'HEAD' ? undefined : body);
    }
  }

  json(status: number, value: unknown): void {
    this.send(status, JSON.stringify(value), 'application/json; charset=utf-8');
  }

  /** Sends a page with the headers every page needs: strict CSP, no framing, no referrer, no storage. */
  page<P>(status: number, page: VNode<P>, policy?: ContentSecurityPolicyOptions): void {
    const { brand } = this;
    const document = renderPage(page, this.language, brand, this.timeZone);
    this.sendPage(status, document, contentSecurityPolicy(policy, brand));
  }

  /**
   * The same for a page that strangers cause by the thousand: it is rendered once for each look and language, and then only the
   * reference is put into it. In the look of a client it is rendered each time.
   * @param name of everything on the page but the reference
   */
  preparedPage(status: number, name: string, page: (reference: string) => JSX.Element): void {
    const { brand, language, correlationId } = this;
    if (this.client?.look) return this.page(status, page(correlationId));
    const { html, policy } = pageFor({ brand, language, name, page }, correlationId);
    this.sendPage(status, html, policy);
  }

  private sendPage(status: number, document: string, policy: string): void {
    this.setHeader('content-security-policy', policy)
      .setHeader('x-frame-options', 'DENY')
      .setHeader('referrer-policy', 'no-referrer')
      .setHeader('cross-origin-opener-policy', 'same-origin')
      .setHeader('cross-origin-resource-policy', 'same-origin')
      .setHeader('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=()')
      .send(status, document, 'text/html; charset=utf-8');
  }

  /** Leaves the answer for later; the host has done with the request when the handler returns. */
  later(): LateAnswer {
    const { response } = this;
    if (!('code' in response)) return new LateAnswer(this.raw, {}, this.correlationId);
    const headers = response.getHeaders();
    response.hijack();
    return new LateAnswer(response.raw, headers, this.correlationId);
  }

  /** Node's own answer: for one that goes on, and must be broken off. */
  get raw(): ServerResponse {
    return 'code' in this.response ? this.response.raw : (this.response as unknown as ServerResponse);
  }

  /**
   * Redirects; 303 so that a form's POST becomes a GET and its body is not repeated (RFC 9700 §4.12).
   * @param url must be made by us or checked: it is sent as it is.
   */
  redirect(url: string, status: 302 | 303 = 303): void {
    this.setHeader('location', url).setHeader('referrer-policy', 'no-referrer').send(status, '');
  }
}
