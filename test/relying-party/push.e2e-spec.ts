import { generateKeyPair, SignJWT } from 'jose';
import { TokenSigner, type TokenType } from '../../src/jwt/token-signer.js';
import { PushReceiver } from '../signals/push-receiver.js';
import { Proxy } from '../support/proxy.js';
import { eventually, FeedWorld, withToken } from './feed-world.js';

const STREAM_PATH = '/auth/signals';
const REVOKED = 'urn:gatehouse:secevent:event-type:revoked';
const VERIFICATION = 'https://schemas.openid.net/secevent/ssf/event-type/verification';
const EVENT = { rev: '1.1', prev: 0, rules: { tokens: ['a-token'] } };

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

  it.each<[string, object, string?, TokenType?]>([
    ['for another application', { aud: 'another' }, 'invalid_audience'],
    ['for nobody', { aud: undefined }, 'invalid_audience'],
    ['of another issuer', { iss: 'https://evil.test' }, 'invalid_issuer'],
    ['an access token by its type', {}, 'invalid_request', 'at+jwt'],
    ['a logout token by its type', {}, 'invalid_request', 'logout+jwt'],
    ['an ID token by its type', {}, 'invalid_request', 'JWT'],
    ['a page of a snapshot by its type', {}, 'invalid_request', 'gatehouse-snapshot+jwt'],
    ['with a sub', { sub: 'alice' }],
    ['with an end', { exp: 4_000_000_000 }],
    ['without a name', { jti: undefined }],
    ['with an empty name', { jti: '' }],
    ['with a name that is a number', { jti: 7 }],
    ['with a huge name', { jti: 'x'.repeat(5_000) }],
    ['without a time', { iat: undefined }],
    ['about nobody', { sub_id: undefined }],
    ['about a text', { sub_id: 'alice' }],
    ['about a list', { sub_id: [] }],
    ['without events', { events: undefined }],
    ['with no event', { events: {} }],
    ['with a list of events', { events: [REVOKED] }],
    ['with two events', { events: { [REVOKED]: EVENT, [`${REVOKED}-too`]: EVENT } }],
    ['with an event that is a list', { events: { [REVOKED]: [] } }],
    ['with an event that is null', { events: { [REVOKED]: null } }],
    ['without rules', { events: { [REVOKED]: { ...EVENT, rules: undefined } } }],
    ['with rules that are no lists', { events: { [REVOKED]: { ...EVENT, rules: { tokens: 'all' } } } }],
    ['with a rule that has no position', { events: { [REVOKED]: { ...EVENT, rules: { subjects: [['alice', 'x', 1]] } } } }],
    ['at no position', { events: { [REVOKED]: { ...EVENT, rev: 'latest' } } }],
    ['after a line below none', { events: { [REVOKED]: { ...EVENT, prev: -1 } } }],
    ['a verification with a state that is an object', { events: { [VERIFICATION]: { state: {} } } }],
    ['a verification with a forged mark', { events: { [VERIFICATION]: { high_water_mark: { cursor: '', last: -1 } } } }],
  ])('BL-12 what the provider signed, and is no event for this application: %s', async (_, change, err = 'invalid_request', typ = 'secevent+jwt') => {
    const before = app.feed.health();
    const answer = await pushSigned(change, typ);
    expect([answer.status, answer.json['err']]).toEqual([400, err]);
    expect(app.feed.health()).toMatchObject({ rules: before.rules, events: before.events, refused: before.refused + 1 });
  }); // prettier-ignore

  it('what it need not understand, it ignores: another type of event, more members than it knows', async () => {
    const before = app.feed.health();
    const others = [
      { events: { 'https://schemas.openid.net/secevent/risc/event-type/account-disabled': { reason: 'hijacking' } } },
      { events: { [VERIFICATION]: { more: 1 } }, txn: 't', toe: 1 },
    ];
    for (const change of others) expect((await pushSigned(change)).status).toBe(202);
    expect(app.feed.health()).toMatchObject({ rules: before.rules, events: before.events, refused: before.refused });
  });

  it('a verification that it has not asked for', async () => {
    const before = app.feed.health();
    const { status: code, json } = await pushSigned({ events: { [VERIFICATION]: { state: 'somebody else’s' } } });
    expect([code, json['err']]).toEqual([400, 'invalid_state']);
    expect(app.feed.health()).toMatchObject({ refused: before.refused, position: before.position });
  });

  it('BL-09 an event is no credential, and no logout token', async () => {
    const set = thief.pushed.at(-1)!.body;
    expect(await status(set)).toBe(401);
    const answer = await app.application.ask('/auth/backchannel-logout', {
      method: 'POST',
      headers: [['content-type', 'application/x-www-form-urlencoded']],
      body: `logout_token=${set}`,
    });
    expect(answer.status).toBe(400);
  });
});

/** Pushes an event that the provider itself has signed, with what the application wants to see. */
async function pushSigned(change: object, typ: TokenType = 'secevent+jwt') {
  const { issuer, clock } = world.provider;
  const claims = {
    iss: issuer,
    aud: app.client.id,
    iat: clock.seconds(),
    jti: `signed-${Math.random()}`,
    sub_id: { format: 'opaque', id: 'x' },
    events: { [REVOKED]: EVENT },
    ...change,
  };
  const set = await world.provider.part(TokenSigner).sign(claims as typeof claims & { iat: number }, typ, 'ES256');
  return push(set, [['authorization', thief.pushed[0]!.authorization!]]);
}
