import { UserSessions } from '../../src/relying-party/index.js';
import { MemorySessionStore } from '../../src/sessions/stores/memory.js';
import { eventually, FeedWorld } from './feed-world.js';
import { Browser } from './house.js';

/** What both processes of the application keep their sessions in, as a database would be. */
class CountingStore extends MemorySessionStore {
  lookUps = 0;

  override find(...args: Parameters<MemorySessionStore['find']>) {
    this.lookUps += 1;
    return super.find(...args);
  }
}

let world: FeedWorld;
let store: CountingStore;
let first: Awaited<ReturnType<FeedWorld['application']>>;
let second: typeof first;
beforeAll(async () => {
  world = await FeedWorld.open();
  store = new CountingStore();
  const session = { store, secret: 'a session secret of 32 and more bytes', cookie: { name: '__Host-shop' } };
  const replica = () => world.application({ clientId: 'shop', session });
  [second, first] = [await replica(), await replica()];
});
afterAll(() => world.close());

/** Somebody with a session at one process, and the same browser at the other; both have served it. */
async function signedIn(as = 'alice') {
  const { browser, person } = await world.signIn(first.application, as);
  const there = new Browser(second.application.origin);
  for (const [name, value] of browser.cookies) there.cookies.set(name, value);
  expect([(await browser.send('/any')).status, (await there.send('/any')).status]).toEqual([200, 200]);
  return { browser, there, person };
}

it('a warm session costs no look-up in any process', async () => {
  const { browser, there } = await signedIn();
  store.lookUps = 0;
  for (const one of [browser, there, browser, there]) expect((await one.send('/any')).status).toBe(200);
  expect(store.lookUps).toBe(0);
  // That it is in use is written down, a minute later at the latest.
  world.provider.clock.pass('61s');
  await eventually(() => first.feed.health().fresh, 'the feed has caught up');
  expect((await browser.send('/any')).status).toBe(200);
  expect(store.lookUps).toBeGreaterThan(0);
});

it.each<[string, (found: Awaited<ReturnType<typeof signedIn>>) => Promise<unknown>]>([
  ['the person signs out here', ({ browser }) => browser.post('/auth/logout')],
  ['the person ends it from another device', () => endAll()],
  ['the person signs out at the provider', async ({ person }) => {
    const { page } = await person.get('/logout');
    await person.post('/logout', { csrf: /name="csrf" value="([^"]+)"/.exec(page)![1]! });
  }],
])('it ends in every process at once when %s', async (_, cause) => {
  const found = await signedIn('bob');
  await cause(found);
  await eventually(async () => (await found.there.send('/any')).status === 401, 'the other process refuses it');
  expect((await found.browser.send('/any')).status).toBe(401);
}); // prettier-ignore

async function endAll(): Promise<void> {
  const { user } = (await world.provider.users.findByUsername('bob'))!;
  const someone = { subject: user.sub, scheme: 'jwt', isClient: false } as never;
  await first.application.app.get(UserSessions).endOthers(someone);
}

it('as soon as the feed is silent, the store is asked for every request', async () => {
  const { browser } = await signedIn();
  world.proxy.change = (answer) => (answer.path.startsWith('/ssf/') ? undefined : answer);
  try {
    world.provider.clock.pass('11s');
    store.lookUps = 0;
    await browser.send('/any');
    await browser.send('/any');
    expect(store.lookUps).toBe(2);
  } finally {
    world.proxy.change = undefined;
  }
});
