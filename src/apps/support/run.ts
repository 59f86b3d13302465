import { DatabaseError } from '../../platform/database/database-error.js';
import { ConfigError } from '../../platform/config.js';
import { redact } from '../../platform/log.js';
import { StartError } from './start-error.js';
import { tidyUpSoon } from './tidy-up.js';

/** Something that was opened and must be closed. */
export interface Closable {
  close(): Promise<unknown>;
}

/** A drain that takes longer than this, in milliseconds, is cut off. */
const LONGEST_DRAIN = 15_000;

/**
 * Runs a front door: opens what `start` registers, in order, and on SIGTERM or Ctrl-C closes it in the opposite order:
 * the servers drain before the database stops. A second signal changes nothing.
 */
export async function run(
  start: (onClose: (closable: Closable) => void, stop: (code: number) => void) => Promise<void>,
): Promise<void> {
  const opened: Closable[] = [];
  let closing: Promise<void> | undefined;
  const close = (code: number) => (closing ??= closeAll(opened, code));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void close(0));
  try {
    await start(
      (closable) => opened.unshift(closable),
      (code) => void close(code),
    );
    tidyUpSoon();
  } catch (error) {
    // Told to stop while it started, it is no wonder that it could not.
    if (!closing) process.stderr.write(`${explain(error)}\n`);
    await close(1);
  }
}

async function closeAll(opened: Closable[], code: number): Promise<void> {
  const limit = setTimeout(() => process.exit(code || 1), LONGEST_DRAIN);
  limit.unref();
  for (const closable of opened) {
    await closable.close().catch((error: unknown) => {
      process.stderr.write(`${explain(error)}\n`);
    });
  }
  process.exit(code);
}

/** For what people set up wrong, a sentence; for our own faults the stack, too. */
export function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof DatabaseError || error instanceof StartError) {
    // What RelyingPartyModule calls `session.url` is a setting of ours.
    const setting = error.message.startsWith('session.url: Redis') ? 'REDIS_URL' : 'DATABASE_URL';
    return `Gatehouse cannot start. ${error.message.replace(/^session\.url\b/, setting)}`;
  }
  if (error instanceof Error) return `Gatehouse cannot start. ${redact(error.message)}\n${redact(error.stack ?? '')}`;
  return 'Gatehouse cannot start.';
}
