// Example: a site with pages, for people who sign in. Tokens never reach their browsers.
import { Controller, Get, type INestApplication, Module, Post } from '@nestjs/common';
import {
  AccessToken,
  Auth,
  Authenticated,
  CurrentUser,
  OptionalAuth,
  RelyingPartyModule,
  RequireAcr,
} from 'nest-gatehouse/relying-party';
import type { Claims, Principal } from 'nest-gatehouse/relying-party';
import { createTestIdentityProvider, type TestIdentityProvider } from 'nest-gatehouse/testing';
import { adapterNames, start } from './adapters.js';

@Controller()
@Authenticated('session')
class DiaryController {
  private readonly entries: string[] = [];

  @Get()
  @OptionalAuth('session')
  home(@CurrentUser() user?: Claims) {
    return { greeting: user ? `Hello, ${String(user['name'])}` : 'Hello, stranger' };
  }

  @Get('entries')
  list(@Auth() auth: Principal) {
    return { of: auth.subject, entries: this.entries };
  }

  @Post('entries')
  write() {
    this.entries.push('Dear diary');
    return { written: this.entries.length };
  }

  @Get('secrets')
  @RequireAcr('mfa', { maxAge: '10m' })
  secrets() {
    return { secrets: ['I like guards'] };
  }

  @Get('calendar')
  calendar(@AccessToken() token: string) {
    // Here one would ask the calendar's API in the name of whoever is signed in.
    return { tokenForTheCalendar: token.split('.').length === 3 };
  }
}

@Module({
  imports: [
    RelyingPartyModule.forRoot({
      issuer: 'https://id.example.com',
      clientId: 'diary',
      clientSecret: 'the-secret-of-the-client',
      redirectUri: 'https://diary.example.com/auth/callback',
      session: {
        store: 'postgres',
        url: 'postgres://localhost/diary',
        secret: 'W4Yh0rQ2nZk8vT6uJxP1cLm9eBdS3gFa7iKoNqRs',
        cookie: { name: '__Host-diary' },
      },
    }),
  ],
  controllers: [DiaryController],
})
class DiaryModule {}

describe.each(adapterNames)('a site with sessions, on %s', (adapter) => {
  let idp: TestIdentityProvider;
  let app: INestApplication;
  beforeAll(async () => {
    idp = await createTestIdentityProvider();
    app = await start(idp, DiaryModule, adapter);
  });
  afterAll(() => app.close());

  it('knows who signed in', async () => {
    const agent = await idp.login(app, { sub: 'alice', claims: { name: 'Alice' } });
    expect((await agent.get('/')).json()).toEqual({ greeting: 'Hello, Alice' });
    expect((await agent.get('/entries')).json()).toEqual({ of: 'alice', entries: [] });
    expect((await agent.get('/calendar')).json()).toEqual({ tokenForTheCalendar: true });
  });

  it('sends others to sign in, and tells programs', async () => {
    const stranger = await idp.login(app, { sub: 'bob' });
    await stranger.post('/auth/logout');
    expect((await stranger.get('/')).json()).toEqual({ greeting: 'Hello, stranger' });
    const page = await stranger.navigate('/entries?year=2030');
    expect([page.status, page.headers.location]).toEqual([303, '/auth/login?returnTo=%2Fentries%3Fyear%3D2030']);
    const fetched = await stranger.get('/entries');
    expect([fetched.status, fetched.json()['code']]).toEqual([401, 'unauthenticated']);
  });

  it('takes writes from its own pages only', async () => {
    const agent = await idp.login(app, { sub: 'alice' });
    expect((await agent.post('/entries')).status).toBe(201);
    for (const site of ['cross-site', 'same-site', 'none']) {
      const forged = await agent.post('/entries', { headers: { 'sec-fetch-site': site } });
      expect([forged.status, forged.json()['code']]).toEqual([403, 'csrf']);
    }
  });

  it('asks for more before it shows secrets', async () => {
    const agent = await idp.login(app, { sub: 'alice' });
    const asked = await agent.navigate('/secrets');
    expect(asked.status).toBe(303);
    expect(asked.headers.location).toContain('acr_values=');
    const now = idp.clock.now() / 1000;
    const proved = await idp.login(app, { sub: 'alice', acr: 'urn:gatehouse:mfa', claims: { auth_time: now } });
    expect((await proved.get('/secrets')).status).toBe(200);
    idp.clock.pass('11m');
    expect((await proved.get('/secrets')).json()['code']).toBe('insufficient_user_authentication');
  });

  it('a copied cookie is worth nothing after the sign-out', async () => {
    const agent = await idp.login(app, { sub: 'alice' });
    const { cookie } = agent;
    expect((await agent.post('/auth/logout')).status).toBe(303);
    expect((await agent.get('/entries', { headers: { cookie } })).status).toBe(401);
  });

  it('nor after the provider ended the session', async () => {
    const agent = await idp.login(app, { sub: 'alice', sid: 'laptop' });
    await idp.revoke({ sid: 'laptop' });
    expect((await agent.get('/entries')).status).toBe(401);
  });

  it('nor when nobody used it for long', async () => {
    const agent = await idp.login(app, { sub: 'alice' });
    idp.clock.pass('31m');
    expect((await agent.get('/entries')).status).toBe(401);
  });
});
