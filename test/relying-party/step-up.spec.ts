import { Controller, Get, Post } from '@nestjs/common';
import { Auth, Authenticated, OptionalAuth, type Principal, RequireAcr } from '../../src/relying-party/index.js';
import { TestClock } from '../support/test-clock.js';
import { TinyIssuer } from '../support/tiny-issuer.js';
import { adapters, type Answered, type Browser, House } from './house.js';

@Controller()
class Vault {
  @Get('hall')
  hall(@Auth() auth: Principal) {
    return { subject: auth.subject };
  }

  @Get('vault')
  @RequireAcr('mfa')
  vault(@Auth() auth: Principal) {
    return { acr: auth.acr };
  }

  @Post('vault')
  @RequireAcr('mfa')
  store() {
    return {};
  }

  @Get('fresh')
  @RequireAcr({ maxAge: '5m' })
  fresh(@Auth() auth: Principal) {
    return { authTime: auth.authTime };
  }

  @Get('both')
  @OptionalAuth()
  @RequireAcr(['gold', 'silver'], { maxAge: '1m' })
  both() {
    return {};
  }

  @Get('api')
  @Authenticated('jwt')
  @RequireAcr('gold', { maxAge: '10s' })
  api() {
    return {};
  }
}

/** RFC 9470, and OpenID Connect Core §3.1.2.1 for the browser. */
describe.each(Object.keys(adapters) as (keyof typeof adapters)[])('step-up on %s', (adapter) => {
  let clock: TestClock;
  let issuer: TinyIssuer;
  let house: House;
  let browser: Browser;

  beforeAll(async () => {
    clock = new TestClock();
    issuer = await TinyIssuer.listen(clock);
    house = await House.open(issuer, {}, adapter, [Vault]);
  });
  afterAll(async () => {
    await house.close();
    await issuer.close();
  });
  beforeEach(() => {
    browser = house.browser();
    issuer.idClaims = {};
  });

  /** The provider's part: the person proves what was asked, and the browser comes back. */
  const prove = async (answer: Answered, idClaims: Record<string, unknown>) => {
    issuer.idClaims = idClaims;
    const login = await browser.get(String(answer.headers['location']));
    const asked = new URL(String(login.headers['location'])).searchParams;
    const query = issuer.authorize(String(login.headers['location']));
    return { asked, callback: await browser.get(`/auth/callback?${query.toString()}`) };
  };

  it('SE-02: sends a browser to prove more, and back to the same page', async () => {
    await browser.signIn(issuer, '/hall');
    const before = browser.cookies.get('__Host-app');
    const refused = await browser.get('/vault?box=7');
    expect(refused.status).toBe(303);
    const { asked, callback } = await prove(refused, { acr: 'urn:gatehouse:mfa' });
    expect(asked.get('acr_values')).toBe('urn:gatehouse:mfa phr');
    expect([callback.status, callback.headers['location']]).toEqual([303, '/vault?box=7']);
    expect((await browser.get('/vault?box=7')).json).toEqual({ acr: 'urn:gatehouse:mfa' });

    // SE-02: another privilege, another session id, and the old one is dead.
    const after = browser.cookies.get('__Host-app');
    expect(after).not.toBe(before);
    const old = await house.ask('/hall', { headers: [['cookie', `__Host-app=${before}`]] });
    expect(old.status).toBe(401);
  });

  it('asks again when the proof is old, and not before', async () => {
    const proved = clock.seconds();
    issuer.idClaims = { auth_time: proved };
    await browser.signIn(issuer, '/hall');
    expect((await browser.get('/fresh')).json).toEqual({ authTime: proved });
    clock.pass('6m');
    const refused = await browser.get('/fresh');
    const { asked, callback } = await prove(refused, { auth_time: clock.seconds() });
    expect([asked.get('max_age'), asked.get('acr_values')]).toEqual(['300', null]);
    expect(callback.headers['location']).toBe('/fresh');
    expect((await browser.get('/fresh')).status).toBe(200);
  });

  it('a proof without a date is not recent', async () => {
    await browser.signIn(issuer, '/hall');
    expect((await browser.get('/fresh')).status).toBe(303);
  });

  it.each([
    ['acr_not_reached', '/vault', { acr: 'urn:gatehouse:pwd' }],
    ['acr_not_reached', '/vault', {}],
    ['authentication_too_old', '/fresh', { auth_time: 1_600_000_000 }],
    ['authentication_too_old', '/fresh', {}],
  ])('no loop: a provider that does less than it was asked ends on a page, %s', async (code, path, idClaims) => {
    await browser.signIn(issuer, '/hall');
    const { callback } = await prove(await browser.get(path), idClaims);
    expect([callback.status, callback.text.includes(`<bdi>${code}</bdi>`)]).toEqual([403, true]);
    // Whoever was signed in still is, and the page offers the same step again.
    expect((await browser.get('/hall')).status).toBe(200);
    expect(callback.text).toMatch(/auth\/login\?returnTo=%2F\w+&amp;(acr_values|max_age)=/);
  });

  it('no loop: who comes back and is refused again sees a page', async () => {
    await browser.signIn(issuer, '/hall');
    browser.cookies.set('__Host-app-returned', '1');
    const answer = await browser.get('/vault');
    expect([answer.status, answer.text.includes('insufficient_user_authentication')]).toEqual([401, true]);
    expect((await browser.get('/vault')).status).toBe(303);
  });

  it('tells a program what would do', async () => {
    const headers = async (change: object): Promise<[string, string][]> => [
      ['authorization', `Bearer ${await issuer.accessToken({ ...change })}`],
    ];
    const weak = await house.ask('/api', { headers: await headers({ auth_time: clock.seconds() }) });
    expect([weak.status, weak.headers['www-authenticate']]).toEqual([
      401,
      'Bearer realm="app", error="insufficient_user_authentication", ' +
        'error_description="This needs a stronger proof of who you are.", acr_values="gold", max_age="10"',
    ]);
    expect(weak.json).toEqual({
      error: 'insufficient_user_authentication',
      code: 'insufficient_user_authentication',
      message: expect.any(String),
      correlationId: expect.any(String),
      acr_values: 'gold',
      max_age: 10,
    });
    const old = await headers({ acr: 'gold', auth_time: clock.seconds() - 60 });
    expect((await house.ask('/api', { headers: old })).json['code']).toBe('insufficient_user_authentication');
    const good = await headers({ acr: 'gold', auth_time: clock.seconds() - 5 });
    expect((await house.ask('/api', { headers: good })).status).toBe(200);
    // A program proves nothing about a person, and a browser that navigates with a token is a program.
    const program = await headers({ sub: 'app', acr: undefined });
    expect((await house.ask('/api', { headers: [...program, ['accept', 'text/html']] })).status).toBe(401);
  });

  it('a page’s own fetch, and a form, are told and not sent away', async () => {
    await browser.signIn(issuer, '/hall');
    const fetched = await browser.send('/vault', { headers: [['sec-fetch-mode', 'cors']] });
    expect([fetched.status, fetched.json['acr_values']]).toEqual([401, 'urn:gatehouse:mfa phr']);
    const posted = await browser.post('/vault');
    expect([posted.status, posted.json['code']]).toEqual([401, 'insufficient_user_authentication']);
  });

  it('beside @OptionalAuth it still demands somebody, and takes any of its acr values', async () => {
    expect((await house.ask('/both')).status).toBe(401);
    issuer.idClaims = { acr: 'silver', auth_time: clock.seconds() };
    await browser.signIn(issuer, '/hall');
    expect((await browser.get('/both')).status).toBe(200);
  });

  it('JW-36: userinfo cannot vouch for a sign-in', async () => {
    issuer.answers.set('/userinfo', (_request, _body, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ sub: 'alice', acr: 'urn:gatehouse:mfa', auth_time: clock.seconds(), amr: ['mfa'] })),
    );
    await browser.signIn(issuer, '/hall');
    issuer.answers.clear();
    expect((await browser.get('/vault')).status).toBe(303);
    expect((await browser.get('/fresh')).status).toBe(303);
  });

  it.each(['acr_values=%00&max_age=-1', 'acr_values=a%20%20b&max_age=1e9', `acr_values=${'a'.repeat(600)}`])(
    'a sign-in address with %s asks for nothing more',
    async (query) => {
      const asked = new URL(String((await browser.get(`/auth/login?${query}`)).headers['location'])).searchParams;
      expect([asked.has('acr_values'), asked.has('max_age')]).toEqual([false, false]);
    },
  );
});

it.each([
  [() => RequireAcr({}), 'say which acr'],
  [() => RequireAcr([]), 'say which acr'],
  [() => RequireAcr('two words'), 'without spaces'],
  [() => RequireAcr({ maxAge: '100ms' }), 'at least 1s'],
  [() => RequireAcr({ maxAge: 'soon' as '1s' }), 'not a duration'],
])('%s is a mistake that shows at boot', (make, message) => {
  expect(make).toThrow(message);
});
