import { readFile } from 'node:fs/promises';
import { statement } from '../../src/platform/database/database.js';
import { CertifiedHouse } from './certified-house.js';
import { RelyingParty } from './relying-party.js';

let house: CertifiedHouse;
beforeAll(async () => void (house = await CertifiedHouse.open()));
afterAll(() => house.close());

it('after a restore the statements of docs/production.md end everything, and people sign in again', async () => {
  const page = await readFile('docs/production.md', 'utf8');
  const [, sql] = /```sql\n([^]*?)```/.exec(page)!;
  const party = await RelyingParty.register(house);
  const browser = house.browser();
  const before = await party.signIn(browser, { scope: 'openid offline_access' });
  for (const text of sql!.split(';').filter((part) => part.trim() !== '')) {
    await house.database.query(statement(text));
  }
  await expect(party.refresh(before.tokens.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
  expect(await party.introspect(before.tokens.access_token)).toEqual({ active: false });
  await expect(party.authorize(browser, { prompt: 'none' })).rejects.toMatchObject({ error: 'login_required' });
  expect((await party.signIn(browser)).claims.sub).toBe(before.claims.sub);
});
