import { Maintenance } from '../../src/identity-provider/maintenance.js';
import { statement } from '../../src/platform/database/database.js';
import { type House, openHouse } from '../support/house.js';

let house: House;
let maintenance: Maintenance;
beforeAll(async () => {
  house = await openHouse();
  maintenance = house.app.get(Maintenance, { strict: false });
});
afterAll(() => house.close());

const count = async (table: string) => {
  const [row] = await house.database.query<{ n: string }>(statement(`SELECT count(*) AS n FROM ${table}`));
  return Number(row!.n);
};

it('sweeps everything that has ended in one round, however much it is', async () => {
  await house.codeFlow({ scope: 'openid offline_access' });
  await house.browser().start(house.web);
  await house.database.query(
    statement(`
      INSERT INTO interaction (id_digest, browser_digest, resume_path, display, payload, progress, created_at, expires_at)
      SELECT decode(lpad(to_hex(n), 64, '0'), 'hex'), '', '/', '{}', '{}', '{}', 0, 1 FROM generate_series(1, 2500) n`),
  );
  await house.database.query(
    statement(`INSERT INTO revoked_access_token (jti, expires_at) SELECT n, 1 FROM generate_series(1, 2500) n`),
  );
  await maintenance.run();
  expect(await count('revoked_access_token')).toBe(0);
  expect(await count('interaction')).toBe(2);
  expect(await count('refresh_token')).toBe(1);

  house.clock.pass('91d');
  await maintenance.run();
  for (const table of ['interaction', 'session', 'authorization_grant', 'refresh_token']) {
    expect([table, await count(table)]).toEqual([table, 0]);
  }
  expect(house.log).toEqual([]);
});

it('DR-11 forgets who registered themselves and were used by nobody for thirty days, and nobody else', async () => {
  const dynamic = { dynamic: true };
  const unused = await house.client('unused', {}, dynamic);
  const used = await house.client('used', {}, dynamic);
  const operators = await house.client('operators');
  await house.codeFlow({}, { client: used });
  house.clock.pass('29d');
  await maintenance.run();
  expect(await house.clients.find(unused.id)).toBeDefined();
  house.clock.pass('2d');
  await maintenance.run();
  expect(await house.clients.find(unused.id)).toBeUndefined();
  for (const { id } of [used, operators]) expect(await house.clients.find(id)).toBeDefined();
});
