import { type Command } from 'commander';
import { AT_THE_COMMAND_LINE, OPERATOR } from '../../audit/audit.js';
import type { Ended } from '../../authorizations/suspensions.js';
import { claimUsername, UsernameError } from '../../users/canonical-username.js';
import type { DatabaseUsers } from '../../users/database-users.js';
import type { User, UserClaims } from '../../users/users.js';
import {
  type Answer,
  collect,
  command,
  commandGroup,
  count,
  facts,
  readJsonObject,
  Refusal,
  type Surroundings,
  table,
} from './answer.js';
import { importPeople } from './import-people.js';
import { newPassword, type PasswordOptions } from './new-password.js';

interface NewUser extends PasswordOptions {
  role?: string[];
  email?: string;
  claims?: string;
}

const PASSWORD_STDIN = [
  '--password-stdin',
  'read the password from standard input (default: ask for it at the terminal)',
] as const;
const PAGE = 100;

/** `user …`: the people in the provider's own table. */
export function userCommands(program: Command, at: Surroundings): void {
  const group = commandGroup(program, at, 'user', 'people who sign in');

  command(group, 'add <name>', 'add a person', async (house, name: string, options: NewUser) => {
    const { users, terminal, database, audit } = house;
    claimUsername(name);
    if (await users.findByUsername(name)) throw new UsernameError('taken', 'This username is taken. Choose another.');
    const claims = await claimsOf(name, options);
    const password = await newPassword(options, terminal);
    const person = { username: name, password, claims, roles: options.role ?? [] };
    const user = await database.transaction(async (transaction) => {
      const added = await users.add(person, transaction);
      const event = { name: 'user_added', subject: added.sub, actor: OPERATOR, by: 'operator' } as const;
      await audit.record(event, AT_THE_COMMAND_LINE, transaction);
      return added;
    });
    return {
      json: user,
      text: facts('Person added.', { name, subject: user.sub, roles: user.roles.join(' ') }),
    };
  })
    .option('--role <role>', 'a role, for the claim roles of access tokens (repeatable)', collect)
    .option('--email <address>', 'the email address')
    .option('--claims <file>', 'claims by their names in OpenID Connect Core §5.1, as a JSON object')
    .option(...PASSWORD_STDIN);

  command(
    group,
    'import <file>',
    'take people over from another system, all or none: JSON lines, or - for standard input',
    importPeople,
  ).option('--dry-run', 'say what is wrong, and write nothing');

  command(group, 'list', 'list the people', async ({ users }) => {
    const people = await everybody(users);
    return {
      json: people,
      text: table(
        ['NAME', 'SUBJECT', 'ROLES', 'STATE'],
        people.map(({ username, sub, roles, disabled }) => [
          username,
          sub,
          roles.join(' '),
          disabled ? 'disabled' : 'enabled',
        ]),
      ),
    };
  });

  command(
    group,
    'disable <name>',
    'sign a person out everywhere, and let them in no more',
    async ({ users, suspensions }, name: string) => {
      const { sub, username } = await known(users, name);
      return ended({ username, sub, disabled: true }, 'is disabled', await suspensions.disableUser(sub));
    },
  );

  command(
    group,
    'remove <name>',
    'remove a person for good, with all they sign in with, and end everything of theirs',
    async ({ users, removal }, name: string) => {
      const user = await known(users, name);
      const { sub, username } = user;
      return ended(
        { username, sub },
        'is removed',
        await removal.remove(user, AT_THE_COMMAND_LINE, { actor: OPERATOR }),
      );
    },
  );

  command(
    group,
    'reset-factors <name>',
    'take away passkeys, apps and recovery codes of a person who lost them all, and sign them out everywhere',
    async ({ users, factorReset }, name: string) => {
      const user = await known(users, name);
      const { sub, username } = user;
      return ended({ username, sub }, 'has no second factor any more', await factorReset.reset(user));
    },
  );

  command(group, 'enable <name>', 'let a disabled person in again', async ({ users, suspensions }, name: string) => {
    const { sub, username } = await known(users, name);
    await suspensions.enableUser(sub);
    return { json: { username, sub, disabled: false }, text: `'${username}' is enabled.` };
  });

  command(
    group,
    'sign-out <name>',
    'sign a person out everywhere; they may sign in again',
    async ({ users, suspensions }, name: string) => {
      const { sub, username } = await known(users, name);
      return ended({ username, sub }, 'is signed out', await suspensions.signOut(sub));
    },
  );

  command(
    group,
    'set-roles <name> [roles...]',
    'give a person these roles and no others; tokens that say the old ones are refused at once',
    async ({ users, suspensions }, name: string, roles: string[]) => {
      const { sub, username } = await known(users, name);
      await suspensions.setRoles(sub, roles);
      const words =
        roles.length > 0 ? `has the ${roles.length > 1 ? 'roles' : 'role'} ${roles.join(' ')}` : 'has no role';
      return { json: { username, sub, roles }, text: `'${username}' ${words}.` };
    },
  );

  command(
    group,
    'set-password <name>',
    'give a person a new password, and sign them out everywhere',
    async ({ users, suspensions, terminal }, name: string, options: PasswordOptions) => {
      const { sub, username } = await known(users, name);
      const password = await newPassword(options, terminal);
      return ended({ username, sub }, 'has a new password', await suspensions.setPassword(sub, password));
    },
  ).option(...PASSWORD_STDIN);
}

async function claimsOf(name: string, { claims: file, email }: NewUser): Promise<UserClaims> {
  const claims = file === undefined ? {} : await readJsonObject('--claims', file);
  for (const [claim, value] of Object.entries(claims)) {
    if (claim === 'sub') throw new Refusal(`--claims: ${file}: the provider gives everybody their own 'sub'.`);
    if (value === null || value === '') throw new Refusal(`--claims: ${file}: '${claim}' is empty; leave it out.`);
  }
  return { preferred_username: name, ...claims, ...(email ? { email } : {}) };
}

async function known(users: DatabaseUsers, name: string): Promise<User> {
  const found = await users.findByUsername(name);
  if (!found) throw new Refusal(`There is nobody with the username '${name}'.`);
  return found.user;
}

async function everybody(users: DatabaseUsers): Promise<User[]> {
  const people: User[] = [];
  for (;;) {
    const after = people.at(-1)?.username;
    const page = await users.list({ ...(after === undefined ? {} : { after }), limit: PAGE });
    people.push(...page);
    if (page.length < PAGE) return people;
  }
}

function ended(
  who: { username: string; sub: string; disabled?: true },
  words: string,
  result: Pick<Ended, 'sessions' | 'authorizations'> | undefined,
): Answer {
  const { sessions = 0, authorizations = 0 } = result ?? {};
  return {
    json: { ...who, sessionsEnded: sessions, authorizationsRevoked: authorizations },
    text: `'${who.username}' ${words}. ${count(sessions, 'session')} ended, ${count(authorizations, 'authorization')} revoked.`,
  };
}
