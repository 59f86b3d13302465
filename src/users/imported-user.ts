import { z } from 'zod';
import { canonicalEmail } from './canonical-email.js';
import { claimUsername, UsernameError } from './canonical-username.js';
import { olderHashProblem } from './older-hashes.js';
import type { UserClaims } from './users.js';

/** Far more than anybody's claims take; in characters. */
export const LONGEST_LINE = 65_536;
const LONGEST_HASH = 1024;
const LONGEST_SUBJECT = 255;

/** A person as another system hands them over. */
export interface ImportedUser {
  /** As applications know them already; without it they get a fresh one. */
  sub?: string | undefined;
  username: string;
  /** Of a kind in `hashes/`. Without it they sign in by a link to a new password, or by mail. */
  passwordHash?: string | undefined;
  claims: UserClaims;
  roles: string[];
  disabled: boolean;
}

/** What is wrong with a line, and where in it. */
export interface LineProblem {
  /** As a path: `claims.email`; empty for the line as a whole. */
  field: string;
  message: string;
}

const shape = z.strictObject({
  sub: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'A subject identifier has ASCII characters and no spaces (OpenID Connect Core §2).')
    .max(LONGEST_SUBJECT, `A subject identifier has at most ${LONGEST_SUBJECT} characters.`)
    .optional(),
  username: z.string(),
  passwordHash: z.string().max(LONGEST_HASH, `A hash has at most ${LONGEST_HASH} characters.`).optional(),
  claims: z.record(z.string(), z.unknown()).default({}),
  roles: z.array(z.string().regex(/^\S+$/, 'A role has no spaces in it.')).default([]),
  disabled: z.boolean().default(false),
});

/** Reads one line of an import; answers the person, or everything that is wrong with the line. */
export async function readImportedUser(line: string): Promise<ImportedUser | LineProblem[]> {
  if (line.length > LONGEST_LINE) return [{ field: '', message: `A line has at most ${LONGEST_LINE} characters.` }];
  if (line.includes('\ufffd')) return [{ field: '', message: 'This is not UTF-8.' }];
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return [{ field: '', message: 'This is not JSON: each line is one JSON object.' }];
  }
  const parsed = shape.safeParse(value);
  if (!parsed.success) return parsed.error.issues.flatMap(problemsOf);
  const { username, claims } = parsed.data;
  const person: ImportedUser = { ...parsed.data, claims: { preferred_username: username, ...claims } };
  const problems = [usernameProblem(person), await hashProblem(person), ...claimProblems(claims)];
  const found = problems.filter((problem): problem is LineProblem => problem !== undefined);
  return found.length > 0 ? found : person;
}

function problemsOf({ path, message, ...issue }: z.core.$ZodIssue): LineProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: [...path, key].join('.'), message: 'This field is not known.' }));
  }
  return [{ field: path.join('.'), message: message.replace(/\.?$/, '.') }];
}

function usernameProblem({ username }: ImportedUser): LineProblem | undefined {
  try {
    claimUsername(username);
    return undefined;
  } catch (error) {
    if (error instanceof UsernameError) return { field: 'username', message: error.message };
    throw error;
  }
}

async function hashProblem({ passwordHash }: ImportedUser): Promise<LineProblem | undefined> {
  const message = passwordHash === undefined ? undefined : await olderHashProblem(passwordHash);
  return message === undefined ? undefined : { field: 'passwordHash', message };
}

function claimProblems(claims: UserClaims): LineProblem[] {
  const problems = Object.entries(claims).flatMap(([claim, value]) => {
    const field = `claims.${claim}`;
    if (claim === 'sub') return [{ field, message: `It stands beside the claims: "sub".` }];
    return value === null || value === '' ? [{ field, message: 'It is empty; leave it out.' }] : [];
  });
  const { email, email_verified: verified } = claims;
  if (email !== undefined && (typeof email !== 'string' || canonicalEmail(email) === '')) {
    problems.push({ field: 'claims.email', message: 'This is not an email address that can be used here.' });
  }
  if (verified !== undefined && typeof verified !== 'boolean') {
    problems.push({ field: 'claims.email_verified', message: 'It is true or false.' });
  }
  return problems;
}
