import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

const dist = join(import.meta.dirname, '../../dist/apps');
const LONGEST_START = 120_000;

/** A built front door as a process of its own, with an environment that holds nothing but what it is given. */
export class FrontDoor {
  private text = '';
  private readonly child: ChildProcess;
  /** The exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;

  constructor(
    name: string,
    readonly settings: NodeJS.ProcessEnv,
    args: readonly string[] = [],
  ) {
    const entry = join(dist, name, 'main.js');
    if (!existsSync(entry)) throw new Error('dist is missing: npm test builds it, or npm run build');
    const { PATH, HOME, TMPDIR } = process.env;
    this.child = spawn(process.execPath, [entry, ...args], {
      cwd: tmpdir(),
      env: { PATH, HOME, TMPDIR, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (this.text += chunk));
    }
    // `close` comes after the last output, unlike `exit`.
    this.exited = once(this.child, 'close').then(([code]) => code as number | null);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Everything it wrote so far, to standard output and standard error. */
  get output(): string {
    return this.text;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** SIGTERM, and what it ends with. */
  stop(): Promise<number | null> {
    this.kill('SIGTERM');
    return this.exited;
  }

  /** Waits until all of these answer `/health/ready`. @throws Error with its output when it ends, or takes too long. */
  async ready(...urls: string[]): Promise<this> {
    let ended = false;
    void this.exited.then(() => (ended = true));
    const until = Date.now() + LONGEST_START;
    for (const url of urls) {
      while (!(await answers(url))) {
        if (ended) throw new Error(`It ended:\n${this.output}`);
        if (Date.now() > until) throw new Error(`${url} does not answer:\n${this.output}`);
        await setTimeout(25);
      }
    }
    return this;
  }
}

/** Runs `npx nest-gatehouse …` and answers what it said. @throws Error when it fails. */
export async function runCommandLine(args: string[], settings: NodeJS.ProcessEnv): Promise<string> {
  const { PATH, HOME } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, [join(dist, 'cli/main.js'), ...args], {
    cwd: tmpdir(),
    env: { PATH, HOME, ...settings },
  });
  return stdout;
}

/** What a front door that cannot start leaves behind. */
export async function failedStart(name: string, settings: NodeJS.ProcessEnv) {
  const door = new FrontDoor(name, settings);
  const hangs = setTimeout(LONGEST_START, 'hangs' as const, { ref: false });
  const code = await Promise.race([door.exited, hangs]);
  if (code === 'hangs') door.kill('SIGKILL');
  return { code, output: door.output };
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
}

/** Four free ports in a row, below those that systems give away by themselves, and above 10080, which `fetch` and browsers block. */
export async function freePortBase(): Promise<number> {
  for (;;) {
    const base = 10_100 + 4 * Math.floor(Math.random() * 5_000);
    const free = await Promise.all([0, 1, 2, 3].map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => done(true)));
  });
}

/** Where the four front doors of the demo are. */
export function addressesFrom(base: number) {
  const at = (offset: number) => `http://localhost:${base + offset}`;
  return { provider: at(0), portal: at(1), orders: at(2), desk: at(3) };
}

/** A directory for GATEHOUSE_DIRECTORY, which PostgreSQL's user may enter when we are root. */
export async function temporaryDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'gatehouse-'));
  await chmod(path, 0o711);
  const remove = async () => {
    const data = await realpath(join(path, 'postgres')).catch(() => path);
    if (!data.startsWith(path)) await rm(dirname(data), { recursive: true, force: true });
    await rm(path, { recursive: true, force: true });
  };
  return { path, remove };
}

/** The pid of the embedded PostgreSQL of a directory; undefined when it does not run. */
export async function embeddedServer(directory: string): Promise<number | undefined> {
  const file = await readFile(join(directory, 'postgres/postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(file.split('\n')[0]);
  return pid || undefined;
}
