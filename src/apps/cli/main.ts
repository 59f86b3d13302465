import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { UsageError } from './answer.js';
import { clientCommands } from './client.js';
import { keysCommands } from './keys.js';
import { resourceCommands } from './resource.js';
import { secretCommands } from './secret.js';
import { userCommands } from './user.js';

const program = new Command('nest-gatehouse')
  .description('Looks after a Gatehouse provider: on its database, also while it runs.')
  .helpCommand(false)
  .exitOverride()
  .configureOutput({
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
for (const commands of [clientCommands, userCommands, resourceCommands, keysCommands, secretCommands])
  commands(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = await report(error);
}

/** Tells people what went wrong, on standard error; answers the exit code. */
async function report(error: unknown): Promise<number> {
  // It has told already; with the code 0 it was asked for help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) {
    process.stderr.write(`error: ${error.message}\n`);
    return 2;
  }
  const { explain } = await import('./explain.js');
  process.stderr.write(`${explain(error)}\n`);
  return 1;
}
