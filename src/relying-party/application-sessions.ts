import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Principal } from '../protocol/principal.js';
import type { Session } from '../sessions/session.js';
import { type SessionCapabilities, type SessionKeeper, SessionTooLargeError } from '../sessions/session-keeper.js';
import type { OpenSession } from '../sessions/sessions.js';
import { type OidcClient, type SignedIn, SignInError, type TokenSet } from '../federation/oidc-client.js';
import { openSessions } from './open-sessions.js';
import type { Claims, Settings } from './relying-party.options.js';
import { Renewals } from './renewals.js';
import { type Ended, SessionCache } from './session-cache.js';
import type { ToldSessions } from './told-sessions.js';

/** What this application keeps of a sign-in: sealed, and never to be read in the browser. */
export interface SessionData {
  issuer: string;
  claims: Claims;
  tokens: TokenSet;
}

/** A session that lives now, with an access token that lives now when there is one. */
export interface ApplicationSession extends Omit<Session, 'data'> {
  /** What its cookie must hold from now on. */
  id: string;
  data: SessionData;
  /** What the guard made of it, once. */
  principal: Principal | undefined;
}

/** Ended sessions are removed this often, in milliseconds; until then they only take room. */
const SWEEP_EVERY = 5 * 60_000;
/** A session is read this often, in milliseconds, whoever vouches for it: a store notes to the minute when it was last used. */
const LONGEST_UNREAD = 60_000;

/** The sessions of this application, kept as its options say. */
@Injectable()
export class ApplicationSessions implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ApplicationSessions.name);
  private sweeping?: NodeJS.Timeout;
  private readonly watchers = new Set<(ended: Ended) => void>();
  private readonly cache: SessionCache;
  private readonly renewals: Renewals | undefined;

  private constructor(
    private readonly keeper: SessionKeeper | undefined,
    private readonly settings: Settings,
    client: OidcClient,
    private readonly told: ToldSessions | undefined,
    private readonly close: () => Promise<void>,
  ) {
    const { clock, session } = settings;
    const maxAgeMilliseconds = Math.min(LONGEST_UNREAD, (session?.idleMilliseconds ?? 0) / 4);
    this.cache = new SessionCache(
      clock,
      session?.cacheMilliseconds ?? 0,
      told && { vouchesFor: (one) => told.vouchesFor(one), maxAgeMilliseconds },
    );
    const graceMilliseconds = session?.refreshGraceMilliseconds ?? 0;
    this.renewals = keeper && new Renewals({ keeper, client, clock, graceMilliseconds, read: (id) => this.read(id) });
  }

  /** Opens the store that the options name. @throws DatabaseError that names `session.url` */
  static async open(settings: Settings, client: OidcClient, told?: ToldSessions): Promise<ApplicationSessions> {
    if (!settings.session) return new ApplicationSessions(undefined, settings, client, undefined, async () => {});
    const { opened, close } = await openSessions(settings.session, settings);
    return new ApplicationSessions(opened, settings, client, settings.usesFeed ? told : undefined, close);
  }

  /** What the store can do; undefined: there are no sessions. */
  get can(): SessionCapabilities | undefined {
    return this.keeper?.can;
  }

  /**
   * Starts a session for a sign-in; the one behind `previousId` ends.
   * @throws SignInError `session_too_large`
   */
  async start(signedIn: SignedIn, from: { ip: string; userAgent: string }, previousId?: string): Promise<OpenSession> {
    const { idClaims, claims, tokens } = signedIn;
    const { sid, acr, amr, auth_time: authTime } = idClaims;
    const data: SessionData = { issuer: idClaims.iss, claims, tokens };
    const previous = this.told && (await this.peek(previousId));
    if (previousId) this.cache.drop({ id: previousId });
    try {
      const started = await this.opened.start(
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
      if (previous) void this.told?.ended([previous]);
      if (previousId) this.tell({ id: previousId });
      return started;
    } catch (error) {
      if (error instanceof SessionTooLargeError) throw new SignInError('session_too_large', error.message);
      throw error;
    }
  }

  /**
   * The session of a cookie value when nothing needs to be asked or done for it; see {@link SessionCache}.
   * @param now epoch milliseconds
   */
  cached(id: string, now: number): ApplicationSession | undefined {
    const session = this.cache.get(id, now);
    return session && !this.renewals!.isDue(session, now) ? session : undefined;
  }

  /**
   * The living session of a cookie value, its access token renewed if it was about to end.
   * @param setsCookies whether the browser can be told a new cookie: a sealed one is not renewed where it cannot.
   * @throws ProviderUnavailableError when it had to be renewed and could not be
   */
  async resume(id: string | undefined, setsCookies = true): Promise<ApplicationSession | undefined> {
    const ticket = this.cache.ticket();
    let session = await this.peek(id);
    const mayRenew = setsCookies || this.can?.claims;
    if (session && mayRenew && this.renewals!.isDue(session)) session = await this.renewals!.renewed(session);
    if (session) this.cache.keep(ticket, session);
    return session;
  }

  /** As {@link resume}, but the tokens are as they were kept. */
  async peek(id: string | undefined): Promise<ApplicationSession | undefined> {
    return id ? this.read(id) : undefined;
  }

  /** Ends a session here and, where its end is told, in every process of this application. */
  async end(id: string): Promise<string | undefined> {
    const session = this.told && (await this.peek(id));
    const sid = await this.dropEnded(id);
    if (session) await this.told?.ended([session]);
    return sid;
  }

  /** Ends what everybody knows has ended. */
  dropEnded(id: string): Promise<string | undefined> {
    return this.dropping({ id }, () => this.opened.end(id));
  }

  /** As {@link end}, for the sessions of a subject that have this `sid`. */
  async endOwn(subject: string, sid: string): Promise<number> {
    const meant = (this.told ? await this.list(subject) : []).filter((session) => session.sid === sid);
    const count = await this.endBySid(sid);
    const sessions = meant.map((session) => ({
      ...session,
      id: '',
      data: session.data as unknown as SessionData,
      principal: undefined,
    }));
    await this.told?.ended(sessions);
    return count;
  }

  /** Ends the sessions that hang from this session of the provider. */
  endBySid(sid: string): Promise<number> {
    return this.dropping({ sid }, () => this.opened.endBySid(sid));
  }

  endBySubject(subject: string): Promise<number> {
    return this.dropping({ subject }, () => this.opened.endBySubject(subject));
  }

  /** The living sessions of a subject, newest first. @throws Error where the store cannot list */
  list(subject: string): Promise<Session[]> {
    return this.opened.list(subject);
  }

  /** Whoever learns that sessions ended elsewhere says it here, and the next request asks the store. */
  drop(ended: Ended): void {
    this.cache.drop(ended);
    this.tell(ended);
  }

  /** Calls `look` after sessions were ended in this process, or it was said here that they were. @returns what stops it */
  onEnded(look: (ended: Ended) => void): () => void {
    this.watchers.add(look);
    return () => void this.watchers.delete(look);
  }

  onApplicationBootstrap(): void {
    if (!this.keeper) return;
    if (this.keeper.can.ends === 'process' && this.settings.revocation === 'expiry') {
      this.logger.warn(
        "Sessions in sealed cookies end in this process only: a copied cookie is good until its end. With revocation: { mode: 'introspect' } the provider is asked.",
      );
    }
    this.sweeping = setInterval(() => void this.sweep(), SWEEP_EVERY).unref();
  }

  onApplicationShutdown(): Promise<void> {
    clearInterval(this.sweeping);
    return this.close();
  }

  private async read(id: string): Promise<ApplicationSession | undefined> {
    const open = await this.opened.open(id);
    if (!open) return undefined;
    const data = open.session.data as unknown as SessionData;
    // Another issuer's session is worth nothing after the issuer was changed in the options.
    return data.issuer === this.settings.issuer
      ? { ...open.session, id: open.id, data, principal: undefined }
      : undefined;
  }

  /** Before, so that no request is answered from the cache any more; and after, for those that were reading meanwhile. */
  private async dropping<T>(ended: Ended, work: () => Promise<T>): Promise<T> {
    this.cache.drop(ended);
    try {
      const done = await work();
      this.tell(ended);
      return done;
    } finally {
      this.cache.drop(ended);
    }
  }

  private tell(ended: Ended): void {
    for (const look of this.watchers) look(ended);
  }

  private async sweep(): Promise<void> {
    try {
      await this.keeper?.sweep();
    } catch (error) {
      this.logger.warn(`ended sessions could not be removed, will try again: ${String(error)}`);
    }
  }

  private get opened(): SessionKeeper {
    if (!this.keeper) throw new Error('this application keeps no sessions');
    return this.keeper;
  }
}
