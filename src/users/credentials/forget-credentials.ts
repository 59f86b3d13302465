import { type Queryable, statement } from '../../platform/database/database.js';

const FORGET = ['passkey', 'totp', 'recovery_code', 'federated_identity', 'device_trust'].map((table) =>
  statement(`DELETE FROM ${table} WHERE subject = $1`),
);

const ADDED = (
  [
    ['passkey', 'passkey'],
    ['totp', 'totp'],
    ['recovery_codes', 'recovery_code'],
    ['federated', 'federated_identity'],
  ] as const
).map(([kind, table]) => ({
  kind,
  forget: statement(`DELETE FROM ${table} WHERE subject = $1 AND created_at >= $2 RETURNING 1 AS gone`),
}));

/** What {@link forgetAddedSince} may remove. */
export type AddedKind = (typeof ADDED)[number]['kind'];

/** Removes everything that a person could prove themselves with beyond a password, in the transaction of their removal. */
export async function forgetCredentials(subject: string, transaction: Queryable): Promise<void> {
  for (const forget of FORGET) await transaction.query(forget, [subject]);
}

/**
 * Removes what was added then or later, in the transaction of whatever undoes what somebody else did to the account. Answers
 * of which kinds there was something.
 * @param since epoch milliseconds
 */
export async function forgetAddedSince(subject: string, since: number, transaction: Queryable): Promise<AddedKind[]> {
  const kinds: AddedKind[] = [];
  for (const { kind, forget } of ADDED) {
    if ((await transaction.query(forget, [subject, since])).length > 0) kinds.push(kind);
  }
  return kinds;
}
