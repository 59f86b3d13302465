// What was measured, in `bench/results/latest.json` and on the screen; what stands behind a figure is in `details.json` under
// the same name. A run replaces the results of its own names and leaves the others.
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, platform } from 'node:os';
import { fileURLToPath } from 'node:url';
import { apart } from './cores.mjs';

const directory = fileURLToPath(new URL('../results/', import.meta.url));
const require = createRequire(import.meta.url);

/**
 * @typedef {object} Measured
 * @property {string} name
 * @property {string} measure what the figures are, with their unit
 * @property {number} ours
 * @property {number} [theirs] with it the judged figure is the ratio of both, else `ours` itself
 * @property {number} target at most
 * @property {object} [details]
 */

/** What is kept of a figure: null is what there is not, or could not be measured on this machine. */
export function resultOf({ name, measure, ours, theirs, target }) {
  const ratio = theirs === undefined ? null : rounded(ours / theirs, 3);
  const judged = theirs === undefined ? rounded(ours, 1) : ratio;
  // What could not be measured here is neither met nor missed.
  const met = judged === null ? null : judged <= target;
  return { name, measure, ours: rounded(ours, 1), theirs: rounded(theirs, 1), ratio, target, met };
}

/** @param {Measured[]} measured */
export async function keep(measured, versions = {}) {
  const results = measured.map(resultOf);
  const before = await read('latest.json', { results: [] });
  const names = new Set(results.map(({ name }) => name));
  const document = {
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${platform()}${apart ? ', server on a core of its own' : ', everything on shared cores'}`,
    versions: {
      ...before.versions,
      node: process.version,
      gatehouse: require('../../package.json').version,
      'oidc-provider': require('oidc-provider/package.json').version,
      ...versions,
    },
    commit: commit(),
    results: [...before.results.filter(({ name }) => !names.has(name)), ...results],
  };
  const details = await read('details.json', {});
  const measuredAt = new Date().toISOString();
  for (const { name, details: behind } of measured) details[name] = { measuredAt, ...behind };
  await write('latest.json', document);
  await write('details.json', details);
  return { ...document, results };
}

async function read(name, otherwise) {
  const text = await readFile(directory + name, 'utf8').catch(() => undefined);
  return text === undefined ? otherwise : JSON.parse(text);
}

async function write(name, document) {
  await mkdir(directory, { recursive: true });
  await writeFile(directory + name, `${JSON.stringify(document, undefined, 2)}\n`);
}

export function print({ machine, versions, results }) {
  const lines = results.map(({ name, ours, theirs, ratio, target, met }) => {
    const verdict =
      met === null ? 'not measured here' : met ? 'met' : `missed by ${rounded((ratio ?? ours) - target, 3)}`;
    const figures = theirs === null ? `${ours ?? '–'}` : `${ours} ÷ ${theirs} = ${ratio}`;
    return `  ${name.padEnd(24)} ${figures.padEnd(30)} target ≤ ${String(target).padEnd(6)} ${verdict}`;
  });
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  process.stdout.write(`\n  ${machine}\n  ${software.join(', ')}\n\n${lines.join('\n')}\n\n`);
}

function rounded(value, digits) {
  return Number.isFinite(value) ? Number(value.toFixed(digits)) : null;
}

function commit() {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
