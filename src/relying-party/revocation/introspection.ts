import { LRUCache } from 'lru-cache';
import type { JsonObject } from '../../jwt/strict-json.js';
import { BackOff } from '../../platform/back-off.js';
import { digest } from '../../platform/secret.js';
import { basicAuthorization } from '../basic-authorization.js';
import { type Provider, ProviderUnavailableError } from '../../federation/provider-metadata.js';
import type { Settings } from '../relying-party.options.js';

/** Who asks: this application, as the client that it is at an issuer. */
export type Asker = Pick<Settings, 'clock' | 'outbound' | 'clientId' | 'clientSecret'>;

interface Answer {
  asOf: number;
  active: Promise<Readonly<JsonObject> | undefined>;
}

/** The longest that an answer is used again. A revocation is noticed after at most this. */
const MAX_AGE = 1000;

/** How long a provider that gives no answer is left alone, in milliseconds, whatever tokens come. */
const PAUSES = { first: 50, longest: MAX_AGE };
/** It is away, or has too much to do. Any other answer is about the question: one token shall not keep the others waiting. */
const AWAY = new Set([429, 502, 503, 504]);

/**
 * Token introspection (RFC 7662): one question per token and second, however many requests bring it. A provider that is away
 * is asked by one of them now and then, and the others are refused at once.
 */
export class Introspection {
  private readonly answers = new LRUCache<string, Answer>({ max: 10_000 });

  private readonly backOff = new BackOff(PAUSES);
  /** Until the provider answers again. */
  private failure: ProviderUnavailableError | undefined;

  constructor(
    private readonly settings: Asker,
    private readonly provider: Provider,
  ) {}

  /** Whether this application can ask at all. */
  get isConfigured(): boolean {
    return this.settings.clientId !== undefined && this.settings.clientSecret !== undefined;
  }

  /**
   * What the provider says about a token that is active, or undefined for any other.
   * @throws ProviderUnavailableError when it gives no answer; that is never taken for yes
   */
  of(token: string, maxAgeMilliseconds = MAX_AGE): Promise<Readonly<JsonObject> | undefined> {
    const now = this.settings.clock.now();
    const name = digest(token).toString('base64url');
    const known = this.answers.get(name);
    if (known && now - known.asOf < maxAgeMilliseconds) return known.active;
    const active = this.ask(token);
    // Dated by when it was asked: the provider may change its mind while the answer travels.
    this.answers.set(name, { asOf: now, active });
    active.catch(() => this.answers.delete(name));
    return active;
  }

  private async ask(token: string): Promise<Readonly<JsonObject> | undefined> {
    const { introspection_endpoint: url } = await this.provider.metadata();
    if (!url || !this.isConfigured) throw new ProviderUnavailableError('introspection is not set up');
    this.refuseWhileAway();
    const response = await this.settings.outbound
      .fetch(url, {
        purpose: 'introspection',
        trusted: true,
        method: 'POST',
        headers: {
          authorization: basicAuthorization(this.settings.clientId!, this.settings.clientSecret!),
          'content-type': 'application/x-www-form-urlencoded',
        },
        accept: ['application/json'],
        body: new URLSearchParams({ token, token_type_hint: 'access_token' }).toString(),
      })
      .catch((cause) => {
        throw this.away(new ProviderUnavailableError('the introspection endpoint gave no answer', { cause }));
      });
    if (response.status !== 200) {
      const error = new ProviderUnavailableError(`the introspection endpoint answered ${response.status}`);
      throw AWAY.has(response.status) ? this.away(error) : error;
    }
    this.failure = undefined;
    this.backOff.succeeded();
    const answer = objectOf(response.text());
    // `true` and nothing that resembles it (RFC 7662 §2.2).
    return answer?.['active'] === true ? Object.freeze(answer) : undefined;
  }

  private refuseWhileAway(): void {
    if (!this.failure) return;
    const now = this.settings.clock.now();
    if (this.backOff.isOn(now)) throw this.failure;
    // This one asks. Who comes until the next pause is over is refused, however long the provider takes for nothing.
    this.backOff.failed(now);
  }

  private away(error: ProviderUnavailableError): ProviderUnavailableError {
    if (!this.failure) this.backOff.failed(this.settings.clock.now());
    this.failure = error;
    return error;
  }
}

function objectOf(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
