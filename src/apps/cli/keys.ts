import type { Command } from 'commander';
import type { KeySummary } from '../../keys/key-ring.js';
import { command, commandGroup, Refusal, type Surroundings, table } from './answer.js';

/** `keys …`: what the provider signs tokens with. */
export function keysCommands(program: Command, at: Surroundings): void {
  const group = commandGroup(program, at, 'keys', 'signing keys');

  command(group, 'list', 'list the keys: next, active and retired ones', async ({ keys }) => {
    const found = await keys.list();
    return { json: found.map(documentOf), text: listOf(found) };
  });

  command(
    group,
    'rotate',
    'let the next keys sign, and publish new ones; what the old ones signed stays good',
    async ({ keys }, { force = false }: { force?: boolean }) => {
      if ((await keys.list()).length === 0) {
        throw new Refusal('There are no keys yet: the provider makes them when it starts.');
      }
      await keys.rotate({ force });
      const found = await keys.list();
      return { json: found.map(documentOf), text: `The keys are rotated.\n\n${listOf(found)}` };
    },
  ).option('--force', 'also when the next keys were published a moment ago: applications may not know them yet');

  command(
    group,
    'revoke <kid>',
    'drop a compromised key: nothing it signed is believed any more',
    async ({ keys }, kid: string) => {
      if (!(await keys.revoke(kid))) throw new Refusal(`There is no key '${kid}'.`);
      return {
        json: { kid, revoked: true },
        text: `The key '${kid}' is gone, and another takes its place. Running providers follow within five seconds.`,
      };
    },
  );
}

function documentOf({ kid, algorithm, state, createdAt, activatedAt, retiredAt }: KeySummary): Record<string, unknown> {
  return {
    kid,
    algorithm,
    state,
    createdAt: time(createdAt),
    ...(activatedAt === undefined ? {} : { activatedAt: time(activatedAt) }),
    ...(retiredAt === undefined ? {} : { retiredAt: time(retiredAt) }),
  };
}

const ORDER = ['active', 'next', 'retired'];

function listOf(keys: KeySummary[]): string {
  const sorted = keys.toSorted(
    (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.algorithm.localeCompare(b.algorithm),
  );
  return table(
    ['KEY', 'ALGORITHM', 'STATE', 'SINCE'],
    sorted.map((key) => [key.kid, key.algorithm, key.state, time(key.retiredAt ?? key.activatedAt ?? key.createdAt)]),
  );
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
