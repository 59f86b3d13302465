import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { ClientMetadataError, ClientError } from '../../clients/clients.js';
import { ResourceError } from '../../clients/resources.js';
import { KeyRingError } from '../../keys/key-ring.js';
import { ConfigError } from '../../platform/config.js';
import { DatabaseError } from '../../platform/database/database-error.js';
import { redact } from '../../platform/log.js';
import { UsernameError } from '../../users/canonical-username.js';
import { PasswordError } from '../../users/password-hasher.js';
import { StartError } from '../support/start-error.js';
import { Refusal, UsageError } from './answer.js';
import { clientCommands } from './client.js';
import { keysCommands } from './keys.js';
import { resourceCommands } from './resource.js';
import { secretCommands } from './secret.js';
import { userCommands } from './user.js';

/** Errors that say in a sentence what is wrong and what to do. */
const SENTENCES = [
  Refusal,
  ConfigError,
  DatabaseError,
  StartError,
  ClientError,
  ClientMetadataError,
  ResourceError,
  KeyRingError,
  UsernameError,
  PasswordError,
];

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
  process.exitCode = report(error);
}

/** Tells people what went wrong, on standard error; answers the exit code. */
function report(error: unknown): number {
  // It has told already; with the code 0 it was asked for help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (error instanceof UsageError) {
    process.stderr.write(`error: ${message}\n`);
    return 2;
  }
  const isSentence = SENTENCES.some((kind) => error instanceof kind);
  process.stderr.write(isSentence ? `${message}\n` : `This is a fault of Gatehouse: ${redact(stack ?? message)}\n`);
  return 1;
}
