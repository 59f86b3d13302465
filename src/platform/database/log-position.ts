/**
 * Where the revocation log stands, as a column of any statement: it is read in the very snapshot of what the statement
 * checks. A revocation that the check did not see has a later position, so whatever is issued with this one dies by it.
 */
export const LOG_POSITION = `(SELECT epoch || '.' || seq FROM revocation_head) AS position`;
