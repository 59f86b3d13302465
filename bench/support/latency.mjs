// How long operations take, each by itself: autocannon knows whole milliseconds only.
import { Agent, request } from 'node:http';

/**
 * Does the work `count` times, `concurrency` at once.
 * @returns {Promise<number[]>} milliseconds of each operation, in the order of their ends
 */
export async function latencies(work, { count, concurrency }) {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const times = [];
  let left = count;
  const worker = async () => {
    while (left-- > 0) {
      const begun = performance.now();
      const context = {};
      for (const each of work.requests) await send(work.url, each, context, agent);
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  agent.destroy();
  const problem = work.problem?.();
  if (problem) throw new Error(`${work.url}: ${problem}`);
  return times;
}

export function quantile(values, q) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
}

/** One request, as autocannon takes them. @returns {Promise<number>} the status of its answer */
export function send(url, template, context, agent) {
  const { method, path, headers, body, onResponse } = template.setupRequest?.({ ...template }, context) ?? template;
  return new Promise((done, failed) => {
    const asked = request(new URL(path, url), { method, headers, agent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece) => (text += piece));
      answer.on('end', () => {
        onResponse?.(answer.statusCode, text, context, answer.headers);
        done(answer.statusCode);
      });
    });
    asked.on('error', failed);
    asked.end(body);
  });
}
