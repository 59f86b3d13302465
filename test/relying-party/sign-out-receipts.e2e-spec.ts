import { Controller, Get, Req, Res } from '@nestjs/common';
import { HttpExchange } from '../../src/platform/http/exchange.js';
import { Public, SignOutReceipts } from '../../src/relying-party/index.js';
import { FeedWorld } from './feed-world.js';

@Controller()
@Public()
class Bye {
  constructor(private readonly receipts: SignOutReceipts) {}

  @Get('any')
  home() {
    return {};
  }

  @Get('bye')
  async bye(@Req() request: object, @Res() response: object): Promise<void> {
    const receipt = await this.receipts.take(request, response);
    HttpExchange.of(request, response).json(200, { receipt: receipt ?? null });
  }
}

let world: FeedWorld;
let found: Awaited<ReturnType<FeedWorld['application']>>;
beforeAll(async () => {
  world = await FeedWorld.open();
  found = await world.application({ clientId: 'shop' }, { controllers: [Bye] });
});
afterAll(() => world.close());

const COOKIE = '__Host-shop-signed-out';

/** Signs in and out, also at the provider unless the person changes their mind there. */
async function signedOut({ atProvider = true } = {}) {
  const { browser, person } = await world.signIn(found.application);
  const { headers } = await browser.post('/auth/logout');
  const url = new URL(String(headers['location']));
  // Not registered here: the browser stays at the provider.
  url.searchParams.delete('post_logout_redirect_uri');
  if (atProvider) expect((await person.get(url.href)).headers.get('location')).toMatch(/^\/logout\/done/);
  return browser;
}

it('is shown once, in the browser that signed out', async () => {
  const browser = await signedOut();
  // What it names is nobody's to read.
  expect(browser.cookies.get(COOKIE)).toMatch(/^[\w-]{80,1000}$/);
  const stranger = found.application.browser();
  expect((await stranger.get('/bye')).json).toEqual({ receipt: null });
  expect((await browser.get('/bye')).json).toEqual({
    receipt: { enforced: 1, applications: 1, milliseconds: expect.any(Number) as number },
  });
  expect(browser.cookies.has(COOKIE)).toBe(false);
  expect((await browser.get('/bye')).json).toEqual({ receipt: null });
});

it.each<[string, (cookie: string) => string]>([
  ['cut', (cookie) => cookie.slice(0, -2)],
  ['made up', () => 'e30'],
  ['too long', (cookie) => cookie + 'A'.repeat(1000)],
])('what is %s shows nothing', async (_, change) => {
  const browser = await signedOut();
  browser.cookies.set(COOKIE, change(browser.cookies.get(COOKIE)!));
  const { status, json } = await browser.get('/bye');
  expect([status, json]).toEqual([200, { receipt: null }]);
});

it('nothing is shown of a sign-out that was not gone through with, or long ago', async () => {
  const undecided = await signedOut({ atProvider: false });
  expect((await undecided.get('/bye')).json).toEqual({ receipt: null });
  const late = await signedOut();
  world.provider.clock.pass('11m');
  expect((await late.get('/bye')).json).toEqual({ receipt: null });
});

it('a provider that does not answer keeps nobody from the page', async () => {
  const browser = await signedOut();
  world.proxy.cut();
  const { status, json } = await browser.get('/bye');
  expect([status, json]).toEqual([200, { receipt: null }]);
});
