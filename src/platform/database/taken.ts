import type { Write } from './database.js';

/** Points of limits that were taken. Login methods of others see it, so it names no package. */
export interface Taken {
  /** Gives them back. */
  giveBack(): Promise<void>;
  /** The same for whoever writes something else at that moment; absent when they were counted in memory. */
  giving?(): Write;
}
