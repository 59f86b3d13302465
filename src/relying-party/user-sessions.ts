import { Injectable } from '@nestjs/common';
import type { Principal } from '../protocol/principal.js';
import { ApplicationSessions } from './application-sessions.js';

/** One of a person's sessions at this application, as they may see it. Times are epoch milliseconds. */
export interface UserSession {
  /** Names it for {@link UserSessions.end}; not a secret. */
  sid: string;
  /** The one that asks. */
  isCurrent: boolean;
  startedAt: number;
  /** To the minute. */
  lastSeenAt: number;
  expiresAt: number;
  ip: string;
  userAgent: string;
}

/**
 * A person's sessions at this application, for a page where they see and end them. Inject it. Every verb is about the sessions
 * of the principal it is given, and of nobody else.
 */
@Injectable()
export class UserSessions {
  constructor(private readonly sessions: ApplicationSessions) {}

  /** Newest first. @throws Error where the store cannot list (`sealed-cookie`) */
  async list(principal: Principal): Promise<UserSession[]> {
    requirePerson(principal);
    const sessions = await this.sessions.list(principal.subject);
    return sessions.map(({ sid, startedAt, lastSeenAt, expiresAt, ip, userAgent }) => ({
      sid,
      isCurrent: principal.scheme === 'session' && sid === principal.sid,
      startedAt,
      lastSeenAt,
      expiresAt,
      ip,
      userAgent,
    }));
  }

  /** Ends one of them: its next request is refused. False when it is not theirs, or is no more. */
  async end(principal: Principal, sid: string): Promise<boolean> {
    const own = await this.list(principal);
    return own.some((session) => session.sid === sid) && (await this.sessions.endOwn(principal.subject, sid)) > 0;
  }

  /** Ends all but the one that asks; answers how many. */
  async endOthers(principal: Principal): Promise<number> {
    const others = (await this.list(principal)).filter(({ isCurrent }) => !isCurrent);
    const counts = await Promise.all(others.map(({ sid }) => this.sessions.endOwn(principal.subject, sid)));
    return counts.reduce((sum, count) => sum + count, 0);
  }
}

/** A program's `sub` may be the same text as a person's, and is not that person. */
function requirePerson({ isClient }: Principal): void {
  if (isClient) throw new Error('a program that acts for itself has no sessions');
}
