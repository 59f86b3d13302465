import { DenyList, type RevocationOptions, TokenVersions } from '../../src/relying-party/index.js';
import { claimsOf } from '../support/house.js';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';
import { TestClock } from '../support/test-clock.js';
import { TinyIssuer } from '../support/tiny-issuer.js';
import { eventually, FeedWorld, withToken } from './feed-world.js';
import { House } from './house.js';

/** One mode in a house, as the promises below need it. */
interface Mode {
  status(token: string): Promise<number>;
  token(): Promise<string>;
  revoke(token: string): Promise<unknown>;
  /** Whatever has to be asked or heard is away. */
  cut(): Promise<unknown>;
  close(): Promise<void>;
}

let redis: TestRedis;

/** A house by a provider that knows nothing of ours. */
async function foreign(revocation: RevocationOptions, revoke: (house: House, token: string, issuer: TinyIssuer) => Promise<unknown>, cut: (issuer: TinyIssuer) => Promise<unknown>): Promise<Mode> {
  const issuer = await TinyIssuer.listen(new TestClock());
  const house = await House.open(issuer, { revocation });
  return {
    status: async (token) => (await house.ask('/jwt', { headers: [['authorization', `Bearer ${token}`]] })).status,
    token: async () => {
      // A version is what the provider is told by whoever keeps it.
      const version = revocation.mode === 'version' ? await house.app.get(TokenVersions).of('alice') : undefined;
      return issuer.accessToken({ token_version: version });
    },
    revoke: async (token) => {
      await revoke(house, token, issuer);
      (issuer.clock as TestClock).pass('1s');
    },
    cut: async () => {
      await cut(issuer);
      // Answers of a moment ago are not used any more.
      (issuer.clock as TestClock).pass('1s');
    },
    close: async () => {
      await house.close();
      await issuer.close();
    },
  };
} // prettier-ignore

async function fed(): Promise<Mode> {
  const world = await FeedWorld.open();
  const { application, feed } = await world.application({ revocation: { mode: 'feed', onStale: 'refuse' } });
  return {
    status: async (token) => (await withToken(application, token)).status,
    token: async () => (await world.token()).accessToken,
    revoke: (token) => world.suspensions.signOut(claimsOf(token)['sub'] as string),
    cut: async () => {
      world.proxy.cut();
      world.provider.clock.pass('11s');
      await eventually(() => !feed.health().fresh, 'it is stale');
    },
    close: () => world.close(),
  };
}

const nothing = async () => {};
const killRedis = () => redis.kill();
const subject = (token: string) => claimsOf(token)['sub'] as string;
/** What each mode promises: whether it notices, and what it answers when it cannot know. */
const MODES: [name: string, notices: boolean, whenCut: number, open: () => Promise<Mode>][] = [
  ['expiry', false, 200, () => foreign({ mode: 'expiry' }, nothing, nothing)],
  ['introspect', true, 503, () => foreign({ mode: 'introspect' }, async (_, token, issuer) => issuer.revoked.add(token), (issuer) => issuer.close())],
  ['deny-list', true, 503, () => foreign({ mode: 'deny-list', redis: redis.url }, (house, token) => house.app.get(DenyList).deny({ subject: subject(token) }, 300_000), killRedis)],
  ['version', true, 503, () => foreign({ mode: 'version', redis: redis.url }, (house, token) => house.app.get(TokenVersions).next(subject(token)), killRedis)],
  ['feed', true, 503, fed],
]; // prettier-ignore

describeWithRedis('every revocation mode keeps its promise', () => {
  beforeEach(async () => (redis = await startRedis()));
  afterEach(() => redis.stop());

  it.each(MODES)('%s', async (_, notices, whenCut, open) => {
    const mode = await open();
    try {
      const token = await mode.token();
      expect(await mode.status(token)).toBe(200);
      await mode.revoke(token);
      if (notices) await eventually(async () => (await mode.status(token)) === 401, 'it is refused');
      else expect(await mode.status(token)).toBe(200);
      // What is issued afterwards is good.
      const next = await mode.token();
      expect(await mode.status(next)).toBe(200);
      await mode.cut();
      const fresh = await mode.status(next);
      if (whenCut === 200) expect(fresh).toBe(200);
      else await eventually(async () => (await mode.status(next)) === whenCut, 'whoever cannot know refuses');
    } finally {
      await mode.close();
    }
  });

  it.each([
    ['sid', { sid: 'x' }],
    ['sub alone', { sub: 'alice' }],
  ])('deny-list: a back-channel logout by %s puts into it what has ended', async (_, named) => {
    const clock = new TestClock();
    const issuer = await TinyIssuer.listen(clock);
    const house = await House.open(issuer, { revocation: { mode: 'deny-list', redis: redis.url } });
    try {
      const status = async (token: string) =>
        (await house.ask('/jwt', { headers: [['authorization', `Bearer ${token}`]] })).status;
      const tokens = [await issuer.accessToken({ sid: 'x' }), await issuer.accessToken({ sub: 'bob', sid: 'y' })];
      expect(await Promise.all(tokens.map(status))).toEqual([200, 200]);
      const now = clock.seconds();
      const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
      const claims = { iss: issuer.url, aud: 'app', iat: now, exp: now + 120, jti: 'one', events, ...named };
      const answer = await house.ask('/auth/backchannel-logout', {
        method: 'POST',
        headers: [['content-type', 'application/x-www-form-urlencoded']],
        body: `logout_token=${await issuer.sign(claims, { typ: 'logout+jwt' })}`,
      });
      expect(answer.status).toBe(200);
      expect(await Promise.all(tokens.map(status))).toEqual([401, 200]);
      clock.pass('1s');
      expect(await status(await issuer.accessToken({ sid: 'z' }))).toBe(200);
    } finally {
      await house.close();
      await issuer.close();
    }
  });

  it('deny-list: a token, a session and an authorization by their names, of this issuer', async () => {
    const issuer = await TinyIssuer.listen(new TestClock());
    const house = await House.open(issuer, { revocation: { mode: 'deny-list', redis: redis.url } });
    try {
      const status = async (token: string) =>
        (await house.ask('/jwt', { headers: [['authorization', `Bearer ${token}`]] })).status;
      const list = house.app.get(DenyList);
      const token = (name: string) => issuer.accessToken({ [name]: 'x' });
      const tokens = [await token('jti'), await token('sid'), await token('authorization_id')];
      for (const one of tokens) expect(await status(one)).toBe(200);
      await list.deny({ jti: 'x' }, 1000);
      expect(await Promise.all(tokens.map(status))).toEqual([401, 200, 200]);
      await list.deny({ sid: 'x' }, 1000);
      await list.deny({ authorizationId: 'x' }, 1000);
      expect(await Promise.all(tokens.map(status))).toEqual([401, 401, 401]);
    } finally {
      await house.close();
      await issuer.close();
    }
  });
});
