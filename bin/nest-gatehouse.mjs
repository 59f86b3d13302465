#!/usr/bin/env node
// `npx nest-gatehouse …`: in a clone it builds when the sources changed, as the front doors do, then becomes the command line.
import { existsSync } from 'node:fs';

if (existsSync(new URL('../src', import.meta.url))) {
  const { build } = await import('../scripts/build.mjs');
  await build();
}
await import('../dist/apps/cli/main.js');
