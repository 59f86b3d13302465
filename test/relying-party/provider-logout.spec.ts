import { SignJWT } from 'jose';
import { TestClock } from '../support/test-clock.js';
import { issuerKey, TinyIssuer } from '../support/tiny-issuer.js';
import { adapters, type Browser, House } from './house.js';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const FORM: [string, string] = ['content-type', 'application/x-www-form-urlencoded'];

describe.each(Object.keys(adapters) as (keyof typeof adapters)[])('on %s', (adapter) => {
  let clock: TestClock;
  let issuer: TinyIssuer;
  let house: House;
  let browser: Browser;

  beforeAll(async () => {
    clock = new TestClock();
    issuer = await TinyIssuer.listen(clock);
    house = await House.open(issuer, {}, adapter);
  });
  beforeEach(async () => {
    issuer.reset();
    issuer.sid = `session-${Math.random()}`;
    browser = house.browser();
    await browser.signIn(issuer);
  });
  afterAll(async () => {
    await house.close();
    await issuer.close();
  });

  const isSignedIn = async (who = browser) => (await who.get('/session')).status === 200;

  describe('back-channel logout', () => {
    const claims = (change: object = {}) => {
      const now = clock.seconds();
      const jti = String(Math.random());
      return {
        iss: issuer.url,
        aud: 'app',
        iat: now,
        exp: now + 120,
        jti,
        sid: issuer.sid,
        events: { [EVENT]: {} },
        ...change,
      };
    };
    const deliver = (token: string) =>
      house.ask('/auth/backchannel-logout', { method: 'POST', headers: [FORM], body: `logout_token=${token}` });
    const send = async (change: object = {}, header: object = { typ: 'logout+jwt' }) =>
      deliver(await issuer.sign(claims(change), { ...header }));

    it.each([
      ['by sid', {}],
      ['by sub', { sid: undefined, sub: 'alice' }],
      ['by both', { sub: 'alice' }],
      ['with more events beside it', { events: { [EVENT]: {}, 'https://other.test': {} } }],
      ['for several audiences', { aud: ['other', 'app'] }],
    ])('ends the session %s', async (_, change) => {
      const { status, headers, text } = await send(change);
      expect([status, headers['cache-control'], text]).toEqual([200, 'no-store', '']);
      expect(await isSignedIn()).toBe(false);
    });

    it('BL-05 a provider may leave the type out; it may not name another', async () => {
      for (const typ of ['JWT', 'at+jwt', 'secevent+jwt', 'logout']) expect((await send({}, { typ })).status).toBe(400);
      expect(await isSignedIn()).toBe(true);
      expect((await send({}, { typ: undefined })).status).toBe(200);
      expect(await isSignedIn()).toBe(false);
    });

    it.each([
      ['BL-03 no events', { events: undefined }],
      ['BL-03 no event', { events: {} }],
      [
        'BL-03 another event',
        { events: { 'https://schemas.openid.net/secevent/caep/event-type/session-revoked': {} } },
      ],
      ['BL-03 an event that is no object', { events: { [EVENT]: 'yes' } }],
      ['BL-03 an event that is a list', { events: { [EVENT]: [] } }],
      ['BL-03 events that are a list', { events: [EVENT] }],
      ['BL-06 neither sid nor sub', { sid: undefined }],
      ['BL-06 a sid that is no text', { sid: 1 }],
      ['BL-06 an empty sid', { sid: '' }],
      ['BL-06 an empty sub', { sid: undefined, sub: '' }],
      ['BL-07 no jti', { jti: undefined }],
      ['BL-07 a jti that is no text', { jti: 7 }],
      ['BL-07 no exp', { exp: undefined }],
      ['BL-07 no iat', { iat: undefined }],
      ['BL-07 an end in the past', { exp: 1_700_000_000 }],
      ['a nonce', { nonce: 'n' }],
      ['a nonce that is null', { nonce: null }],
      ['another audience', { aud: 'other' }],
      ['no audience', { aud: undefined }],
      ['another issuer', { iss: 'https://evil.test' }],
    ])('is refused with %s', async (_, change) => {
      expect((await send(change)).status).toBe(400);
      expect(await isSignedIn()).toBe(true);
    });

    it('BL-07 is refused when it is old, or from the future', async () => {
      const now = clock.seconds();
      for (const iat of [now - 3600, now + 3600]) expect((await send({ iat, exp: now + 7200 })).status).toBe(400);
      expect(await isSignedIn()).toBe(true);
    });

    it('BL-01 is refused without the provider’s signature', async () => {
      const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const none = `${encoded({ alg: 'none', typ: 'logout+jwt' })}.${encoded(claims())}.`;
      const secret = await new SignJWT(claims())
        .setProtectedHeader({ alg: 'HS256', typ: 'logout+jwt' })
        .sign(Buffer.from('app-secret'.repeat(4)));
      const stranger = issuerKey('ES256', issuer.key().kid);
      const forged = await issuer.sign(claims(), { typ: 'logout+jwt' }, stranger);
      const named = await issuer.sign(claims(), { typ: 'logout+jwt', alg: 'RS256' }, issuer.key('RS256'));
      const [header, , signature] = named.split('.');
      for (const token of [none, secret, forged, `${header}.${encoded(claims())}.${signature}`]) {
        expect((await deliver(token)).status).toBe(400);
      }
      expect(await isSignedIn()).toBe(true);
    });

    it('BL-01 is refused when it is signed otherwise than was registered', async () => {
      const strict = await House.open(issuer, { idTokenAlgorithms: ['RS256'] }, adapter);
      const visitor = strict.browser();
      await visitor.signIn(issuer);
      for (const [alg, status, stays] of [
        ['ES256', 400, true],
        ['RS256', 200, false],
      ] as const) {
        const token = await issuer.sign(claims(), { typ: 'logout+jwt' }, issuer.key(alg));
        const request = { method: 'POST', headers: [FORM], body: `logout_token=${token}` };
        expect((await strict.ask('/auth/backchannel-logout', request)).status).toBe(status);
        expect(await isSignedIn(visitor)).toBe(stays);
      }
      await strict.close();
    });

    it('BL-06 of a session that is not that person’s, or of nobody, ends nothing', async () => {
      expect((await send({ sub: 'bob' })).status).toBe(200);
      expect((await send({ sid: 'another' })).status).toBe(200);
      expect((await send({ sid: undefined, sub: 'bob' })).status).toBe(200);
      expect(await isSignedIn()).toBe(true);
    });

    it('of a sid spares the other sessions of the person, of a sub none', async () => {
      const one = issuer.sid;
      const other = house.browser();
      issuer.sid = 'elsewhere';
      await other.signIn(issuer);
      await send({ sid: one });
      expect([await isSignedIn(), await isSignedIn(other)]).toEqual([false, true]);
      await send({ sid: undefined, sub: 'alice' });
      expect(await isSignedIn(other)).toBe(false);
    });

    it.each([
      ['sid', {}],
      ['sub', { sid: undefined, sub: 'alice' }],
    ])('BL-07 that comes again is in order, and ends nothing that began after it: by %s', async (_, change) => {
      const token = await issuer.sign(claims(change), { typ: 'logout+jwt' });
      // Another process, which has not seen it.
      const twin = await House.open(issuer, {}, adapter);
      expect((await deliver(token)).status).toBe(200);
      expect(await isSignedIn()).toBe(false);
      clock.pass('20s');
      issuer.sid = 'a new one';
      issuer.idClaims = { auth_time: clock.seconds() };
      await browser.signIn(issuer);
      const visitor = twin.browser();
      await visitor.signIn(issuer);
      expect((await deliver(token)).status).toBe(200);
      const again = { method: 'POST', headers: [FORM], body: `logout_token=${token}` };
      expect((await twin.ask('/auth/backchannel-logout', again)).status).toBe(200);
      expect([await isSignedIn(), await isSignedIn(visitor)]).toEqual([true, true]);
      await twin.close();
    });

    it.each<[string, string, [string, string], string]>([
      ['a GET', 'GET', FORM, ''],
      ['JSON', 'POST', ['content-type', 'application/json'], '{"logout_token":"TOKEN"}'],
      ['plain text', 'POST', ['content-type', 'text/plain'], 'logout_token=TOKEN'],
      ['two tokens', 'POST', FORM, 'logout_token=TOKEN&logout_token=TOKEN'],
      ['no token', 'POST', FORM, 'token=TOKEN'],
      ['an object', 'POST', FORM, 'logout_token[a]=TOKEN'],
    ])('takes one token in a form, and not %s', async (_, method, header, body) => {
      const token = await issuer.sign(claims(), { typ: 'logout+jwt' });
      const query = method === 'GET' ? `?logout_token=${token}` : '';
      const request = { method, headers: [header], ...(body ? { body: body.replaceAll('TOKEN', token) } : {}) };
      const { status } = await house.ask(`/auth/backchannel-logout${query}`, request);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(await isSignedIn()).toBe(true);
    });

    it('says 503 when it cannot be checked, so that the provider tries again', async () => {
      const fresh = await House.open(issuer, {}, adapter);
      issuer.answers.set('/jwks', (_request, _body, response) => response.writeHead(500).end());
      const token = await issuer.sign(claims(), { typ: 'logout+jwt' });
      const request = { method: 'POST', headers: [FORM], body: `logout_token=${token}` };
      expect((await fresh.ask('/auth/backchannel-logout', request)).status).toBe(503);
      await fresh.close();
    });
  });

  describe('front-channel logout', () => {
    const path = (change: Record<string, string | string[] | undefined> = {}) => {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries({ iss: issuer.url, sid: issuer.sid, ...change })) {
        for (const one of value === undefined ? [] : [value].flat()) query.append(name, one);
      }
      return `/auth/frontchannel-logout?${query}`;
    };
    const inFrame: [string, string][] = [
      ['sec-fetch-dest', 'iframe'],
      ['sec-fetch-site', 'cross-site'],
    ];

    it('SE-26: ends the session and forgets the cookie, in a frame of the provider and of nobody else', async () => {
      const answer = await browser.get(path(), inFrame);
      expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
      expect(answer.headers['content-security-policy']).toBe(
        `default-src 'none'; base-uri 'none'; frame-ancestors ${issuer.url}`,
      );
      expect(answer.headers['x-frame-options']).toBeUndefined();
      expect(browser.cookies.has('__Host-app')).toBe(false);
      expect(await isSignedIn()).toBe(false);
    });

    it('ends it also when the browser keeps the cookie from frames', async () => {
      const answer = await house.ask(path(), { headers: inFrame });
      expect([answer.status, answer.headers['set-cookie']]).toEqual([200, undefined]);
      expect(await isSignedIn()).toBe(false);
    });

    it('leaves a session of another sign-in alone, cookie and all', async () => {
      const earlier = path();
      issuer.sid = 'another';
      await browser.signIn(issuer);
      expect((await browser.get(earlier, inFrame)).status).toBe(200);
      expect(await isSignedIn()).toBe(true);
    });

    it.each<[string, Record<string, string | string[] | undefined>]>([
      ['nothing', { iss: undefined, sid: undefined }],
      ['iss alone', { sid: undefined }],
      ['sid alone', { iss: undefined }],
      ['an empty sid', { sid: '' }],
      ['another issuer', { iss: 'https://evil.test' }],
      ['two issuers', { iss: ['https://evil.test', 'ISSUER'] }],
      ['two sids', { sid: ['SID', 'other'] }],
      ['a huge sid', { sid: 'x'.repeat(300) }],
    ])('SE-24 with %s ends nothing, whose cookie ever comes with it', async (_, change) => {
      const filled = Object.fromEntries(
        Object.entries(change).map(([name, value]) => [
          name,
          Array.isArray(value)
            ? value.map((one) => one.replace('ISSUER', issuer.url).replace('SID', issuer.sid))
            : value,
        ]),
      );
      const answer = await browser.get(path(filled), inFrame);
      expect([answer.status, answer.headers['set-cookie']]).toEqual([400, undefined]);
      expect(answer.headers['content-security-policy']).toContain(`frame-ancestors ${issuer.url}`);
      expect(await isSignedIn()).toBe(true);
    });

    it('a guessed sid ends nothing', async () => {
      expect((await browser.get(path({ sid: 'guess' }), inFrame)).status).toBe(200);
      expect(await isSignedIn()).toBe(true);
    });

    it.each(['HEAD', 'POST'])('a %s ends nothing', async (method) => {
      expect((await browser.send(path(), { method, headers: inFrame })).status).toBeGreaterThanOrEqual(400);
      expect(await isSignedIn()).toBe(true);
    });
  });
});

it('an application without sessions has neither', async () => {
  const clock = new TestClock();
  const issuer = await TinyIssuer.listen(clock);
  const house = await House.open(issuer, ({ bearer }) => ({
    issuer: issuer.url,
    clock,
    ...(bearer ? { bearer } : {}),
  }));
  const post = { method: 'POST', headers: [FORM], body: 'logout_token=x' };
  expect((await house.ask('/auth/backchannel-logout', post)).status).toBe(404);
  expect((await house.ask('/auth/frontchannel-logout')).status).toBe(404);
  await house.close();
  await issuer.close();
});
