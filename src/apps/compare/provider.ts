import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Authorizations } from '../../authorizations/authorizations.js';
import { Clients } from '../../clients/clients.js';
import { Resources } from '../../clients/resources.js';
import { IdentityProviderModule } from '../../identity-provider/identity-provider.module.js';
import { LoginModule } from '../../login/login.module.js';
import { Clock, SystemClock } from '../../platform/clock.js';
import { Database, statement } from '../../platform/database/database.js';
import { Outbound } from '../../platform/outbound.js';
import { PlatformModule } from '../../platform/platform.module.js';
import { randomToken, Secrets } from '../../platform/secret.js';
import { SignOnSessions } from '../../sessions/sign-on-sessions.js';
import { DatabaseUsers } from '../../users/database-users.js';
import { PasswordHasher } from '../../users/password-hasher.js';
import { openProviderDatabase } from '../identity-provider/provider-database.js';
import { startServer } from '../support/server.js';
import type { Strategy } from './strategies.js';
import { COMPARE_AUDIENCE, COMPARE_SCOPE } from './strategy-app.js';

/** The client that gets the tokens: as a web application does it, by the code flow. */
export const TOKEN_CLIENT = { id: 'compare-tokens', redirectUri: 'http://localhost:1/auth/callback' };

/** The provider's own cookie of somebody who is signed in. */
const SIGN_ON_COOKIE = '__Host-gatehouse-session';

const SIZE = statement(`SELECT pg_total_relation_size('session') AS size`);

/** An application as the provider knows it. */
export interface Registration {
  clientId: string;
  clientSecret: string;
}

/** Somebody who has signed in to the provider. */
export interface SignedOn {
  subject: string;
  sid: string;
  /** The header `Cookie` of their browser. */
  cookie: string;
}

@Module({})
class CompareProviderModule {}

/** Starts a real provider on this database, which must be nobody else's. */
export async function startCompareProvider(options: {
  port: number;
  databaseUrl: string;
  /** Ports of the applications that are told of sign-outs. */
  applications: readonly number[];
}): Promise<NestFastifyApplication> {
  const { port, databaseUrl, applications } = options;
  const issuer = `http://localhost:${port}`;
  const clock = new SystemClock();
  const database = await openProviderDatabase(databaseUrl);
  try {
    const outbound = new Outbound({
      clock,
      allow: applications.map((to) => ({ host: 'localhost', port: to, purposes: ['logout'] })),
    });
    const module: DynamicModule = {
      module: CompareProviderModule,
      imports: [
        PlatformModule.forRoot({ database, secrets: new Secrets([randomToken(48)]), outbound, clock }),
        LoginModule.forRoot({ issuer, startPage: true }),
        IdentityProviderModule.forRoot({ issuer }),
      ],
    };
    return await startServer(module, { host: '127.0.0.1', port, logger: false, https: false });
  } catch (error) {
    await database.onApplicationShutdown();
    throw error;
  }
}

/**
 * What a comparison does at a provider beside its protocol: registers applications, lets people in who need no password, and
 * ends what they have. Everything else goes over HTTP.
 */
export class ProviderDesk {
  private readonly users: DatabaseUsers;

  /** @param app the provider, or a module of it */
  constructor(private readonly app: Pick<ModuleRef, 'get'>) {
    this.users = new DatabaseUsers(this.of(Database), this.of(Clock), new PasswordHasher());
  }

  /** The API, and the client that gets tokens for it. */
  async prepare(served: readonly string[]): Promise<Registration> {
    const secret = randomToken(32);
    await this.clients.put(
      TOKEN_CLIENT.id,
      {
        client_name: 'Comparison',
        redirect_uris: [TOKEN_CLIENT.redirectUri],
        grant_types: ['authorization_code'],
        scope: `openid ${COMPARE_SCOPE}`,
      },
      { firstParty: true },
      secret,
    );
    await this.of(Resources).put({
      audience: COMPARE_AUDIENCE,
      scopes: [COMPARE_SCOPE],
      tokenFormat: 'jwt',
      servedBy: [...served],
    });
    return { clientId: TOKEN_CLIENT.id, clientSecret: secret };
  }

  /** @param url where the application is */
  async register({ id, kind, mode, store }: Strategy, url: string): Promise<Registration> {
    const secret = randomToken(32);
    const isTold = !(store === 'sealed-cookie' && mode === 'expiry');
    await this.clients.put(
      id,
      kind === 'jwt'
        ? { client_name: id, grant_types: ['client_credentials'], response_types: [], scope: '' }
        : {
            client_name: id,
            redirect_uris: [`${url}/auth/callback`],
            post_logout_redirect_uris: [`${url}/`],
            // A sealed cookie's application can be told, but only in one process: measured is one of the others.
            ...(isTold
              ? {
                  backchannel_logout_uri: `${url}/auth/backchannel-logout`,
                  backchannel_logout_session_required: true,
                }
              : {}),
            grant_types: ['authorization_code', 'refresh_token'],
            scope: 'openid profile email offline_access',
          },
      { firstParty: true },
      secret,
    );
    return { clientId: id, clientSecret: secret };
  }

  /** A new person, and their session at the provider: the sign-in itself, with its slow hash on purpose, is not compared. */
  async signOn(): Promise<SignedOn> {
    const username = `person-${randomToken(9)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, 'x')}`;
    const claims = { name: 'Ada Person', preferred_username: username, email: `${username}@example.com` };
    const { sub } = await this.users.add({ username, claims });
    return this.signOnAs(sub);
  }

  /** @throws Error when nobody has this name */
  async subjectOf(username: string): Promise<string> {
    const found = await this.users.findByUsername(username);
    if (!found) throw new Error(`there is nobody with the username '${username}'`);
    return found.user.sub;
  }

  async signOnAs(subject: string): Promise<SignedOn> {
    const { id, session } = await this.of(SignOnSessions).start({
      subject,
      acr: '',
      amr: ['pwd'],
      ip: '127.0.0.1',
      userAgent: 'nest-gatehouse compare',
    });
    return { subject, sid: session.sid, cookie: `${SIGN_ON_COOKIE}=${id}` };
  }

  async signOut(sid: string): Promise<void> {
    await this.of(SignOnSessions).endBySid(sid, 'administrative');
  }

  async revokeToken(token: { jti: string; expiresAtSeconds: number; clientId: string }): Promise<void> {
    await this.of(Authorizations).revoke({ token }, 'administrative');
  }

  /** What the applications' sessions take in PostgreSQL, in octets, indexes included. */
  async sizeOfSessions(): Promise<number> {
    const [row] = await this.of(Database).query<{ size: string }>(SIZE);
    return Number(row!.size);
  }

  private get clients(): Clients {
    return this.of(Clients);
  }

  private of<T>(type: abstract new (...args: never[]) => T): T {
    return this.app.get(type as Type<T>, { strict: false });
  }
}
