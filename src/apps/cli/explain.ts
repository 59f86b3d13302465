import { ClientError, ClientMetadataError } from '../../clients/clients.js';
import { ResourceError } from '../../clients/resources.js';
import { KeyRingError } from '../../keys/key-ring.js';
import { ConfigError } from '../../platform/config.js';
import { DatabaseError } from '../../platform/database/database-error.js';
import { MissingPackageError } from '../../platform/optional-package.js';
import { redact } from '../../platform/log.js';
import { UsernameError } from '../../users/canonical-username.js';
import { PasswordError } from '../../users/password-hasher.js';
import { StartError } from '../support/start-error.js';
import { Refusal } from './answer.js';

/** Errors that say in a sentence what is wrong and what to do. */
const SENTENCES = [
  Refusal,
  ConfigError,
  DatabaseError,
  MissingPackageError,
  StartError,
  ClientError,
  ClientMetadataError,
  ResourceError,
  KeyRingError,
  UsernameError,
  PasswordError,
];

/** For what people can set right, a sentence; for our own faults the stack, too. Nothing that looks like a secret. */
export function explain(error: unknown): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (SENTENCES.some((kind) => error instanceof kind)) return message;
  return `This is a fault of Gatehouse: ${redact(stack ?? message)}`;
}
