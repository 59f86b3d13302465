import { TotpCredentials } from '../../src/users/credentials/totp.js';
import { addAuthenticator, TestAuthenticator } from '../support/authenticator.js';
import {
  type Answer,
  claimsOf,
  type Form,
  type House,
  openHouse,
  type PersonBrowser,
  responseOf,
} from '../support/house.js';
import { hiddenFields } from '../support/login-house.js';

const MFA = 'urn:gatehouse:mfa';
const essential = (value: string) => JSON.stringify({ id_token: { acr: { essential: true, value } } });
let house: House;
let app: TestAuthenticator;
let browser: PersonBrowser;

beforeAll(async () => {
  house = await openHouse();
  // alice is asked for her second factor always, because she has one; what clients demand is seen at bob, who has none.
  const { user } = (await house.users.findByUsername('alice'))!;
  app = await addAuthenticator(house.app.get(TotpCredentials, { strict: false }), house.clock, user.sub);
});
afterAll(() => house.close());
beforeEach(() => {
  house.clock.pass('2m');
  browser = house.browser();
});

/** Goes through every page a person meets, the second factor too, to the client's answer. */
async function walk(first: Answer, as = 'alice'): Promise<Answer> {
  let answer = await browser.walk(first, { as });
  if (answer.page.includes('id="totp-submit"')) {
    answer = await browser.walk(await browser.submit(answer.page, '/login/totp', { code: app.code() }), { as });
  }
  return answer;
}
async function idToken(change: Form = {}, as = 'alice') {
  const verifier = 'v'.repeat(43);
  const answer = await walk(await browser.start(house.web, change), as);
  const code = responseOf(answer).get('code');
  if (code === null) return Object.fromEntries(responseOf(answer));
  const { json } = await house.redeem(house.web, { code, verifier, redirectUri: house.web.redirectUri });
  return claimsOf(json['id_token'] as string);
}

it('MF-12 acr and amr tell what was proved, also after single sign-on, and a wish adds nothing', async () => {
  expect(await idToken()).toMatchObject({ acr: MFA, amr: ['pwd', 'otp', 'mfa'] });
  expect(await idToken({ prompt: 'none' })).toMatchObject({ acr: MFA, amr: ['pwd', 'otp', 'mfa'] });
  expect(await idToken({ acr_values: `urn:gatehouse:pwd ${MFA}` })).toMatchObject({ acr: 'urn:gatehouse:pwd' });
  browser = house.browser();
  expect(await idToken({ acr_values: `phr ${MFA}` }, 'bob')).toMatchObject({ acr: 'urn:gatehouse:pwd', amr: ['pwd'] });
});

it('MF-09 AZ-35 what is essential and cannot be reached is an error, not a lower acr', async () => {
  expect(await idToken({ claims: essential(MFA) }, 'bob')).toMatchObject({
    error: 'unmet_authentication_requirements',
  });
  browser = house.browser();
  expect(await idToken({ claims: essential('phr') })).toMatchObject({ error: 'unmet_authentication_requirements' });
  expect(await idToken({ claims: essential(MFA) })).toMatchObject({ acr: MFA });
});

describe('a session by one factor', () => {
  let frank: { sub: string };
  let phone: TestAuthenticator;
  const asFrank = async (change: Form) => {
    const answer = await browser.start(house.web, change);
    return browser.walk(answer, { as: 'frank' });
  };
  beforeAll(async () => {
    frank = await house.users.add({ username: 'frank', password: 'flier' });
  });
  beforeEach(async () => {
    await house.database.dataSource.query('DELETE FROM totp WHERE subject = $1', [frank.sub]);
    await browser.signIn('frank', 'flier');
    phone = await addAuthenticator(house.app.get(TotpCredentials, { strict: false }), house.clock, frank.sub);
    house.clock.pass('1m');
  });

  it.each<[string, Form]>([
    ['acr_values', { acr_values: `nothing ${MFA}` }],
    ['an essential acr', { claims: essential(MFA) }],
  ])('is stepped up for %s: only what is missing is asked for', async (_, change) => {
    const page = await asFrank(change);
    expect(page.page).toContain('Confirm it’s you');
    expect(page.page).not.toContain('id="password"');
    const done = await browser.walk(await browser.submit(page.page, '/login/totp', { code: phone.code() }), {
      as: 'frank',
    });
    const code = responseOf(done).get('code')!;
    const { json } = await house.redeem(house.web, {
      code,
      verifier: 'v'.repeat(43),
      redirectUri: house.web.redirectUri,
    });
    const claims = claimsOf(json['id_token'] as string);
    expect(claims).toMatchObject({ acr: MFA, amr: ['pwd', 'otp', 'mfa'] });
    // The password was proved a minute ago, and the token does not say otherwise.
    expect(claims['auth_time']).toBe(house.clock.seconds() - 60);
  });

  it('is not built upon when a new proof is asked for', async () => {
    for (const change of [{ prompt: 'login' }, { max_age: '1' }, { max_age: '0' }] as Form[]) {
      const { headers } = await browser.start(house.web, { ...change, claims: essential(MFA) });
      const login = await browser.get(headers.get('location')!);
      expect([change, login.page.includes('id="password"')]).toEqual([change, true]);
    }
  });

  it('answers prompt=none with what it is, or with login_required when that is not enough', async () => {
    await asFrank({ prompt: 'consent', scope: 'openid' });
    const { page, headers } = await browser.start(house.web, { acr_values: MFA, prompt: 'none' });
    expect([page, new URL(headers.get('location')!).searchParams.has('code')]).toEqual(['', true]);
    const silent = await browser.start(house.web, { claims: essential(MFA), prompt: 'none' });
    expect(responseOf(silent).get('error')).toBe('login_required');
  });

  it('lets the person choose to be somebody else', async () => {
    const page = await asFrank({ claims: essential(MFA) });
    const again = /href="([^"]*again=1[^"]*)"/.exec(page.page)![1]!.replaceAll('&amp;', '&');
    expect((await browser.get(again)).page).toContain('id="password"');
  });
});

it('a client may demand a second factor of everybody: who has none makes one', async () => {
  const strict = await house.client('strict', {}, { secondFactor: true });
  await browser.signIn('bob', 'builder');
  const answer = await browser.walk(await browser.start(strict));
  expect(answer.page).toContain('Set up a second factor');
  const secret = /id="totp-secret">([^<]+)</.exec(answer.page)![1]!.replaceAll(' ', '');
  const phone = new TestAuthenticator(house.clock, secret);
  const done = await browser.submit(answer.page, '/login/enrol', { code: phone.code() });
  const [, next] = /id="continue" href="([^"]+)"/.exec(done.page)!;
  expect(responseOf(await browser.walk(await browser.get(next!.replaceAll('&amp;', '&')))).has('code')).toBe(true);
});

describe('AZ-29 no step can be skipped', () => {
  /** Every step after the request, in order, sent as a browser would, from wherever the browser stands. */
  const STEPS = ['second factor', 'resume', 'consent', 'resume after consent'] as const;

  async function take(
    step: (typeof STEPS)[number],
    interaction: string,
    form: Record<string, string>,
  ): Promise<Answer> {
    switch (step) {
      case 'second factor':
        return browser.post('/login/totp', { ...form, interaction, code: app.code() });
      case 'consent':
        return browser.post('/consent', { ...form, interaction, decision: 'allow' });
      default:
        return browser.get(`/authorize/resume?interaction=${interaction}`);
    }
  }

  it.each([
    ['the request', async () => {}],
    [
      'the password',
      async (interaction: string) => {
        await browser.signIn('alice', 'wonderland', interaction);
      },
    ],
  ])('after %s alone none of the later steps gives a code or a session', async (_, before) => {
    for (const step of STEPS) {
      browser = house.browser();
      const answer = await browser.start(house.web, { prompt: 'consent' });
      const interaction = new URL(answer.headers.get('location')!, house.issuer).searchParams.get('interaction')!;
      await before(interaction);
      const form = hiddenFields((await browser.get(`/login?interaction=${interaction}`)).page);
      const skipped = await take(step, interaction, form);
      const location = skipped.headers.get('location') ?? '';
      expect([step, location.startsWith('https://rp-a.test'), browser.cookies.has('__Host-gatehouse-session')]).toEqual(
        [step, false, false],
      );
      expect([step, skipped.status >= 400 || location.startsWith('/login')]).toEqual([step, true]);
    }
  });

  it('after the second factor neither consent without its page, nor the second factor again, gives a code', async () => {
    for (const step of ['consent', 'second factor'] as const) {
      browser = house.browser();
      const answer = await browser.start(house.web, { prompt: 'consent' });
      const interaction = new URL(answer.headers.get('location')!, house.issuer).searchParams.get('interaction')!;
      house.clock.pass('2m');
      await browser.signIn('alice', 'wonderland', interaction);
      const { page } = await browser.get(`/login/second-factor?interaction=${interaction}`);
      await browser.submit(page, '/login/totp', { code: app.code() });
      const skipped = await take(step, interaction, hiddenFields(page));
      expect([step, skipped.status >= 400, skipped.headers.get('location')]).toEqual([step, true, null]);
    }
  });

  it('the steps in order do', async () => {
    expect(responseOf(await walk(await browser.start(house.web, { prompt: 'consent' }))).has('code')).toBe(true);
  });
});

it('discovery names what can be reached, and no more', async () => {
  const response = await fetch(`${house.issuer}/.well-known/openid-configuration`);
  // Passkeys need a name, and this house has an address.
  expect(((await response.json()) as Form)['acr_values_supported']).toEqual([MFA, 'urn:gatehouse:pwd']);
});
