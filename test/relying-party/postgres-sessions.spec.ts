import { TestClock } from '../support/test-clock.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { TinyIssuer } from '../support/tiny-issuer.js';
import { House } from './house.js';

describe('sessions of an application in PostgreSQL', () => {
  let database: TestDatabase;
  let issuer: TinyIssuer;
  beforeAll(async () => {
    database = await createTestDatabase();
    issuer = await TinyIssuer.listen(new TestClock());
  });
  afterAll(async () => {
    await issuer.close();
    await database.drop();
  });
  const open = (url: string) =>
    House.open(issuer, (defaults) => ({ ...defaults, session: { ...defaults.session!, store: 'postgres', url } }));

  it('live on after a restart, and end in every process at once', async () => {
    const first = await open(database.url);
    const browser = first.browser();
    await browser.signIn(issuer);
    const headers: [string, string][] = [['cookie', `__Host-app=${browser.cookies.get('__Host-app')}`]];
    const second = await open(database.url);
    expect((await second.ask('/session', { headers })).json['subject']).toBe('alice');
    await browser.post('/auth/logout');
    expect((await second.ask('/session', { headers })).status).toBe(401);
    await first.close();
    await second.close();
  });

  it('say which setting is wrong', async () => {
    await expect(open('postgres://nobody@127.0.0.1:1/none')).rejects.toThrow('session.url');
  });
});
