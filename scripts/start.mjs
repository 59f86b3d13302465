// node scripts/start.mjs <front door> [arguments]: builds when the sources changed, then becomes the front door
// (`demo`, `identity-provider`, …) or the benchmark (`bench/footprint`). The same process, so that a signal reaches it
// directly and nothing is left behind.
import { readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, root } from './build.mjs';
import { endWithParent } from './parent.mjs';

const [door = '', ...args] = process.argv.slice(2);
const benchmark = door.startsWith('bench/');
if (!existsSync(join(root, benchmark ? `${door}.mjs` : `src/apps/${door}/main.ts`)) || door === '') {
  const doors = (await readdir(join(root, 'src/apps'))).filter((name) =>
    existsSync(join(root, 'src/apps', name, 'main.ts')),
  );
  process.stderr.write(`There is no front door "${door}". There are: ${doors.join(', ')}.\n`);
  process.exit(1);
}
endWithParent();
await build();
const entry = join(root, benchmark ? `${door}.mjs` : `dist/apps/${door}/main.js`);
process.argv = [process.execPath, entry, ...args];
await import(pathToFileURL(entry).href);
