import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { withPackages } from '../platform/optional-package.js';
import { digest, Secrets } from '../platform/secret.js';
import type { Session } from '../sessions/session.js';
import { type OpenSession, Sessions } from '../sessions/sessions.js';
import type { SessionStore } from '../sessions/session-store.js';
import { MemorySessionStore } from '../sessions/stores/memory.js';
import { type OidcClient, type SignedIn, SignInError, type TokenSet } from './oidc-client.js';
import { ProviderUnavailableError } from './provider-metadata.js';
import type { Claims, Settings } from './relying-party.options.js';

/** What this application keeps of a sign-in: sealed, on the server, never in the browser. */
export interface SessionData {
  issuer: string;
  claims: Claims;
  tokens: TokenSet;
}

/** A session that lives now, with an access token that lives now when there is one. */
export interface ApplicationSession extends Omit<Session, 'data'> {
  id: string;
  data: SessionData;
}

/** An access token is renewed this long before its end, so that it does not end on its way to an API. */
const RENEW_BEFORE = 10_000;

/** Ended sessions are removed this often; until then they only take room. */
const SWEEP_EVERY = 5 * 60_000;

/** The sessions of this application over the store that its options name. */
@Injectable()
export class ApplicationSessions implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ApplicationSessions.name);
  private sweeping?: NodeJS.Timeout;
  private readonly refreshes = new Map<string, Promise<ApplicationSession | undefined>>();

  private constructor(
    private readonly sessions: Sessions | undefined,
    private readonly settings: Settings,
    private readonly client: OidcClient,
    private readonly close: () => Promise<void>,
  ) {}

  /**
   * Opens the store. The PostgreSQL one is loaded only when it is asked for: an API that takes tokens alone needs no database.
   * @throws DatabaseError that names `session.url`
   */
  static async open(settings: Settings, client: OidcClient): Promise<ApplicationSessions> {
    const { session } = settings;
    if (!session) return new ApplicationSessions(undefined, settings, client, async () => {});
    const { store, close } = await openStore(session);
    const { idleMilliseconds, absoluteMilliseconds } = session;
    const limits = { idleMilliseconds, absoluteMilliseconds };
    const sessions = new Sessions(store, limits, settings.clock, new Secrets(session.secrets));
    return new ApplicationSessions(sessions, settings, client, close);
  }

  /** Starts a session for a sign-in; the one behind `previousId` ends. */
  start(signedIn: SignedIn, from: { ip: string; userAgent: string }, previousId?: string): Promise<OpenSession> {
    const { idClaims, claims, tokens } = signedIn;
    const { sid, acr, amr, auth_time: authTime } = idClaims;
    const data: SessionData = { issuer: idClaims.iss, claims, tokens };
    return this.opened.start(
      {
        ...from,
        subject: idClaims.sub,
        acr: typeof acr === 'string' ? acr : '',
        amr: Array.isArray(amr) ? amr.filter((one) => typeof one === 'string') : [],
        data: { ...data },
        ...(typeof sid === 'string' ? { sid } : {}),
        ...(typeof authTime === 'number' ? { authenticatedAt: authTime * 1000 } : {}),
      },
      previousId,
    );
  }

  /**
   * The living session of a cookie value, its access token renewed if it was about to end.
   * @throws ProviderUnavailableError when it had to be renewed and could not be
   */
  async resume(id: string | undefined): Promise<ApplicationSession | undefined> {
    const session = await this.peek(id);
    if (!session) return undefined;
    const { refreshToken, accessTokenExpiresAt } = session.data.tokens;
    if (!refreshToken || accessTokenExpiresAt - RENEW_BEFORE > this.settings.clock.now()) return session;
    return this.refreshOnce(session);
  }

  /** As {@link resume}, but the tokens are as they were kept. */
  async peek(id: string | undefined): Promise<ApplicationSession | undefined> {
    const session = await this.opened.resume(id);
    if (!session) return undefined;
    const data = session.data as unknown as SessionData;
    // Another issuer's session is worth nothing after the issuer was changed in the options.
    return data.issuer === this.settings.issuer ? { ...session, id: id!, data } : undefined;
  }

  end(id: string): Promise<string | undefined> {
    return this.opened.end(id);
  }

  endBySid(sid: string): Promise<number> {
    return this.opened.endBySid(sid);
  }

  endBySubject(subject: string): Promise<number> {
    return this.opened.endBySubject(subject);
  }

  onApplicationBootstrap(): void {
    if (!this.sessions) return;
    this.sweeping = setInterval(() => void this.sweep(), SWEEP_EVERY).unref();
  }

  onApplicationShutdown(): Promise<void> {
    clearInterval(this.sweeping);
    return this.close();
  }

  private async sweep(): Promise<void> {
    try {
      await this.sessions?.sweep();
    } catch (error) {
      this.logger.warn(`ended sessions could not be removed, will try again: ${String(error)}`);
    }
  }

  private get opened(): Sessions {
    if (!this.sessions) throw new Error('this application keeps no sessions');
    return this.sessions;
  }

  /** All requests that come at the same moment share one refresh: a rotated refresh token must not be used twice. */
  private refreshOnce(session: ApplicationSession): Promise<ApplicationSession | undefined> {
    const key = digest(session.id).toString('base64url');
    let refresh = this.refreshes.get(key);
    if (!refresh) {
      refresh = this.refresh(session.id).finally(() => this.refreshes.delete(key));
      this.refreshes.set(key, refresh);
    }
    return refresh;
  }

  private async refresh(id: string): Promise<ApplicationSession | undefined> {
    // Read again: a refresh may have ended between this request's read and now.
    const session = await this.peek(id);
    if (!session) return undefined;
    const { tokens, claims, issuer } = session.data;
    if (tokens.accessTokenExpiresAt - RENEW_BEFORE > this.settings.clock.now()) return session;
    try {
      const renewed = await this.client.refresh(tokens.refreshToken!, session.subject, tokens.scope);
      const data: SessionData = { issuer, claims, tokens: { ...tokens, ...renewed } };
      return (await this.opened.write(id, { ...data })) ? { ...session, data } : undefined;
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      if (error.code !== 'invalid_grant') throw new ProviderUnavailableError('no refresh', { cause: error });
      // The provider says no: whoever was signed in there is not any more.
      await this.end(id);
      return undefined;
    }
  }
}

async function openStore(
  session: NonNullable<Settings['session']>,
): Promise<{ store: SessionStore; close: () => Promise<void> }> {
  const nothing = async () => {};
  if (session.store === 'memory') return { store: new MemorySessionStore(), close: nothing };
  if (session.store !== 'postgres') return { store: session.store, close: nothing };
  return withPackages("session.store 'postgres'", ['typeorm', 'pg'], () => openPostgresStore(session));
}

async function openPostgresStore(
  session: NonNullable<Settings['session']>,
): Promise<{ store: SessionStore; close: () => Promise<void> }> {
  const { openDatabase } = await import('../platform/database/open-database.js');
  const { PostgresSessionStore } = await import('../sessions/stores/postgres.js');
  const { Sessions1764000000000 } = await import('../migrations/1764000000000-sessions.js');
  const database = await openDatabase({
    url: session.url!,
    setting: 'session.url',
    migrations: [Sessions1764000000000],
    applicationName: session.cookie.name.replace('__Host-', ''),
  });
  const store = new PostgresSessionStore(database, session.cookie.name);
  return { store, close: () => database.onApplicationShutdown() };
}
