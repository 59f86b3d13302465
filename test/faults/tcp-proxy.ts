import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { StatementReader } from './statement-reader.js';

/** Cuts a connection at one statement of PostgreSQL's protocol, once. */
export interface Trap {
  at(sql: string): boolean;
  /** `before`: the statement never arrives. `after`: it is done, committed if it stands alone, and its answer is lost. */
  moment: 'before' | 'after';
  /** Called at that moment, to kill whoever sent it. */
  spring?: () => void;
}

/** Stands between a program and a server of any protocol: it can be cut, slow, or silent, and can be a {@link Trap}. */
export class TcpProxy {
  /** Milliseconds that everything takes longer, in each direction. */
  delay = 0;
  trap: Trap | undefined;
  /** Statements that passed since somebody set this to a list. */
  seen: string[] | undefined;
  private state: 'open' | 'cut' | 'silent' = 'open';
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    /** Where it leads to; a change counts for the next connection. */
    public target: { host: string; port: number },
  ) {}

  static async before(url: string): Promise<TcpProxy> {
    let proxy: TcpProxy | undefined;
    const server = createServer((near) => proxy!.accept(near));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = new TcpProxy(server, addressOf(url));
    return proxy;
  }

  /** The same URL, by way of this proxy. */
  through(url: string): string {
    const changed = new URL(url);
    changed.hostname = '127.0.0.1';
    changed.port = String((this.server.address() as AddressInfo).port);
    return changed.href;
  }

  lead(url: string): void {
    this.target = addressOf(url);
  }

  /** Cuts every connection and takes no other. */
  cut(): void {
    this.state = 'cut';
    this.breakAll();
  }

  /** Half-open: everybody believes to be connected, and nothing arrives any more on the connections of now. */
  silence(): void {
    this.state = 'silent';
    for (const socket of this.sockets) socket.removeAllListeners('data').pause();
  }

  /** Takes new connections again. Those that were silenced stay so. */
  heal(): void {
    this.state = 'open';
    this.delay = 0;
    this.trap = undefined;
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private breakAll(): void {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  private accept(near: Socket): void {
    near.on('error', () => {});
    if (this.state === 'cut') return void near.destroy();
    this.sockets.add(near);
    near.on('close', () => this.sockets.delete(near));
    if (this.state === 'silent') return void near.pause();
    const far = connect(this.target.port, this.target.host);
    far.on('error', () => near.destroy());
    this.sockets.add(far);
    far.on('close', () => (this.sockets.delete(far), near.destroy()));
    near.on('close', () => far.destroy());
    const statements = new StatementReader();
    let loseAnswer: Trap | undefined;
    this.carry(near, far, (chunk) => {
      for (const sql of statements.read(chunk)) {
        this.seen?.push(sql);
        const { trap } = this;
        if (!trap?.at(sql)) continue;
        this.trap = undefined;
        if (trap.moment === 'after') {
          loseAnswer = trap;
          continue;
        }
        trap.spring?.();
        near.destroy();
        return false;
      }
      return true;
    });
    this.carry(far, near, () => {
      if (!loseAnswer) return true;
      loseAnswer.spring?.();
      near.destroy();
      return false;
    });
  }

  private carry(from: Socket, to: Socket, mayPass: (chunk: Buffer) => boolean): void {
    let last = Promise.resolve();
    from.on('data', (chunk: Buffer) => {
      if (!mayPass(chunk)) return;
      if (this.delay === 0) return void (last = last.then(() => void to.write(chunk)));
      const { delay } = this;
      const due = pause(delay);
      last = last.then(() => due).then(() => void to.write(chunk));
    });
  }
}

function addressOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
