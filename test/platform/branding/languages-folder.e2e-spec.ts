import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openBranding } from '../../../src/apps/identity-provider/branding.js';
import { identityProviderConfig } from '../../../src/apps/identity-provider/config.js';
import { temporaryDirectory } from '../../apps/front-door.js';
import { type House, openHouse } from '../../support/house.js';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let house: House;
beforeAll(async () => {
  directory = await temporaryDirectory();
  const [languages, pages] = [join(directory.path, 'languages'), join(directory.path, 'pages')];
  await Promise.all([mkdir(languages), mkdir(pages)]);
  // The file of the docs.
  const docs = await readFile(new URL('../../../docs/login.md', import.meta.url), 'utf8');
  const [, dutch] = /such as `nl\.json`:\n\n```json\n(.*?)```/s.exec(docs)!;
  await writeFile(join(languages, 'nl.json'), dutch!);
  await writeFile(join(languages, 'de.json'), '{"words": {"Sign in": "Einloggen"}}');
  const brazilian = { name: 'Português (Brasil)', words: { 'Sign in': 'Entrar' } };
  await writeFile(join(languages, 'pt-BR.json'), JSON.stringify(brazilian));
  await writeFile(join(languages, 'README.md'), 'Ours.');
  await writeFile(join(pages, 'footer.html'), '{{#language.nl}}<p>Colofon</p>{{/language.nl}}');
  house = await openHouse({ settings: { LANGUAGES_DIR: languages, PAGES_DIR: pages } });
});
afterAll(async () => {
  await house?.close();
  await directory?.remove();
});

it.each([
  ['nl-BE', 'nl', ['Inloggen', 'Wachtwoord vergeten?', 'Username', 'Colofon'], []],
  ['pt-br', 'pt-BR', ['Entrar', 'Forgot your password?'], ['Colofon']],
  ['de', 'de', ['Einloggen', 'Passwort vergessen?'], ['Anmelden']],
  ['fr', 'fr', ['Se connecter'], []],
])('a browser that asks for %s gets %s', async (asked, tag, there, gone) => {
  const browser = house.browser();
  browser.headers['accept-language'] = asked;
  const { page } = await browser.get('/login');
  const main = page.replace(/<style>.*?<\/style>/gs, '');
  expect(main).toContain(`<html lang="${tag}" dir="ltr"`);
  for (const words of there) expect(main).toContain(words);
  for (const words of gone) expect(main).not.toContain(`>${words}<`);
});

it('what was added is told to applications, and people can choose it', async () => {
  const answer = await fetch(`${house.issuer}/.well-known/openid-configuration`);
  const { ui_locales_supported: tags } = (await answer.json()) as { ui_locales_supported: string[] };
  expect(tags).toEqual(['en', 'de', 'fr', 'es', 'ar', 'nl', 'pt-BR']);
  const browser = house.browser();
  await browser.signIn('alice', 'wonderland');
  expect((await browser.get('/account/profile')).page).toContain('<option value="nl" lang="nl">Nederlands</option>');
});

it.each([
  ['nl.json', '{', 'is not JSON'],
  ['nl.json', '{"words": {}}', 'needs a name'],
  ['dutch language.json', '{"name": "x", "words": {}}', 'is not a language tag'],
  ['pt-br.json', '{"name": "x", "words": {}}', 'is not a language tag'],
  ['nl.json', '{"name": "x", "words": {}, "dir": "rtl"}', 'Unrecognized key'],
  ['nl.json', '{"name": "x", "words": {"Log in": "x"}}', "'Log in' is no sentence of ours"],
  ['nl.json', '{"name": "x", "words": {"Sign in": "{name}"}}', "'Sign in' has no value {name}"],
  ['nl.json', '{"name": "x", "words": {"Sign in with {name}": "x"}}', 'is said without {name}'],
  [
    'nl.json',
    '{"name": "x", "words": {"Sign in with {name}": {"by": "count", "other": "{name}"}}}',
    'has no value {count} that could decide',
  ],
])('%s with %s stops the start', async (name, content, problem) => {
  const folder = join(directory.path, `wrong-${Math.random()}`);
  await mkdir(folder);
  await writeFile(join(folder, name), content);
  const opened = openBranding(identityProviderConfig({ LANGUAGES_DIR: folder }));
  await expect(opened).rejects.toThrow(`The configuration is not right.\n  LANGUAGES_DIR: ${join(folder, name)}: `);
  await expect(openBranding(identityProviderConfig({ LANGUAGES_DIR: folder }))).rejects.toThrow(problem);
});

it('a folder that is not there stops the start', async () => {
  const config = identityProviderConfig({ LANGUAGES_DIR: join(directory.path, 'nowhere') });
  await expect(openBranding(config)).rejects.toThrow('cannot be read (ENOENT)');
});
