import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { cpus, platform, release, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { SystemClock } from '../../platform/clock.js';
import { parseEnvironment } from '../../platform/config.js';
import { environment } from '../identity-provider/config.js';
import { InterruptedError, Refusal, type Surroundings } from '../cli/answer.js';
import { Comparison, QUICK, WHOLE } from './comparison.js';
import { packageVersion } from '../support/package-version.js';
import { Progress } from './progress.js';
import { type Needs, recommend } from './recommend.js';
import type { Report } from './report.js';
import { reportText } from './report-text.js';

export interface CompareOptions {
  needs: Omit<Needs, 'redis'> & { redis?: boolean };
  strategies: string[];
  portBase?: number;
  quick: boolean;
  json: boolean;
  output?: string;
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const clock = new SystemClock();

/**
 * Measures, prints, and writes `compare.html` and `compare.json`. What was measured before it was interrupted is kept, too.
 * @throws Refusal when something could not be measured that should have been; InterruptedError; StartError, DatabaseError
 * when it could not begin
 */
export async function compare(at: Surroundings, options: CompareOptions): Promise<void> {
  const settings = parseEnvironment(environment.pick({ DATABASE_URL: true, GATEHOUSE_DIRECTORY: true }), at.env);
  const directory = settings.GATEHOUSE_DIRECTORY ?? '.gatehouse';
  const effort = options.quick ? QUICK : WHOLE;
  const progress = new Progress(at.errors);
  const { signal, forget } = interruption(at);
  const startedAt = clock.now();
  const comparison = new Comparison({
    env: at.env,
    directory,
    ...(settings.DATABASE_URL === undefined ? {} : { databaseUrl: settings.DATABASE_URL }),
    strategies: options.strategies,
    effort,
    ...(options.portBase === undefined ? {} : { portBase: options.portBase }),
    signal,
    progress: (done, total, doing) => progress.show(done, total, doing),
  });
  let failure: unknown;
  try {
    await comparison.run();
  } catch (error) {
    failure = error;
  } finally {
    progress.end();
    forget();
  }
  const hasFigures = comparison.rows.some(({ octets }) => octets !== undefined);
  if (failure !== undefined && !hasFigures) throw failure;
  const needs: Needs = { ...options.needs, redis: options.needs.redis ?? comparison.versions.redis !== undefined };
  const report: Report = {
    format: 1,
    startedAt: new Date(startedAt).toISOString(),
    seconds: Math.round((clock.now() - startedAt) / 1000),
    complete: failure === undefined && comparison.rows.every(({ problem }) => problem === undefined),
    interrupted: signal.aborted,
    command: `npx nest-gatehouse compare${options.quick ? ' --quick' : ''}`,
    machine: machine(),
    versions: { node: process.version, gatehouse: packageVersion(), ...comparison.versions },
    settings: { quick: options.quick, rounds: effort.rounds, burstMilliseconds: effort.burstMilliseconds, connections: effort.connections, people: effort.people }, // prettier-ignore
    ...(comparison.unguarded ? { unguarded: comparison.unguarded } : {}),
    rows: comparison.rows,
    needs,
    recommendation: recommend(needs, comparison.rows),
  };
  const files = await write(report, options.output ?? directory);
  at.output.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : `${reportText(report)}\n`);
  at.errors.write(`\nThe page: ${files.html}\nThe figures: ${files.json}\n`);
  if (failure instanceof InterruptedError) at.errors.write('Interrupted: what was measured until then is kept.\n');
  if (failure !== undefined) throw failure;
  const failed = comparison.rows.filter(({ id, problem }) => problem !== undefined && !comparison.lacking.includes(id));
  if (failed.length > 0) throw new Refusal(`Not measured wholly: ${failed.map(({ name }) => name).join(', ')}.`);
}

/** npx passes Ctrl-C on that has come from the terminal already: what comes so soon is no second wish, in milliseconds. */
const SAME_WISH = 1_000;

/** The first signal ends the measuring, a second one the process. */
function interruption({ errors }: Surroundings): { signal: AbortSignal; forget: () => void } {
  const controller = new AbortController();
  let wishedAt = 0;
  const listeners = Object.entries(SIGNALS).map(([signal, code]) => {
    const listener = () => {
      if (controller.signal.aborted && clock.monotonic() - wishedAt > SAME_WISH) process.exit(code);
      if (controller.signal.aborted) return;
      wishedAt = clock.monotonic();
      errors.write('\nStopping …\n');
      controller.abort(new InterruptedError(code));
    };
    process.on(signal, listener);
    return () => void process.off(signal, listener);
  });
  return { signal: controller.signal, forget: () => listeners.forEach((off) => off()) };
}

async function write(report: Report, output: string): Promise<{ html: string; json: string }> {
  const { reportPage } = await import('./report.page.js');
  const directory = resolve(output);
  const files = { html: join(directory, 'compare.html'), json: join(directory, 'compare.json') };
  try {
    await mkdir(directory, { recursive: true });
    await writeFile(files.json, `${JSON.stringify(report, undefined, 2)}\n`);
    await writeFile(files.html, reportPage(report));
    // There is nothing secret in it, whatever the directory's other files are.
    await chmod(files.html, 0o644);
    return files;
  } catch (error) {
    throw new Refusal(`--output: ${directory} cannot be written to: ${(error as Error).message}`);
  }
}

function machine(): Report['machine'] {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() || 'unknown processor',
    cores: all.length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    platform: `${platform()} ${release().split('-')[0]}`,
  };
}
