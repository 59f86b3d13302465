import { availableParallelism } from 'node:os';

// Jest 30 in ESM mode: swc compiles, '.ts' and '.tsx' by separate transforms because only pages are JSX.
const swc = (tsx) => [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true, tsx },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        ...(tsx ? { react: { runtime: 'automatic', importSource: 'preact' } } : {}),
      },
      keepClassNames: true,
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

export default {
  testEnvironment: '<rootDir>/test/support/environment.mjs',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.spec.ts', '**/*.e2e-spec.ts', '**/*.browser-spec.ts'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleFileExtensions: ['ts', 'tsx', 'js', 'mjs', 'json', 'node'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    // The package by its own name, as the guides import it, from the sources.
    '^nest-gatehouse/identity-provider$': '<rootDir>/src/faces/identity-provider.ts',
    '^nest-gatehouse/relying-party$': '<rootDir>/src/relying-party/index.ts',
    '^nest-gatehouse/edge$': '<rootDir>/src/edge/index.ts',
    '^nest-gatehouse/testing$': '<rootDir>/src/testing/index.ts',
    // Mercurius requires it, and Jest cannot require the newer version, an ES module, on Node 20.
    '^content-disposition$': '<rootDir>/node_modules/content-disposition',
  },
  transform: { '^.+\\.ts$': swc(false), '^.+\\.tsx$': swc(true) },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  setupFiles: ['reflect-metadata'],
  // A test waits for what it waits for; this is only for what never comes, on a machine many times slower than most.
  testTimeout: 240_000,
  // Jest's own choice is one worker on two cores, and on sixteen so many that PostgreSQL runs out of connections. One more than there
  // are cores, because tests wait for other processes.
  maxWorkers: Math.min(availableParallelism() + 1, 4),
};
