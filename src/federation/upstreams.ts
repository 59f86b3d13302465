import { Injectable, type OnModuleInit, Optional } from '@nestjs/common';
import { OneTimeTokens } from '../interactions/one-time-tokens.js';
import { SIGNING_ALGORITHMS } from '../jwt/key-source.js';
import { RemoteKeys } from '../jwt/remote-keys.js';
import { TokenVerifier } from '../jwt/token-verifier.js';
import { Clock } from '../platform/clock.js';
import { withPackages } from '../platform/optional-package.js';
import { Outbound } from '../platform/outbound.js';
import { randomToken } from '../platform/secret.js';
import type { Claims, OidcClient } from './oidc-client.js';
import { Provider } from './provider-metadata.js';
import { isRecent } from './recent.js';
import { SignInError } from './sign-in-error.js';
import { type UpstreamOptions, UpstreamSettings } from './upstream.options.js';

const PURPOSE = 'upstream';
/** People get this long at the other provider, in milliseconds. */
const LIFETIME = 60 * 60_000;
const SKEW_SECONDS = 5;

/** Why somebody was sent to another provider. */
export type Intent =
  /** To sign in, for an interaction or at our own start page. */
  | { act: 'sign-in'; interaction?: string | undefined }
  /** To have their account there linked with the one that is signed in here. */
  | { act: 'link'; subject: string; sid: string };

/** What is asked of the other provider beyond who somebody is. */
export interface Asked {
  /** The proof may be at most this old there; 0: it asks anew. */
  maxAgeSeconds?: number | undefined;
  /** Two factors are wished for. */
  secondFactor?: boolean;
}

/** Somebody another provider vouched for. */
export interface Vouched {
  issuer: string;
  subject: string;
  /** ID token and userinfo. */
  claims: Claims;
  /** It says, and is believed, that it asked for two factors. */
  twoFactors: boolean;
  /** When they proved there who they are, in epoch milliseconds; undefined when it does not say. */
  authenticatedAt?: number;
}

interface KeptAttempt {
  upstream: string;
  nonce: string;
  verifier: string;
  intent: Intent;
  maxAgeSeconds?: number;
}

/**
 * Other OpenID Providers that people sign in with: sends browsers there, and believes what they come back with. `state` is a
 * one-time token that is bound to the browser and to the provider that was asked, so an answer that is replayed, brought by
 * another browser, or sent by another provider (RFC 9700 §4.4) finds nothing. What a proof is good for is decided elsewhere.
 */
@Injectable()
export class Upstreams implements OnModuleInit {
  private readonly clients = new Map<string, Promise<OidcClient>>();

  constructor(
    private readonly settings: UpstreamSettings,
    private readonly tokens: OneTimeTokens,
    private readonly clock: Clock,
    @Optional() private readonly outbound?: Outbound,
  ) {}

  /** @throws Error at boot when there is no door to the outside; MissingPackageError without `openid-client`. */
  async onModuleInit(): Promise<void> {
    if (this.list.length === 0) return;
    if (!this.outbound) throw new Error('LoginModule: the option upstream needs Outbound, from PlatformModule.');
    await loadClient();
  }

  get list(): readonly UpstreamOptions[] {
    return this.settings.list;
  }

  find(id: string): UpstreamOptions | undefined {
    return this.list.find((one) => one.id === id);
  }

  /**
   * Where to send this browser.
   * @throws ProviderUnavailableError when the other provider cannot be asked for its addresses.
   */
  async begin(upstream: UpstreamOptions, browserId: string, intent: Intent, asked: Asked = {}): Promise<string> {
    const { maxAgeSeconds } = asked;
    const client = await this.clientOf(upstream);
    const secrets = { nonce: randomToken(), verifier: randomToken(48) };
    const data: KeptAttempt = {
      upstream: upstream.id,
      ...secrets,
      intent,
      ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
    };
    const acrValues = asked.secondFactor ? upstream.secondFactor?.acr : undefined;
    // The addresses are known before anything is written.
    await client.authorizationUrl({ state: '', ...secrets });
    const state = await this.tokens.issue({ purpose: PURPOSE, browserId, data: { ...data }, lifetime: LIFETIME });
    return client.authorizationUrl(
      {
        state,
        ...secrets,
        ...(acrValues ? { acrValues } : {}),
        ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
      },
      maxAgeSeconds === 0 ? { prompt: 'login' } : {},
    );
  }

  /** What this answer belongs to, and nothing of it is spent: where to go back to when it is an error. */
  async intentOf(parameters: URLSearchParams, browserId: string | undefined): Promise<Intent | undefined> {
    const found = await this.tokens.peek(parameters.get('state') ?? '', PURPOSE, browserId);
    return found?.here ? (found.data as unknown as KeptAttempt).intent : undefined;
  }

  /**
   * Believes an answer, once.
   * @throws SignInError when it is not believed; ProviderUnavailableError when the other provider cannot be asked.
   */
  async complete(
    upstream: UpstreamOptions,
    parameters: URLSearchParams,
    browserId: string | undefined,
  ): Promise<{ vouched: Vouched; intent: Intent }> {
    const state = parameters.get('state') ?? '';
    const spent = browserId === undefined ? undefined : await this.tokens.spend(state, PURPOSE, browserId);
    if (!spent) throw new SignInError('state_mismatch', 'the answer is to no attempt of this browser');
    const kept = spent.data as unknown as KeptAttempt;
    if (kept.upstream !== upstream.id) throw new SignInError('issuer_mismatch', 'another provider was asked');
    const { nonce, verifier, maxAgeSeconds, intent } = kept;
    const client = await this.clientOf(upstream);
    const { idClaims, claims } = await client.authenticate(parameters, { state, nonce, verifier });
    const authTime = typeof idClaims['auth_time'] === 'number' ? idClaims['auth_time'] : undefined;
    if (!isRecent(authTime, maxAgeSeconds, { clock: this.clock, skewSeconds: SKEW_SECONDS })) {
      throw new SignInError('authentication_too_old', 'it did not ask the person again, or does not say when it did');
    }
    const vouched = {
      issuer: upstream.issuer,
      subject: idClaims.sub,
      claims,
      twoFactors: saysTwoFactors(upstream, idClaims),
      ...(authTime === undefined ? {} : { authenticatedAt: authTime * 1000 }),
    };
    return { vouched, intent };
  }

  private clientOf(upstream: UpstreamOptions): Promise<OidcClient> {
    let client = this.clients.get(upstream.id);
    if (!client) this.clients.set(upstream.id, (client = this.makeClient(upstream)));
    return client;
  }

  private async makeClient({ id, issuer, clientId, clientSecret, scope }: UpstreamOptions): Promise<OidcClient> {
    const { OidcClient: Client } = await loadClient();
    const { clock, settings } = this;
    const outbound = this.outbound!;
    const provider = new Provider(issuer, outbound, clock);
    const algorithms = [...SIGNING_ALGORITHMS];
    const keys = new RemoteKeys({ url: async () => (await provider.metadata()).jwks_uri, outbound, clock, algorithms });
    const verifier = new TokenVerifier({ keys, issuer, algorithms, clock, skewSeconds: SKEW_SECONDS });
    const session = {
      clientId,
      redirectUri: `${settings.origin}/login/upstream/${id}/callback`,
      postLogoutRedirectUri: settings.origin,
      origin: settings.origin,
    };
    const own = { issuer, clientId, clientSecret, scope: scope ?? 'openid profile email', clock, outbound, session };
    return new Client({ ...own, skewSeconds: SKEW_SECONDS }, provider, verifier, { isOffered: false });
  }
}

/** Only where there is another provider. */
const loadClient = () => withPackages('upstream', ['openid-client'], () => import('./oidc-client.js'));

/** In the signed ID token, by what the operator believes; never by what the provider only says. */
function saysTwoFactors({ secondFactor }: UpstreamOptions, { amr, acr }: Claims): boolean {
  const references = Array.isArray(amr) ? (amr as unknown[]) : [];
  return (
    (secondFactor?.amr?.some((one) => references.includes(one)) ?? false) ||
    (typeof acr === 'string' && (secondFactor?.acr?.includes(acr) ?? false))
  );
}
