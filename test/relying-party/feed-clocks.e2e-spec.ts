import type { Clock } from '../../src/platform/clock.js';
import { TestClock } from '../support/test-clock.js';
import { eventually, FeedWorld, withToken } from './feed-world.js';

/** Another clock's time, and so much more. */
class ApartClock extends TestClock {
  constructor(
    private readonly other: Clock,
    private readonly ahead: number,
  ) {
    super();
  }

  override now(): number {
    return this.other.now() + this.ahead;
  }

  override monotonic(): number {
    return this.other.monotonic();
  }
}

describe.each([
  ['90 s behind', -90_000],
  ['90 s ahead', 90_000],
])('an application that starts with its clock %s', (_, ahead) => {
  let world: FeedWorld;
  beforeAll(async () => {
    world = await FeedWorld.open();
  });
  afterAll(() => world.close());

  const start = () =>
    // As far as it may be told to bear with other clocks.
    world.application({ clock: new ApartClock(world.provider.clock, ahead), clockSkew: '60s' });

  it('follows the feed, lets in who may come, and refuses what is revoked then', async () => {
    const { application, feed } = await start();
    expect(feed.health()).toMatchObject({ state: 'following', fresh: true });
    const { accessToken, tokens, client } = await world.token({
      scope: 'openid offline_access api:read',
      prompt: 'consent',
    });
    // One whose clock is behind takes a token of this moment for one of the future, and no longer than the skew does not cover.
    expect((await withToken(application, accessToken)).status).toBe(ahead < 0 ? 401 : 200);
    world.provider.clock.pass('31s');
    await eventually(() => feed.health().fresh, 'it is fresh again');
    expect((await withToken(application, accessToken)).status).toBe(200);

    await world.provider.post('/revoke', client, { token: tokens.refresh_token });
    const isRefused = async () => (await withToken(application, accessToken)).json['code'] === 'token_revoked';
    await eventually(isRefused, 'what was revoked is refused');
    expect(feed.health()).toMatchObject({ fresh: true, lastGap: null, refused: 0 });
  });

  it('refuses what was revoked before it started, also when only its own clock lets the token live', async () => {
    const { accessToken, tokens, client } = await world.token({
      scope: 'openid offline_access api:read',
      prompt: 'consent',
    });
    await world.provider.post('/revoke', client, { token: tokens.refresh_token });
    // A moment after its end by the provider's clock, or before it by the one that is ahead.
    world.provider.clock.pass(ahead < 0 ? '6m' : '1m');
    const { application } = await start();
    expect((await withToken(application, accessToken)).json).toMatchObject({ code: 'token_revoked' });
  });
});
