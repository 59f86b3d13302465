import type { Command } from 'commander';
import type { Receipt } from '../../authorizations/revocation-receipts.js';
import { type Answer, command, count, Refusal, type Surroundings, UsageError } from './answer.js';
import type { House } from './house.js';

interface Target {
  user?: string;
  session?: string;
  client?: string;
  token?: string;
}

/** How long the applications are waited for, in milliseconds. */
const PATIENCE = 2_000;

/** `revoke`: ends something at once, and tells which applications have confirmed that they enforce it. */
export function revokeCommand(program: Command, at: Surroundings): void {
  command({ group: program, at }, 'revoke', 'end something at once, everywhere', async (house, target: Target) => {
    const given = Object.entries(target).filter(([name, value]) => name !== 'json' && value !== undefined);
    const [one, ...more] = given as [keyof Target, string][];
    if (!one || more.length > 0) throw new UsageError('give one of --user, --session, --client and --token');
    const { words, seq, authorizations } = await WORK[one[0]](house, one[1]);
    return answer(words, authorizations, seq === undefined ? undefined : await house.receipts.settled(seq, PATIENCE));
  })
    .option('--user <name>', 'everything of a person, what was granted offline too; they may sign in again')
    .option('--session <sid>', 'a sign-on session and what hangs on it')
    .option('--client <id>', 'everything that was issued to a client; it may ask anew')
    .option('--token <token>', 'one access token');
}

interface Done {
  words: string;
  authorizations: number;
  seq?: number;
}

const WORK: Record<keyof Target, (house: House, value: string) => Promise<Done>> = {
  async user({ users, suspensions }, name) {
    const found = await users.findByUsername(name);
    if (!found) throw new Refusal(`There is nobody with the username '${name}'.`);
    const ended = await suspensions.signOut(found.user.sub);
    return done(`'${name}' is signed out everywhere.`, ended?.authorizations ?? 0, ended?.seq);
  },
  async session({ sessions, log }, sid) {
    if ((await sessions.endBySid(sid, 'administrative')) === 0) throw new Refusal(`There is no session '${sid}'.`);
    return done('The session is ended.', 0, await log.ofSession(sid));
  },
  async client({ clients, authorizations }, id) {
    if (!(await clients.find(id))) throw new Refusal(`There is no client '${id}'.`);
    const ended = await authorizations.revoke({ client: id }, 'administrative');
    return done(`What was issued to the client '${id}' is revoked.`, ended.authorizations, ended.seq);
  },
  async token({ accessTokens, authorizations }, token) {
    const claims = await accessTokens.read(token);
    if (!claims) throw new Refusal('This is no access token of this provider, or it has expired.');
    const { jti, exp: expiresAtSeconds, client_id: clientId } = claims;
    const ended = await authorizations.revoke({ token: { jti, expiresAtSeconds, clientId } }, 'administrative');
    return done('The access token is revoked.', 0, ended.seq);
  },
};

function done(words: string, authorizations: number, seq: number | undefined): Done {
  return { words, authorizations, ...(seq === undefined ? {} : { seq }) };
}

function answer(words: string, authorizations: number, receipt: Receipt | undefined): Answer {
  const lines = [`${words} ${count(authorizations, 'authorization')} revoked.`];
  if (receipt && receipt.applications.length > 0) {
    const { enforced, applications, milliseconds } = receipt;
    const within = milliseconds === undefined ? '' : `, in ${milliseconds} ms`;
    lines.push(`${enforced} of ${count(applications.length, 'application')} enforced it${within}.`);
    for (const { name, instances } of applications) {
      const confirmed = instances.filter(({ enforcedAt }) => enforcedAt !== undefined).length;
      lines.push(`  ${name}: ${confirmed} of ${count(instances.length, 'instance')}`);
    }
  } else lines.push('No application that follows the revocation feed had to be told.');
  return { json: { authorizationsRevoked: authorizations, receipt: receipt ?? null }, text: lines.join('\n') };
}
