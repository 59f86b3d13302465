import type { Browser } from 'playwright-core';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { playing, RegistrationHouse, Site } from './house.js';

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48"><rect width="48" height="48" fill="teal"/></svg>';

describeInBrowser('logos on the sign-in page', () => {
  let browser: Browser;
  let site: Site;
  let house: RegistrationHouse;

  beforeAll(async () => {
    site = await Site.open((request, response) => {
      response.writeHead(request.url === '/logo.svg' ? 200 : 404, { 'content-type': 'image/svg+xml' }).end(SVG);
    }, false);
    house = await RegistrationHouse.open({ registration: 'open', policy: 'certification', allow: [site.allowance] });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
    await site.close();
  });

  it.each([
    ['one that is there is shown', '/logo.svg', 48],
    ['one that is missing leaves the letter', '/missing.svg', 0],
  ])('%s, and nobody else is asked', async (_, path, width) => {
    const client = playing(await house.add({ client_name: 'Wonder', logo_uri: `${site.origin}${path}` }));
    const page = await browser.newPage();
    const asked = new Set<string>();
    page.on('request', (request) => asked.add(new URL(request.url()).origin));
    await page.goto(`${house.issuer}${house.browser().authorizePath(client)}`);
    const image = page.locator('.tile img');
    expect(await image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(width);
    expect(await page.locator('.tile').textContent()).toBe('W');
    expect([...asked]).toEqual([house.issuer]);
    await page.close();
  });
});
