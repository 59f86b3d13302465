// What `npm run test:faults` runs: the long form of test/faults. `--repeat N` runs it N times, and stops at a failure.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './build.mjs';

const { values } = parseArgs({ options: { repeat: { type: 'string', default: '1' } } });
const times = Number(values.repeat);
if (!Number.isInteger(times) || times < 1) {
  process.stderr.write('--repeat takes how many times it shall run: --repeat 20\n');
  process.exit(1);
}
const args = [join(root, 'scripts/test.mjs'), 'test/faults', '-w', '1', '--testTimeout', '120000'];
for (let run = 1; run <= times; run += 1) {
  const began = performance.now();
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    env: { ...process.env, GATEHOUSE_FAULTS: 'long' },
    stdio: 'inherit',
  });
  if (status !== 0) {
    process.stdout.write(`run ${run} of ${times} failed\n`);
    process.exit(status ?? 1);
  }
  process.stdout.write(`run ${run} of ${times} passed in ${Math.round((performance.now() - began) / 1000)} s\n`);
}
