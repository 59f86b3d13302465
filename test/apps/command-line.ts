import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { runCommandLine } from '../../src/apps/cli/command-line.js';

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs one command line in this process: what it does, without the second that a process needs to load everything. */
export async function runHere(args: string[], env: NodeJS.ProcessEnv, input = ''): Promise<Ran> {
  const output = new Collected();
  const errors = new Collected();
  const code = await runCommandLine(args, { env, input: Readable.from(Buffer.from(input)), output, errors });
  return { code, stdout: output.text, stderr: errors.text };
}

class Collected extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/**
 * The command line for shell scripts: a function `npx` that hands arguments, environment and input over a socket to this
 * process. Scripts run in a real shell, and only our modules are not loaded anew for each command.
 */
export async function openShell(): Promise<{ prelude: string; close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-shell-'));
  await chmod(directory, 0o700);
  const path = join(directory, 'socket');
  const server = createServer((request, response) => {
    void serve(request).then((ran) => response.end(JSON.stringify(ran)));
  }).listen(path);
  await once(server, 'listening');
  const shim = join(import.meta.dirname, '../support/command-line.mjs');
  return {
    prelude: `set -e; npx() { shift; "${process.execPath}" "${shim}" "${path}" "$@"; }\n`,
    close: async () => {
      server.close();
      await rm(directory, { recursive: true });
    },
  };
}

async function serve(request: IncomingMessage): Promise<Ran> {
  const { args, env, input } = (await json(request)) as { args: string[]; env: NodeJS.ProcessEnv; input: string };
  return runHere(args, env, input);
}
