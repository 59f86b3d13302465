import { claimsOf, type House, type JsonAnswer, openHouse, type Tokens } from '../support/house.js';

/** Two processes of the provider stand on one database; every race runs over both. */
let house: House;
let origins: string[];
beforeAll(async () => {
  house = await openHouse();
  origins = [house.issuer, await house.openAnother()];
});
afterAll(() => house.close());

const OFFLINE = { scope: 'openid offline_access' };
const fifty = (send: (origin: string) => Promise<JsonAnswer>) =>
  Promise.all(Array.from({ length: 50 }, (_, i) => send(origins[i % 2]!)));
const rows = async <T>(sql: string, ...values: unknown[]) => house.database.dataSource.query<T[]>(sql, values);

const ROUNDS = 3;

it('CD-02 fifty redemptions of one code: at most one succeeds, and what it gave is dead', async () => {
  const { browser } = await house.codeFlow(OFFLINE);
  for (let round = 0; round < ROUNDS; round += 1) {
    const grant = await browser.obtainCode(OFFLINE);
    const answers = await fifty((origin) => house.redeem(house.web, grant, {}, { origin }));
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners.length).toBeLessThanOrEqual(1);
    for (const loser of answers.filter(({ status }) => status !== 200)) {
      expect([loser.status, loser.json['error']]).toEqual([400, 'invalid_grant']);
    }
    for (const { json } of winners) {
      const tokens = json as unknown as Tokens;
      expect((await house.userinfo(tokens.access_token)).status).toBe(401);
      expect((await house.refresh(house.web, tokens.refresh_token)).json['error']).toBe('invalid_grant');
      const { authorization_id: id } = claimsOf(tokens.access_token);
      expect(await rows('SELECT 1 FROM refresh_token WHERE authorization_id = $1', id)).toHaveLength(1);
    }
  }
});

it('a right and many wrong presentations at once: nothing that lives comes of it', async () => {
  const { browser } = await house.codeFlow(OFFLINE);
  const grant = await browser.obtainCode(OFFLINE);
  let count = 0;
  const answers = await fifty((origin) => {
    const wrong = count++ % 5 === 0 ? {} : { code_verifier: 'w'.repeat(43) };
    return house.redeem(house.web, grant, wrong, { origin });
  });
  for (const { status, json } of answers) {
    expect([200, 400]).toContain(status);
    if (status === 200) expect((await house.userinfo(json['access_token'] as string)).status).toBe(401);
  }
});

it('RT-02 fifty refreshes of one token: every success is the identical answer, one live leaf, the family alive', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { tokens } = await house.codeFlow(OFFLINE);
    const answers = await fifty((origin) => house.refresh(house.web, tokens.refresh_token, {}, { origin }));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ page }) => page)).size).toBe(1);
    const next = answers[0]!.json as unknown as Tokens;
    expect((await house.userinfo(next.access_token)).status).toBe(200);
    const { authorization_id: id } = claimsOf(tokens.access_token);
    expect(await rows('SELECT 1 FROM refresh_token WHERE authorization_id = $1', id)).toHaveLength(1);
    const after = await house.refresh(house.web, next.refresh_token);
    expect(after.status).toBe(200);
  }
});

it('RT-02 fifty presentations of a token of two generations ago: none succeeds, the family is dead', async () => {
  const { tokens } = await house.codeFlow(OFFLINE);
  const second = (await house.refresh(house.web, tokens.refresh_token)).json as unknown as Tokens;
  const third = (await house.refresh(house.web, second.refresh_token)).json as unknown as Tokens;
  const answers = await fifty((origin) => house.refresh(house.web, tokens.refresh_token, {}, { origin }));
  expect(new Set(answers.map(({ json }) => json['error']))).toEqual(new Set(['invalid_grant']));
  expect((await house.refresh(house.web, third.refresh_token)).json['error']).toBe('invalid_grant');
});

it('refreshes while the person signs out: afterwards nothing lives', async () => {
  const { tokens, browser } = await house.codeFlow();
  const [answers] = await Promise.all([
    fifty((origin) => house.refresh(house.web, tokens.refresh_token, {}, { origin })),
    browser.get(`/logout?id_token_hint=${tokens.id_token}`),
  ]);
  for (const { status, json } of answers) {
    expect([200, 400]).toContain(status);
    if (status !== 200) continue;
    expect((await house.userinfo(json['access_token'] as string)).status).toBe(401);
    expect((await house.refresh(house.web, json['refresh_token'] as string)).json['error']).toBe('invalid_grant');
  }
});

it('redemptions while the person signs out: afterwards nothing session-bound lives', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { tokens, browser } = await house.codeFlow();
    const grants = await Promise.all(Array.from({ length: 8 }, () => browser.obtainCode()));
    const [answers] = await Promise.all([
      Promise.all(grants.map((grant, i) => house.redeem(house.web, grant, {}, { origin: origins[i % 2]! }))),
      browser.get(`/logout?id_token_hint=${tokens.id_token}`),
    ]);
    for (const { status, json } of answers) {
      expect([200, 400]).toContain(status);
      if (status !== 200) continue;
      expect((await house.refresh(house.web, json['refresh_token'] as string)).json['error']).toBe('invalid_grant');
      expect((await house.userinfo(json['access_token'] as string)).status).toBe(401);
    }
  }
});

it('RT-24 many families at once, and an administrator who revokes them all: no deadlock', async () => {
  const { tokens } = await house.codeFlow(OFFLINE);
  const { sub } = claimsOf(tokens.access_token) as { sub: string };
  const families = await Promise.all(Array.from({ length: 10 }, () => house.codeFlow(OFFLINE)));
  const answers = await Promise.all([
    ...families.flatMap((family, i) =>
      Array.from({ length: 4 }, () =>
        house.refresh(house.web, family.tokens.refresh_token, {}, { origin: origins[i % 2]! }),
      ),
    ),
    house.authorizations.revoke({ subject: sub }, 'administrative').then(() => ({ status: 200 })),
  ]);
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
});
