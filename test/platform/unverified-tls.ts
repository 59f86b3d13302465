import { get } from 'node:https';
import { SystemClock } from '../../src/platform/clock.js';
import { Outbound, type OutboundRequest } from '../../src/platform/outbound.js';

// Run by itself, because Node reads NODE_TLS_REJECT_UNAUTHORIZED from the environment of its process. Asks a server at PORT
// that has a certificate of its own, and prints what became of each request.
const port = Number(process.env['PORT']);
const outbound = new Outbound({
  clock: new SystemClock(),
  lookup: () => Promise.resolve(['127.0.0.1']),
  allow: [{ host: 'named.test', port }],
});
const requests: Record<string, OutboundRequest> = {
  provider: { purpose: 'discovery', trusted: true },
  keys: { purpose: 'jwks', trusted: true },
  introspection: { purpose: 'introspection', trusted: true, method: 'POST', body: 'token=x' },
  stranger: { purpose: 'jwks' },
};
const outcomes: Record<string, unknown> = {
  // Whoever does not guard against it.
  plain: await new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port }, (answer) => resolve(answer.resume().statusCode)).on('error', reject);
  }),
};
for (const [name, request] of Object.entries(requests)) {
  outcomes[name] = await outbound.fetch(`https://named.test:${port}/`, request).then(
    ({ status }) => status,
    ({ code }: { code: string }) => code,
  );
}
await outbound.close();
process.stdout.write(JSON.stringify(outcomes));
