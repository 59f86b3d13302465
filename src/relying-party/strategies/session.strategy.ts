import passport from 'passport';
import type { ApplicationSession, ApplicationSessions } from '../application-sessions.js';

/** What the guard hands to the strategy: the value of the session cookie. */
export interface SessionRequest {
  sessionId: string;
  /** See {@link ApplicationSessions.resume}. */
  setsCookies: boolean;
}

/**
 * A strict session strategy: succeeds only with a session that lives in the store. Not named `session`, because Passport's
 * built-in strategy of that name lets everybody pass.
 */
export class SessionStrategy extends passport.Strategy {
  override readonly name = 'gatehouse-session';

  constructor(private readonly sessions: ApplicationSessions) {
    super();
  }

  override authenticate(request: unknown): void {
    const { sessionId, setsCookies } = request as SessionRequest;
    this.sessions.resume(sessionId, setsCookies).then(
      (session: ApplicationSession | undefined) => (session ? this.success(session as never) : this.fail()),
      (error: unknown) => this.error(error),
    );
  }
}
