import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { exportJWK, SignJWT } from 'jose';
import type { Clock } from '../../src/platform/clock.js';

/** A key pair of the issuer. */
export interface IssuerKey {
  kid: string;
  alg: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** How the issuer answers at one place, in place of its usual answer. */
export type Answer = (request: IncomingMessage, body: URLSearchParams, response: ServerResponse) => void;

/** Makes a key of the given algorithm. */
export function issuerKey(alg = 'ES256', kid: string = randomUUID()): IssuerKey {
  const pair =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : alg === 'EdDSA'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { kid, alg, ...pair };
}

export const AUDIENCE = 'urn:test:api';

/**
 * A small OpenID Provider for tests: it signs whatever it is told to, gives codes to whoever asks, and can be made to
 * misbehave at each of its places.
 */
export class TinyIssuer {
  private readonly firstKeys: readonly IssuerKey[] = [issuerKey('ES256', 'es'), issuerKey('RS256', 'rs')];
  keys: IssuerKey[] = [...this.firstKeys];
  /** Overrides by path. */
  readonly answers = new Map<string, Answer>();
  /** How often each path was asked. */
  readonly hits = new Map<string, number>();
  readonly revoked = new Set<string>();
  /** Changes the token endpoint's answer; undefined leaves a member out. */
  tokenAnswer: Record<string, unknown> = {};
  /** Changes the claims of ID tokens. */
  idClaims: Record<string, unknown> = {};
  /** Of the ID tokens. */
  idType = 'JWT';
  subject = 'alice';
  sid = 'provider-session-1';
  accessTokenSeconds = 300;
  /** How long the token endpoint thinks about a refresh, so that others may come meanwhile. */
  refreshMilliseconds = 0;
  private readonly codes = new Map<string, { nonce: string | null; challenge: string | null }>();
  refreshTokens = new Set<string>();

  private constructor(
    private readonly server: Server,
    readonly clock: Clock,
    readonly url: string,
  ) {}

  static async listen(clock: Clock): Promise<TinyIssuer> {
    let issuer: TinyIssuer | undefined;
    const server = createServer((request, response) => {
      issuer!.serve(request, response).catch((error: Error) => response.writeHead(500).end(error.message));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = new TinyIssuer(server, clock, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return issuer;
  }

  /** As it was when it began to listen: no misbehaviour, nothing counted, nobody signed in. */
  reset(): void {
    for (const kept of [this.answers, this.hits, this.revoked, this.codes, this.refreshTokens]) kept.clear();
    this.keys = [...this.firstKeys];
    this.idClaims = {};
    this.idType = 'JWT';
    this.tokenAnswer = {};
    this.subject = 'alice';
    this.sid = 'provider-session-1';
    this.accessTokenSeconds = 300;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  key(alg = 'ES256'): IssuerKey {
    return this.keys.find((key) => key.alg === alg)!;
  }

  hitsOf(path: string): number {
    return this.hits.get(path) ?? 0;
  }

  /** Signs claims as they are. */
  sign(claims: Record<string, unknown>, header: Record<string, unknown> = {}, key = this.key()): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })
      .sign(key.privateKey);
  }

  accessClaims(change: Record<string, unknown> = {}): Record<string, unknown> {
    const now = this.clock.seconds();
    return {
      iss: this.url,
      sub: this.subject,
      aud: AUDIENCE,
      client_id: 'app',
      scope: 'openid read',
      jti: randomUUID(),
      iat: now,
      exp: now + this.accessTokenSeconds,
      ...change,
    };
  }

  /** A good access token, with some claims changed; undefined leaves one out. */
  accessToken(change: Record<string, unknown> = {}, header: Record<string, unknown> = {}): Promise<string> {
    return this.sign(this.accessClaims(change), header);
  }

  idToken(change: Record<string, unknown> = {}): Promise<string> {
    const now = this.clock.seconds();
    const claims = { iss: this.url, sub: this.subject, aud: 'app', iat: now, exp: now + 300, sid: this.sid, ...change };
    return this.sign(claims, { typ: this.idType }, this.key('RS256'));
  }

  /** What the browser would come back with after signing in at `authorizationUrl`. */
  authorize(authorizationUrl: string): URLSearchParams {
    const asked = new URL(authorizationUrl).searchParams;
    const code = randomUUID();
    this.codes.set(code, { nonce: asked.get('nonce'), challenge: asked.get('code_challenge') });
    return new URLSearchParams({ code, state: asked.get('state') ?? '', iss: this.url });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url!.split('?')[0]!;
    this.hits.set(path, this.hitsOf(path) + 1);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = new URLSearchParams(Buffer.concat(chunks).toString());
    const json = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const override = this.answers.get(path);
    if (override) return override(request, body, response);
    if (path === '/.well-known/openid-configuration') return void json(200, this.metadata());
    if (path === '/jwks') return void json(200, { keys: await Promise.all(this.keys.map(publicJwk)) });
    if (path === '/introspect') return void json(200, this.introspect(body.get('token') ?? ''));
    if (path === '/userinfo') return void json(200, { sub: this.subject, name: 'Alice', email: 'alice@example.test' });
    if (path === '/token') {
      const tokens = await this.tokens(body);
      return void json(tokens ? 200 : 400, tokens ?? { error: 'invalid_grant' });
    }
    json(404, {});
  }

  metadata(): Record<string, unknown> {
    return {
      issuer: this.url,
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      jwks_uri: `${this.url}/jwks`,
      userinfo_endpoint: `${this.url}/userinfo`,
      introspection_endpoint: `${this.url}/introspect`,
      end_session_endpoint: `${this.url}/logout`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'ES256'],
      authorization_response_iss_parameter_supported: true,
    };
  }

  private introspect(token: string): Record<string, unknown> {
    const payload = token.split('.')[1];
    const claims = payload ? JSON.parse(Buffer.from(payload, 'base64url').toString()) : this.accessClaims();
    const living = claims.exp > this.clock.seconds() && token !== 'unknown';
    return living && !this.revoked.has(token) ? { active: true, ...claims } : { active: false };
  }

  private async tokens(body: URLSearchParams): Promise<Record<string, unknown> | undefined> {
    const refresh = body.get('refresh_token');
    const code = body.get('code');
    let lent: { nonce: string | null; challenge: string | null } | undefined;
    if (refresh !== null) {
      await pause(this.refreshMilliseconds);
      if (!this.refreshTokens.delete(refresh)) return undefined;
    } else {
      lent = this.codes.get(code ?? '');
      this.codes.delete(code ?? '');
      const { createHash } = await import('node:crypto');
      const shown = createHash('sha256').update(body.get('code_verifier') ?? '').digest('base64url'); // prettier-ignore
      if (!lent || lent.challenge !== shown) return undefined;
    }
    const next = randomUUID();
    this.refreshTokens.add(next);
    return {
      access_token: await this.accessToken(),
      token_type: 'Bearer',
      expires_in: this.accessTokenSeconds,
      scope: 'openid read',
      refresh_token: next,
      ...(lent ? { id_token: await this.idToken({ nonce: lent.nonce, ...this.idClaims }) } : {}),
      ...this.tokenAnswer,
    };
  }
}

/** A key as a JWKS shows it. */
export async function publicJwk({ publicKey, kid, alg }: IssuerKey): Promise<Record<string, unknown>> {
  return { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
}
