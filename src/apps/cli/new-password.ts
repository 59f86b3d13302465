import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Refusal, type Surroundings, UsageError } from './answer.js';

/** Far more than a password may have; what is longer is not read to its end, and the hasher refuses it. */
const LONGEST_INPUT = 8192;

export interface PasswordOptions {
  passwordStdin?: boolean;
}

/**
 * A password that somebody chooses: from standard input, whole but for the line break at its end, or typed twice at the
 * terminal without being shown. Never from an argument, which everybody on the machine can read.
 * @throws UsageError when there is no terminal and standard input was not asked for; Refusal when the two differ.
 */
export async function newPassword(
  { passwordStdin }: PasswordOptions,
  { input, errors }: Pick<Surroundings, 'input' | 'errors'>,
): Promise<string> {
  if (passwordStdin) return wholeInput(input);
  if (!input.isTTY) {
    throw new UsageError('There is no terminal to ask for the password at: send it with --password-stdin.');
  }
  const password = await ask('Password: ', input, errors);
  if ((await ask('The same again: ', input, errors)) === password) return password;
  throw new Refusal('The two passwords differ.');
}

async function wholeInput(input: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    const octets = Buffer.from(chunk);
    chunks.push(octets);
    length += octets.length;
    if (length > LONGEST_INPUT) break;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)).replace(/\r?\n$/, '');
  } catch {
    throw new Refusal('The password on standard input is not UTF-8 text.');
  }
}

/** Readline edits the line and would echo it, into nothing. */
async function ask(question: string, input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true });
  output.write(question);
  try {
    return await new Promise<string>((resolve, reject) => {
      // In raw mode Ctrl-C and Ctrl-D are characters, not a signal and not an end.
      for (const event of ['SIGINT', 'close']) lines.once(event, () => reject(new Refusal('No password was given.')));
      lines.once('line', resolve);
    });
  } finally {
    lines.close();
    output.write('\n');
  }
}
