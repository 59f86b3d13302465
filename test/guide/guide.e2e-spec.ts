import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { identityProviderConfig } from '../../src/apps/identity-provider/config.js';
import { startIdentityProvider } from '../../src/apps/identity-provider/identity-provider-app.js';
import { demoApps } from '../../src/apps/support/demo.js';
import { addressesFrom, freePortBase, runCommandLine } from '../apps/front-door.js';
import { Visitor } from '../apps/visitor.js';
import { createTestDatabase } from '../support/database.js';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const guide = readme.slice(readme.indexOf('## Protect your own Nest app'));
/** The fenced blocks of the guide, by language. */
const blocks = (language: string) =>
  [...guide.split('\n## ')[0]!.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(([, code]) => code!);

it('the guide’s code is the code that is run here', () => {
  expect(blocks('ts')).toEqual([readFileSync(join(import.meta.dirname, 'app.module.ts'), 'utf8')]);
});

describe('the guide, followed', () => {
  let app: INestApplication;
  let shop: string;
  let provider: string;
  const cleanUp: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const [database, base] = await Promise.all([createTestDatabase(), freePortBase()]);
    cleanUp.push(database.drop);
    provider = addressesFrom(base).provider;
    shop = `http://localhost:${base + 3}`;
    const secret = 'pV7mQ2xZr9LkT4wYb8NcJd5HsFg3Ae6U';
    const running = await startIdentityProvider(identityProviderConfig({ PORT: String(base) }), {
      databaseUrl: database.url,
      secrets: [secret],
      apps: demoApps(base),
      logger: false,
    });
    cleanUp.push(() => running.close());

    // The command of the guide, with our addresses.
    const [command] = blocks('sh')
      .join('')
      .match(/npx nest-gatehouse client add(?:[^\n]*\\\n)*[^\n]*/)!;
    const args = command
      .replaceAll(/\\\n\s*/g, '')
      .replaceAll('http://localhost:4000', shop)
      .match(/"[^"]*"|\S+/g)!
      .slice(2)
      .map((arg) => arg.replaceAll('"', ''));
    const said = await runCommandLine(args, { DATABASE_URL: database.url, GATEHOUSE_SECRET: secret, ISSUER: provider });
    const clientSecret = /secret\s+(\S+)/.exec(said)?.[1];
    expect([said, clientSecret]).toEqual([said, expect.stringMatching(/.{20}/)]);

    Object.assign(process.env, {
      ISSUER: provider,
      SHOP_URL: shop,
      CLIENT_SECRET: clientSecret,
      SESSION_SECRET: 'W4Yh0rQ2nZk8vT6uJxP1cLm9eBdS3gFa7iKoNqRs',
    });
    const { AppModule } = await import('./app.module.js');
    app = await NestFactory.create(AppModule, { logger: false });
    cleanUp.push(() => app.close());
    await app.listen(base + 3, '127.0.0.1');
  });
  afterAll(async () => {
    for (const work of cleanUp.reverse()) await work();
  });

  it('everybody reads what is public', async () => {
    expect(await new Visitor().get(shop)).toMatchObject({ status: 200, body: 'Everybody may read this.' });
  });

  it('a browser signs in and comes back', async () => {
    const visitor = new Visitor();
    const form = await visitor.get(`${shop}/me`);
    expect(form.url).toMatch(`${provider}/login?`);
    const consent = await visitor.submit(form, { username: 'alice', password: 'wonderland' });
    const me = await visitor.submit(consent, { decision: 'allow' });
    expect([me.url, JSON.parse(me.body)]).toEqual([`${shop}/me`, { hello: 'Alice Liddell' }]);
  });

  it('a program brings an access token', async () => {
    const answer = await fetch(`${provider}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('demo-service:demo-service-secret')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const ask = (headers: Record<string, string>) => fetch(`${shop}/stock`, { headers });
    const good = await ask({ authorization: `Bearer ${token}` });
    expect([good.status, await good.json()]).toEqual([200, [{ item: 'Looking glass', left: 3 }]]);
    expect((await ask({ authorization: `Bearer ${token}x` })).status).toBe(401);
    expect((await ask({})).status).toBe(401);
  });
});
