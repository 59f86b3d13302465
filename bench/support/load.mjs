// One burst of load by autocannon, and what it cost the server and PostgreSQL.
import autocannon from 'autocannon';
import { cpuOfFamily } from './cpu.mjs';

/**
 * @typedef {object} Work what is asked, over and over
 * @property {string} url
 * @property {object[]} requests as autocannon takes them; one operation is all of them, in order
 * @property {() => string | undefined} [problem] what went wrong in an answer that autocannon takes for good
 */

/**
 * @param {Work} work
 * @param {{ pid: number, postmaster: number, seconds: number, connections: number }} how
 * @returns operations per second, p50 and p99 of a request in ms, CPU µs per operation of the server and of PostgreSQL
 */
export async function burst(work, { pid, postmaster, seconds, connections }) {
  const before = { server: cpuOfFamily(pid), postgres: cpuOfFamily(postmaster) };
  const result = await autocannon({ url: work.url, requests: work.requests, connections, duration: seconds });
  const after = { server: cpuOfFamily(pid), postgres: cpuOfFamily(postmaster) };
  const answers = result['2xx'] + result['3xx'];
  const problem = work.problem?.() ?? (result['4xx'] + result['5xx'] + result.errors > 0 ? 'some answers failed' : '');
  if (problem || answers === 0)
    throw new Error(`${work.url}: ${problem || 'no answers'} (${JSON.stringify(counts(result))})`);
  const operations = answers / work.requests.length;
  const each = (part) => (before[part] === undefined ? undefined : (after[part] - before[part]) / operations);
  return {
    perSecond: operations / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    serverMicroseconds: each('server'),
    postgresMicroseconds: each('postgres'),
  };
}

function counts(result) {
  return Object.fromEntries(['2xx', '3xx', '4xx', '5xx', 'errors', 'timeouts'].map((name) => [name, result[name]]));
}
