import type { Clock } from '../platform/clock.js';
import type { OutboundRequest } from '../platform/outbound.js';
import { digest, randomToken } from '../platform/secret.js';
import { TOKEN_EXCHANGE } from '../protocol/grant-type.js';
import { scopesOf } from '../protocol/principal.js';
import { ACCESS_TOKEN_TYPE } from '../protocol/token-type.js';
import type { InProcessServer } from './in-process-outbound.js';
import type { TestKeys } from './test-keys.js';
import type { TestTokens } from './test-tokens.js';

/** Who signs in, and what the provider says about them. */
export interface TestPerson {
  sub: string;
  /** Claims of the ID token and of userinfo, for example `{ name: 'Alice', email: 'alice@example.test' }`. */
  claims?: Record<string, unknown>;
  roles?: string[];
  /** Granted in place of what the application asks for. */
  scope?: string;
  /** The provider's session. Default one of its own for each sign-in. */
  sid?: string;
  acr?: string;
  amr?: string[];
}

interface SignIn {
  person: TestPerson & { sid: string };
  clientId: string;
  scope: string;
}

interface LentCode extends SignIn {
  redirectUri: string;
  challenge: string;
  nonce: string | undefined;
}

const ACCESS_TOKEN_SECONDS = 300;
const REFUSED = { status: 400, body: { error: 'invalid_grant' } };

/** The endpoints of the test issuer: a small OpenID Provider without a browser, a database or a network. */
export class TestEndpoints implements InProcessServer {
  readonly origin: string;
  private readonly codes = new Map<string, LentCode>();
  private readonly refreshTokens = new Map<string, SignIn>();
  private readonly prefix: string;

  constructor(
    private readonly issuer: string,
    private readonly keys: TestKeys,
    private readonly tokens: TestTokens,
    private readonly clock: Clock,
  ) {
    this.prefix = issuer.replace(/\/$/, '');
    this.origin = new URL(issuer).origin;
  }

  /**
   * The parameters with which a browser comes back to the application after this person signed in.
   * @throws Error when the request is not one that a provider would take
   */
  authorize(authorizationUrl: string, person: TestPerson & { sid: string }): URLSearchParams {
    const asked = new URL(authorizationUrl);
    const parameter = (name: string) => asked.searchParams.get(name) ?? undefined;
    const [clientId, redirectUri, challenge] = ['client_id', 'redirect_uri', 'code_challenge'].map(parameter);
    if (asked.href.split('?')[0] !== `${this.prefix}/authorize` || parameter('response_type') !== 'code') {
      throw new Error(`this is no authorization request for ${this.issuer}: ${asked.origin}${asked.pathname}`);
    }
    if (!clientId || !redirectUri || !challenge || parameter('code_challenge_method') !== 'S256') {
      throw new Error('the authorization request lacks client_id, redirect_uri or an S256 code_challenge');
    }
    const code = randomToken();
    const scope = person.scope ?? parameter('scope') ?? 'openid';
    this.codes.set(code, { person, clientId, redirectUri, challenge, nonce: parameter('nonce'), scope });
    return new URLSearchParams({ code, iss: this.issuer, state: parameter('state') ?? '' });
  }

  /** Refresh tokens of these sign-ins are worth nothing any more. */
  revoke(isMeant: (person: TestPerson) => boolean): void {
    for (const [token, { person }] of this.refreshTokens) if (isMeant(person)) this.refreshTokens.delete(token);
  }

  answer(url: URL, init: OutboundRequest): { status: number; body: unknown } {
    const form = new URLSearchParams(init.body ?? '');
    switch (url.href.split('?')[0]!.slice(this.prefix.length)) {
      case '/.well-known/openid-configuration':
        return { status: 200, body: this.metadata() };
      case '/jwks':
        return { status: 200, body: this.keys.published() };
      case '/token':
        return this.token(form, init.headers ?? {});
      case '/userinfo':
        return this.userinfo(init.headers ?? {});
      case '/introspect': {
        const claims = this.tokens.active(form.get('token') ?? '');
        return { status: 200, body: claims ? { active: true, ...claims } : { active: false } };
      }
      default:
        return { status: 404, body: { error: 'not_found' } };
    }
  }

  private metadata(): Record<string, unknown> {
    const at = (path: string) => `${this.prefix}${path}`;
    return {
      issuer: this.issuer,
      authorization_endpoint: at('/authorize'),
      token_endpoint: at('/token'),
      userinfo_endpoint: at('/userinfo'),
      introspection_endpoint: at('/introspect'),
      end_session_endpoint: at('/logout'),
      jwks_uri: at('/jwks'),
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials', TOKEN_EXCHANGE],
      code_challenge_methods_supported: ['S256'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: this.keys.algorithms,
      authorization_response_iss_parameter_supported: true,
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    };
  }

  private token(form: URLSearchParams, headers: Record<string, string>): { status: number; body: unknown } {
    switch (form.get('grant_type')) {
      case 'authorization_code':
        return this.redeem(form);
      case 'refresh_token': {
        const signIn = this.refreshTokens.get(form.get('refresh_token') ?? '');
        if (!signIn) return REFUSED;
        this.refreshTokens.delete(form.get('refresh_token')!);
        return this.grant(signIn, {});
      }
      case 'client_credentials': {
        const clientId = clientOf(form, headers);
        const scope = form.get('scope') ?? '';
        const audience = form.get('resource') ?? form.get('audience');
        const access_token = this.tokens.access({
          sub: clientId,
          clientId,
          scope,
          ...(audience ? { audience } : {}),
        });
        return { status: 200, body: { access_token, token_type: 'Bearer', expires_in: ACCESS_TOKEN_SECONDS, scope } };
      }
      case TOKEN_EXCHANGE:
        return this.exchange(form, clientOf(form, headers));
      default:
        return { status: 400, body: { error: 'unsupported_grant_type' } };
    }
  }

  /** RFC 8693 §2, as our provider does it: whoever asks is named as who acts, and the scopes become no more. */
  private exchange(form: URLSearchParams, clientId: string): { status: number; body: unknown } {
    const subject = this.tokens.active(form.get('subject_token') ?? '');
    if (!subject) return { status: 400, body: { error: 'invalid_request' } };
    const held = scopesOf(subject['scope']);
    const scope = form.get('scope') ?? held.join(' ');
    if (!scope.split(' ').every((one) => held.includes(one))) {
      return { status: 400, body: { error: 'invalid_scope' } };
    }
    const audience = [...form.getAll('resource'), ...form.getAll('audience')];
    const act = { sub: clientId, client_id: clientId, ...(subject['act'] ? { act: subject['act'] } : {}) };
    const access_token = this.tokens.access({
      sub: String(subject['sub']),
      clientId,
      scope,
      audience: audience.length > 0 ? audience : (subject['aud'] as string | string[]),
      claims: defined({ act, sid: subject['sid'], roles: subject['roles'] }),
    });
    const expires_in = ACCESS_TOKEN_SECONDS;
    const issued_token_type = ACCESS_TOKEN_TYPE;
    return { status: 200, body: { access_token, issued_token_type, token_type: 'Bearer', expires_in, scope } };
  }

  private redeem(form: URLSearchParams): { status: number; body: unknown } {
    const code = form.get('code') ?? '';
    const lent = this.codes.get(code);
    this.codes.delete(code);
    const shown = digest(form.get('code_verifier') ?? '').toString('base64url');
    if (!lent || lent.challenge !== shown || lent.redirectUri !== form.get('redirect_uri')) return REFUSED;
    const { person, clientId, nonce } = lent;
    const { sub, sid, acr, amr, claims } = person;
    const id_token = this.tokens.id({
      sub,
      clientId,
      claims: { ...claims, ...defined({ sid, acr, amr, nonce, auth_time: this.clock.seconds() }) },
    });
    return this.grant(lent, { id_token });
  }

  private grant({ person, clientId, scope }: SignIn, more: object): { status: number; body: unknown } {
    const { sub, sid, roles } = person;
    const access_token = this.tokens.access({ sub, sid, scope, clientId, ...(roles ? { roles } : {}) });
    const refresh_token = randomToken();
    this.refreshTokens.set(refresh_token, { person, clientId, scope });
    const expires_in = ACCESS_TOKEN_SECONDS;
    return { status: 200, body: { access_token, token_type: 'Bearer', expires_in, refresh_token, scope, ...more } };
  }

  private userinfo(headers: Record<string, string>): { status: number; body: unknown } {
    const claims = this.tokens.active(headers['authorization']?.replace(/^Bearer /i, '') ?? '');
    if (!claims) return { status: 401, body: { error: 'invalid_token' } };
    return { status: 200, body: defined({ sub: claims['sub'], roles: claims['roles'] }) };
  }
}

/** By HTTP Basic (RFC 6749 §2.3.1) or by the form. */
function clientOf(form: URLSearchParams, headers: Record<string, string>): string {
  const basic = /^Basic (.+)$/i.exec(headers['authorization'] ?? '')?.[1];
  const id = basic && Buffer.from(basic, 'base64').toString().split(':')[0];
  return id ? (new URLSearchParams(`id=${id}`).get('id') ?? id) : (form.get('client_id') ?? 'test-client');
}

function defined(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
