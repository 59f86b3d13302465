import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { SystemClock } from '../../../platform/clock.js';
import { Refusal } from '../answer.js';

const session = z.object({
  issuer: z.string(),
  clientId: z.string(),
  subject: z.string(),
  /** What to call the person. */
  name: z.string(),
  scope: z.string(),
  accessToken: z.string(),
  /** Epoch milliseconds. */
  expiresAt: z.number(),
  refreshToken: z.string().optional(),
});

/** Somebody who is signed in at this terminal. */
export type TerminalSession = z.infer<typeof session>;

const file = z.object({ current: z.string().optional(), sessions: z.record(z.string(), session) });
type Content = z.infer<typeof file>;

/** A lock that its holder did not give back counts no more. In milliseconds. */
const LONGEST_HOLD = 30_000;
const PAUSE = 50;

/**
 * The tokens of the person at this terminal, one session per issuer, in a file that only they can read:
 * `~/.config/nest-gatehouse/tokens.json`.
 */
export class KeptTokens {
  private readonly directory: string;
  private readonly path: string;

  constructor({ XDG_CONFIG_HOME: config, APPDATA: roaming, HOME: home }: NodeJS.ProcessEnv) {
    this.directory = join(config || roaming || join(home ?? homedir(), '.config'), 'nest-gatehouse');
    this.path = join(this.directory, 'tokens.json');
  }

  /** The session with an issuer, or the latest one. */
  async find(issuer?: string): Promise<TerminalSession | undefined> {
    const { current, sessions } = await this.read();
    const wanted = issuer ?? current;
    return wanted === undefined || !Object.hasOwn(sessions, wanted) ? undefined : sessions[wanted];
  }

  /** Keeps a session, and makes it the current one. */
  async keep(kept: TerminalSession): Promise<void> {
    const { sessions } = await this.read();
    await this.replace({ current: kept.issuer, sessions: { ...sessions, [kept.issuer]: kept } });
  }

  async forget(issuer: string): Promise<void> {
    const { current, sessions } = await this.read();
    const { [issuer]: _, ...others } = sessions;
    const next = current === issuer ? Object.keys(others).at(-1) : current;
    await this.replace({ ...(next === undefined ? {} : { current: next }), sessions: others });
  }

  /** One process at a time, so that a refresh token is not used by two of them. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const lock = `${this.path}.lock`;
    for (let waited = 0; !(await create(lock)); waited += PAUSE) {
      const isLeft = (await stat(lock).then(({ mtimeMs }) => mtimeMs, () => 0)) < new SystemClock().now() - LONGEST_HOLD; // prettier-ignore
      if (isLeft || waited > LONGEST_HOLD) await rm(lock, { force: true });
      await setTimeout(PAUSE);
    }
    try {
      return await work();
    } finally {
      await rm(lock, { force: true });
    }
  }

  private async read(): Promise<Content> {
    let text: string;
    try {
      const { mode } = await stat(this.path);
      // Windows has no such modes.
      if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
        throw new Refusal(`Others can read ${this.path}: run chmod 600 on it, then sign in again with: login`);
      }
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { sessions: {} };
      throw error;
    }
    try {
      return file.parse(JSON.parse(text));
    } catch {
      throw new Refusal(`${this.path} is damaged: remove it, and sign in again with: login`);
    }
  }

  /** Written beside and moved into place: whole or not at all, and never readable for others. */
  private async replace(content: Content): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const beside = `${this.path}.${process.pid}`;
    await rm(beside, { force: true });
    await writeFile(beside, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
    await rename(beside, this.path);
  }
}

async function create(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
