import { Sessions1764000000000 } from './1764000000000-sessions.js';
import { SessionClaims1764000009000 } from './1764000009000-session-claims.js';
import type { Migration } from './migration.js';

/** What an application needs that keeps its sessions in PostgreSQL, oldest first; the provider's own list has them as well. */
export const sessionMigrations: Migration[] = [Sessions1764000000000, SessionClaims1764000009000];
