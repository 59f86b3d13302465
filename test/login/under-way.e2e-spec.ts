import { AfterAnswer } from '../../src/login/after-answer.js';
import { Mails } from '../../src/platform/mail/mails.js';
import { SignOnSessions } from '../../src/sessions/sign-on-sessions.js';
import { PasswordHasher } from '../../src/users/password-hasher.js';
import { TotpCredentials } from '../../src/users/credentials/totp.js';
import { addAuthenticator, TestAuthenticator } from '../support/authenticator.js';
import { type Answer, type House, openHouse, type PersonBrowser, type TestClient } from '../support/house.js';
import { pathIn } from '../support/mailbox.js';

const SESSION = '__Host-gatehouse-session';
const OLD = 'an old password';
const NEW = 'seven lonely teapots';
let house: House;
let strict: TestClient;
let owner: PersonBrowser;
let thief: PersonBrowser;

beforeAll(async () => {
  house = await openHouse();
  strict = await house.client('strict', {}, { secondFactor: true });
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.database.dataSource.query('DELETE FROM rate_limit');
  house.clock.pass('2m');
  [owner, thief] = [house.browser(), house.browser()];
});

let count = 0;
async function somebody() {
  const username = `person${++count}`;
  const email = `${username}@mail.test`;
  const claims = { email, email_verified: true };
  const { sub } = await house.users.add({ username, password: OLD, claims });
  return { username, sub, email };
}
type Somebody = Awaited<ReturnType<typeof somebody>>;
const isSignedIn = async (browser: PersonBrowser) =>
  (await house.part(SignOnSessions).resume(browser.cookies.get(SESSION))) !== undefined;

async function resetPassword({ email }: Somebody): Promise<void> {
  const asked = await owner.get('/login/forgot-password');
  await owner.submit(asked.page, '/login/forgot-password', { username: email });
  await house.part(AfterAnswer).settled();
  const letter = (await house.part(Mails).latest()).find(({ to }) => to === email)!;
  const { page } = await owner.follow(await owner.get(pathIn(letter)));
  expect((await owner.submit(page, '/login/reset-password', { 'new-password': NEW })).page).toContain('is new');
}
async function signOutEverywhere({ username }: Somebody): Promise<void> {
  const { page } = await owner.get('/account/sessions');
  if (!page) await owner.signIn(username, OLD);
  const shown = page || (await owner.get('/account/sessions')).page;
  await owner.submit(shown, '/account/sessions', { everywhere: 'yes' });
}
/** Where somebody without a second factor makes one; the answer to a right code there. */
async function enrol(at: Answer): Promise<Answer> {
  const secret = /id="totp-secret">([^<]+)</.exec(at.page)![1]!.replaceAll(' ', '');
  return thief.submit(at.page, '/login/enrol', { code: new TestAuthenticator(house.clock, secret).code() });
}
const ends: [string, (person: Somebody) => Promise<unknown>][] = [
  ['a forgotten password is new', resetPassword],
  ['they sign out everywhere', signOutEverywhere],
  ['the operator sets a password', ({ sub }) => house.suspensions.setPassword(sub, NEW)],
  ['the operator signs them out', ({ sub }) => house.suspensions.signOut(sub)],
];

describe('a sign-in under way between two factors', () => {
  it.each(ends)('with the password alone makes no second factor once %s', async (_, end) => {
    const person = await somebody();
    const { headers } = await thief.start(strict);
    const interaction = new URL(headers.get('location')!, house.issuer).searchParams.get('interaction')!;
    const shown = await thief.follow(await thief.signIn(person.username, OLD, interaction));
    expect(shown.page).toContain('Set up a second factor');
    house.clock.pass('1s');
    await end(person);
    expect((await enrol(shown)).status).toBe(400);
    expect(await house.part(TotpCredentials).list(person.sub)).toEqual([]);
    expect(await isSignedIn(thief)).toBe(false);
  });

  it.each(ends)('takes no code once %s', async (_, end) => {
    const person = await somebody();
    await owner.signIn(person.username, OLD);
    const app = await addAuthenticator(house.part(TotpCredentials), house.clock, person.sub);
    const { page } = await thief.follow(await thief.signIn(person.username, OLD));
    expect(page).toContain('Confirm it’s you');
    house.clock.pass('1s');
    await end(person);
    expect((await thief.submit(page, '/login/totp', { code: app.code() })).status).toBe(400);
    expect(await isSignedIn(thief)).toBe(false);
  });
});

describe('MF-07 a session that an application wants more of', () => {
  const toStrict = async () => thief.follow(await thief.start(strict));

  it('is built upon while it is fresh; an old one proves who it is before it makes a second factor', async () => {
    const { username } = await somebody();
    await thief.signIn(username, OLD);
    expect((await toStrict()).headers.get('location')).toMatch('/login/enrol');
    house.clock.pass('10m');
    expect((await toStrict()).page).toContain('id="password"');
  });

  it('makes none once that session has ended', async () => {
    const { username, sub } = await somebody();
    await thief.signIn(username, OLD);
    const shown = await thief.follow(await toStrict());
    expect(shown.page).toContain('Set up a second factor');
    await owner.signIn(username, OLD);
    const { page } = await owner.get('/account/sessions');
    const theirs = (await house.part(SignOnSessions).list(sub)).find(({ sid }) => page.indexOf(sid) > 0)!;
    const stolen = (await house.part(SignOnSessions).resume(thief.cookies.get(SESSION)))!.sid;
    expect(theirs).toBeDefined();
    await owner.submit(page, '/account/sessions', { sid: stolen });
    expect((await enrol(shown)).status).toBe(400);
    expect(await house.part(TotpCredentials).list(sub)).toEqual([]);
  });
});

it('a password that is replaced while it is compared starts no session', async () => {
  const person = await somebody();
  const hasher = house.part(PasswordHasher);
  const verify = hasher.verify.bind(hasher);
  hasher.verify = async (hash, password) => {
    const right = await verify(hash, password);
    house.clock.pass('1s');
    await house.suspensions.setPassword(person.sub, NEW);
    return right;
  };
  try {
    const answer = await thief.signIn(person.username, OLD);
    expect([answer.status, await isSignedIn(thief)]).toEqual([400, false]);
  } finally {
    hasher.verify = verify;
  }
  expect((await thief.signIn(person.username, NEW)).status).toBe(303);
});
