import { type Queryable, statement } from '../../platform/database/database.js';

const FORGET = ['passkey', 'totp', 'recovery_code', 'federated_identity', 'device_trust'].map((table) =>
  statement(`DELETE FROM ${table} WHERE subject = $1`),
);

/** Removes everything that a person could prove themselves with beyond a password, in the transaction of their removal. */
export async function forgetCredentials(subject: string, transaction: Queryable): Promise<void> {
  for (const forget of FORGET) await transaction.query(forget, [subject]);
}
