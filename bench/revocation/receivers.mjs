// Many receivers in one process: each has a stream of its own and polls it, as an application does, over a connection of its
// own. Tells its parent when each was told of which token. Plain sockets, because a thousand of them must cost little here.
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { SUBSCRIBABLE_EVENTS } from '../../dist/protocol/security-event.js';
import { now } from '../support/wall-clock.mjs';

/** Each of the tokens is one client's, which has `each` processes. */
const { url, tokens, each } = JSON.parse(process.env.RECEIVERS);
const { hostname, port } = new URL(url);
let told = [];
/** Answers that told nothing. */
let empty = 0;

setInterval(() => {
  if (told.length + empty > 0) process.send({ told, empty });
  told = [];
  empty = 0;
}, 100);
process.on('disconnect', () => process.exit());

async function receive(token, index) {
  const connection = new Connection(token);
  const stream = await connection.send('POST', '/ssf/streams', {
    delivery: { method: 'urn:ietf:rfc:8936' },
    events_requested: SUBSCRIBABLE_EVENTS,
    instance: `receiver-${index}`,
    signing_alg: 'ES256',
  });
  const { stream_id: id, delivery } = JSON.parse(stream.body);
  const snapshot = await connection.send('GET', `/ssf/snapshot?stream_id=${id}&seconds=60`);
  let { cursor: after } = claimsOf(snapshot.body.split('\n')[0]);
  const { pathname } = new URL(delivery.endpoint_url);
  process.send({ ready: index });
  for (let ack = []; ;) {
    const { body, at } = await connection.send('POST', pathname, {
      after,
      ack,
      returnImmediately: false,
      maxEvents: 500,
    });
    const answer = JSON.parse(body);
    ack = Object.keys(answer.sets);
    if (ack.length === 0) empty += 1;
    for (const set of Object.values(answer.sets)) {
      const [event] = Object.values(claimsOf(set).events);
      for (const jti of event.rules.tokens ?? []) told.push([jti, at]);
    }
    after = answer.high_water_mark.cursor;
  }
}

function claimsOf(jws) {
  return JSON.parse(Buffer.from(jws.split('.')[1], 'base64url').toString());
}

/** One connection, one request at a time. */
class Connection {
  socket = connect(Number(port), hostname);
  received = '';

  constructor(token) {
    this.token = token;
    this.socket.setNoDelay().setEncoding('latin1');
    this.socket.on('data', (chunk) => this.take(chunk));
    this.socket.on('error', (error) => {
      throw error;
    });
    this.socket.on('close', () => process.exit(1));
  }

  /** An answer; a provider that is busy is asked again, as applications do. */
  async send(method, path, content) {
    for (;;) {
      const answer = await this.sendOnce(method, path, content);
      if (answer.status < 300) return answer;
      if (answer.status !== 503) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
      await pause(100 + Math.random() * 900);
    }
  }

  sendOnce(method, path, content) {
    const body = content === undefined ? '' : JSON.stringify(content);
    this.socket.write(
      `${method} ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${this.token}\r\n` +
        `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    return new Promise((resolve) => (this.resolve = resolve));
  }

  take(chunk) {
    const at = now();
    this.received += chunk;
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.received.slice(0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const body = this.received.slice(end + 4, end + 4 + length);
    if (body.length < length) return;
    this.received = '';
    this.resolve({ status: Number(head.split(' ')[1]), body, at });
  }
}

for (const token of tokens) {
  for (let index = 0; index < each; index += 1) void receive(token, index);
}
