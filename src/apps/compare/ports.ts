import { createServer } from 'node:net';
import { StartError } from '../support/start-error.js';

/** A port of loopback that nobody uses now. */
export function freePort(): Promise<number> {
  return listenBriefly(0);
}

/** So many different ones. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

/** So many ports from `base` on. @throws StartError that names the one in use */
export async function portsFrom(base: number, count: number): Promise<number[]> {
  const ports = Array.from({ length: count }, (_, index) => base + index);
  for (const port of ports) {
    await listenBriefly(port).catch(() => {
      throw new StartError(
        `--port-base: 127.0.0.1:${port} is in use already (${count} ports from ${base} on are needed). Choose another, or leave it out: then free ones are taken.`,
      );
    });
  }
  return ports;
}

function listenBriefly(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const { port: got } = probe.address() as { port: number };
      probe.close(() => resolve(got));
    });
  });
}
