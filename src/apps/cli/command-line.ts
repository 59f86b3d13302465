import { Command, CommanderError } from 'commander';
import { InterruptedError, type Surroundings, UsageError } from './answer.js';
import { clientCommands } from './client.js';
import { compareCommand } from './compare.js';
import { explainCommand } from './explain-guard.js';
import { keysCommands } from './keys.js';
import { logoutsCommands } from './logouts.js';
import { resourceCommands } from './resource.js';
import { revokeCommand } from './revoke.js';
import { secretCommands } from './secret.js';
import { tokenCommands } from './token.js';
import { userCommands } from './user.js';
import { nativeCommands } from './native/login.js';
import { packageVersion } from '../support/package-version.js';

const GROUPS = [
  clientCommands,
  userCommands,
  resourceCommands,
  keysCommands,
  logoutsCommands,
  revokeCommand,
  secretCommands,
  tokenCommands,
  nativeCommands,
  compareCommand,
  explainCommand,
];

/**
 * Runs one command line to its end, and answers the exit code: 0 done, 1 refused or not found, 2 a wrong command line.
 * @param args as they stand after the program's name.
 */
export async function runCommandLine(args: readonly string[], at: Surroundings): Promise<number> {
  const program = new Command('nest-gatehouse')
    .description('Looks after a Gatehouse provider: on its database, also while it runs.')
    .helpCommand(false)
    .version(`nest-gatehouse ${packageVersion()}`, '--version', 'which version this is')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => at.output.write(text),
      writeErr: (text) => at.errors.write(text),
      // Commander repeats a wrong option with its value, and somebody may have tried --password=….
      outputError: (text, write) => write(text.replace(/(unknown option '[^=']*)=[^\n]*/, "$1'")),
    })
    .addHelpText(
      'after',
      `
It takes the provider's settings from the environment: DATABASE_URL, or GATEHOUSE_DIRECTORY for the embedded database
(.gatehouse), and ISSUER and GATEHOUSE_SECRET in production.
Exit codes: 0 done, 1 refused or not found, 2 a wrong command line.`,
    );
  for (const commands of GROUPS) commands(program, at);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return report(error, at);
  }
}

/** Tells people what went wrong; answers the exit code. */
async function report(error: unknown, { errors }: Surroundings): Promise<number> {
  // It has told already; with the code 0 it was asked for help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) {
    errors.write(`error: ${error.message}\n`);
    return 2;
  }
  if (error instanceof InterruptedError) return error.exitCode;
  const { explain } = await import('./explain.js');
  errors.write(`${explain(error)}\n`);
  return 1;
}
