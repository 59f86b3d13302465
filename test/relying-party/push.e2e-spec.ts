import { generateKeyPair, SignJWT } from 'jose';
import { PushReceiver } from '../signals/push-receiver.js';
import { Proxy } from '../support/proxy.js';
import { eventually, FeedWorld, withToken } from './feed-world.js';

const STREAM_PATH = '/auth/signals';

let world: FeedWorld;
/** Between the provider and the application. */
let way: Proxy;
/** Takes what is meant for the application, and says that it did. */
let thief: PushReceiver;
let app: Awaited<ReturnType<FeedWorld['application']>>;
beforeAll(async () => {
  way = await Proxy.listen();
  thief = await PushReceiver.listen();
  world = await FeedWorld.open(2, { outboundAllow: `push=${new URL(way.url).host}` });
  app = await world.application({
    revocation: { maxStaleness: '4s', pushUrl: `${way.url}${STREAM_PATH}` },
  });
  way.targets = [app.application.origin];
  await eventually(() => app.feed.health().fresh, 'the feed is followed');
});
afterEach(() => (way.change = undefined));
afterAll(async () => {
  await world.close();
  await way.close();
  await thief.close();
});

const status = async (token: string, path?: string) => (await withToken(app.application, token, path)).status;
const revoke = ({ client, tokens }: Awaited<ReturnType<FeedWorld['token']>>) =>
  world.provider.post('/revoke', client, { token: tokens.refresh_token });

const push = (body: string, headers: [string, string][] = []) =>
  app.application.ask(STREAM_PATH, {
    method: 'POST',
    headers: [['content-type', 'application/secevent+jwt'], ...headers],
    body,
  });

it('a token is refused when its revocation is pushed, and nobody polls', async () => {
  const found = await world.token();
  expect(await status(found.accessToken)).toBe(200);
  await revoke(found);
  await eventually(async () => (await status(found.accessToken)) === 401, 'the token is refused');
  expect(way.asked).toContain(STREAM_PATH);
  expect(world.proxy.asked.filter((path) => path.startsWith('/ssf/poll'))).toEqual([]);
  expect(app.feed.health()).toMatchObject({ state: 'following', fresh: true, refused: 0, lastGap: null });
});

it('as long as nothing happens, verifications keep it fresh; when they do not come any more, it is stale', async () => {
  const { accessToken } = await world.token();
  world.provider.clock.pass('5s');
  await eventually(() => app.feed.health().fresh, 'a verification came');
  way.cut();
  try {
    world.provider.clock.pass('5s');
    expect(await status(accessToken, '/refusing')).toBe(503);
    expect(app.feed.health()).toMatchObject({ fresh: false });
  } finally {
    way.heal();
  }
  const passed = setInterval(() => world.provider.clock.pass('100ms'), 50);
  try {
    await eventually(() => app.feed.health().fresh, 'it is fresh again', 45_000);
  } finally {
    clearInterval(passed);
  }
});

it('BL-13 an event that somebody else took is missed, and a snapshot brings it', async () => {
  const found = await world.token();
  way.targets = [new URL(thief.url).origin];
  await revoke(found);
  const isRevocation = ({ body }: { body: string }) => atob(body.split('.')[1]!).includes('"rules"');
  await eventually(() => thief.pushed.some(isRevocation), 'it is swallowed');
  way.targets = [app.application.origin];
  await eventually(async () => (await status(found.accessToken)) === 401, 'the snapshot tells it');
  expect(app.feed.health().lastGap).toMatchObject({ reason: 'an event is missing' });
});

it('a SET that comes again changes nothing', async () => {
  const set = thief.pushed.at(-1)!;
  const before = app.feed.health();
  const again = () => push(set.body, [['authorization', set.authorization!]]);
  expect([(await again()).status, (await again()).status]).toEqual([202, 202]);
  expect(app.feed.health()).toMatchObject({ rules: before.rules, refused: before.refused });
});

describe('what is refused', () => {
  it('a push that does not show what this process told the provider', async () => {
    for (const headers of [[], [['authorization', 'Bearer guess']]] as [string, string][][]) {
      const { status: code, json, headers: answered } = await push('a.b.c', headers);
      expect([code, json['err'], answered['content-language']]).toEqual([400, 'authentication_failed', 'en']);
    }
  });

  it('another application, that is not pushed to, takes nothing', async () => {
    const { application } = await world.application();
    const answer = await application.ask(STREAM_PATH, { method: 'POST' });
    expect(answer.status).toBe(404);
  });

  it('BL-12 forged, foreign, wrongly typed, oversized or no SET: the RFC’s error, and nothing is applied', async () => {
    const authorization = thief.pushed[0]!.authorization!;
    const { privateKey } = await generateKeyPair('ES256');
    const { issuer } = world.provider;
    const forged = (claims: object, typ = 'secevent+jwt', kid = 'x') =>
      new SignJWT({ iss: issuer, aud: app.client.id, jti: 'j', events: {}, ...claims })
        .setProtectedHeader({ alg: 'ES256', typ, kid })
        .sign(privateKey);
    const rules = app.feed.health().rules;
    for (const [what, body, err] of [
      ['nothing', '', 'invalid_request'],
      ['garbage', 'garbage', 'invalid_request'],
      ['a stranger’s key', await forged({}), 'invalid_key'],
      ['another type', await forged({}, 'at+jwt'), 'invalid_request'],
      ['too much', 'x'.repeat(600_000), undefined],
    ] as const) {
      const { status: code, json } = await push(body, [['authorization', authorization]]);
      expect([what, code >= 400 && code < 500, json['err']]).toEqual([what, true, err]);
    }
    expect(app.feed.health().rules).toBe(rules);
    const wrong = await app.application.ask(STREAM_PATH, {
      method: 'POST',
      headers: [['content-type', 'application/json'], ['authorization', authorization]],
      body: '{}',
    }); // prettier-ignore
    expect([wrong.status, wrong.json['err']]).toEqual([400, 'invalid_request']);
  });
});
