import { ROW_VERSION } from '../platform/database/row-version.js';

/**
 * The version of a client's row, as an expression; null when there is no such client. A statement that reads it, or acts
 * only while it is a certain one, spares `Clients` a statement of its own.
 * @param id the expression of the client's id
 */
export function clientVersion(id: string): string {
  return `(SELECT ${ROW_VERSION} FROM client WHERE client.id = ${id})`;
}
