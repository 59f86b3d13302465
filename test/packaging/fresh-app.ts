import { execFile } from 'node:child_process';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');
/** The house's own tools stand in for those that a fresh application would install for its development. */
const PATH = [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
const run = promisify(execFile);

interface LockedPackage {
  version?: string;
  dev?: boolean | undefined;
  optional?: boolean | undefined;
  peer?: boolean | undefined;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** An application as `nest new` makes it, in a directory of its own beside the packed tarball. */
export class FreshApp {
  private constructor(
    /** Holds the tarball under the name that the guide gives it. */
    readonly parent: string,
    readonly directory: string,
  ) {}

  /** Packs the package, and generates the application beside it. */
  static async create(): Promise<FreshApp> {
    const parent = await realpath(await mkdtemp(join(tmpdir(), 'gatehouse-fresh-')));
    const app = new FreshApp(parent, join(parent, 'shop'));
    // Where the guide has the clone.
    const clone = join(parent, 'nest-gatehouse');
    const script = `import { mkdir } from 'node:fs/promises'; import { pack } from '${root}/scripts/pack.mjs'; await mkdir('${clone}'); await pack('${clone}');`;
    const flags = ['--skip-install', '--skip-git', '--package-manager', 'npm', '--no-observe'];
    await Promise.all([
      run(process.execPath, ['--input-type=module', '-e', script], { cwd: root }),
      run('nest', ['new', 'shop', ...flags], { cwd: parent, env: { ...process.env, PATH } }),
    ]);
    return app;
  }

  /** Writes a file of the application. */
  write(path: string, content: string): Promise<void> {
    return writeFile(join(this.directory, path), content);
  }

  /**
   * Runs a command of the guide in the application's directory.
   * @throws Error with what it printed when it fails
   */
  async sh(command: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
    const { stdout } = await run('/bin/sh', ['-c', command], {
      cwd: this.directory,
      env: { ...process.env, PATH, NODE_OPTIONS: '', ...env },
    }).catch((error: Error & { stdout?: string; stderr?: string }) => {
      throw new Error(`${command}\n${error.stdout}\n${error.stderr}`);
    });
    return stdout;
  }

  /**
   * Development tools are left out, and what is installed is what the house's own lock names, so that npm finds it in
   * its cache and asks the registry for nothing.
   */
  async prepareInstall(more: string[]): Promise<void> {
    const manifest = await this.manifest();
    const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
    const packages = lock.packages as Record<string, LockedPackage>;
    const { devDependencies: _, ...kept } = manifest;
    const added = Object.fromEntries(more.map((name) => [name, packages[`node_modules/${name}`]!.version!]));
    const dependencies = { ...manifest.dependencies, ...added };
    await this.write('package.json', JSON.stringify({ ...kept, dependencies }));
    // The compiler is told to check the packages' own types, too; those of Node are the house's.
    const tsconfig = JSON.parse(await readFile(join(this.directory, 'tsconfig.json'), 'utf8'));
    const types = { skipLibCheck: false, types: ['node'], typeRoots: [join(root, 'node_modules/@types')] };
    await this.write('tsconfig.json', JSON.stringify({ compilerOptions: { ...tsconfig.compilerOptions, ...types } }));
    const tarball = await this.packed();
    const wanted = [...Object.keys(dependencies), ...Object.keys(tarball.dependencies)];
    const locked = { '': { dependencies }, ...lockedClosure(packages, wanted) };
    await this.write('package-lock.json', JSON.stringify({ lockfileVersion: lock.lockfileVersion, packages: locked }));
  }

  /** The manifest of the packed tarball. */
  async packed(): Promise<{ dependencies: Record<string, string>; peerDependencies: Record<string, string> }> {
    const { stdout } = await run('tar', ['xzf', join(this.parent, 'nest-gatehouse/nest-gatehouse-0.1.0.tgz'), '-O', 'package/package.json']); // prettier-ignore
    return JSON.parse(stdout);
  }

  remove(): Promise<void> {
    return rm(this.parent, { recursive: true, force: true });
  }

  private async manifest(): Promise<{ dependencies: Record<string, string>; devDependencies?: object }> {
    return JSON.parse(await readFile(join(this.directory, 'package.json'), 'utf8'));
  }
}

/** The entries of a lock that these packages need, found as Node finds them: the nearest `node_modules` first. */
function lockedClosure(packages: Record<string, LockedPackage>, names: string[]): Record<string, LockedPackage> {
  const closure: Record<string, LockedPackage> = {};
  const waiting: [from: string, name: string][] = names.map((name) => ['', name]);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const place = nearest(packages, ...next);
    if (place === undefined || closure[place]) continue;
    const found = packages[place]!;
    closure[place] = { ...found, dev: undefined, optional: undefined, peer: undefined };
    const optional = found.peerDependenciesMeta ?? {};
    const peers = Object.keys(found.peerDependencies ?? {}).filter((name) => !optional[name]?.optional);
    for (const name of [...Object.keys(found.dependencies ?? {}), ...peers]) waiting.push([place, name]);
  }
  return closure;
}

function nearest(packages: Record<string, LockedPackage>, from: string, name: string): string | undefined {
  for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf('node_modules/') - 1))) {
    const candidate = `${place}${place && '/'}node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (place === '') return undefined;
  }
}
