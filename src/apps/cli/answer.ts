import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { House } from './house.js';

/** What a command line runs in: a process, or a test. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  /** For the answer and nothing else. */
  output: NodeJS.WritableStream;
  /** For what went wrong, and for questions. */
  errors: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
}

/** What a command answers: one document for programs, the same in words for people. */
export interface Answer {
  json: unknown;
  text: string;
}

/** The request was understood and is refused, or what it names is not there; the message is a sentence. Exit code 1. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** The command was given wrongly. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Ctrl-C, or whatever else ends a process from outside. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';

  /** @param exitCode what shells report of it: 128 and the signal's number */
  constructor(readonly exitCode: number) {
    super('interrupted');
  }
}

/** `client`, `user`, …: what the commands in it are about. */
export interface CommandGroup {
  group: Command;
  at: Surroundings;
}

export function commandGroup(program: Command, at: Surroundings, name: string, description: string): CommandGroup {
  return { group: program.command(name).description(description).helpCommand(false), at };
}

/** A command of a group, with `--json`; what `work` answers is printed. `work` gets the arguments, then the options. */
export function command<A extends unknown[]>(
  { group, at }: CommandGroup,
  usage: string,
  description: string,
  work: (house: House, ...args: A) => Promise<Answer>,
): Command {
  return group
    .command(usage)
    .description(description)
    .option('--json', 'print one JSON document')
    .action(async (...given: unknown[]) => {
      // Commander's last argument is the command itself.
      const args = given.slice(0, -1) as A;
      const { json } = args.at(-1) as { json?: boolean };
      // Only now: help, and a wrong command line, need neither a database nor the time to load its driver.
      const { inHouse } = await import('./house.js');
      const answer = await inHouse(at, (house) => work(house, ...args));
      at.output.write(json ? `${JSON.stringify(answer.json, undefined, 2)}\n` : `${answer.text}\n`);
    });
}

/** For an option that may be given several times. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** What a file holds. @throws Refusal that names the option and the file. */
export async function readJson(option: string, file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : 'cannot be read';
    throw new Refusal(`${option}: ${file}: ${why}.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(`${option}: ${file}: is not JSON.`);
  }
}

/** @throws Refusal when the file does not hold a JSON object. */
export async function readJsonObject(option: string, file: string): Promise<Record<string, unknown>> {
  const value = await readJson(option, file);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Refusal(`${option}: ${file}: is not a JSON object.`);
}

/** Columns under their headings. */
export function table(headings: string[], rows: string[][]): string {
  const lines = [headings, ...rows].map((row) => row.map(printable));
  const widths = headings.map((_, column) => Math.max(...lines.map((row) => row[column]!.length)));
  return lines
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A sentence, and below it names and values; a value that is not there is left out with its name. */
export function facts(sentence: string, values: Record<string, string | undefined>): string {
  const present = Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]);
  const width = Math.max(0, ...present.map(([name]) => name.length));
  return [sentence, ...present.map(([name, value]) => `  ${name.padEnd(width)}  ${printable(value)}`)].join('\n');
}

/** `1 session`, `2 sessions`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Strangers may have registered what is shown: nothing in it moves the cursor, or turns the direction of writing. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '\ufffd');
}
