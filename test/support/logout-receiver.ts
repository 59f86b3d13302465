import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { claimsOf, headerOf } from './house.js';

/** A request as it came to a relying party's back-channel logout URI. */
export interface ReceivedLogout {
  path: string;
  method: string;
  contentType: string | undefined;
  parameters: URLSearchParams;
  /** The logout token, unproved; nothing when it is encrypted. */
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

/** Relying parties' servers as the provider's back channel meets them: each path is one, and can be made to misbehave. */
export class LogoutReceiver {
  readonly received: ReceivedLogout[] = [];
  /** How a path answers in place of 200. */
  readonly answers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async listen(): Promise<LogoutReceiver> {
    let receiver: LogoutReceiver | undefined;
    const server = createServer((request, response) => void receiver!.serve(request, response));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    receiver = new LogoutReceiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return receiver;
  }

  /** For OUTBOUND_ALLOW. */
  get allowance(): string {
    return `logout=${new URL(this.url).host}`;
  }

  /** What came to a path so far. */
  at(path: string): ReceivedLogout[] {
    return this.received.filter((one) => one.path === path);
  }

  /** Waits until so many have come to a path. @throws Error when they do not come within a minute. */
  async until(path: string, count = 1): Promise<ReceivedLogout[]> {
    const late = wait(60_000, undefined, { ref: false });
    let isLate = false;
    void late.then(() => (isLate = true));
    while (this.at(path).length < count) {
      if (isLate) throw new Error(`${this.at(path).length} of ${count} came to ${path}`);
      await Promise.race([new Promise<void>((heard) => this.waiting.add(heard)), late]);
    }
    return this.at(path);
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((closed) => this.server.close(() => closed()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const parameters = new URLSearchParams(Buffer.concat(chunks).toString());
    const sent = parameters.get('logout_token') ?? '';
    const empty = Buffer.from('{}').toString('base64url');
    const token = sent.split('.').length === 3 ? sent : `${empty}.${empty}.`;
    const path = request.url!;
    this.received.push({
      path,
      method: request.method!,
      contentType: request.headers['content-type'],
      parameters,
      header: headerOf(token),
      claims: claimsOf(token),
    });
    for (const heard of this.waiting) heard();
    this.waiting.clear();
    const answer = this.answers.get(path);
    if (answer) answer(request, response);
    else response.writeHead(200).end();
  }
}
