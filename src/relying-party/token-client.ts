import { HttpException, Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { digestName, randomToken } from '../platform/secret.js';
import { type IssuedToken, OidcClient, SignInError, type TokenTarget } from '../federation/oidc-client.js';
import { ProviderUnavailableError } from '../federation/provider-metadata.js';
import { reasonOf } from './refused.js';
import { Settings } from './relying-party.options.js';

/**
 * No token for calling another API. As an answer it is 503 when the provider cannot be asked, else 502: whoever called this
 * application did nothing wrong. `code` is the provider's own where it gave one (RFC 6749 §5.2), else
 * `token_request_failed`, `token_response_invalid` or `provider_unavailable`.
 */
export class TokenRequestError extends HttpException {
  constructor(
    readonly code: string,
    cause: Error,
  ) {
    const isAway = cause instanceof ProviderUnavailableError;
    const message = isAway
      ? 'Another service that is needed for this cannot be reached right now. Try again in a moment.'
      : 'This application may not use another service that is needed for this.';
    const correlationId = randomToken(12);
    const error = isAway ? 'temporarily_unavailable' : 'bad_gateway';
    super({ error, code, message, correlationId }, isAway ? 503 : 502, { cause });
    this.correlationId = correlationId;
  }

  /** Stands in the log, too, beside the reason. */
  readonly correlationId: string;
}

interface Kept {
  token: IssuedToken;
  /** Epoch milliseconds. */
  freshUntil: number;
}

/** A token is asked for anew this long before its end, so that it does not end on its way to an API. In milliseconds. */
const RENEW_BEFORE = 10_000;
/** Tokens that are kept. */
const MOST = 10_000;

/** What to do about a refusal of the provider, for whoever runs this application. */
const ADVICE: Readonly<Record<string, string>> = {
  invalid_client: 'it does not know this application by its clientId and clientSecret',
  invalid_grant: 'the token that was to be exchanged has ended',
  invalid_request: 'the token that was to be exchanged has ended, or is not this application’s to exchange',
  unauthorized_client: 'this client may not use the grant: register its grant type, and allow the exchange',
  unsupported_grant_type: 'it does not know the grant',
  invalid_scope: 'this client may not have the scope, or the exchanged token does not cover it',
  invalid_target: 'it does not know that API, or this client may not have tokens for it',
};

/**
 * Access tokens for calling other APIs: for the person who called us (token exchange, RFC 8693), and for this application
 * itself (client credentials, RFC 6749 §4.4). Each is asked for once, however many calls want it at the same time, and
 * kept until shortly before its end. Needs `clientId` and `clientSecret`.
 */
@Injectable()
export class TokenClient {
  private readonly logger = new Logger(TokenClient.name);
  private readonly kept = new LRUCache<string, Kept>({ max: MOST });
  private readonly underWay = new Map<string, Promise<IssuedToken>>();

  constructor(
    private readonly settings: Settings,
    private readonly client: OidcClient,
  ) {}

  /** A token of this application's own. @throws TokenRequestError */
  clientCredentials(target: Omit<TokenTarget, 'audience'> = {}): Promise<IssuedToken> {
    return this.token('client credentials', '', target, () => this.client.clientCredentials(target));
  }

  /**
   * A token for the person who called us, toward another API; it says that this application acts for them.
   * @param subjectToken what they called us with: `@AccessToken()`.
   * @throws TokenRequestError
   */
  exchange(subjectToken: string, target: TokenTarget): Promise<IssuedToken> {
    return this.token('token exchange', digestName(subjectToken), target, () =>
      this.client.exchange(subjectToken, target),
    );
  }

  /** An API refused this token before its end: it is not given out again. */
  forget(accessToken: string): void {
    for (const [name, { token }] of this.kept.entries()) {
      if (token.accessToken === accessToken) this.kept.delete(name);
    }
  }

  private async token(grant: string, subject: string, target: TokenTarget, ask: () => Promise<IssuedToken>) {
    const { clientId, clientSecret, clock } = this.settings;
    if (!clientId || !clientSecret) {
      throw new Error('TokenClient needs the options clientId and clientSecret of RelyingPartyModule.');
    }
    const name = JSON.stringify([grant, subject, ...[target.resource, target.audience, target.scope].map(inOrder)]);
    const known = this.kept.get(name);
    if (known && known.freshUntil > clock.now()) return known.token;
    let asked = this.underWay.get(name);
    if (!asked) {
      asked = this.request(name, ask)
        .catch((error: Error) => {
          throw this.explained(error, grant, target);
        })
        .finally(() => this.underWay.delete(name));
      this.underWay.set(name, asked);
    }
    return asked;
  }

  private async request(name: string, ask: () => Promise<IssuedToken>): Promise<IssuedToken> {
    const askedAt = this.settings.clock.now();
    const token = Object.freeze(await ask());
    if (token.expiresAt === undefined) return token;
    // One that does not last so long is used for half its life.
    const early = Math.min(RENEW_BEFORE, (token.expiresAt - askedAt) / 2);
    this.kept.set(name, { token, freshUntil: token.expiresAt - early });
    return token;
  }

  private explained(cause: Error, grant: string, { resource, audience, scope }: TokenTarget): Error {
    const isAway = cause instanceof ProviderUnavailableError;
    if (!isAway && !(cause instanceof SignInError)) return cause;
    const error = new TokenRequestError(isAway ? 'provider_unavailable' : cause.code, cause);
    const advice = isAway ? undefined : ADVICE[cause.code];
    const asked = inOrder([resource ?? [], audience ?? [], scope ?? []].flat()).join(' ');
    this.logger.warn(
      `${error.correlationId} ${error.code}: no token by ${grant}${asked && ` for ${asked}`}: ` +
        (advice === undefined ? reasonOf(cause) : `the provider refused: ${advice}`),
    );
    return error;
  }
}

/** The same, however it was written. */
function inOrder(values: string | readonly string[] = []): string[] {
  const list = [values].flat().flatMap((value) => value.split(' '));
  return [...new Set(list)].filter((value) => value !== '').sort();
}
