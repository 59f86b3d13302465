import { Audit } from '../../src/audit/audit.js';
import { FederatedIdentities } from '../../src/users/credentials/federated-identities.js';
import { RecoveryCodes } from '../../src/users/credentials/recovery-codes.js';
import { TotpCredentials } from '../../src/users/credentials/totp.js';
import { Mails } from '../../src/platform/mail/mails.js';
import { SignOnSessions } from '../../src/sessions/sign-on-sessions.js';
import { addAuthenticator, type TestAuthenticator } from '../support/authenticator.js';
import { type House, openHouse, type PersonBrowser } from '../support/house.js';
import { pathIn, urlIn } from '../support/mailbox.js';

const SESSION = '__Host-gatehouse-session';
let house: House;
let browser: PersonBrowser;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.database.dataSource.query('DELETE FROM rate_limit');
  await house.database.dataSource.query('DELETE FROM mail');
  house.clock.pass('2m');
  browser = house.browser();
});

let count = 0;
/** Somebody new, signed in, with an address that is proved. */
async function somebody(of = browser, claims: object = { email_verified: true }) {
  const username = `person${++count}`;
  const email = `${username}@mail.test`;
  const { sub } = await house.users.add({ username, password: 'an old password', claims: { email, ...claims } });
  await of.signIn(username, 'an old password');
  return { username, sub, email };
}
const claims = async (sub: string) => (await house.users.findBySubject(sub))!.claims;
const letters = () => house.part(Mails).latest();
async function change(email: string, of = browser) {
  const { page } = await of.get('/account/email');
  return of.submit(page, '/account/email', { email });
}
/** Opens a mail's link as a browser does: out of the URL, into the page. */
async function open(letter: { text: string }, of = browser) {
  const first = await of.get(pathIn(letter));
  return first.headers.has('location') ? of.follow(first) : first;
}
/** Goes to the page of the address through the second factor that it asks for; answers the page. */
async function proveBy(app: TestAuthenticator, of = browser): Promise<string> {
  const asked = await of.follow(await of.follow(await of.get('/account/email')));
  const answer = await of.submit(asked.page, '/login/totp', { code: app.code() });
  return (await of.follow(await of.follow(answer))).page;
}
const confirm = async (letter: { text: string }, of = browser) =>
  of.submit((await open(letter, of)).page, '/account/email/confirm');

describe('a new address', () => {
  it('counts when its owner has confirmed it, and the old one is told', async () => {
    const { sub, email } = await somebody();
    expect((await change('New.Person@mail.test')).page).toContain('Look into your mail');
    expect(await claims(sub)).toMatchObject({ email, email_verified: true });
    const [letter] = await letters();
    expect(letter).toMatchObject({ to: 'New.Person@mail.test' });
    const shown = await open(letter!);
    expect(shown.page).toContain('New.Person@mail.test');
    expect(await claims(sub)).toMatchObject({ email });
    expect((await browser.submit(shown.page, '/account/email/confirm')).headers.get('location')).toBe('/account');
    expect(await claims(sub)).toMatchObject({ email: 'New.Person@mail.test', email_verified: true });
    const [told] = await letters();
    expect(told).toMatchObject({ to: email, subject: 'Your email address was changed (Gatehouse)' });
    expect(told!.text).toContain('New.Person@mail.test');
    expect((await house.part(Audit).recent(sub)).map(({ event }) => event).slice(0, 2)).toEqual([
      'email_changed',
      'email_change_requested',
    ]);
    expect((await house.browser().signIn('new.person@MAIL.test', 'an old password')).status).toBe(303);
    expect((await open(letter!)).status).toBe(400);
  });

  it('undone by the link to the old one: it is back, and everybody is signed out', async () => {
    const { sub, email, username } = await somebody();
    await change('thief@evil.test');
    await confirm((await letters())[0]!);
    const [told] = await letters();
    const owner = house.browser();
    const { page } = await open(told!, owner);
    expect(page).toContain(email);
    expect(await claims(sub)).toMatchObject({ email: 'thief@evil.test' });
    await change('thief2@evil.test');
    const done = await owner.submit(page, '/account/email-undo');
    expect(done.page).toContain('Your address is back');
    expect(await claims(sub)).toMatchObject({ email, email_verified: true });
    expect(await house.part(SignOnSessions).resume(browser.cookies.get(SESSION))).toBeUndefined();
    // What the thief had under way is dead, also with the password that they know.
    await browser.signIn(username, 'an old password');
    const pending = (await letters()).find(({ to }) => to === 'thief2@evil.test')!;
    expect((await open(pending)).status).toBe(400);
    expect((await open(told!, owner)).status).toBe(400);
  });

  it('each has its way back, however often somebody changes it; one ends those after it, and none before it', async () => {
    const { sub, email, username } = await somebody();
    const changed = async (to: string) => {
      house.clock.pass('1m');
      await change(to);
      await confirm((await letters()).find((letter) => letter.to === to)!);
      return (await letters())[0]!;
    };
    const toOwner = await changed('thief@evil.test');
    const toThief = await changed('thief2@evil.test');
    expect([toOwner.to, toThief.to]).toEqual([email, 'thief@evil.test']);
    const thief = house.browser();
    await thief.submit((await open(toThief, thief)).page, '/account/email-undo');
    expect(await claims(sub)).toMatchObject({ email: 'thief@evil.test' });
    await browser.signIn(username, 'an old password');
    const again = await changed('thief3@evil.test');
    const owner = house.browser();
    await owner.submit((await open(toOwner, owner)).page, '/account/email-undo');
    expect(await claims(sub)).toMatchObject({ email, email_verified: true });
    expect((await open(again, thief)).status).toBe(400);
  });

  it('undone takes away what was added since to sign in with, and nothing from before', async () => {
    const { sub } = await somebody();
    const totp = house.part(TotpCredentials);
    const identities = house.part(FederatedIdentities);
    const mine = await addAuthenticator(totp, house.clock, sub, 'Mine');
    await house.database.transaction((transaction) => house.part(RecoveryCodes).replace(sub, transaction));
    house.clock.pass('1m');
    await browser.submit(await proveBy(mine), '/account/email', { email: 'thief@evil.test' });
    await confirm((await letters())[0]!);
    const [told] = await letters();
    house.clock.pass('1m');
    const link = { issuer: 'https://evil.test', upstreamSubject: 'thief' };
    await addAuthenticator(totp, house.clock, sub, 'Theirs');
    await house.database.transaction((transaction) => identities.link(sub, link, transaction));
    const owner = house.browser();
    const done = await owner.submit((await open(told!, owner)).page, '/account/email-undo');
    expect(done.page).toContain('what was added since then to sign in with is gone');
    expect((await totp.list(sub)).map(({ name }) => name)).toEqual(['Mine']);
    expect(await identities.list(sub)).toEqual([]);
    expect(await house.part(RecoveryCodes).left(sub)).toBe(10);
    expect(await totp.verify(sub, mine.code())).toBe(true);
    const recorded = (await house.part(Audit).recent(sub, 3)).map(({ event, detail }) => [event, detail['kind']]);
    expect(recorded).toEqual([
      ['credential_removed', 'federated'],
      ['credential_removed', 'totp'],
      ['email_change_undone', undefined],
    ]);
  });

  it('can be undone for a week', async () => {
    await somebody();
    await change('later@mail.test');
    await confirm((await letters())[0]!);
    const link = pathIn((await letters())[0]!);
    house.clock.pass('7d');
    const answer = await house.browser().get(link);
    const owner = house.browser();
    await owner.get(link);
    expect([answer.status, (await owner.get('/account/email-undo')).status]).toEqual([303, 400]);
  });

  it('is confirmed by the account that asked, and by no other: nobody lends theirs to somebody else', async () => {
    const { sub } = await somebody();
    await change('victim@mail.test');
    const [letter] = await letters();
    const victim = house.browser();
    await somebody(victim);
    expect((await open(letter!, victim)).status).toBe(403);
    const signedOut = house.browser();
    expect((await open(letter!, signedOut)).headers.get('location')).toMatch('/login?interaction=');
    expect((await claims(sub))['email']).not.toBe('victim@mail.test');
  });

  it('UE-06 that is somebody else’s gets the same answer, and only its mailbox learns why', async () => {
    const other = await somebody(house.browser());
    const mine = await somebody();
    const spelling = other.email.replace('person', 'PERSON');
    const taken = await change(spelling);
    const [letter] = await letters();
    expect(letter).toMatchObject({ to: other.email });
    expect(letter!.text).not.toContain('token=');
    const free = await change('free@mail.test');
    expect(free.page.replaceAll('free@mail.test', '')).toBe(taken.page.replaceAll(spelling, ''));
    expect(await claims(mine.sub)).toMatchObject({ email: mine.email });
  });

  it('UN-05 is one person’s: of two who confirm it at once one has it', async () => {
    const [one, two] = [house.browser(), house.browser()];
    const people = [await somebody(one), await somebody(two)];
    await change('shared@mail.test', one);
    await change('Shared@mail.test', two);
    const mails = await letters();
    const pages = [(await open(mails[1]!, one)).page, (await open(mails[0]!, two)).page];
    const race = await Promise.all([
      one.submit(pages[0]!, '/account/email/confirm'),
      two.submit(pages[1]!, '/account/email/confirm'),
    ]);
    expect(race.map(({ status }) => status).sort()).toEqual([303, 400]);
    const having = await Promise.all(people.map(async ({ sub }) => (await claims(sub))['email']));
    expect(having.filter((email) => /^shared@/i.test(String(email)))).toHaveLength(1);
  });

  it('PR-06 the newer of two counts; a link dies after a day', async () => {
    await somebody();
    await change('first@mail.test');
    const [first] = await letters();
    await change('second@mail.test');
    const [second] = await letters();
    expect((await open(first!)).status).toBe(400);
    const { page } = await open(second!);
    house.clock.pass('1d');
    await browser.signIn(`person${count}`, 'an old password');
    expect((await open(second!)).status).toBe(400);
    expect((await browser.submit(page, '/account/email/confirm')).status).toBe(403);
  });

  it.each(['nonsense', 'a@b', 'a@b.test, c@d.test', 'a＠mail.test'])('%j is refused', async (typed) => {
    await somebody();
    expect((await change(typed)).status).toBe(400);
    expect(await letters()).toEqual([]);
  });

  it('five mails an hour and no more go to addresses that are not one’s own yet', async () => {
    await somebody();
    const statuses: number[] = [];
    for (let index = 0; index < 6; index += 1) statuses.push((await change(`stranger${index}@mail.test`)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  });

  it('MF-06 needs a fresh proof', async () => {
    await somebody();
    const { page } = await browser.get('/account/email');
    house.clock.pass('10m');
    expect((await browser.submit(page, '/account/email', { email: 'x@y.test' })).headers.get('location')).toMatch(
      '/login',
    );
    expect(await letters()).toEqual([]);
  });
});

it('an address that is not proved can be, and nobody else is told', async () => {
  const { sub, email } = await somebody(browser, {});
  const { page } = await browser.get('/account/email');
  expect(page).toContain('not confirmed yet');
  await browser.submit(page, '/account/email', { email });
  const [letter] = await letters();
  await confirm(letter!);
  expect(await claims(sub)).toMatchObject({ email, email_verified: true });
  expect(await letters()).toHaveLength(1);
  expect((await house.part(Audit).recent(sub, 1))[0]).toMatchObject({ event: 'email_verified' });
});

it('PR-01 links come from the issuer', async () => {
  await somebody();
  browser.headers['x-forwarded-host'] = 'evil.test';
  await change('somewhere@mail.test');
  expect(urlIn((await letters())[0]!).origin).toBe(house.issuer);
});

it('the outbox shows mails with links that work, and is there for development alone', async () => {
  await somebody();
  await change('<b>odd</b>@mail.test'.replace(/<\/?b>/g, 'b'));
  const { page, status } = await browser.get('/outbox');
  expect(status).toBe(200);
  const [letter] = await letters();
  expect(page).toContain(`href="${urlIn(letter!).href}"`);
  const real = await openHouse({ settings: { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'a@b.test' } });
  expect((await real.browser().get('/outbox')).status).toBe(404);
  await real.close();
});
