// Guarded requests for a second: what each cost the server.
import autocannon from 'autocannon';
import { cpuOfProcess } from '../support/cpu.mjs';

const CONNECTIONS = 8;
const SECONDS = 1;

/** @returns CPU µs per request and requests per second, of one burst at `/guarded` with these tokens in turn */
export async function burst({ url, pid }, tokens) {
  let turn = 0;
  const setupRequest = (request) => ({
    ...request,
    headers: { authorization: `Bearer ${tokens[turn++ % tokens.length]}` },
  });
  const before = cpuOfProcess(pid);
  const result = await autocannon({
    url,
    requests: [{ path: '/guarded', setupRequest }],
    connections: CONNECTIONS,
    duration: SECONDS,
  });
  const answers = result['2xx'];
  if (answers === 0 || result.non2xx > 0) {
    const refusal = await fetch(`${url}/guarded`, { headers: { authorization: `Bearer ${tokens[0]}` } });
    const health = await (await fetch(`${url}/health`)).text();
    throw new Error(
      `${answers} good answers, ${result.non2xx} others, as ${refusal.status} ${await refusal.text()}; ${health}`,
    );
  }
  return {
    microseconds: before === undefined ? undefined : (cpuOfProcess(pid) - before) / answers,
    perSecond: answers / result.duration,
  };
}

/**
 * A B A B …, so that the machine's moods meet both. The lower quartile of the cost: whatever else the machine does can only
 * add to it; and the upper one of the rate.
 */
export async function sideBySide(servers, tokens, rounds) {
  const seen = servers.map(() => []);
  for (const server of servers) await burst(server, tokens);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, server] of servers.entries()) seen[index].push(await burst(server, tokens));
  }
  return seen.map((bursts) => ({
    microseconds: quiet(bursts.map(({ microseconds }) => microseconds)),
    perSecond: -quiet(bursts.map(({ perSecond }) => -perSecond)),
  }));
}

function quiet(values) {
  if (values.includes(undefined)) return undefined;
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 4)];
}
