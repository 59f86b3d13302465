import { AT_THE_COMMAND_LINE, OPERATOR } from '../../src/audit/audit.js';
import { PersonRemoval } from '../../src/authorizations/person-removal.js';
import { type Sentence, sentences } from '../../src/platform/languages/sentences.js';
import { Mails } from '../../src/platform/mail/mails.js';
import { type Answer, House, openHouse, PersonBrowser } from '../support/house.js';

let house: House;
let browser: PersonBrowser;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
beforeEach(() => {
  browser = house.browser();
});

const tagOf = ({ page }: Answer) => /<html lang="([\w-]+)" dir="(\w+)"/.exec(page)?.slice(1);
const speaking = (languages: string) => Object.assign(browser.headers, { 'accept-language': languages });

it.each([
  ['', undefined, ['en', 'ltr']],
  ['', 'de-CH, en;q=0.5', ['de', 'ltr']],
  ['?ui_locales=tlh%20fr', 'de', ['fr', 'ltr']],
  ['?ui_locales=tlh', 'ar', ['ar', 'rtl']],
])('/login%s with Accept-Language %j is in %j', async (query, header, expected) => {
  if (header !== undefined) speaking(header);
  expect(tagOf(await browser.get(`/login${query}`))).toEqual(expected);
});

it('an application’s ui_locales come before the browser’s, as long as its request waits', async () => {
  speaking('fr');
  const login = (await browser.start(house.web, { ui_locales: 'tlh de-AT ar' })).headers.get('location')!;
  const shown = await browser.get(login);
  expect(tagOf(shown)).toEqual(['de', 'ltr']);
  expect(shown.page).toContain('Passwort vergessen?');
  const interaction = new URL(login, house.issuer).searchParams.get('interaction')!;
  const refused = await browser.signIn('alice', 'wrong', interaction);
  expect(refused.page).toContain('Der Benutzername oder das Passwort stimmt nicht.');
  const consent = (await browser.signIn('alice', 'wonderland', interaction)).headers.get('location')!;
  const asked = await browser.get((await browser.get(consent)).headers.get('location')!);
  expect(tagOf(asked)).toEqual(['de', 'ltr']);
  expect(asked.page).toContain('Wissen, wer Sie sind, wenn Sie sich anmelden');
  // Other pages are the browser's.
  expect(tagOf(await browser.get('/'))).toEqual(['fr', 'ltr']);
});

it('errors are in the language, their codes in none', async () => {
  speaking('es');
  const { status, page } = await browser.get('/login?interaction=unknown');
  expect(status).toBe(400);
  // What is the same for everybody is sent in ASCII.
  const text = page.replace(/&#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)));
  expect(text).toContain('Este inicio de sesión caducó');
  expect(text).toContain('interaction_expired');
});

const ACCOUNT = ['de', 'fr', 'es', 'ar'] as const;
const NEW_PASSWORD = 'seven lonely teapots';
const NAMES = { name: '', given_name: '', family_name: '', nickname: '' };
let count = 0;
/** Somebody new, signed in with the browser's language. */
async function somebody(claims: Record<string, string> = {}) {
  const username = `polyglot${++count}`;
  const email = `${username}@mail.test`;
  const user = { username, password: 'an old password', claims: { email, email_verified: true, ...claims } };
  const { sub } = await house.users.add(user);
  await browser.signIn(username, 'an old password');
  return { sub, username, email };
}
const mailTo = async (email: string) => (await house.part(Mails).latest()).find(({ to }) => to === email)!;

it.each(ACCOUNT)('every page of the account is in %s', async (tag) => {
  speaking(tag);
  await somebody();
  const { page: first } = await browser.get('/account');
  const paths = [...first.matchAll(/href="(\/account\/[^"]+)"/g)].map(([, path]) => path!);
  expect(paths.length).toBeGreaterThan(8);
  const english = new Set(sentences.filter((one) => one.length > 12));
  for (const path of ['/account', ...paths]) {
    const answer = await browser.get(path);
    expect([path, answer.status, tagOf(answer)![0]]).toEqual([path, 200, tag]);
    const texts = [...answer.page.matchAll(/>([^<]+)</g)].map(([, text]) => text!.trim());
    expect(texts.filter((text) => english.has(text as Sentence))).toEqual([]);
  }
});

it('what an application wishes for on an account page counts on all of them, and at the sign-in that they ask for', async () => {
  speaking('fr');
  await somebody();
  expect(tagOf(await browser.get('/account?ui_locales=ar'))).toEqual(['ar', 'rtl']);
  expect(tagOf(await browser.get('/account/sessions'))).toEqual(['ar', 'rtl']);
  expect((await browser.get('/account')).page).toContain('href="/account?ui_locales=de"');
  house.clock.pass('11m');
  const asked = await browser.get('/account/password?ui_locales=de');
  expect(tagOf(await browser.follow(asked))).toEqual(['de', 'ltr']);
  // Pages that are not of the account are the browser's, and a wish that nobody can fulfil changes nothing.
  expect(tagOf(await browser.get('/'))).toEqual(['fr', 'ltr']);
  expect(tagOf(await browser.get('/account?ui_locales=tlh'))).toEqual(['de', 'ltr']);
});

it('a browser that asks for nothing gets what is known of the person: their language, their time', async () => {
  await somebody({ locale: 'es-MX', zoneinfo: 'Europe/Berlin' });
  expect(tagOf(await browser.get('/account'))).toEqual(['es', 'ltr']);
  const events = await browser.get('/account/events');
  expect(events.page).toMatch(/<time [^>]*>[^<]* (CET|CEST)<\/time>/);
  for (const path of ['/', '/logout']) expect(tagOf(await browser.get(path))).toEqual(['es', 'ltr']);
  expect(tagOf(await browser.get('/login'))).toEqual(['en', 'ltr']);
  speaking('de');
  expect(tagOf(await browser.get('/account'))).toEqual(['de', 'ltr']);
});

it('a person chooses their language on their profile, for pages, mails and the applications that may know it', async () => {
  speaking('fr');
  const { sub, username } = await somebody();
  await browser.get('/account?ui_locales=es');
  const { page } = await browser.get('/account/profile');
  expect(page).toMatch(/<option value selected[^>]*>El que pida el navegador/);
  const unknown = await browser.submit(page, '/account/profile', { ...NAMES, locale: 'tlh' });
  expect(unknown.status).toBe(400);
  const saved = await browser.follow(await browser.submit(page, '/account/profile', { ...NAMES, locale: 'ar' }));
  expect(tagOf(saved)).toEqual(['ar', 'rtl']);
  expect(saved.page).toMatch(/<option value="ar" lang="ar" selected/);
  // On every page that knows them.
  for (const path of ['/account', '/', '/logout']) expect(tagOf(await browser.get(path))).toEqual(['ar', 'rtl']);
  expect((await house.users.findBySubject(sub))!.claims['locale']).toBe('ar');
  const { tokens } = await house.codeFlow({ scope: 'openid profile' }, { browser, as: username });
  expect((await house.userinfo(tokens.access_token)).json).toMatchObject({ sub, locale: 'ar' });
  // A language that our pages lack, as another system set it, stays until another is chosen.
  const cleared = await browser.submit(saved.page, '/account/profile', { ...NAMES, locale: '' });
  expect(tagOf(await browser.follow(cleared))).toEqual(['fr', 'ltr']);
  expect((await house.users.findBySubject(sub))!.claims['locale']).toBeUndefined();
});

it('a language that somebody else has set, and our pages lack, stays until another is chosen', async () => {
  const { sub } = await somebody({ locale: 'pt-BR' });
  const { page } = await browser.get('/account/profile');
  expect(page).toMatch(/<option value="pt-BR" selected[^>]*>Brazilian Portuguese/);
  await browser.submit(page, '/account/profile', { ...NAMES, nickname: 'Poly', locale: 'pt-BR' });
  expect((await house.users.findBySubject(sub))!.claims).toMatchObject({ locale: 'pt-BR', nickname: 'Poly' });
});

it.each([
  ['the one that they chose', { locale: 'es' }, 'Se cambió su contraseña'],
  ['the one in which they mostly sign in', {}, 'Votre mot de passe a été changé'],
])('a notice is not in the language of whoever caused it, but in %s', async (_, claims, words) => {
  speaking('fr');
  const { email } = await somebody(claims);
  const somebodyElse = house.browser();
  somebodyElse.headers['accept-language'] = 'ar';
  await somebodyElse.signIn(email, 'an old password');
  const { page } = await somebodyElse.get('/account/password?ui_locales=ar');
  await somebodyElse.submit(page, '/account/password', { 'new-password': NEW_PASSWORD });
  expect((await mailTo(email)).subject).toContain(words);
});

it('who changes something is told in their language, in both forms of the mail', async () => {
  speaking('de');
  const { email } = await somebody();
  const { page } = await browser.get('/account/password');
  const refused = await browser.submit(page, '/account/password', { 'new-password': 'kurz' });
  expect(refused.page).toContain('Ein Passwort hat mindestens');
  await browser.submit(refused.page, '/account/password', { 'new-password': NEW_PASSWORD });
  const mail = await mailTo(email);
  expect(mail.subject).toContain('Ihr Passwort wurde geändert');
  expect(mail.text).toContain('Wenn Sie es waren, ist nichts zu tun.');
  expect(mail.html).toContain('<html lang="de" dir="ltr">');
});

it.each([
  ['the one in which they sign in', 'fr', {}, 'Votre compte a été supprimé', 'écrivez tout de suite aux responsables'],
  ['the one that they prefer', 'fr', { locale: 'ar-EG' }, 'أُزيل حسابك', 'القائمين على هذا الموقع'],
  ['English', 'tlh', {}, 'Your account was removed', 'write to whoever runs this site at once'],
])('whom the operator removes is told in %s, and what still helps', async (_, spoken, claims, words, advice) => {
  speaking(spoken);
  const { sub, email } = await somebody(claims);
  const user = (await house.users.findBySubject(sub))!;
  await house.part(PersonRemoval).remove(user, AT_THE_COMMAND_LINE, { actor: OPERATOR });
  const mail = await mailTo(email);
  expect([mail.subject, mail.text]).toEqual([expect.stringContaining(words), expect.stringContaining(advice)]);
});

it('what the protocol tells programs stays among the details of a page in the person’s language', async () => {
  speaking('de');
  const { status, page } = await browser.get('/device?user_code=a&user_code=b');
  expect(status).toBe(400);
  expect(page).toContain('Die Anfrage ist nicht so gestellt, wie sie sein sollte.');
  expect(page).toContain('user_code was sent more than once');
});
