import { ROW_VERSION } from '../platform/database/row-version.js';

/**
 * The version of a person's row, as an expression: null where the people are in a table of somebody else's. A statement
 * that reads it anyway spares `Users.findBySubject` a statement of its own.
 * @param subject the expression of the person's `sub`
 */
export function userVersion(subject: string): string {
  return `(SELECT ${ROW_VERSION} FROM gatehouse_user WHERE gatehouse_user.id = ${subject})`;
}
