import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(import.meta.dirname, '../../../docs/testing.md'), 'utf8');

it.each(['shop.module.ts', 'shop.e2e-spec.ts'])('docs/testing.md shows the %s that is run here', (file) => {
  const code = readFileSync(join(import.meta.dirname, file), 'utf8');
  expect(page).toContain(`\`\`\`ts\n${code}\`\`\`\n`);
});
