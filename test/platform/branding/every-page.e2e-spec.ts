import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PAGE_PARTS } from '../../../src/platform/branding/page-names.js';
import { TotpCredentials } from '../../../src/users/credentials/totp.js';
import { temporaryDirectory } from '../../apps/front-door.js';
import { addAuthenticator } from '../../support/authenticator.js';
import { type Answer, openHouse } from '../../support/house.js';
import { hiddenFields } from '../../support/login-house.js';

it('each page can be replaced by a file of its name', async () => {
  const names = Object.keys(PAGE_PARTS);
  const directory = await temporaryDirectory();
  const pages = join(directory.path, 'pages');
  await mkdir(pages);
  for (const name of names) await writeFile(join(pages, `${name}.html`), `<p>ours: {{page}}</p>{{{content}}}`);
  const house = await openHouse({ settings: { PAGES_DIR: pages, SECOND_FACTOR: 'always' } });
  try {
    const browser = house.browser();
    const { sub } = (await house.users.findByUsername('bob'))!.user;
    const app = await addAuthenticator(house.part(TotpCredentials), house.clock, sub);
    const seen: Record<string, Answer> = {};
    const to = (answer: Answer) => browser.follow(answer);

    seen['home'] = await browser.get('/');
    seen['error'] = await browser.get('/login?interaction=unknown');
    seen['sign-in'] = await browser.get('/login');
    seen['step'] = await browser.get('/login/forgot-password');
    seen['enrol'] = await to(await browser.signIn('alice', 'wonderland'));
    const login = await to(await browser.start(house.web));
    const first = await browser.submit(login.page, '/login', { username: 'bob', password: 'builder' });
    seen['second-factor'] = await to(first);
    const code = { ...hiddenFields(seen['second-factor'].page), code: app.code(1) };
    seen['consent'] = await to(await to(await browser.post('/login/totp', code)));
    seen['device'] = await browser.get('/device');
    seen['account'] = await browser.get('/account');
    seen['sign-out'] = await browser.get('/logout');
    seen['signed-out'] = await to(await browser.submit(seen['sign-out'].page, '/logout', {}));

    const shown = Object.entries(seen).map(([name, { page }]) => [
      name,
      /<main class="card stack"><p>ours: <bdi>([\w-]+)<\/bdi><\/p>/.exec(page)?.[1],
      /<h1/.test(page),
    ]);
    expect(shown.toSorted()).toEqual(names.map((name) => [name, name, true]).toSorted());
  } finally {
    await house.close();
    await directory.remove();
  }
});
