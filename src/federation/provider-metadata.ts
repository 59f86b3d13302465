import { z } from 'zod';
import { BackOff } from '../platform/back-off.js';
import type { Clock } from '../platform/clock.js';
import type { Outbound } from '../platform/outbound.js';
import { isLoopback } from './web-url.js';

/** The provider could not be asked: the request is refused with 503 and may be tried again. */
export class ProviderUnavailableError extends Error {
  override readonly name = 'ProviderUnavailableError';
}

/** What was found there is not what the options say: no waiting helps, so it is told at the start where it can be. */
export class IssuerMismatchError extends Error {
  override readonly name = 'IssuerMismatchError';
}

/** The look at the start, in milliseconds. */
const PATIENCE_AT_START = 2_000;

/** After a failure, in milliseconds; as long as the outbound door holds back a document that it did not get. */
const PAUSES = { first: 1_000, longest: 10_000 };

const endpoint = z.string().refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol));

const schema = z.looseObject({
  issuer: z.string(),
  jwks_uri: endpoint,
  authorization_endpoint: endpoint.optional(),
  token_endpoint: endpoint.optional(),
  userinfo_endpoint: endpoint.optional(),
  introspection_endpoint: endpoint.optional(),
  revocation_endpoint: endpoint.optional(),
  end_session_endpoint: endpoint.optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
});

/** What we read of a provider's metadata (OpenID Connect Discovery 1.0 §3). */
export type ProviderMetadata = z.infer<typeof schema>;

/**
 * The provider's metadata, asked for when they are first needed, so that an application starts before its provider does.
 * A failure is kept for a while, longer after each: anybody who begins a sign-in has them asked for.
 */
export class Provider {
  private found: Promise<ProviderMetadata> | undefined;
  private failure: ProviderUnavailableError | undefined;
  private readonly backOff = new BackOff(PAUSES);

  constructor(
    readonly issuer: string,
    private readonly outbound: Outbound,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** @throws ProviderUnavailableError */
  metadata(): Promise<ProviderMetadata> {
    if (!this.found && this.failure && this.backOff.isOn(this.clock.now())) return Promise.reject(this.failure);
    this.found ??= this.discover().catch((cause) => {
      this.found = undefined;
      this.backOff.failed(this.clock.now());
      this.failure = new ProviderUnavailableError('the provider’s metadata could not be had', { cause });
      throw this.failure;
    });
    return this.found;
  }

  /**
   * A look at the start of the application. A provider that cannot be reached is no mistake of its options.
   * @throws IssuerMismatchError
   */
  async check(): Promise<void> {
    try {
      await this.discover({ timeoutMilliseconds: PATIENCE_AT_START });
    } catch (error) {
      if (error instanceof IssuerMismatchError) throw error;
    }
  }

  private async discover(limits: { timeoutMilliseconds?: number } = {}): Promise<ProviderMetadata> {
    const url = `${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await this.outbound.fetch(url, { purpose: 'discovery', trusted: true, ...limits });
    const metadata = schema.parse(response.json());
    // Exactly, §4.3: metadata of another issuer would send our users and their codes there.
    if (metadata.issuer !== this.issuer) throw mismatch(url, metadata.issuer, this.issuer);
    const urls = Object.entries(metadata).filter(([name]) => name.endsWith('_endpoint') || name === 'jwks_uri');
    for (const [name, value] of urls) {
      if (String(value).startsWith('http:') && !isLoopback(this.issuer))
        throw new IssuerMismatchError(`${name} of ${url} is not https`);
    }
    return metadata;
  }
}

function mismatch(url: string, found: string, wanted: string): IssuerMismatchError {
  // For the log: what the other side calls itself, and not more of it than an address is long.
  const name = JSON.stringify(found.slice(0, 200));
  return new IssuerMismatchError(
    `the metadata at ${url} are of another issuer: it calls itself ${name}, and the option issuer says "${wanted}". Write it exactly as the provider does, to the last slash.`,
  );
}
