import type { Command } from 'commander';
import { SystemClock } from '../../platform/clock.js';
import type { TokenReport } from '../../jwt/token-report.js';
import { commandGroup, printable, readJsonObject, Refusal, type Surroundings, UsageError } from './answer.js';

/** Far longer than any token that is accepted anywhere. */
const LONGEST_INPUT = 65_536;

interface VerifyOptions {
  issuer?: string;
  jwks?: string;
  audience?: string;
  idToken?: boolean;
  json?: boolean;
}

/** `token …`: what a token says, and whether it is to be believed. It is read here and sent nowhere. */
export function tokenCommands(program: Command, at: Surroundings): void {
  const { group } = commandGroup(program, at, 'token', 'what a token says, and whether it is to be believed');

  group
    .command('decode [token]')
    .description('show header, claims and times of a token; nothing is verified (without a token: standard input)')
    .option('--json', 'print one JSON document')
    .action(async (given: string | undefined, { json }: { json?: boolean }) => {
      const { reportOnToken } = await import('../../jwt/token-report.js');
      const report = await reportOnToken(await tokenFrom(given, at), new SystemClock().seconds());
      at.output.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : textOf(report));
    });

  group
    .command('verify [token]')
    .description('check a token as a guard does, and say what is wrong (without a token: standard input)')
    .option('--issuer <url>', 'who must have issued it; its keys are fetched from there')
    .option('--jwks <file>', 'its keys from a file instead: nothing is fetched')
    .option('--audience <audience>', 'whom it must be for')
    .option('--id-token', 'it must be an ID token, not an access token')
    .option('--json', 'print one JSON document')
    .action(async (given: string | undefined, options: VerifyOptions) => {
      if (!options.issuer) throw new UsageError('Say who must have issued it: --issuer https://id.example.com');
      const token = await tokenFrom(given, at);
      const { reportOnToken } = await import('../../jwt/token-report.js');
      const report = await reportOnToken(token, new SystemClock().seconds(), await trustOf(options.issuer, options));
      at.output.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : textOf(report));
      const failed = report.checks.filter(({ ok }) => !ok);
      if (failed.length > 0)
        throw new Refusal(`It is not to be believed: ${failed.map(({ name }) => name).join(', ')}.`);
    });
}

async function trustOf(issuer: string, { jwks, audience, idToken }: VerifyOptions) {
  const { SIGNING_ALGORITHMS } = await import('../../jwt/key-source.js');
  return {
    keys: await keysOf(issuer, jwks),
    issuer,
    algorithms: SIGNING_ALGORITHMS,
    ...(audience === undefined ? {} : { audience }),
    ...(idToken ? { types: ['jwt', ''] } : {}),
  };
}

async function keysOf(issuer: string, file: string | undefined) {
  const { SIGNING_ALGORITHMS } = await import('../../jwt/key-source.js');
  const { StaticKeys } = await import('../../jwt/static-keys.js');
  if (file !== undefined) return new StaticKeys(await readJsonObject('--jwks', file), SIGNING_ALGORITHMS);
  const { discover } = await import('./native/discover.js');
  const { jwks_uri: url } = await discover(issuer);
  const answer = await fetch(url, { redirect: 'error' }).catch(() => undefined);
  const keys: unknown = await answer?.json().catch(() => undefined);
  if (!answer?.ok || keys === undefined) throw new Refusal(`The keys of ${issuer} could not be had.`);
  return new StaticKeys(keys, SIGNING_ALGORITHMS);
}

/** From the argument or standard input; `Bearer` before it, as in a header, is left out. */
async function tokenFrom(given: string | undefined, { input }: Surroundings): Promise<string> {
  let text = given ?? '';
  if (given === undefined) {
    if (input.isTTY) throw new UsageError('Give the token, or send it on standard input.');
    for await (const chunk of input) {
      text += chunk.toString();
      if (text.length > LONGEST_INPUT) break;
    }
  }
  const token = text.trim().replace(/^(authorization: *)?(bearer|dpop) +/i, '');
  if (token === '' || token.length > LONGEST_INPUT) throw new UsageError('That is no token.');
  return token;
}

const MARKS = new Map([
  [true, 'yes'],
  [false, 'NO'],
  [undefined, '?'],
]);

function textOf({ kind, header, claims, times, checks }: TokenReport): string {
  const lines = [kind, ''];
  const block = (title: string, value: object | undefined) => {
    if (value) lines.push(title, ...JSON.stringify(value, undefined, 2).split('\n').map((line) => `  ${printable(line)}`), ''); // prettier-ignore
  };
  block('Header', header);
  block('Claims', claims);
  if (times.length > 0) lines.push('Times', ...times.map(({ name, at, words }) => `  ${name.padEnd(10)} ${at}  ${words}`), ''); // prettier-ignore
  lines.push('Checks');
  for (const { name, ok, code, detail } of checks) {
    lines.push(`  ${MARKS.get(ok)!.padEnd(4)}${name.padEnd(10)} ${detail}${code ? ` (${code})` : ''}`);
  }
  return `${lines.join('\n')}\n`;
}
