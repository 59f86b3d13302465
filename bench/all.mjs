// `npm run bench`: everything that has a target, in less than ten minutes, and the whole table at the end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { print } from './support/results.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

for (const name of ['provider', 'guards']) {
  const child = spawn(process.execPath, [`${here}${name}.mjs`], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) {
    process.stderr.write(`bench:${name} failed: see above.\n`);
    process.exit(1);
  }
}
print(JSON.parse(await readFile(`${here}results/latest.json`, 'utf8')));
