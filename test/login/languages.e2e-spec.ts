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
  expect(page).toContain('Este inicio de sesión caducó');
  expect(page).toContain('interaction_expired');
});

it('a page whose words are English says so, whatever the browser wants', async () => {
  speaking('de');
  await browser.signIn('alice', 'wonderland');
  expect(tagOf(await browser.get('/account'))).toEqual(['en', 'ltr']);
});
