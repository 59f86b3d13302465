// Lets plain Node run our TypeScript (`node --import ./test/support/typescript.mjs file.ts`), for what Jest does not load
// through its own transform: the global setup, and the other process in tests of what several processes share.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
