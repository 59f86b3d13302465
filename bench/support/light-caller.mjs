// Asks for one thing again and again over connections that are kept. The request is bytes that were made before, and of an answer only
// its status and its end are read: who asks a thousand times a second must not take the cores from those who are measured.
import { connect } from 'node:net';
import { AnswerReader } from './answer-reader.mjs';

export class LightCaller {
  /** `most`: so many requests are under way at once, and no more. With a `body` it is a POST. */
  constructor(url, { path, headers, body }, most) {
    const { hostname, port, host } = new URL(url);
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const lines = Object.entries({ host, ...headers, ...length }).map(([name, value]) => `${name}: ${value}\r\n`);
    const method = body === undefined ? 'GET' : 'POST';
    this.request = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`);
    this.lines = Array.from({ length: most }, () => this.open(hostname, Number(port)));
    this.free = [...this.lines];
  }

  /** Whether there was a connection free to ask on; `answered` is told the status, or an error. */
  ask(answered) {
    const line = this.free.pop();
    if (!line) return false;
    line.answered = answered;
    line.socket.write(this.request);
    return true;
  }

  close() {
    for (const { socket } of this.lines) socket.destroy();
  }

  open(hostname, port) {
    const line = { socket: connect(port, hostname), answered: undefined, reader: new AnswerReader() };
    const fail = (error) => line.answered?.(error);
    line.socket
      .setNoDelay(true)
      .on('data', (chunk) => this.read(line, chunk))
      .on('error', fail)
      .on('close', () => fail(new Error('the connection was closed')));
    return line;
  }

  read(line, chunk) {
    const status = line.reader.read(chunk);
    if (status === undefined) return;
    const { answered } = line;
    line.answered = undefined;
    this.free.push(line);
    answered(status);
  }
}
