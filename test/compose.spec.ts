import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Service {
  command: string[] | null;
  environment?: Record<string, string>;
  network_mode?: string;
  ports?: { host_ip: string; published: string; target: number }[];
  depends_on?: Record<string, { condition: string }>;
}

const root = join(import.meta.dirname, '..');
const apps = ['identity-provider', 'portal', 'orders', 'desk'];

// YAML has no parser here; Compose has the one that counts. It asks no daemon.
const compose = (args: string[], cwd = root) => spawnSync('docker', ['compose', ...args], { cwd, encoding: 'utf8' });
const isThere = compose(['version']).status === 0;

(isThere ? describe : describe.skip)(`docker-compose.yml${isThere ? '' : ' (skipped: no docker compose)'}`, () => {
  let services: Record<string, Service>;

  beforeAll(() => {
    // What is in a profile is left out unless it is asked for: without the word everything is there.
    const directory = mkdtempSync(join(tmpdir(), 'gatehouse-compose-'));
    const written = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
    writeFileSync(join(directory, 'docker-compose.yml'), written.replaceAll(/^ +profiles: \[scale\]\n/gm, ''));
    const { status, stdout, stderr } = compose(['config', '--format', 'json'], directory);
    rmSync(directory, { recursive: true });
    if (status !== 0) throw new Error(stderr);
    ({ services } = JSON.parse(stdout) as { services: Record<string, Service> });
  });

  it('has the provider and the apps at the addresses of the demo, on this machine only', () => {
    expect(services['identity-provider']!.ports).toEqual(
      ['3000', '3001', '3002', '3003'].map((port) =>
        expect.objectContaining({ host_ip: '127.0.0.1', published: port, target: Number(port) }),
      ),
    );
    expect(apps.map((name) => services[name]!.environment!['PORT'])).toEqual(['3000', '3001', '3002', '3003']);
    for (const name of apps.slice(1)) expect(services[name]!.network_mode).toBe('service:identity-provider');
  });

  it.each(apps)('%s: its front door and every variable it is given exist', (name) => {
    const { command } = services[name]!;
    const environment = Object.assign(
      {},
      ...Object.keys(services)
        .filter((other) => other.includes(name))
        .map((other) => services[other]!.environment),
    ) as object;
    expect(command).toEqual(['node', `dist/apps/${name}/main.js`]);
    expect(existsSync(join(root, `src/apps/${name}/main.ts`))).toBe(true);
    const sources = (readdirSync(join(root, 'src/apps'), { recursive: true }) as string[])
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => readFileSync(join(root, 'src/apps', path), 'utf8'))
      .join('\n');
    for (const variable of Object.keys(environment)) expect(sources).toMatch(new RegExp(`\\b${variable}\\b`));
  });

  it('shows of sign-in what `npm start` shows', () => {
    const demo = readFileSync(join(root, 'src/apps/demo/main.ts'), 'utf8');
    const { LOGIN_METHODS, SIGN_UP } = services['identity-provider']!.environment!;
    for (const value of [LOGIN_METHODS, SIGN_UP]) expect(demo).toContain(`'${value}'`);
  });

  it('gives orders no database, and nobody a password', () => {
    expect(services['orders']!.environment).not.toHaveProperty('DATABASE_URL');
    const said = Object.values(services).flatMap(({ environment }) => Object.entries(environment ?? {}));
    for (const [name, value] of said) {
      expect(name).not.toMatch(/PASSWORD|SECRET/i);
      expect(value).not.toMatch(/:\/\/[^/@]*:[^/@]*@/);
    }
  });

  it('scale: two providers and two portals on the ports that nginx knows, which alone is reached from outside', () => {
    const nginx = readFileSync(join(root, 'deploy/nginx.conf'), 'utf8');
    const scaled = Object.entries(services).filter(([name]) => name.startsWith('scale-') && name !== 'scale-postgres');
    expect(scaled).toHaveLength(4);
    for (const [name, { command, environment, network_mode, ports }] of scaled) {
      const app = /^scale-(.+)-\d$/.exec(name)![1]!;
      expect(command).toEqual(['node', `dist/apps/${app}/main.js`]);
      expect([network_mode, ports]).toEqual(['service:nginx', undefined]);
      expect(nginx).toContain(`server 127.0.0.1:${environment!['PORT']} `);
      expect(environment).toMatchObject({ ISSUER: 'http://localhost:4000', TRUST_PROXY: 'loopback' });
    }
    expect(services['redis']!.network_mode).toBe('service:nginx');
    const published = services['nginx']!.ports!.map(({ host_ip, target }) => [host_ip, `listen ${target};`]);
    expect(published.map(([ip]) => ip)).toEqual(['127.0.0.1', '127.0.0.1']);
    for (const [, listens] of published) expect(nginx).toContain(listens);
  });

  it('starts each when what it needs is healthy', () => {
    expect(services['identity-provider']!.depends_on).toMatchObject({ postgres: { condition: 'service_healthy' } });
    for (const name of apps.slice(1)) {
      expect(services[name]!.depends_on).toMatchObject({ 'identity-provider': { condition: 'service_healthy' } });
    }
  });
});
