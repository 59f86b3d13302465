import { readFile } from 'node:fs/promises';
import { Module } from '@nestjs/common';
import { BadgeMethod } from './badge.method.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type LoginHouse, openLoginHouse } from '../support/login-house.js';
import { Assurance } from '../../src/interactions/assurance.js';

let testDatabase: TestDatabase;
let house: LoginHouse;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  @Module({ providers: [BadgeMethod] })
  class BadgeModule {}
  house = await openLoginHouse({ databaseUrl: testDatabase.url, imports: [BadgeModule] });
  await house.users.add({ username: 'alice', password: 'wonderland' });
});
afterAll(async () => {
  await house.close();
  await testDatabase.drop();
});

it('is the class of docs/login.md', async () => {
  const [guide, code] = await Promise.all(
    ['../../docs/login.md', './badge.method.ts'].map((file) => readFile(new URL(file, import.meta.url), 'utf8')),
  );
  expect(guide).toContain(code!.replace('../../src/faces/identity-provider.js', 'nest-gatehouse/identity-provider'));
});

it('a method of somebody’s own is offered, proves, and is vouched for, without a word anywhere else', async () => {
  const browser = house.browser();
  const { page } = await browser.get('/login');
  expect(page).toContain('Sign in with your badge');
  const refused = await browser.submit(page, '/login/badge', { badge: '4712 alice' });
  expect([refused.status, refused.page.includes('This badge is not known.')]).toEqual([401, true]);
  expect((await browser.submit(page, '/login/badge', { badge: '4711 alice' })).headers.get('location')).toBe('/');
  const session = await house.sessions.resume(browser.cookies.get('__Host-gatehouse-session'));
  expect(session).toMatchObject({ amr: ['pop'] });
  expect(house.app.get(Assurance).offered()).toContain('urn:gatehouse:pwd');
});

it('two of one name stop the boot', async () => {
  @Module({ providers: [BadgeMethod, { provide: 'another', useClass: class extends BadgeMethod {} }] })
  class TwiceModule {}
  await expect(openLoginHouse({ databaseUrl: testDatabase.url, imports: [TwiceModule] })).rejects.toThrow(/badge/);
});
