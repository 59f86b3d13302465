import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { StartError } from '../support/start-error.js';
import { WORKER_COMMAND } from './worker-command.js';
import type { Question, Reply, Verbs } from './worker.js';

/** The command line itself, in its hidden command that serves us. */
const ENTRY = fileURLToPath(new URL('../cli/main.js', import.meta.url));
/** Who does not stop by itself is made to, after so many milliseconds. */
const LONGEST_STOP = 5_000;
const MOST_KEPT_OUTPUT = 4_000;

type Waiting = { resolve: (value: unknown) => void; reject: (error: Error) => void };

/** A process of the comparison, asked over a channel. It ends when this process does, however that ends. */
export class WorkerProcess {
  private readonly waiting = new Map<number, Waiting>();
  private readonly exited: Promise<unknown>;
  private next = 0;
  private errors = '';

  private constructor(private readonly child: ChildProcess) {
    this.exited = once(child, 'exit');
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.errors = (this.errors + text).slice(-MOST_KEPT_OUTPUT);
    });
    child.on('message', (reply: Reply) => this.answer(reply));
    child.once('exit', (code, signal) => this.failAll(`a process of the comparison ended (${signal ?? code})`));
  }

  static start(): WorkerProcess {
    return new WorkerProcess(
      fork(ENTRY, [WORKER_COMMAND], { execArgv: ['--expose-gc'], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] }),
    );
  }

  /** @throws StartError what the other process says in a sentence, Error for a fault */
  call<V extends keyof Verbs>(verb: V, ...args: Parameters<Verbs[V]>): ReturnType<Verbs[V]> {
    const id = this.next++;
    const answer = new Promise((resolve, reject) => {
      if (!this.child.connected) return reject(new Error(`a process of the comparison is gone. ${this.errors}`.trim()));
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, verb, args } satisfies Question);
    });
    return answer as ReturnType<Verbs[V]>;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const kill = setTimeout(() => this.child.kill('SIGKILL'), LONGEST_STOP);
    this.call('stop').catch(() => this.child.kill('SIGKILL'));
    await this.exited;
    clearTimeout(kill);
  }

  private answer({ id, result, error, isSentence }: Reply): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(isSentence ? new StartError(error) : new Error(error));
  }

  private failAll(why: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(`${why}. ${this.errors}`.trim()));
    this.waiting.clear();
  }
}
