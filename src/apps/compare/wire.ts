import { connect, type Socket } from 'node:net';
import { SystemClock } from '../../platform/clock.js';

const clock = new SystemClock();
const HEAD_END = Buffer.from('\r\n\r\n');
/** An answer that takes longer than this is given up, in milliseconds. */
const LONGEST = 10_000;

/** One answer, as far as the comparison looks at it. */
export interface WireAnswer {
  status: number;
  /** From the first octet sent to the last one received. */
  milliseconds: number;
}

/**
 * One connection that is kept, and one request on it at a time, written by hand: so that what asks costs as little as can be,
 * and every octet on the wire is counted.
 */
export class Wire {
  private received: Buffer = Buffer.alloc(0);
  private waiting:
    { resolve: (answer: WireAnswer) => void; reject: (error: Error) => void; sentAt: number } | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.setTimeout(LONGEST, () => socket.destroy(new Error('no answer came in time')));
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the connection was closed')));
  }

  static open(port: number): Promise<Wire> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Wire(socket));
      });
    });
  }

  /** @param request as {@link requestText} makes it */
  ask(request: Buffer): Promise<WireAnswer> {
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed) return reject(new Error('the connection was closed'));
      this.waiting = { resolve, reject, sentAt: clock.monotonic() };
      this.socket.write(request);
    });
  }

  /** Octets so far. */
  get sent(): number {
    return this.socket.bytesWritten;
  }
  get got(): number {
    return this.socket.bytesRead;
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const end = this.received.indexOf(HEAD_END);
    if (end < 0) return;
    const head = this.received.toString('latin1', 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) return this.fail(new Error('an answer without a length'));
    const whole = end + HEAD_END.length + Number(length);
    if (this.received.length < whole) return;
    this.received = this.received.subarray(whole);
    const { waiting } = this;
    this.waiting = undefined;
    const status = Number(head.slice(9, 12));
    waiting?.resolve({ status, milliseconds: clock.monotonic() - waiting.sentAt });
  }

  private fail(error: Error): void {
    this.socket.destroy();
    this.waiting?.reject(error);
    this.waiting = undefined;
  }
}

/** A request with nothing in it that is not needed, but for its credential: a header, whole. */
export function requestText(port: number, path: string, credential?: string): Buffer {
  const lines = [`GET ${path} HTTP/1.1`, `host: localhost:${port}`, 'accept: application/json'];
  return Buffer.from(`${[...lines, ...(credential ? [credential] : [])].join('\r\n')}\r\n\r\n`, 'latin1');
}

/** What a burst of requests was like. */
export interface Burst {
  requests: number;
  milliseconds: number;
  latencies: number[];
  sent: number;
  got: number;
}

/**
 * Asks over and over on several connections for so long, and so often; the requests take turns. On a machine that is too busy for
 * so many it gives up after eight times as long.
 * @throws Error when an answer is not 200: what is refused is not measured
 */
export async function burst(
  port: number,
  requests: readonly Buffer[],
  {
    connections,
    milliseconds,
    least = 0,
    signal,
  }: { connections: number; milliseconds: number; least?: number; signal: AbortSignal },
): Promise<Burst> {
  const wires = await Promise.all(Array.from({ length: connections }, () => Wire.open(port)));
  try {
    const latencies: number[] = [];
    const begun = clock.monotonic();
    let turn = 0;
    const goesOn = () => {
      const taken = clock.monotonic() - begun;
      return taken < milliseconds || (latencies.length < least && taken < 8 * milliseconds);
    };
    const work = async (wire: Wire) => {
      while (goesOn() && !signal.aborted) {
        const answer = await wire.ask(requests[turn++ % requests.length]!);
        if (answer.status !== 200) throw new Error(`a good credential got ${answer.status}`);
        latencies.push(answer.milliseconds);
      }
    };
    await Promise.all(wires.map(work));
    const took = clock.monotonic() - begun;
    signal.throwIfAborted();
    const sum = (of: (wire: Wire) => number) => wires.reduce((total, wire) => total + of(wire), 0);
    return {
      requests: latencies.length,
      milliseconds: took,
      latencies,
      sent: sum((wire) => wire.sent),
      got: sum((wire) => wire.got),
    };
  } finally {
    for (const wire of wires) wire.close();
  }
}

/** Asks each of these once, one after another. @throws Error as {@link burst} */
export async function askEach(port: number, requests: readonly Buffer[], signal: AbortSignal): Promise<void> {
  const wire = await Wire.open(port);
  try {
    for (const request of requests) {
      signal.throwIfAborted();
      const { status } = await wire.ask(request);
      if (status !== 200) throw new Error(`a good credential got ${status}`);
    }
  } finally {
    wire.close();
  }
}
