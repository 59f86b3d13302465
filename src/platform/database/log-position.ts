/** Where the revocation log stands, as an expression. */
export const POSITION_NOW = `(SELECT epoch || '.' || seq FROM revocation_head)`;

/**
 * The same as a column of any statement: it is read in the very snapshot of what the statement
 * checks. A revocation that the check did not see has a later position, so whatever is issued with this one dies by it.
 */
export const LOG_POSITION = `${POSITION_NOW} AS position`;
