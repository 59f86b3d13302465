import { jest } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { countVerifications, type LoginHouse, openLoginHouse, type TestBrowser } from '../support/login-house.js';

let testDatabase: TestDatabase;
let house: LoginHouse;
let twin: LoginHouse;
let proxied: LoginHouse;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const databaseUrl = testDatabase.url;
  house = await openLoginHouse({ databaseUrl });
  twin = await openLoginHouse({ databaseUrl });
  proxied = await openLoginHouse({ databaseUrl, trustProxy: true, throttle: { perAccount: 15 } });
  await house.users.add({ username: 'alice', password: 'wonderland' });
  await house.users.add({ username: 'bob', password: 'builder' });
});
afterAll(async () => {
  await Promise.all([house.close(), twin.close(), proxied.close()]);
  await testDatabase.drop();
});
beforeEach(() => house.database.dataSource.query('DELETE FROM rate_limit'));

async function fail(times: number, at: LoginHouse = house, as: (attempt: number) => string = () => 'alice') {
  const statuses: number[] = [];
  for (let attempt = 0; attempt < times; attempt += 1) {
    statuses.push((await at.browser().signIn(as(attempt), 'wrong')).status);
  }
  return statuses;
}

function from(address: string, at: LoginHouse = proxied): TestBrowser {
  const browser = at.browser();
  browser.headers['x-forwarded-for'] = address;
  return browser;
}

const times = (count: number, status: number) => Array.from({ length: count }, () => status);

it('BF-01: evaluates ten wrong passwords for an account, then none, not even the right one', async () => {
  expect(await fail(11)).toEqual([...times(10, 401), 429]);
  const evaluated = countVerifications(house);
  const answer = await house.browser().signIn('alice', 'wonderland');
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(800);
  expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(900);
  expect(answer.page).toContain('Too many attempts');
  expect(evaluated()).toBe(0);
});

it('opens again when the window has passed', async () => {
  await fail(11);
  await house.database.dataSource.query('UPDATE rate_limit SET expire = expire - 900000');
  expect((await house.browser().signIn('alice', 'wonderland')).status).toBe(303);
});

it('BF-02: counts every spelling of a name as one account', async () => {
  const spellings = ['alice', 'ALICE', 'Alice ', 'ａｌｉｃｅ', 'ali\u200bce', 'aLICE'];
  expect(await fail(11, house, (attempt) => spellings[attempt % spellings.length]!)).toEqual([...times(10, 401), 429]);
});

it('UE-08, UE-10: answers the same for a name that nobody has', async () => {
  const answers = [];
  for (const name of ['alice', 'nobody']) {
    await fail(10, house, () => name);
    const { status, headers, page } = await house.browser().signIn(name, 'wrong');
    answers.push({
      status,
      headers: [...headers.keys()],
      page: page
        .replace(name, 'NAME')
        .replace(/name="csrf" value="[^"]+"/, '')
        .replace(/<code>[^<]+<\/code>/, ''),
    });
  }
  expect(answers[0]!.status).toBe(429);
  expect(answers[0]!.headers).toContain('retry-after');
  expect(answers[1]).toEqual(answers[0]);
});

it('BF-03: evaluates at most ten of 200 guesses at once over two processes', async () => {
  const counts = [countVerifications(house), countVerifications(twin)];
  const statuses = await Promise.all(
    Array.from(
      { length: 200 },
      async (_, index) => (await [house, twin][index % 2]!.browser().signIn('alice', 'wrong')).status,
    ),
  );
  expect(counts[0]!() + counts[1]!()).toBe(10);
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(190);
});

it('BF-14: stops one password tried on many names from one network', async () => {
  const statuses = await fail(102, house, (attempt) => `user${attempt}`);
  expect(statuses).toEqual([...times(100, 401), 429, 429]);
});

it('does not stop a hundred honest people at once behind one address, nor after them', async () => {
  const statuses = await Promise.all(
    Array.from({ length: 100 }, async () => (await house.browser().signIn('alice', 'wonderland')).status),
  );
  expect(statuses).toEqual(times(100, 303));
  expect((await house.browser().signIn('bob', 'builder')).status).toBe(303);
});

it('finds and counts in one statement, gives back with the session in another, and leaves no count behind', async () => {
  const counts = async (): Promise<string[]> => {
    const rows = await house.database.dataSource.query('SELECT key, points FROM rate_limit');
    return rows.map(({ key, points }: { key: string; points: number }) => `${key.split(':')[0]} ${points}`).sort();
  };
  const browser = house.browser();
  const query = jest.spyOn(house.database, 'query');
  expect((await browser.signIn('alice', 'wonderland')).status).toBe(303);
  const sent = query.mock.calls
    .map(([{ text }]) => text)
    .filter((text) => /rate_limit|gatehouse_user|audit_event/.test(text));
  query.mockRestore();
  expect(sent).toEqual([
    expect.stringMatching(/gatehouse_user[^]*INSERT INTO rate_limit/),
    expect.stringMatching(/UPDATE rate_limit[^]*INSERT INTO session[^]*INSERT INTO audit_event/),
  ]);
  const stranger = ['sign-in-account 0', 'sign-in-account-network 0', 'sign-in-network 0'];
  expect(await counts()).toEqual(stranger);
  // Now the device is known, and counts alone.
  expect((await browser.signIn('alice', 'wrong')).status).toBe(401);
  expect((await browser.signIn('alice', 'wonderland')).status).toBe(303);
  expect(await counts()).toEqual([...stranger, 'sign-in-device 1'].sort());
});

it('gives everybody their own answer when many sign in at the same moment', async () => {
  const people = Array.from({ length: 30 }, (_, index) => (['alice', 'bob', 'mallory'] as const)[index % 3]!);
  const passwords = { alice: 'wonderland', bob: 'builder', mallory: 'wonderland' };
  const shown = await Promise.all(
    people.map(async (name) => {
      const browser = house.browser();
      await browser.signIn(name, passwords[name]);
      return /<div class="small muted">(?:<bdi>)?(\w+)/.exec((await browser.get('/')).page)?.[1];
    }),
  );
  expect(shown).toEqual(people.map((name) => (name === 'mallory' ? undefined : name)));
});

it('BF-11: forgives the victim’s account nothing when the attacker signs in as somebody else in between', async () => {
  const statuses: number[] = [];
  const attacker = house.browser();
  for (let attempt = 0; attempt < 11; attempt += 1) {
    expect((await attacker.signIn('bob', 'builder')).status).toBe(303);
    statuses.push((await attacker.signIn('alice', 'wrong')).status);
  }
  expect(statuses).toEqual([...times(10, 401), 429]);
});

describe('the address', () => {
  it.each(['x-forwarded-for', 'forwarded', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip'])(
    'BF-04: is not believed from %s without a trusted proxy',
    async (header) => {
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 11; attempt += 1) {
        const browser = house.browser();
        browser.headers[header] = header === 'forwarded' ? `for=198.51.100.${attempt}` : `198.51.100.${attempt}`;
        statuses.push((await browser.signIn('alice', 'wrong')).status);
      }
      expect(statuses.at(-1)).toBe(429);
    },
  );

  it('BF-05: is the whole /64 in IPv6', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt += 1) {
      statuses.push((await from(`2001:db8:0:1:${attempt}::${attempt}`).signIn('alice', 'wrong')).status);
    }
    expect(statuses).toEqual([...times(10, 401), 429]);
    expect((await from('2001:db8:0:2::1').signIn('alice', 'wonderland')).status).toBe(303);
  });
});

describe('an owner under attack', () => {
  it('BF-06: signs in from another network while one attacker is locked out', async () => {
    for (let attempt = 0; attempt < 20; attempt += 1) await from('198.51.100.1').signIn('alice', 'wrong');
    expect((await from('198.51.100.1').signIn('alice', 'wrong')).status).toBe(429);
    expect((await from('203.0.113.7').signIn('alice', 'wonderland')).status).toBe(303);
  });

  it('BF-06: signs in from a known device while attackers everywhere have used the account’s limit up', async () => {
    const known = from('203.0.113.7');
    await known.signIn('alice', 'wonderland');
    for (let attempt = 0; attempt < 16; attempt += 1) await from(`198.51.100.${attempt}`).signIn('alice', 'wrong');
    expect((await from('203.0.113.8').signIn('alice', 'wonderland')).status).toBe(429);
    expect((await known.signIn('alice', 'wonderland')).status).toBe(303);
  });

  it('BF-06, SE-09: has a known device only where this account signed in, and only as it was sealed', async () => {
    const bobs = from('203.0.113.9');
    await bobs.signIn('bob', 'builder');
    const touched = from('203.0.113.10');
    await touched.signIn('alice', 'wonderland');
    const sealed = touched.cookies.get('__Host-gatehouse-device')!;
    touched.cookies.set('__Host-gatehouse-device', `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`);
    for (let attempt = 0; attempt < 16; attempt += 1) await from(`198.51.100.${attempt}`).signIn('alice', 'wrong');
    expect((await bobs.signIn('alice', 'wonderland')).status).toBe(429);
    expect((await touched.signIn('alice', 'wonderland')).status).toBe(429);
  });

  it('gives a stolen device cookie ten guesses, however often its owner signs in', async () => {
    const known = from('203.0.113.7');
    await known.signIn('alice', 'wonderland');
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt += 1) {
      const thief = known.at(proxied.url);
      statuses.push((await thief.signIn('alice', 'wrong')).status);
      if (attempt === 5) await known.signIn('alice', 'wonderland');
    }
    expect(statuses).toEqual([...times(10, 401), 429]);
  });
});

it('BF-13: counts in memory while its table does not answer', async () => {
  const { dataSource } = house.database;
  await dataSource.query('ALTER TABLE rate_limit RENAME TO gone');
  try {
    expect(await fail(11, house, () => 'someone')).toEqual([...times(10, 401), 429]);
    expect((await house.browser().signIn('alice', 'wonderland')).status).toBe(303);
  } finally {
    await dataSource.query('ALTER TABLE gone RENAME TO rate_limit');
  }
});

it('BF-16: turns away what it cannot hash in reasonable time, cleanly, and stays responsive', async () => {
  const busy = await openLoginHouse({ databaseUrl: testDatabase.url, throttle: { perNetwork: 10_000 } });
  try {
    const forms = await Promise.all(
      Array.from({ length: 420 }, async (_, index) => {
        const browser = busy.browser();
        return { browser, fields: { ...(await browser.openForm()), username: `user${index}`, password: 'wrong' } };
      }),
    );
    const answers = await Promise.all(forms.map(({ browser, fields }) => browser.post('/login', fields)));
    const away = answers.filter(({ status }) => status === 503);
    expect(away.length).toBeGreaterThan(0);
    expect(away[0]!.headers.get('retry-after')).toBe('2');
    expect(away[0]!.page).toContain('busy');
    expect(answers.filter(({ status }) => status !== 503 && status !== 401)).toHaveLength(0);
    expect((await busy.browser().signIn('alice', 'wonderland')).status).toBe(303);
  } finally {
    await busy.close();
  }
});
