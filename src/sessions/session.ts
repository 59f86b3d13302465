/** A browser's session: at the provider the single sign-on, at a relying party what the application keeps of it. Times are epoch milliseconds. */
export interface Session {
  /** Names the session beyond its cookie: it survives the regeneration of the cookie's value, and it is not a secret. */
  sid: string;
  /** Whose session it is: the provider's `sub` of the user. */
  subject: string;
  startedAt: number;
  /** When the person last proved who they are: `auth_time` (OpenID Connect Core §2). */
  authenticatedAt: number;
  lastSeenAt: number;
  /** The absolute end; no activity moves it. */
  expiresAt: number;
  /** The end unless there is activity before it. */
  idleExpiresAt: number;
  /** What was achieved at sign-in: Authentication Context Class Reference. */
  acr: string;
  /** How: Authentication Methods References (RFC 8176). */
  amr: string[];
  ip: string;
  userAgent: string;
  /** What the owner of the sessions keeps in it; sealed at rest when the sessions have a secret. */
  data: Record<string, unknown>;
}
