// Node as tests see it. Jest makes an AsyncLocalStorage for each test file and leaves it switched on, and Node gives every
// promise of the process a property for each of them: the first twenty-five files of a worker took 102 s of a core with that, 86 without.
import asyncHooks from 'node:async_hooks';
import { TestEnvironment } from 'jest-environment-node';

const made = new Set();

asyncHooks.AsyncLocalStorage = class extends asyncHooks.AsyncLocalStorage {
  constructor(...args) {
    super(...args);
    made.add(this);
  }
};

export default class extends TestEnvironment {
  async teardown() {
    for (const storage of made) storage.disable();
    made.clear();
    await super.teardown();
  }
}
