import { CertifiedHouse } from './certified-house.js';
import { RelyingParty } from './relying-party.js';

const HUNDRED = Array.from({ length: 100 }, (_, index) => index);

let house: CertifiedHouse;
beforeAll(async () => void (house = await CertifiedHouse.open()));
afterAll(() => house.close());

/** Ten at a time, as a test suite or an office would. */
async function inTens<T>(work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let start = 0; start < HUNDRED.length; start += 10) {
    results.push(...(await Promise.all(HUNDRED.slice(start, start + 10).map(work))));
  }
  return results;
}

it('a hundred registrations from one address are not throttled', async () => {
  const parties = await inTens(() => RelyingParty.register(house));
  expect(new Set(parties.map(({ registration }) => registration.client_id)).size).toBe(100);
});

it('nor are the registrations of several plans of the certification suite', async () => {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ redirect_uris: ['https://rp.example.test/callback'] });
  for (let plan = 0; plan < 3; plan += 1) {
    const answers = await inTens(() => fetch(`${house.issuer}/register`, { method: 'POST', headers, body }));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  }
});

it('a hundred sign-ins from one address are not throttled; a hundred wrong passwords are', async () => {
  const answers = await inTens((index) => {
    const [name, password] = index % 2 === 0 ? ['alice', 'wonderland'] : ['bob', 'builder'];
    return house.browser().signIn(name!, password!);
  });
  expect(answers.map(({ headers }) => headers.get('location'))).toEqual(HUNDRED.map(() => '/'));

  const refusals = await inTens(() => house.browser().signIn('alice', 'wrong'));
  const statuses = refusals.map(({ status }) => status);
  expect(statuses.filter((status) => status === 429)).toHaveLength(90);
  const throttled = refusals.find(({ status }) => status === 429)!;
  expect(Number(throttled.headers.get('retry-after'))).toBeGreaterThan(0);
});
