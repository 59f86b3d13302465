// What was measured, in `bench/results/latest.json` and on the screen. A run replaces the results of its own names and
// leaves the others.
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, platform } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apart } from './cores.mjs';

const file = fileURLToPath(new URL('../results/latest.json', import.meta.url));
const require = createRequire(import.meta.url);

/**
 * @param {{ name: string, measure: string, ours: number, theirs?: number, target: number, details?: object }[]} measured
 *   with `theirs` the judged figure is their ratio, else `ours` itself
 */
export async function keep(measured, versions = {}) {
  const results = measured.map(({ name, measure, ours, theirs, target, details }) => {
    const ratio = theirs === undefined ? undefined : rounded(ours / theirs, 3);
    const judged = ratio ?? ours;
    // What could not be measured here is neither met nor missed.
    const met = Number.isFinite(judged) ? judged <= target : undefined;
    return { name, measure, ours: rounded(ours, 1), theirs: rounded(theirs, 1), ratio, target, met, details };
  });
  const before = JSON.parse(await readFile(file, 'utf8').catch(() => '{"results":[]}'));
  const names = new Set(results.map(({ name }) => name));
  const document = {
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${platform()}${apart ? ', server on a core of its own' : ', everything on shared cores'}`,
    versions: {
      node: process.version,
      gatehouse: require('../../package.json').version,
      'oidc-provider': require('oidc-provider/package.json').version,
      ...before.versions,
      ...versions,
    },
    commit: commit(),
    measuredAt: new Date().toISOString(),
    results: [...before.results.filter(({ name }) => !names.has(name)), ...results],
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(document, undefined, 2)}\n`);
  return { ...document, results };
}

export function print({ machine, versions, results }) {
  const lines = results.map(({ name, ours, theirs, ratio, target, met }) => {
    const verdict =
      met === undefined ? 'not measured here' : met ? 'met' : `missed by ${rounded((ratio ?? ours) - target, 3)}`;
    const figures = ratio === undefined ? `${ours}` : `${ours} ÷ ${theirs} = ${ratio}`;
    return `  ${name.padEnd(24)} ${figures.padEnd(30)} target ≤ ${String(target).padEnd(6)} ${verdict}`;
  });
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  process.stdout.write(`\n  ${machine}\n  ${software.join(', ')}\n\n${lines.join('\n')}\n\n`);
}

function rounded(value, digits) {
  return value === undefined || !Number.isFinite(value) ? undefined : Number(value.toFixed(digits));
}

function commit() {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
