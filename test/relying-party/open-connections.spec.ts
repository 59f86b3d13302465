import { Controller, type INestApplication, Module, Sse } from '@nestjs/common';
import { get } from 'node:http';
import { interval, map, type Observable } from 'rxjs';
import { Authenticated, RelyingPartyModule } from '../../src/relying-party/index.js';
import { createTestIdentityProvider, type TestIdentityProvider } from '../../src/testing/index.js';
import { adapterNames, start } from '../examples/adapters.js';
import { FeedWorld } from './feed-world.js';

let listeners = 0;

@Controller()
class News {
  @Sse('news')
  @Authenticated('any')
  news(): Observable<{ data: string }> {
    return interval(20).pipe(map((number) => ({ data: `news ${number}` })));
  }
}

@Module({
  imports: [
    RelyingPartyModule.forRoot({
      issuer: 'https://id.example.com',
      clientId: 'news',
      clientSecret: 'the-secret-of-the-client',
      redirectUri: 'https://news.example.com/auth/callback',
      session: {
        store: 'memory',
        secret: 'W4Yh0rQ2nZk8vT6uJxP1cLm9eBdS3gFa7iKoNqRs',
        cookie: { name: '__Host-news' },
      },
      bearer: { audience: 'https://news.example.com' },
      revocation: { mode: 'expiry' },
    }),
  ],
  controllers: [News],
})
class NewsModule {}

/** Opens the stream and waits for the first event; `ended` settles when the server has broken it off. */
async function listen(app: INestApplication, headers: Record<string, string>): Promise<{ ended: Promise<void> }> {
  const url = `${await app.getUrl()}/news`;
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(String(response.statusCode)));
      listeners += 1;
      const ended = new Promise<void>((done) =>
        response.once('close', () => {
          listeners -= 1;
          done();
        }),
      );
      response.on('error', () => {});
      response.once('data', () => resolve({ ended }));
    });
    request.on('error', reject);
  });
}

describe.each(adapterNames)('server-sent events, on %s', (adapter) => {
  let idp: TestIdentityProvider;
  let app: INestApplication;
  beforeAll(async () => {
    idp = await createTestIdentityProvider();
    app = await start(idp, NewsModule, adapter);
  });
  afterAll(() => app.close());

  it('JW-50: are refused to the anonymous', async () => {
    await expect(listen(app, {})).rejects.toThrow('401');
  });

  it('end when the token does', async () => {
    const headers = idp.bearer({ sub: 'alice' });
    const { ended } = await listen(app, headers);
    idp.clock.pass('6m');
    await ended;
    await expect(listen(app, headers)).rejects.toThrow('401');
  });

  it('end when the session is ended, those of nobody else', async () => {
    const alice = await idp.login(app, { sub: 'alice', sid: 'laptop' });
    const bob = await idp.login(app, { sub: 'bob', sid: 'phone' });
    const { ended } = await listen(app, { cookie: alice.cookie });
    const other = await listen(app, { cookie: bob.cookie });
    await idp.revoke({ sid: 'laptop' });
    await ended;
    expect(listeners).toBe(1);
    await bob.post('/auth/logout');
    await other.ended;
  });

  it('end when the session does, although the connection was in use', async () => {
    const alice = await idp.login(app, { sub: 'alice' });
    const { ended } = await listen(app, { cookie: alice.cookie });
    idp.clock.pass('31m');
    await ended;
  });

  it('go on while the session is used', async () => {
    const alice = await idp.login(app, { sub: 'alice' });
    const { ended } = await listen(app, { cookie: alice.cookie });
    idp.clock.pass('20m');
    const more = await listen(app, { cookie: alice.cookie });
    idp.clock.pass('20m');
    const first = await Promise.race([ended, new Promise((resolve) => setTimeout(() => resolve('goes on'), 1_200))]);
    expect(first).toBe('goes on');
    await alice.post('/auth/logout');
    await Promise.all([ended, more.ended]);
  });
});

describe('with the revocation feed', () => {
  let world: FeedWorld;
  beforeAll(async () => (world = await FeedWorld.open()));
  afterAll(() => world.close());

  it('they end as soon as it tells of the token', async () => {
    const { application } = await world.application({}, { controllers: [News] });
    const { accessToken, client } = await world.token();
    const { ended } = await listen(application.app, { authorization: `Bearer ${accessToken}` });
    const other = await world.token();
    const stays = await listen(application.app, { authorization: `Bearer ${other.accessToken}` });
    await world.provider.post('/revoke', client, { token: accessToken });
    await ended;
    expect(listeners).toBe(1);
    await world.provider.post('/revoke', other.client, { token: other.accessToken });
    await stays.ended;
  });
});
