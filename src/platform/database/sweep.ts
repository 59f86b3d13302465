import { type Queryable, type Statement, statement } from './database.js';

/** So few rows go at once that nobody waits long for their locks. */
const BATCH = 1000;

/**
 * A statement that removes one batch of what `condition` holds for, past rows that somebody else holds; its parameters are
 * the condition's. For {@link sweepAll}.
 */
export function sweeping(table: string, condition: string): Statement {
  return statement(`
    DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))
    RETURNING 1 AS gone`);
}

/** Removes batch after batch until one is not full; answers how many rows went. */
export async function sweepAll(database: Queryable, sweep: Statement, parameters: unknown[]): Promise<number> {
  for (let total = 0; ;) {
    const gone = (await database.query(sweep, parameters)).length;
    total += gone;
    if (gone < BATCH) return total;
  }
}
