import { TOKEN_EXCHANGE } from '../../src/protocol/grant-type.js';
import { ACCESS_TOKEN_TYPE } from '../../src/protocol/token-type.js';
import { claimsOf } from '../support/house.js';
import { API, eventually, FeedWorld, withToken } from './feed-world.js';

let world: FeedWorld;
let app: Awaited<ReturnType<FeedWorld['application']>>;
beforeAll(async () => {
  world = await FeedWorld.open();
  app = await world.application();
});
afterAll(() => world.close());

const status = async (token: string, path?: string) => (await withToken(app.application, token, path)).status;
let roles = 0;
const changeRoles = (subject: string) => world.suspensions.setRoles(subject, [`role-${(roles += 1)}`]);
const subjectOf = (token: string) => claimsOf(token)['sub'] as string;

describe('JW-37 an access token that proves itself is refused at once after', () => {
  it.each<[string, (found: Awaited<ReturnType<FeedWorld['token']>>) => Promise<unknown>]>([
    ['a sign-out', ({ browser, tokens }) => browser.get(`/logout?id_token_hint=${tokens.id_token}`)],
    ['its revocation', ({ client, accessToken }) => world.provider.post('/revoke', client, { token: accessToken })],
    ['that of its refresh token', ({ client, tokens }) => world.provider.post('/revoke', client, { token: tokens.refresh_token })],
    ['a reused code', ({ client, grant }) => world.provider.redeem(client, grant)],
    ['a password change', ({ accessToken }) => world.suspensions.setPassword(subjectOf(accessToken), 'wonderland')],
    ['a change of the person’s roles', ({ accessToken }) => changeRoles(subjectOf(accessToken))],
    ['a withdrawn consent', ({ accessToken }) => world.provider.consents.withdraw(subjectOf(accessToken), 'demo-native')],
    ['the client’s end', () => world.provider.authorizations.revoke({ client: 'demo-native' }, 'administrative')],
  ])('%s', async (_, cause) => {
    const found = await world.token();
    expect(await status(found.accessToken)).toBe(200);
    await cause(found);
    await eventually(async () => (await status(found.accessToken)) === 401, 'the token is refused');
    const answer = await withToken(app.application, found.accessToken);
    expect(answer.json).toMatchObject({ error: 'invalid_token', code: 'token_revoked' });
    // In the same second, without a clock: what is issued afterwards is good.
    const next = await world.token();
    expect(await status(next.accessToken)).toBe(200);
  }); // prettier-ignore

  it('and so is one that was made of it, by the sign-out of whoever acts, too', async () => {
    const { provider } = world;
    const exchange = { audiences: [API], scopes: [], impersonation: false };
    const grants = ['authorization_code', 'refresh_token', TOKEN_EXCHANGE];
    const metadata = { grant_types: grants, scope: 'openid api:read' };
    const client = await provider.client('exchanger', metadata, { firstParty: true, exchange });
    const signIn = (as: string) => provider.codeFlow({ scope: 'openid api:read' }, { client, as });
    const [customer, agent] = [await signIn('alice'), await signIn('bob')];
    const made = async (subject: string, actor?: string) => {
      const type = ACCESS_TOKEN_TYPE;
      const actorToken = actor === undefined ? {} : { actor_token: actor, actor_token_type: type };
      const form = { grant_type: TOKEN_EXCHANGE, subject_token: subject, subject_token_type: type, ...actorToken };
      return (await provider.token(client, form)).json['access_token'] as string;
    };
    const alone = await made(await made(customer.tokens.access_token));
    const acted = await made(customer.tokens.access_token, agent.tokens.access_token);
    expect([await status(alone), await status(acted)]).toEqual([200, 200]);
    await agent.browser.get(`/logout?id_token_hint=${agent.tokens.id_token}`);
    await eventually(async () => (await status(acted)) === 401, 'the token of the two is refused');
    expect(await status(alone)).toBe(200);
    await provider.post('/revoke', client, { token: customer.tokens.access_token });
    await eventually(async () => (await status(alone)) === 401, 'the exchanged token is refused');
  });

  it('where nobody looks, it lives on', async () => {
    const { accessToken, client } = await world.token();
    await world.provider.post('/revoke', client, { token: accessToken });
    await eventually(async () => (await status(accessToken)) === 401, 'the token is refused');
    expect(await status(accessToken, '/open')).toBe(200);
  });
});

describe('a session', () => {
  it('ends when the person signs out at the provider, and nobody is asked', async () => {
    const { person, browser } = await world.signIn(app.application);
    world.proxy.asked.length = 0;
    expect((await browser.get('/any', [['accept', 'application/json']])).status).toBe(200);
    const form = await person.get('/logout');
    const csrf = /name="csrf" value="([^"]+)"/.exec(form.page)![1]!;
    await person.post('/logout', { csrf });
    await eventually(async () => (await browser.send('/any')).status === 401, 'the session is refused');
    expect(browser.cookies.has(`__Host-${app.client.id}`)).toBe(false);
    expect(world.proxy.asked).not.toContain('/introspect');
  });

  it('ends with everything of the person, also when its own access token is long dead', async () => {
    const { browser } = await world.signIn(app.application, 'bob');
    expect((await browser.send('/any')).status).toBe(200);
    const { user } = (await world.provider.users.findByUsername('bob'))!;
    await world.suspensions.setPassword(user.sub, 'builder');
    await eventually(async () => (await browser.send('/any')).status === 401, 'the session is refused');
    // Signed in anew, in the same second.
    const again = await world.signIn(app.application, 'bob');
    expect((await again.browser.send('/any')).status).toBe(200);
  });
});

describe('BL-14 a feed that is silent', () => {
  it('stale knowledge is not taken for news: the route’s policy decides; what is known stays refused', async () => {
    const { accessToken } = await world.token();
    const revoked = await world.token();
    await world.provider.post('/revoke', revoked.client, { token: revoked.accessToken });
    await eventually(async () => (await status(revoked.accessToken)) === 401, 'the token is refused');
    world.proxy.cut();
    try {
      expect(await status(accessToken)).toBe(200);
      world.provider.clock.pass('11s');
      // It would ask, and cannot.
      expect((await withToken(app.application, accessToken)).json).toMatchObject({ code: 'provider_unavailable' });
      const refused = await withToken(app.application, accessToken, '/refusing');
      expect([refused.status, refused.json['code'], refused.headers['retry-after']]).toEqual([
        503,
        'revocations_unknown',
        '5',
      ]);
      expect(await status(accessToken, '/accepting')).toBe(200);
      expect(await status(accessToken, '/patient')).toBe(200);
      for (const path of ['/any', '/refusing', '/accepting', '/patient']) {
        expect(await status(revoked.accessToken, path)).toBe(401);
      }
      expect(app.feed.health()).toMatchObject({ fresh: false });
    } finally {
      world.proxy.heal();
    }
    await eventually(() => app.feed.health().fresh, 'the feed is followed again');
    expect(await status(accessToken)).toBe(200);
    expect(await status(revoked.accessToken)).toBe(401);
  });

  it('where the provider can be asked, it is asked', async () => {
    const { accessToken, client } = await world.token();
    world.proxy.change = (answer) => (answer.path.startsWith('/ssf/') ? undefined : answer);
    try {
      world.provider.clock.pass('11s');
      expect(await status(accessToken)).toBe(200);
      await world.provider.authorizations.revoke(
        {
          token: {
            jti: claimsOf(accessToken)['jti'] as string,
            expiresAtSeconds: claimsOf(accessToken)['exp'] as number,
            clientId: client.id,
          },
        },
        'administrative',
      );
      world.provider.clock.pass('1s');
      expect(await status(accessToken)).toBe(401);
    } finally {
      world.proxy.change = undefined;
    }
    await eventually(() => app.feed.health().fresh, 'the feed is followed again');
  });

  it('what was revoked meanwhile is known when it is back', async () => {
    const { accessToken } = await world.token();
    world.proxy.cut();
    await world.suspensions.setPassword(subjectOf(accessToken), 'wonderland');
    world.proxy.heal();
    await eventually(async () => (await status(accessToken)) === 401, 'the token is refused');
  });
});

it('before the first snapshot nobody comes in, and the application is not ready', async () => {
  const { accessToken } = await world.token();
  world.proxy.change = (answer) => (answer.path.startsWith('/ssf/snapshot') ? undefined : answer);
  try {
    const late = await world.application();
    expect((await withToken(late.application, accessToken)).json).toMatchObject({ code: 'revocations_unknown' });
    expect((await withToken(late.application, accessToken, '/accepting')).status).toBe(200);
    await expect(late.feed.ready()).rejects.toThrow('connecting');
    world.proxy.change = undefined;
    await eventually(() => late.feed.health().fresh, 'the snapshot is there');
    await late.feed.ready();
    expect((await withToken(late.application, accessToken)).status).toBe(200);
  } finally {
    world.proxy.change = undefined;
  }
});

it('an application whose sessions outlive the provider’s memory does not start', async () => {
  const start = world.application({
    session: {
      store: 'memory',
      secret: 'a session secret of 32 and more bytes',
      cookie: { name: '__Host-long' },
      absolute: '8d',
    },
  });
  await expect(start).rejects.toThrow('session.absolute, with five minutes more, must be at most 604800 s');
});
