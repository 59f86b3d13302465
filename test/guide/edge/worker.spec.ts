import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { createTestIdentityProvider, VirtualClock } from '../../../src/testing/index.js';
import worker from './worker.js';

it('docs/edge.md shows the code that is run here', () => {
  const code = readFileSync(join(import.meta.dirname, 'worker.ts'), 'utf8');
  expect(readFileSync(join(import.meta.dirname, '../../../docs/edge.md'), 'utf8')).toContain(
    `\`\`\`ts\n${code}\`\`\`\n`,
  );
});

it('the worker answers whoever brings a token for it', async () => {
  const idp = await createTestIdentityProvider({
    issuer: 'https://id.example.com',
    audience: 'https://orders.example.com',
    // The worker has the time of day.
    clock: new VirtualClock(Date.now()),
  });
  const { outbound } = idp.options;
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (url) => {
    const answer = await outbound!.fetch(url as string, { purpose: 'jwks', trusted: true });
    return Response.json(answer.json());
  });
  const ask = async (headers: Record<string, string>) =>
    worker.fetch(new Request('https://orders.example.com/', { headers }));
  expect(await (await ask(idp.bearer({ scope: 'orders:read' }))).json()).toEqual({ subject: 'alice' });
  expect((await ask(idp.bearer({ scope: 'other' }))).status).toBe(403);
  const refused = await ask(idp.bearer({ expired: true }));
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
    401,
    'Bearer realm="orders", error="invalid_token", error_description="The access token has expired."',
  ]);
});
