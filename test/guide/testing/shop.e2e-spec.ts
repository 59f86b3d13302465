// shop.e2e-spec.ts
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { createTestIdentityProvider, describeProtected, type TestIdentityProvider } from 'nest-gatehouse/testing';
import { ShopModule } from './shop.module.js';

let idp: TestIdentityProvider;
let app: INestApplication;

beforeAll(async () => {
  idp = await createTestIdentityProvider();
  const module = await idp.connect(Test.createTestingModule({ imports: [ShopModule] })).compile();
  app = module.createNestApplication();
  await app.listen(0, '127.0.0.1');
});
afterAll(() => app.close());

/** Supertest does as well; the headers are plain objects. */
async function get(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${await app.getUrl()}${path}`, { headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('programs bring access tokens', () => {
  it('with the scope, they read orders', async () => {
    const answer = await get('/orders/7', idp.bearer({ sub: 'alice', scope: 'orders:read' }));
    expect(answer).toEqual({ status: 200, body: { id: '7', readBy: 'alice' } });
  });

  it.each([
    ['without the scope', { scope: 'orders:write' }, 403, 'insufficient_scope'],
    ['expired', { expired: true }, 401, 'token_expired'],
    ['for another API', { wrongAudience: true }, 401, 'audience_mismatch'],
    ['from another issuer', { wrongIssuer: true }, 401, 'issuer_mismatch'],
    ['unsigned', { unsigned: true }, 401, 'malformed_token'],
    ['under a key that nobody publishes', { unknownKey: true }, 401, 'signature_invalid'],
    ['with other claims than were signed', { tampered: true }, 401, 'signature_invalid'],
    ['an ID token', { idToken: true }, 401, 'wrong_token_type'],
  ])('%s: refused', async (_, options, status, code) => {
    const answer = await get('/orders/7', idp.bearer({ scope: 'orders:read', ...options }));
    expect(answer).toMatchObject({ status, body: { code } });
  });

  it('until their token ends', async () => {
    const headers = idp.bearer({ roles: ['keeper'] });
    expect(await get('/stock', headers)).toMatchObject({ status: 200 });
    idp.clock.pass('6m');
    expect(await get('/stock', headers)).toMatchObject({ status: 401, body: { code: 'token_expired' } });
  });

  it('and nobody notices that the provider rotates its keys', async () => {
    const before = idp.bearer({ scope: 'orders:read' });
    idp.rotateKeys();
    expect(await get('/orders/7', before)).toMatchObject({ status: 200 });
    expect(await get('/orders/7', idp.bearer({ scope: 'orders:read' }))).toMatchObject({ status: 200 });
  });
});

describe('people sign in', () => {
  it('and are known', async () => {
    const agent = await idp.login(app, { sub: 'alice', claims: { name: 'Alice' } });
    expect((await agent.get('/basket')).json()).toEqual({ of: 'Alice' });
    expect((await agent.post('/basket')).json()).toEqual({ boughtBy: 'alice' });
  });

  it('until the provider ends their session', async () => {
    const agent = await idp.login(app, { sub: 'alice', sid: 'session-1' });
    const elsewhere = await idp.login(app, { sub: 'alice', sid: 'session-2' });
    await idp.revoke({ sid: 'session-1' });
    expect((await agent.get('/basket')).status).toBe(401);
    expect((await elsewhere.get('/basket')).status).toBe(200);
  });

  it('and are sent to sign in when their own session has ended', async () => {
    const agent = await idp.login(app, { sub: 'alice' });
    idp.clock.pass('31m');
    const answer = await agent.navigate('/basket');
    expect([answer.status, answer.headers.location]).toEqual([303, '/auth/login?returnTo=%2Fbasket']);
  });
});

describeProtected(() => app, { allow: ['GET /health'], idp: () => idp });
