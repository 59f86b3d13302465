import { AfterAnswer } from '../../src/login/after-answer.js';
import { Database } from '../../src/platform/database/database.js';
import { Mails } from '../../src/platform/mail/mails.js';
import { RecoveryCodes } from '../../src/users/credentials/recovery-codes.js';
import { TotpCredentials } from '../../src/users/credentials/totp.js';
import { addAuthenticator, TestAuthenticator } from '../support/authenticator.js';
import { type Answer, type House, openHouse, type PersonBrowser, type TestClient } from '../support/house.js';
import { hiddenFields } from '../support/login-house.js';
import { pathIn } from '../support/mailbox.js';

/**
 * Every step of a sign-in, tried from every place where a browser may stand, in the order that it is not for. The forms are
 * real ones of that very browser and sign-in, and codes of the second factor are good ones: only the order is wrong.
 */
let house: House;
let strict: TestClient;
let app: TestAuthenticator;
let recoveryCodes: string[];
let browser: PersonBrowser;
let interaction: string;
/** Hidden fields of the pages that this browser was shown, the latest last. */
let form: Record<string, string>;

beforeAll(async () => {
  house = await openHouse({ settings: { LOGIN_METHODS: 'password,totp,recovery-code,magic-link,email-code' } });
  strict = await house.client('strict', {}, { secondFactor: true });
  const { user } = (await house.users.findByUsername('alice'))!;
  app = await addAuthenticator(find(TotpCredentials), house.clock, user.sub);
  recoveryCodes = await find(Database).transaction((transaction) => find(RecoveryCodes).replace(user.sub, transaction));
});
afterAll(() => house.close());

const find = <T>(type: abstract new (...args: never[]) => T) => house.app.get<T>(type, { strict: false });

function keep(answer: Answer): Answer {
  form = { ...form, ...hiddenFields(answer.page) };
  return answer;
}

async function begin(client = house.web): Promise<void> {
  await find(Database).dataSource.query('DELETE FROM rate_limit');
  // Each code of the authenticator app counts once.
  house.clock.pass('2m');
  browser = house.browser();
  const { headers } = await browser.start(client, { prompt: 'consent' });
  interaction = new URL(headers.get('location')!, house.issuer).searchParams.get('interaction')!;
  form = {};
  keep(await browser.get(`/login?interaction=${interaction}`));
}

async function provePassword(username: string, password: string): Promise<void> {
  const { headers } = keep(await browser.signIn(username, password, interaction));
  keep(await browser.get(headers.get('location')!));
}

/** Asks for a mail; answers its text. */
async function mail(method: 'magic-link' | 'email-code'): Promise<string> {
  keep(await browser.get(`/login/${method}?interaction=${interaction}`));
  keep(await browser.post(`/login/${method}`, { ...form, username: 'alice' }));
  await find(AfterAnswer).settled();
  return (await find(Mails).latest())[0]!.text;
}

async function openLink(): Promise<void> {
  const kept = await browser.get(pathIn({ text: await mail('magic-link') }));
  keep(await browser.get(kept.headers.get('location')!));
}

/** Where a browser may stand before it is signed in, and which steps are the next ones there. */
const PLACES: [string, () => Promise<void>, string[]][] = [
  ['the request', () => begin(), []],
  ['the password of somebody with a second factor', async () => {
    await begin();
    await provePassword('alice', 'wonderland');
  }, ['authenticator app', 'recovery code']],
  ['the password of somebody who must make a second factor', async () => {
    await begin(strict);
    await provePassword('bob', 'builder');
  }, ['new second factor']],
  ['the wish for a link', async () => {
    await begin();
    await mail('magic-link');
  }, []],
  ['the wish for a code', async () => {
    await begin();
    await mail('email-code');
  }, []],
  ['the link, whose button nobody pressed', async () => {
    await begin();
    await openLink();
  }, ['link']],
  ['the link and its button', async () => {
    await begin();
    await openLink();
    const { headers } = await browser.post('/login/magic-link/open', form);
    keep(await browser.get(headers.get('location')!));
  }, ['authenticator app', 'recovery code']],
]; // prettier-ignore

const send = (path: string, more: Record<string, string> = {}) =>
  browser.post(path, { ...form, interaction, ticket: form['ticket'] ?? 'none', ...more });
const STEPS: Record<string, () => Promise<Answer>> = {
  'second-factor page': () => browser.get(`/login/second-factor?interaction=${interaction}`),
  'page to make a second factor': () => browser.get(`/login/enrol?interaction=${interaction}`),
  'authenticator app': () => send('/login/totp', { code: app.code() }),
  'recovery code': () => send('/login/recovery-code', { code: recoveryCodes[0]! }),
  'new second factor': () => send('/login/enrol', { code: app.code() }),
  link: () => send('/login/magic-link/open'),
  'code by mail': () => send('/login/email-code/enter', { code: '12345678' }),
  'new password': () => send('/login/reset-password', { 'new-password': 'seven lonely teapots' }),
  'completed sign-up': () => send('/login/sign-up/complete', { username: 'eve', name: 'Eve', 'new-password': 'seven lonely teapots' }),
  'consent page': () => browser.get(`/consent?interaction=${interaction}`),
  consent: () => send('/consent', { decision: 'allow' }),
  'return to the request': () => browser.get(`/authorize/resume?interaction=${interaction}`),
  'silent request': () => browser.start(house.web, { prompt: 'none' }),
  'account': () => browser.get('/account'),
}; // prettier-ignore

describe.each(PLACES)('AZ-29 after %s', (_, stand, next) => {
  it.each(Object.keys(STEPS).filter((step) => !next.includes(step)))('%s brings nobody further', async (step) => {
    await stand();
    const answer = await STEPS[step]!();
    const location = answer.headers.get('location') ?? '';
    const response = new URL(location, house.issuer).searchParams;
    expect(answer.status).toBeLessThan(500);
    expect([response.has('code'), browser.cookies.has('__Host-gatehouse-session')]).toEqual([false, false]);
    // What was tried changed nothing for the request either.
    const resumed = await browser.get(`/authorize/resume?interaction=${interaction}`);
    const leads = resumed.headers.get('location') ?? '';
    expect([resumed.status, new URL(leads, house.issuer).pathname]).toEqual([303, '/login']);
  });
});

it('every proof is good where it belongs: each place leads on by its next steps', async () => {
  const led = [];
  for (const [place, stand, next] of PLACES) {
    for (const step of next.filter((one) => one !== 'new second factor')) {
      await stand();
      const { status } = await STEPS[step]!();
      led.push([place, step, status]);
      // A recovery code is good once.
      if (step === 'recovery code') recoveryCodes.shift();
    }
  }
  expect(led.filter(([, , status]) => status !== 303)).toEqual([]);
  expect(led).toHaveLength(5);
});
