import { readFile } from 'node:fs/promises';
import { scryptSync } from 'node:crypto';
import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Users } from '../../src/users/users.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { countVerifications, type LoginHouse, openLoginHouse } from '../support/login-house.js';
import { MyUsers } from './my-users.js';

let shopDatabase: TestDatabase;
let testDatabase: TestDatabase;
let shop: DataSource;
let house: LoginHouse;

beforeAll(async () => {
  [shopDatabase, testDatabase] = [await createTestDatabase(), await createTestDatabase()];
  shop = await new DataSource({ type: 'postgres', url: shopDatabase.url, installExtensions: false }).initialize();
  await shop.query(`CREATE TABLE member (member_no serial PRIMARY KEY, email text, nickname text, display_name text,
    password text, active boolean)`);
  const password = `scrypt$salt$${scryptSync('open sesame', 'salt', 32).toString('base64url')}`;
  await shop.query(
    `INSERT INTO member (email, nickname, display_name, password, active) VALUES
      ('ali@shop.test', 'ali', 'Ali Baba', $1, true), ('kasim@shop.test', 'kasim', 'Kasim', $1, false)`,
    [password],
  );

  @Module({ providers: [{ provide: DataSource, useValue: shop }], exports: [DataSource] })
  class ShopModule {}
  house = await openLoginHouse({ databaseUrl: testDatabase.url, users: MyUsers, imports: [ShopModule] });
});
afterAll(async () => {
  await house.close();
  await shop.destroy();
  await testDatabase.drop();
  await shopDatabase.drop();
});

it('is the class of docs/bring-your-own-users.md', async () => {
  const [guide, code] = await Promise.all(
    ['../../docs/bring-your-own-users.md', './my-users.ts'].map((file) =>
      readFile(new URL(file, import.meta.url), 'utf8'),
    ),
  );
  expect(guide).toContain(code!.replace('../../src/users/users.js', 'nest-gatehouse/identity-provider'));
});

it('signs in a member of the existing table, and strengthens the hash on the way', async () => {
  const browser = house.browser();
  expect((await browser.signIn('ALI@shop.test', 'open sesame')).status).toBe(303);
  expect((await browser.get('/')).page).toContain('Ali Baba');
  const [{ password }] = await shop.query(`SELECT password FROM member WHERE nickname = 'ali'`);
  expect(password).toMatch(/^\$argon2id\$/);
  expect((await house.browser().signIn('ali@shop.test', 'open sesame')).status).toBe(303);
});

it.each([
  ['a wrong password', 'ali@shop.test', 'close sesame'],
  ['a wrong password of an old hash', 'kasim@shop.test', 'close sesame'],
  ['an inactive member', 'kasim@shop.test', 'open sesame'],
  ['an unknown name', 'nobody@shop.test', 'open sesame'],
])('refuses %s, after asking verifyPassword once and argon2 once', async (_, username, password) => {
  const users = house.app.get(Users) as MyUsers;
  const verify = users.verifyPassword.bind(users);
  let asked = 0;
  users.verifyPassword = (found, typed) => {
    asked += 1;
    return verify(found, typed);
  };
  const verifications = countVerifications(house);
  expect((await house.browser().signIn(username, password)).status).toBe(401);
  expect([asked, verifications()]).toEqual([1, 1]);
});

it('counts the failures of a member’s two names together', async () => {
  await house.database.dataSource.query('DELETE FROM rate_limit');
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 12; attempt += 1) {
    statuses.push((await house.browser().signIn(attempt % 2 ? 'ali' : 'ali@shop.test', 'wrong')).status);
  }
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
});
