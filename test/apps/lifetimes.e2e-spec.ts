import { claimsOf, type House, openHouse, responseOf } from '../support/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({
    settings: {
      GATEHOUSE_ACCESS_TOKEN_LIFETIME: '2m',
      GATEHOUSE_ID_TOKEN_LIFETIME: '3m',
      GATEHOUSE_CODE_LIFETIME: '20s',
      GATEHOUSE_REFRESH_IDLE: '1h',
      GATEHOUSE_REFRESH_LIFETIME: '90m',
      GATEHOUSE_REFRESH_GRACE: '0s',
      GATEHOUSE_SESSION_IDLE: '10m',
      GATEHOUSE_SESSION_LIFETIME: '15m',
    },
  });
});
afterAll(() => house.close());

const lifetimeOf = (token: string) => Number(claimsOf(token)['exp']) - Number(claimsOf(token)['iat']);

it('tokens live as long as the settings say', async () => {
  const { tokens } = await house.codeFlow();
  expect([tokens.expires_in, lifetimeOf(tokens.access_token), lifetimeOf(tokens.id_token)]).toEqual([120, 120, 180]);
});

it('so do codes', async () => {
  const browser = house.browser();
  const [early, late] = [await browser.obtainCode(), await browser.obtainCode()];
  house.clock.pass('19s');
  expect((await house.redeem(house.web, early)).status).toBe(200);
  house.clock.pass('1s');
  expect((await house.redeem(house.web, late)).json['error']).toBe('invalid_grant');
});

it('and refresh tokens: at rest, altogether, and repeated', async () => {
  const scope = { scope: 'openid offline_access' };
  const idle = (await house.codeFlow(scope)).tokens;
  const used = (await house.codeFlow(scope)).tokens;
  const repeated = (await house.codeFlow(scope)).tokens;
  await house.refresh(house.web, repeated.refresh_token);
  expect((await house.refresh(house.web, repeated.refresh_token)).json['error']).toBe('invalid_grant');
  house.clock.pass('50m');
  const next = (await house.refresh(house.web, used.refresh_token)).json['refresh_token'] as string;
  house.clock.pass('10m');
  expect((await house.refresh(house.web, idle.refresh_token)).json['error']).toBe('invalid_grant');
  house.clock.pass('30m');
  expect((await house.refresh(house.web, next)).json['error']).toBe('invalid_grant');
});

it('and sign-on sessions', async () => {
  const { browser } = await house.codeFlow();
  const silent = async () => responseOf(await browser.start(house.web, { prompt: 'none' })).get('error');
  house.clock.pass('9m');
  expect(await silent()).toBeNull();
  house.clock.pass('5m');
  expect(await silent()).toBeNull();
  house.clock.pass('1m');
  expect(await silent()).toBe('login_required');
});
