// Requests that come when they come: so many in a second, whether those before were answered or not.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { quantile } from './latency.mjs';

const PROCESS = fileURLToPath(new URL('open-load-process.mjs', import.meta.url));

/**
 * @param {string} url
 * @param {{ method: string, path: string, headers: Record<string, string>, body?: string }[]} requests in turns
 * @param {{ perSecond: number, seconds: number, connections: number, processes: number }} how connections and rate in all;
 *   all connections are opened at once, and kept
 * @returns what became of them: `statuses` by code, those `broken` (the connection ended) and `unanswered` (nothing came until
 *   the end), those `late` (no connection was free when they were due), and how long each connection waited for its first
 *   answer since it was asked for, in milliseconds
 */
export async function openLoad(url, requests, { perSecond, seconds, connections, processes }) {
  const { hostname, port, host } = new URL(url);
  const texts = requests.map(({ method, path, headers, body = '' }) =>
    [
      `${method} ${path} HTTP/1.1`,
      `host: ${host}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      ...(body === '' ? [] : [`content-length: ${Buffer.byteLength(body)}`]),
      '',
      body,
    ].join('\r\n'),
  );
  const share = { perSecond: perSecond / processes, connections: Math.ceil(connections / processes) };
  const told = await Promise.all(
    Array.from({ length: processes }, async () => {
      const child = fork(PROCESS, { execArgv: [] });
      // PostgreSQL has the same core, and is part of what is measured.
      setPriority(child.pid, 10);
      child.send({ host: hostname, port: Number(port), texts, seconds, ...share });
      const [answer] = await once(child, 'message');
      return answer;
    }),
  );
  const sum = (part) => told.reduce((total, one) => total + one[part], 0);
  const statuses = {};
  for (const one of told) {
    for (const [code, count] of Object.entries(one.statuses)) statuses[code] = (statuses[code] ?? 0) + count;
  }
  const first = told.flatMap((one) => one.firstAnswers);
  return {
    sent: sum('sent'),
    late: sum('late'),
    broken: sum('broken'),
    unanswered: sum('unanswered'),
    statuses,
    sentPerSecond: sum('sent') / seconds,
    firstAnswers: { count: first.length, p50: quantile(first, 0.5), most: Math.max(...first) },
  };
}
