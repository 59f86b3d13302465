// People who mean ill, or have a bad line: headers that never end, and bodies that nobody asked for.
import { connect } from 'node:net';

const HEADERS_EVERY_MILLISECONDS = 1_000;
const AGAIN_AFTER_MILLISECONDS = 1_000;
const CHUNK = Buffer.alloc(64 * 1024, 'a');

/**
 * Holds `slow` connections open whose headers trickle in, and sends `giant` bodies at once, each for as long as it is taken.
 * @returns what ends it, and answers how many bytes of bodies were sent
 */
export function slowSenders(url, { slow, giant }) {
  const { hostname, port } = new URL(url);
  const open = new Set();
  let isOver = false;
  let bytes = 0;
  const begin = (text, work) => {
    if (isOver) return;
    const socket = connect(Number(port), hostname);
    open.add(socket);
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.on('connect', () => {
      socket.write(text);
      work?.(socket);
    });
    socket.on('close', () => {
      open.delete(socket);
      setTimeout(() => begin(text, work), AGAIN_AFTER_MILLISECONDS);
    });
  };
  const pour = (socket) => {
    while (!socket.destroyed && socket.writable) {
      bytes += CHUNK.length;
      if (!socket.write(CHUNK)) return void socket.once('drain', () => pour(socket));
    }
  };
  const head = (line, ...more) => [line, 'host: bench', ...more, '', ''].join('\r\n');
  const form = 'content-type: application/x-www-form-urlencoded';
  for (let count = 0; count < slow; count += 1) {
    begin('GET /authorize HTTP/1.1\r\nhost: bench\r\n', (socket) => {
      const trickle = setInterval(() => socket.write('x: y\r\n'), HEADERS_EVERY_MILLISECONDS);
      socket.once('close', () => clearInterval(trickle));
    });
  }
  for (let count = 0; count < giant; count += 1) {
    begin(head(`POST ${count % 2 ? '/token' : '/nowhere'} HTTP/1.1`, form, 'content-length: 10000000000'), pour);
  }
  return () => {
    isOver = true;
    for (const socket of open) socket.destroy();
    return bytes;
  };
}
