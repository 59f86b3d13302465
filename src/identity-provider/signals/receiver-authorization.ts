import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { RevocationLine } from '../../authorizations/revocation-log.js';
import { AccessTokens } from '../../authorizations/access-tokens.js';
import { Clock } from '../../platform/clock.js';
import type { HttpExchange } from '../../platform/http/exchange.js';
import { digestName } from '../../platform/secret.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import type { SIGNAL_SCOPES } from '../../protocol/security-event.js';
import { bearerCredential } from '../bearer-credential.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { LogWatch } from './log-watch.js';

type SignalScope = (typeof SIGNAL_SCOPES)[number];

interface Known {
  clientId: string;
  scopes: readonly string[];
  /** Seconds since the epoch. */
  expiresAt: number;
  jti: string;
  lookedUpAt: number;
}

/** Looked up again after so many milliseconds even if no revocation was seen. */
const KNOWN_FOR = 60_000;

/**
 * Who calls the transmitter: a client with an access token of its own, issued for this provider, with the scope (RFC 6750,
 * CAEP Interoperability Profile 1.0 §2.7). A token about a person is refused, whatever its scopes. A thousand receivers ask
 * every second, so a token is looked up once, and again when tokens or clients were revoked.
 */
@Injectable()
export class ReceiverAuthorization {
  private readonly known = new LRUCache<string, Known>({ max: 10_000 });
  /** Grows with what was forgotten: a look-up that is under way meanwhile is not remembered. */
  private forgotten = 0;

  constructor(
    private readonly accessTokens: AccessTokens,
    watch: LogWatch,
    private readonly settings: IdentityProviderSettings,
    private readonly clock: Clock,
  ) {
    watch.onLines((lines) => this.forget(lines));
  }

  /**
   * The client that calls, if it may: any of `scopes` is enough. Undefined when there was no token: that is answered.
   * @throws OAuthError invalid_token, insufficient_scope; invalid_request for an Authorization header that is no one token
   */
  async authorize(exchange: HttpExchange, ...scopes: SignalScope[]): Promise<string | undefined> {
    const token = bearerCredential(exchange);
    if (token === undefined) {
      // RFC 6750 §3.1: without any credential the challenge carries no error.
      exchange
        .setHeader('www-authenticate', `Bearer realm="gatehouse", scope="${scopes.join(' ')}"`)
        .json(401, { error: 'invalid_token', error_description: 'an access token is needed' });
      return undefined;
    }
    const { clientId, scopes: granted } = await this.lookUp(token);
    if (!scopes.some((scope) => granted.includes(scope))) {
      throw new OAuthError('insufficient_scope', `the access token lacks the scope ${scopes.join(' or ')}`);
    }
    return clientId;
  }

  private async lookUp(token: string): Promise<Known> {
    const name = digestName(token);
    const { forgotten } = this;
    const now = this.clock.now();
    const known = this.known.get(name);
    if (known && now - known.lookedUpAt < KNOWN_FOR && known.expiresAt * 1000 > now) return known;
    const live = await this.accessTokens.findLive(token);
    if (!live || ![live.claims.aud].flat().includes(this.settings.issuer) || live.claims['cnf'] !== undefined) {
      this.known.delete(name);
      throw new OAuthError(
        'invalid_token',
        'the access token is not valid here: unknown, expired, revoked or for another',
      );
    }
    const { client_id: clientId, scope, exp: expiresAt, jti, authorization_id: authorization } = live.claims;
    if (authorization !== undefined || live.user) {
      throw new OAuthError('insufficient_scope', 'a client reads signals for itself, not in the name of a person');
    }
    const found = { clientId, scopes: scope.split(' '), expiresAt, jti, lookedUpAt: now };
    if (forgotten === this.forgotten) this.known.set(name, found);
    return found;
  }

  /** Tokens and clients that were revoked are looked up again. */
  private forget(lines: readonly RevocationLine[] | undefined): void {
    const ended = lines?.filter(({ kind }) => kind === 'client' || kind === 'token');
    if (ended?.length === 0) return;
    this.forgotten += 1;
    if (!ended) return this.known.clear();
    const names = new Set(ended.map(({ jti, clientId, kind }) => (kind === 'token' ? jti : clientId)));
    for (const [name, { jti, clientId }] of this.known) {
      if (names.has(jti) || names.has(clientId)) this.known.delete(name);
    }
  }
}
