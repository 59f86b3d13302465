// `npm run pack`: what would be published, as nest-gatehouse-<version>.tgz in the root. The clone is an application with real
// dependencies; the package is a library, so its manifest is made here, from what the packed files import: Nest is a peer,
// what every application needs is a dependency, and the rest (database, argon2, …) are optional peers.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, root } from './build.mjs';

const PEERS = ['@nestjs/common', '@nestjs/core', 'reflect-metadata', 'rxjs'];
const COPIED = ['README.md', 'CHANGELOG.md', 'LICENSE', 'docs'];
/** Loaded with the first request that is made, and by everybody: to start, nobody needs it. */
const LATER = ['undici'];
/** Only whoever embeds the provider needs what this face imports. */
const PROVIDER = './identity-provider';

/** Makes the tarball in `destination`, and answers its path. */
export async function pack(destination = root) {
  await build();
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const staging = await mkdtemp(join(tmpdir(), 'gatehouse-package-'));
  try {
    const { files, dependencies, optional } = await inspect(manifest);
    for (const file of files) await copy(file, staging);
    for (const name of COPIED) await cp(join(root, name), join(staging, name), { recursive: true });
    await writeFile(join(staging, 'bin.mjs'), "#!/usr/bin/env node\nimport './dist/apps/cli/main.js';\n", {
      mode: 0o755,
    });
    const published = publishedManifest(manifest, dependencies, optional);
    await writeFile(join(staging, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`);
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination];
    const { stdout } = await promisify(execFile)('npm', args, { cwd: staging });
    return join(destination, JSON.parse(stdout)[0].filename);
  } finally {
    await rm(staging, { recursive: true });
  }
}

/**
 * Follows the imports of everything that the package offers. A package is a dependency when the faces that every
 * application uses, or the command line, import it from the start; what is only loaded when it is needed is optional.
 */
async function inspect(manifest) {
  const faces = Object.entries(manifest.exports).filter(([, target]) => typeof target === 'object');
  const start = new Set([join(root, 'dist/apps/cli/main.js')]);
  for (const [name, { default: file }] of faces) if (name !== PROVIDER) start.add(join(root, file));
  const always = await follow(start, { dynamic: false });
  const all = await follow(new Set([...start, ...faces.flatMap(([, face]) => Object.values(face)).map(inRoot)]), {
    dynamic: true,
  });
  const isPeer = (name) => PEERS.includes(name);
  const byName = (one, other) => (one < other ? -1 : 1);
  const dependencies = [...always.packages, ...LATER].filter((name) => !isPeer(name)).sort(byName);
  const known = { ...manifest.dependencies, ...manifest.optionalDependencies };
  const embedded = Object.keys(manifest.optionalDependencies ?? {});
  const optional = [...new Set([...all.packages, ...embedded])]
    .filter((name) => !isPeer(name) && !dependencies.includes(name))
    .sort(byName);
  for (const name of [...dependencies, ...optional]) {
    if (!known[name]) throw new Error(`${name} is imported, and package.json does not list it among its dependencies`);
  }
  const versions = (names) => Object.fromEntries(names.map((name) => [name, known[name]]));
  return { files: all.files, dependencies: versions(dependencies), optional: versions(optional) };
}

function inRoot(path) {
  return join(root, path);
}

/** Every file that these reach, and every package that those name. */
async function follow(start, { dynamic }) {
  const files = new Set();
  const packages = new Set();
  const waiting = [...start];
  while (waiting.length > 0) {
    const file = waiting.pop();
    if (files.has(file)) continue;
    files.add(file);
    const code = (await readFile(file, 'utf8')).replace(/\/\*[^]*?\*\//g, '');
    const isTypes = file.endsWith('.d.ts');
    // The compiler writes each statement on a line of its own; elsewhere these words stand in texts.
    const statics = [...code.matchAll(/^(?:(?:import|export)\b[^'"\n]*\bfrom|import)\s*['"]([^'"]+)['"];?$/gm)];
    const dynamics = [...code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)];
    for (const [, name] of [...statics, ...(dynamic || isTypes ? dynamics : [])]) {
      if (!name.startsWith('.')) {
        const owner = name.startsWith('@') ? name.split('/', 2).join('/') : name.split('/')[0];
        if (!name.startsWith('node:') && !builtinModules.includes(owner)) packages.add(owner);
        continue;
      }
      waiting.push(join(dirname(file), isTypes ? name.replace(/\.js$/, '.d.ts') : name));
    }
  }
  return { files: [...files], packages };
}

/** Without the reference to a source map, which stays behind with the sources. */
async function copy(file, staging) {
  const target = join(staging, relative(root, file));
  await mkdir(dirname(target), { recursive: true });
  const code = await readFile(file, 'utf8');
  await writeFile(target, code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
}

function publishedManifest(manifest, dependencies, optional) {
  const { name, version, description, license, type, engines, exports } = manifest;
  const ranges = { ...manifest.dependencies, ...manifest.devDependencies };
  const keywords = ['nestjs', 'oidc', 'oauth2', 'openid-connect', 'sso', 'authentication', 'jwt'];
  return {
    name,
    version,
    description,
    keywords,
    license,
    type,
    engines,
    exports,
    bin: { 'nest-gatehouse': 'bin.mjs' },
    dependencies,
    peerDependencies: { ...Object.fromEntries(PEERS.map((peer) => [peer, ranges[peer]])), ...optional },
    peerDependenciesMeta: Object.fromEntries(Object.keys(optional).map((peer) => [peer, { optional: true }])),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const tarball = await pack();
  process.stdout.write(`${relative(process.cwd(), tarball)}\n`);
}
