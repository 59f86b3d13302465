import { Controller, Delete, Get, Param } from '@nestjs/common';
import { Auth, type Principal, UserSessions } from '../../src/relying-party/index.js';
import { TestClock } from '../support/test-clock.js';
import { TinyIssuer } from '../support/tiny-issuer.js';
import { House } from './house.js';

/** A page of an application on which people see where they are signed in. */
@Controller('my/sessions')
class MySessionsController {
  constructor(private readonly sessions: UserSessions) {}

  @Get()
  list(@Auth() auth: Principal) {
    return this.sessions.list(auth);
  }

  @Delete()
  async endOthers(@Auth() auth: Principal) {
    return { ended: await this.sessions.endOthers(auth) };
  }

  @Delete(':sid')
  async end(@Auth() auth: Principal, @Param('sid') sid: string) {
    return { ended: await this.sessions.end(auth, sid) };
  }
}

describe('the sessions of a person', () => {
  let clock: TestClock;
  let issuer: TinyIssuer;
  let house: House;
  const signIn = async (subject: string, sid: string) => {
    Object.assign(issuer, { subject, sid });
    const browser = house.browser();
    await browser.signIn(issuer, '/my/sessions');
    return browser;
  };
  beforeAll(async () => {
    clock = new TestClock();
    issuer = await TinyIssuer.listen(clock);
    house = await House.open(issuer, {}, 'fastify', [MySessionsController]);
  });
  afterAll(async () => {
    await house.close();
    await issuer.close();
  });
  const own: [string, string][] = [['sec-fetch-site', 'same-origin']];
  const listed = (json: unknown) => (json as { sid: string; isCurrent: boolean }[]).map((s) => [s.sid, s.isCurrent]);

  it('SE-30 are as many as there are sign-ins, at once too, and each ends by itself', async () => {
    issuer.subject = 'carol';
    const browsers = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const browser = house.browser();
        const login = await browser.get('/auth/login?returnTo=/my/sessions');
        return { browser, location: String(login.headers['location']) };
      }),
    );
    // Each is another session at the provider, as in another browser; the issuer says so when it gives the token.
    let count = 0;
    issuer.idClaims = {
      get sid() {
        return `carol-${(count += 1)}`;
      },
    };
    await Promise.all(
      browsers.map(({ browser, location }) => browser.get(`/auth/callback?${issuer.authorize(location).toString()}`)),
    );
    issuer.idClaims = {};
    const [first, ...others] = browsers.map(({ browser }) => browser);
    expect(listed((await first!.get('/my/sessions')).json)).toHaveLength(12);
    const ended = await first!.send('/my/sessions', { method: 'DELETE', headers: own });
    expect(ended.json).toEqual({ ended: 11 });
    for (const other of others) expect((await other.send('/my/sessions')).status).toBe(401);
    expect(listed((await first!.get('/my/sessions')).json)).toHaveLength(1);
  });

  it('are theirs to see and to end, and nobody else’s', async () => {
    const phone = await signIn('alice', 'phone');
    clock.pass('1m');
    const laptop = await signIn('alice', 'laptop');
    clock.pass('1m');
    const tablet = await signIn('alice', 'tablet');
    const bob = await signIn('bob', 'bobs');

    expect(listed((await laptop.get('/my/sessions')).json)).toEqual([
      ['tablet', false],
      ['laptop', true],
      ['phone', false],
    ]);
    expect((await bob.send('/my/sessions/phone', { method: 'DELETE', headers: own })).json).toEqual({ ended: false });
    expect((await phone.get('/my/sessions')).status).toBe(200);
    expect((await laptop.send('/my/sessions/phone', { method: 'DELETE', headers: own })).json).toEqual({ ended: true });
    expect((await phone.get('/my/sessions')).status).toBe(303);
    expect((await laptop.send('/my/sessions', { method: 'DELETE', headers: own })).json).toEqual({ ended: 1 });
    expect((await tablet.get('/my/sessions')).status).toBe(303);
    expect([(await laptop.get('/my/sessions')).status, (await bob.get('/my/sessions')).status]).toEqual([200, 200]);
  });

  it('a program with the same name has none', async () => {
    await signIn('robot', 'x');
    const token = await issuer.accessToken({ sub: 'robot', client_id: 'robot' });
    const answer = await house.ask('/my/sessions', { headers: [['authorization', `Bearer ${token}`]] });
    expect([answer.status, answer.text.includes('userAgent')]).toEqual([500, false]);
  });
});
