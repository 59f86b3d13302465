import { RegistrationHouse, playing, type Registered, Site } from './house.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="9" height="9"/></svg>';

const pictures: Record<string, { status?: number; type: string; body: Buffer | string }> = {
  '/logo.png': { type: 'image/png', body: PNG },
  '/logo.svg': { type: 'image/svg+xml; charset=utf-8', body: SVG },
  '/logo.html': { type: 'text/html', body: '<script>alert(1)</script>' },
  '/logo.xml': { type: 'application/xml', body: SVG },
  '/untyped': { type: '', body: PNG },
  '/large.png': { type: 'image/png', body: Buffer.alloc(256 * 1024 + 1) },
  '/empty.png': { type: 'image/png', body: '' },
  '/gone.png': { status: 404, type: 'image/png', body: PNG },
  '/moved.png': { status: 302, type: 'image/png', body: PNG },
};
let site: Site;
let house: RegistrationHouse;

beforeAll(async () => {
  site = await Site.open((request, response) => {
    const { status = 200, type, body } = pictures[request.url!]!;
    response.writeHead(status, { 'content-type': type, location: '/logo.png' }).end(body);
  }, false);
  house = await RegistrationHouse.open({ registration: 'open', policy: 'certification', allow: [site.allowance] });
});
beforeEach(() => (site.requests = []));
afterAll(async () => {
  await house.close();
  await site.close();
});

const logoOf = (client: Pick<Registered, 'client_id'>, init?: RequestInit, at: RegistrationHouse = house) =>
  fetch(`${at.issuer}/clients/${client.client_id}/logo`, init);

it.each([
  ['/logo.png', 'image/png', PNG],
  ['/logo.svg', 'image/svg+xml', Buffer.from(SVG)],
])('%s comes from us, and nothing in it may run', async (path, type, body) => {
  const client = await house.add({ logo_uri: `${site.origin}${path}` });
  const answer = await logoOf(client);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(body);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  const policy = answer.headers.get('content-security-policy')!.split('; ');
  expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", 'sandbox']));
  expect(answer.headers.get('cache-control')).toBe('private, max-age=300');
  expect((await logoOf(client, { method: 'HEAD' })).status).toBe(200);
});

it.each(['/logo.html', '/logo.xml', '/untyped', '/large.png', '/empty.png', '/gone.png', '/moved.png'])(
  '%s is no logo',
  async (path) => {
    const answer = await logoOf(await house.add({ logo_uri: `${site.origin}${path}` }));
    expect([answer.status, await answer.text()]).toEqual([404, '']);
  },
);

it.each(['client_unknown', 'rp-a', '%00', '%ff', '..%2fx'])('there is none of %s', async (client_id) => {
  const { status } = await logoOf({ client_id });
  expect([400, 404]).toContain(status);
});

it('is fetched once an hour, and a missing one once a minute', async () => {
  const there = await house.add({ logo_uri: `${site.origin}/logo.png?kept` });
  const missing = await house.add({ logo_uri: `${site.origin}/gone.png?kept` });
  pictures['/logo.png?kept'] = pictures['/logo.png']!;
  pictures['/gone.png?kept'] = pictures['/gone.png']!;
  const fetched = async () => {
    for (const client of [there, missing]) await Promise.all([1, 2, 3].map(() => logoOf(client)));
    return site.requests.map(({ url }) => url).sort();
  };
  const both = ['/gone.png?kept', '/logo.png?kept'];
  expect(await fetched()).toEqual(both);
  expect(await fetched()).toEqual(both);
  house.clock.pass('61s');
  expect(await fetched()).toEqual(['/gone.png?kept', ...both]);
  house.clock.pass('1h');
  expect(await fetched()).toHaveLength(5);
});

it('pages name our own address and no other', async () => {
  const client = playing(await house.add({ client_name: 'Wonder', logo_uri: `${site.origin}/logo.png` }));
  const browser = house.browser();
  const { headers } = await browser.start(client);
  const { page } = await browser.get(headers.get('location')!);
  expect(page).toContain(`src="/clients/${client.id}/logo"`);
  expect(page).not.toContain(site.origin);
});

it('of a disabled client is not shown', async () => {
  const client = await house.add({ logo_uri: `${site.origin}/logo.png` });
  await house.clients.disable(client.client_id);
  expect((await logoOf(client)).status).toBe(404);
});

it('of a stranger is never looked for inside; an operator’s client may have one there', async () => {
  const secure = await RegistrationHouse.open({ registration: 'open', allow: [site.allowance] });
  try {
    // A local http address is fine to register, for development; reaching it is another matter.
    const stranger = await secure.add({ logo_uri: `${site.origin}/logo.png` });
    expect((await logoOf(stranger, {}, secure)).status).toBe(404);
    expect(site.requests).toHaveLength(0);
    const own = await secure.client('own', { logo_uri: `${site.origin}/logo.png` });
    expect((await logoOf({ client_id: own.id }, {}, secure)).status).toBe(200);
  } finally {
    await secure.close();
  }
});
