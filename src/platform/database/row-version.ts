/** Which version of a row one sees, as an expression: the transaction that wrote it, and where. */
export const ROW_VERSION = `xmin::text || ctid::text`;
