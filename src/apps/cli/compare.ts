import { type Command, Option } from 'commander';
import { withPackages } from '../../platform/optional-package.js';
import { COMPARE_PACKAGES } from '../compare/packages.js';
import { CLIENT_KINDS, type ClientKind } from '../compare/recommend.js';
import { STRATEGIES } from '../compare/strategies.js';
import { WORKER_COMMAND } from '../compare/worker-command.js';
import { type Surroundings, UsageError } from './answer.js';

interface CompareFlags {
  quick?: boolean;
  json?: boolean;
  only?: string;
  portBase?: string;
  output?: string;
  for?: string;
  instantLogout: 'yes' | 'no';
  apps: string;
  serverless: 'yes' | 'no';
  redis?: 'yes' | 'no';
  provider: 'gatehouse' | 'other';
}

const yesOrNo = (flags: string, description: string) => new Option(flags, description).choices(['yes', 'no']);

/** `compare`: sessions or JWTs? Measured on this machine, with a recommendation. */
export function compareCommand(program: Command, at: Surroundings): void {
  program
    .command('compare')
    .description('measure sessions and JWTs on this machine, and recommend one for your needs')
    .option('--quick', 'a first look in seconds; its figures are rough')
    .option('--only <ids>', `some strategies, with commas: ${STRATEGIES.map(({ id }) => id).join(', ')}`)
    .option('--for <kinds>', `what calls you, with commas: ${CLIENT_KINDS.join(', ')}`, 'site')
    .addOption(yesOrNo('--instant-logout <yes|no>', 'revoked means refused at once').default('yes'))
    .option('--apps <n>', 'how many applications people sign in to', '1')
    .addOption(yesOrNo('--serverless <yes|no>', 'functions that live for a request').default('no'))
    .addOption(yesOrNo('--redis <yes|no>', 'you run a Redis anyway (default: whether there is one here)'))
    .addOption(
      new Option('--provider <kind>', 'who your provider is').choices(['gatehouse', 'other']).default('gatehouse'),
    )
    .option('--port-base <n>', 'listen on the ports from here on, on loopback (default: free ones)')
    .option('--output <directory>', 'where compare.html and compare.json go (default: GATEHOUSE_DIRECTORY, .gatehouse)')
    .option('--json', 'print one JSON document')
    .action(async (flags: CompareFlags) => {
      const needs = {
        clients: kindsOf(flags.for ?? 'site'),
        instantLogout: flags.instantLogout === 'yes',
        apps: countOf('--apps', flags.apps, 1, 10_000),
        serverless: flags.serverless === 'yes',
        gatehouse: flags.provider === 'gatehouse',
        ...(flags.redis === undefined ? {} : { redis: flags.redis === 'yes' }),
      };
      const strategies = strategiesOf(flags.only);
      // Beyond the highest port there would be none for the others.
      const portBase =
        flags.portBase === undefined
          ? {}
          : { portBase: countOf('--port-base', flags.portBase, 1, 65_535 - STRATEGIES.length) };
      const chosen = {
        needs,
        strategies,
        ...portBase,
        quick: flags.quick ?? false,
        json: flags.json ?? false,
        ...(flags.output === undefined ? {} : { output: flags.output }),
      };
      await withPackages('nest-gatehouse compare', COMPARE_PACKAGES, async () => {
        const { compare } = await import('../compare/compare.js');
        await compare(at, chosen);
      });
    });

  program.command(WORKER_COMMAND, { hidden: true }).action(async () => {
    const { serveParent } = await import('../compare/worker.js');
    if (!process.send) throw new UsageError('This command is started by compare, not by people.');
    await serveParent();
  });
}

function kindsOf(text: string): ClientKind[] {
  return listOf('--for', text, CLIENT_KINDS);
}

function strategiesOf(text: string | undefined): string[] {
  const all = STRATEGIES.map(({ id }) => id);
  return text === undefined ? all : listOf('--only', text, all);
}

function listOf<T extends string>(option: string, text: string, known: readonly T[]): T[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()))];
  const unknown = names.find((name) => !known.includes(name as T));
  if (unknown !== undefined)
    throw new UsageError(`${option}: there is no '${unknown}'. There are: ${known.join(', ')}.`);
  return names as T[];
}

function countOf(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${option}: must be a whole number from ${least} to ${most}.`);
}
