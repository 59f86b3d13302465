import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type ApplicationSession, ApplicationSessions } from './application-sessions.js';
import type { Authentication } from './authentication.js';
import { Settings } from './relying-party.options.js';
import { Revocations } from './revocation/revocations.js';
import { RevocationFeed } from './revocations/revocation-feed.js';
import type { Ended } from './session-cache.js';

/** How often it is looked whose time is over, in milliseconds. */
const LOOK_EVERY = 1_000;
/** How often the store, and whoever else the mode of revocation asks, is asked about those that nobody tells of, in milliseconds. */
const ASK_EVERY = 30_000;

interface Held extends Authentication {
  close: (code: string) => void;
  /** Epoch milliseconds. */
  endsAt: number;
  askedAt: number;
}

/**
 * Connections that stay open after the guard let them in: WebSockets, and answers that go on (server-sent events). Each is
 * closed when its credential ends: by its clock, when the revocation feed says so, and when its session is ended in this
 * process, at once; when it is ended in another one and there is no feed, half a minute later.
 */
@Injectable()
export class OpenConnections implements OnApplicationShutdown {
  private readonly held = new Set<Held>();
  private readonly stops: (() => void)[];
  private looking: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly sessions: ApplicationSessions,
    private readonly revocations: Revocations,
    feed: RevocationFeed,
  ) {
    this.stops = [feed.onRules(() => this.closeRevoked()), sessions.onEnded((ended) => this.closeEnded(ended))];
  }

  /**
   * Watches over a connection.
   * @param close is called once, with the code of what it is that ended
   * @returns what ends the watch: call it when the connection is closed by somebody else
   */
  hold(authentication: Authentication, close: (code: string) => void): () => void {
    const { now, skew } = this;
    const { session, principal } = authentication;
    const { exp } = principal.claims;
    const end = typeof exp === 'number' ? exp * 1000 + skew : Infinity;
    const held: Held = { ...authentication, close, endsAt: session ? endOf(session) : end, askedAt: now };
    this.held.add(held);
    // What was revoked while the connection was being opened was told to nobody.
    if (this.revocations.isKnownRevoked(principal)) queueMicrotask(() => this.end(held, 'token_revoked'));
    this.looking ??= setInterval(() => this.look(), LOOK_EVERY).unref();
    return () => this.release(held);
  }

  onApplicationShutdown(): void {
    clearInterval(this.looking);
    for (const stop of this.stops) stop();
    this.held.clear();
  }

  private look(): void {
    const { now } = this;
    for (const held of this.held) {
      if (held.endsAt > now && now - held.askedAt < ASK_EVERY) continue;
      held.askedAt = now;
      void this.ask(held).catch(() => {
        // It cannot be known. What comes over the connection is judged by itself; its time is up in any case.
        if (held.endsAt <= this.now) this.end(held, 'unauthenticated');
      });
    }
  }

  private async ask(held: Held): Promise<void> {
    const { session, principal } = held;
    if (!session) {
      if (held.endsAt <= this.now) return this.end(held, 'token_expired');
    } else if (this.sessions.can?.lists) {
      // Listed and not read, because a connection that says nothing does not keep a session alive.
      const theirs = await this.sessions.list(session.subject);
      const same = theirs.filter(({ sid }) => sid === session.sid).map(endOf);
      held.endsAt = Math.max(0, ...same);
    }
    if (held.endsAt <= this.now) return this.end(held, 'unauthenticated');
    const mode = this.settings.revocationOf(principal.issuer);
    // By the feed it is told, and by `expiry` it ends by its clock.
    if (mode === 'feed' || mode === 'expiry' || held.accessToken === undefined) return;
    const evidence = { principal, accessToken: held.accessToken };
    if (await this.revocations.of(mode).isRevoked(evidence)) this.end(held, endCode(held));
  }

  private closeRevoked(): void {
    for (const held of this.held) if (this.revocations.isKnownRevoked(held.principal)) this.end(held, endCode(held));
  }

  private closeEnded(ended: Ended): void {
    for (const held of this.held) if (isMeant(held.session, ended)) this.end(held, 'unauthenticated');
  }

  private end(held: Held, code: string): void {
    if (this.release(held)) held.close(code);
  }

  private release(held: Held): boolean {
    const wasHeld = this.held.delete(held);
    if (this.held.size === 0) {
      clearInterval(this.looking);
      this.looking = undefined;
    }
    return wasHeld;
  }

  private get now(): number {
    return this.settings.clock.now();
  }

  private get skew(): number {
    return this.settings.skewSeconds * 1000;
  }
}

function endOf({ expiresAt, idleExpiresAt }: Pick<ApplicationSession, 'expiresAt' | 'idleExpiresAt'>): number {
  return Math.min(expiresAt, idleExpiresAt);
}

function endCode({ session }: Held): string {
  return session ? 'unauthenticated' : 'token_revoked';
}

function isMeant(session: ApplicationSession | undefined, ended: Ended): boolean {
  // Whoever drops everything from the cache does not say that it has ended.
  if (!session || ended === 'all') return false;
  if ('id' in ended) return session.id === ended.id;
  return 'sid' in ended ? session.sid === ended.sid : session.subject === ended.subject;
}
