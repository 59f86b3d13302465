// Example: one set of routes for people with a browser and for programs with a token.
import { Controller, Delete, Get, HttpCode, type INestApplication, Module, Param } from '@nestjs/common';
import { Auth, Authenticated, CurrentUser, RelyingPartyModule, RequireScopes } from 'nest-gatehouse/relying-party';
import type { Principal } from 'nest-gatehouse/relying-party';
import { createTestIdentityProvider, describeProtected, type TestIdentityProvider } from 'nest-gatehouse/testing';
import { adapterNames, start } from './adapters.js';

interface Reader {
  id: string;
  shelf: string;
}

@Controller('books')
class LibraryController {
  @Get()
  list(@Auth() auth: Principal, @CurrentUser() reader?: Reader) {
    return { by: auth.scheme, reader: reader?.id ?? null, shelf: reader?.shelf ?? null };
  }

  @Delete(':id')
  @HttpCode(200)
  @RequireScopes('books:write')
  remove(@Param('id') id: string) {
    return { removed: id };
  }

  @Get('export')
  @Authenticated('jwt')
  export() {
    return { books: [] };
  }
}

@Module({
  imports: [
    RelyingPartyModule.forRoot({
      issuer: 'https://id.example.com',
      clientId: 'library',
      clientSecret: 'the-secret-of-the-client',
      redirectUri: 'https://library.example.com/auth/callback',
      scope: 'openid profile books:write',
      session: {
        store: 'postgres',
        url: 'postgres://localhost/library',
        secret: 'W4Yh0rQ2nZk8vT6uJxP1cLm9eBdS3gFa7iKoNqRs',
        cookie: { name: '__Host-library' },
      },
      bearer: { audience: 'https://library.example.com' },
      // What `@CurrentUser()` gives: the same for both kinds of credentials.
      mapUser: (claims): Reader => ({ id: String(claims['sub']), shelf: `shelf of ${String(claims['sub'])}` }),
    }),
  ],
  controllers: [LibraryController],
})
class LibraryModule {}

describe.each(adapterNames)('routes for sessions and tokens, on %s', (adapter) => {
  let idp: TestIdentityProvider;
  let app: INestApplication;
  const ask = async (path: string, headers: Record<string, string>, method = 'GET') => {
    const response = await fetch(`${await app.getUrl()}${path}`, { method, headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  beforeAll(async () => {
    idp = await createTestIdentityProvider();
    app = await start(idp, LibraryModule, adapter);
  });
  afterAll(() => app.close());

  it('the credential that comes chooses how it is checked; the user is the same', async () => {
    const agent = await idp.login(app, { sub: 'alice' });
    const reader = { reader: 'alice', shelf: 'shelf of alice' };
    expect((await agent.get('/books')).json()).toEqual({ by: 'session', ...reader });
    expect((await ask('/books', idp.bearer({ sub: 'alice' }))).body).toEqual({ by: 'jwt', ...reader });
    const program = idp.bearer({ sub: 'robot', clientId: 'robot' });
    expect((await ask('/books', program)).body).toEqual({ by: 'jwt', reader: null, shelf: null });
  });

  it('with both, the header decides, also when it is bad', async () => {
    const agent = await idp.login(app, { sub: 'alice' });
    const both = { cookie: agent.cookie, ...idp.bearer({ sub: 'bob' }) };
    expect((await ask('/books', both)).body).toMatchObject({ by: 'jwt', reader: 'bob' });
    const bad = { cookie: agent.cookie, ...idp.bearer({ expired: true }) };
    expect(await ask('/books', bad)).toMatchObject({ status: 401, body: { code: 'token_expired' } });
  });

  it('a session must write from the application’s own pages, a token may from anywhere', async () => {
    const agent = await idp.login(app, { sub: 'alice', scope: 'openid books:write' });
    expect((await agent.delete('/books/1')).status).toBe(200);
    const forged = await agent.delete('/books/1', { headers: { 'sec-fetch-site': 'cross-site' } });
    expect([forged.status, forged.json()['code']]).toEqual([403, 'csrf']);
    const token = { ...idp.bearer({ scope: 'books:write' }), 'sec-fetch-site': 'cross-site' };
    expect((await ask('/books/1', token, 'DELETE')).status).toBe(200);
  });

  it('a route may take one kind only', async () => {
    const agent = await idp.login(app, { sub: 'alice' });
    expect((await agent.get('/books/export')).status).toBe(401);
    expect((await ask('/books/export', idp.bearer())).status).toBe(200);
  });

  describeProtected(() => app, { idp: () => idp });
});
