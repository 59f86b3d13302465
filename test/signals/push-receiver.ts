import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../relying-party/feed-world.js';

export interface Pushed {
  method: string;
  contentType: string | undefined;
  accept: string | undefined;
  authorization: string | undefined;
  body: string;
}

/** A receiver's server, as RFC 8935 has it. It can be made to misbehave. */
export class PushReceiver {
  readonly pushed: Pushed[] = [];
  /** Answers in place of 202; undefined: never. */
  answer: (pushed: Pushed) => { status: number; body?: object; headers?: Record<string, string> } | undefined = () => ({
    status: 202,
  });

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async listen(): Promise<PushReceiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { 'content-type': contentType, accept, authorization } = request.headers;
        const body = Buffer.concat(chunks).toString();
        const pushed = { method: request.method!, contentType, accept, authorization, body };
        receiver.pushed.push(pushed);
        const answer = receiver.answer(pushed);
        if (!answer) return;
        response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
        response.end(answer.body ? JSON.stringify(answer.body) : undefined);
      });
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const receiver = new PushReceiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`);
    return receiver;
  }

  /** For OUTBOUND_ALLOW. */
  get allowance(): string {
    return `push=${new URL(this.url).host}`;
  }

  /** What came, once there is so much. */
  async until(count: number): Promise<Pushed[]> {
    await eventually(() => this.pushed.length >= count, `${count} pushes`);
    return this.pushed;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((closed) => this.server.close(() => closed()));
  }
}
