import { statement } from '../../src/platform/database/database.js';
import { type House, openHouse } from '../support/house.js';

let house: House;
beforeAll(async () => (house = await openHouse()));
afterAll(() => house.close());

/** Everything that is in the database, as text; octets as text and in hexadecimal. */
async function dump(): Promise<string> {
  const tables = await house.database.query<{ name: string }>(
    statement(`SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public'`),
  );
  const parts: string[] = [];
  for (const { name } of tables) {
    const rows = await house.database.query<{ row: string }>(statement(`SELECT t::text AS row FROM ${name} t`));
    parts.push(name, ...rows.map(({ row }) => row));
  }
  return parts.join('\n');
}

it('UE-14 RT-22 whoever reads the database finds nothing to sign in with: what is looked up is looked up by digest', async () => {
  await house.resources.put({ audience: 'urn:opaque', scopes: ['opaque:read'], tokenFormat: 'opaque' });
  const client = await house.client('at-rest', { scope: 'openid offline_access opaque:read' });
  const { tokens, browser, grant } = await house.codeFlow({ scope: 'openid offline_access opaque:read' }, { client });
  const rotated = (await house.refresh(client, tokens.refresh_token)).json;
  const begun = await browser.start(client, { prompt: 'login', state: 'a-state-that-waits' });
  const interaction = new URL(begun.headers.get('location')!, house.issuer).searchParams.get('interaction')!;
  const kept = await dump();
  expect(kept).toContain('at-rest');
  expect(kept).toContain('a-state-that-waits');
  const secrets = {
    code: grant.code,
    verifier: grant.verifier,
    interaction,
    'client secret': client.secret!,
    'opaque access token': tokens.access_token,
    'ID token': tokens.id_token,
    'refresh token': tokens.refresh_token,
    'its successor': String(rotated['refresh_token']),
    'successor’s access token': String(rotated['access_token']),
    ...Object.fromEntries(browser.cookies),
  };
  expect(Object.keys(secrets).length).toBeGreaterThan(10);
  for (const [name, secret] of Object.entries(secrets)) {
    for (const written of [
      secret,
      Buffer.from(secret).toString('hex'),
      Buffer.from(secret, 'base64url').toString('hex'),
    ]) {
      expect([name, kept.includes(written)]).toEqual([name, false]);
    }
  }
});
