import type { ServerResponse } from 'node:http';
import { compactDecrypt, createLocalJWKSet, exportJWK, generateKeyPair, type JSONWebKeySet, jwtVerify } from 'jose';
import { LogoutOutbox } from '../../src/authorizations/logout-outbox.js';
import { BackChannelLogout } from '../../src/identity-provider/logout/back-channel-logout.js';
import { Maintenance } from '../../src/identity-provider/maintenance.js';
import { SignOnSessions } from '../../src/sessions/sign-on-sessions.js';
import { claimsOf, encode, headerOf, type House, openHouse, PASSWORDS, type TestClient } from '../support/house.js';
import { hiddenFields } from '../support/login-house.js';
import { LogoutReceiver } from '../support/logout-receiver.js';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

let receiver: LogoutReceiver;
let house: House;
let outbox: LogoutOutbox;
let sessions: SignOnSessions;
let backChannel: BackChannelLogout;
let number = 0;
beforeAll(async () => {
  receiver = await LogoutReceiver.listen();
  house = await openHouse({ outboundAllow: receiver.allowance });
  outbox = house.app.get(LogoutOutbox);
  backChannel = house.app.get(BackChannelLogout);
  sessions = house.app.get(SignOnSessions, { strict: false });
});
afterAll(async () => {
  await house.close();
  await receiver.close();
});
beforeEach(() => receiver.answers.clear());

/** A client of its own whose back channel leads to the receiver, at the path that is its name. */
async function told(metadata: Record<string, unknown> = {}): Promise<TestClient & { path: string }> {
  const id = `told-${(number += 1)}`;
  const client = await house.client(id, { backchannel_logout_uri: `${receiver.url}/${id}`, ...metadata });
  return { ...client, path: `/${id}` };
}

const subjectOf = async (name: string) => (await house.users.findByUsername(name))!.user.sub;
/** Waits until whoever is being told has answered: a person who signs out waits for no more than a second. */
const settled = () => backChannel.deliver(60_000);
const waiting = async (client: TestClient) => (await outbox.backlog()).find(({ clientId }) => clientId === client.id);

describe('the logout token', () => {
  it.each(['RS256', 'ES256', 'PS256', 'EdDSA'])('is signed as the ID tokens of the client are: %s', async (alg) => {
    const client = await told({ id_token_signed_response_alg: alg, backchannel_logout_session_required: true });
    const { browser, tokens } = await house.codeFlow({}, { client });
    const { sub, sid } = claimsOf(tokens.id_token);
    await browser.get(`/logout?${encode({ id_token_hint: tokens.id_token })}`);
    const [request, ...more] = await receiver.until(client.path);
    expect(more).toEqual([]);
    expect(request).toMatchObject({ method: 'POST', contentType: 'application/x-www-form-urlencoded' });
    expect([...request!.parameters.keys()]).toEqual(['logout_token']);
    expect(request!.header).toEqual({ typ: 'logout+jwt', alg, kid: expect.any(String) });
    const now = house.clock.seconds();
    expect(request!.claims).toEqual({
      iss: house.issuer,
      sub,
      aud: client.id,
      iat: now,
      exp: now + 120,
      jti: expect.stringMatching(/^[\w-]{22}$/),
      sid,
      events: { [EVENT]: {} },
    });
    const keys = createLocalJWKSet((await house.keys.jwks()) as JSONWebKeySet);
    const currentDate = new Date(house.clock.now());
    await jwtVerify(request!.parameters.get('logout_token')!, keys, { typ: 'logout+jwt', currentDate });
  });

  it('is encrypted as the ID tokens of the client are, and says in the open only whose it is', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { extractable: true });
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'mine', use: 'enc' }] };
    const client = await told({ id_token_encrypted_response_alg: 'ECDH-ES', jwks });
    const { browser } = await house.codeFlow({}, { client });
    const { tokens } = await house.codeFlow({}, { client: house.web, browser });
    await browser.get(`/logout?${encode({ id_token_hint: tokens.id_token })}`);
    const [request] = await receiver.until(client.path);
    const opened = await compactDecrypt(request!.parameters.get('logout_token')!, privateKey);
    expect(opened.protectedHeader).toMatchObject({ alg: 'ECDH-ES', kid: 'mine', cty: 'JWT', iss: house.issuer });
    const token = Buffer.from(opened.plaintext).toString();
    expect(headerOf(token)).toMatchObject({ typ: 'logout+jwt' });
    expect(claimsOf(token)).toMatchObject({ aud: client.id, sid: claimsOf(tokens.id_token)['sid'] });
  });

  it('names a person as the client knows them', async () => {
    const client = await told({ subject_type: 'pairwise' });
    const { browser, tokens } = await house.codeFlow({}, { client });
    await browser.get(`/logout?${encode({ id_token_hint: tokens.id_token })}`);
    const [request] = await receiver.until(client.path);
    expect(request!.claims['sub']).toBe(claimsOf(tokens.id_token)['sub']);
    expect(request!.claims['sub']).not.toBe(await subjectOf('alice'));
  });
});

describe('every end of a session is told', () => {
  type SignedIn = Awaited<ReturnType<House['codeFlow']>>;
  it.each<[string, (signedIn: SignedIn, sid: string) => Promise<unknown>]>([
    ['a sign-out that a client asks for', ({ browser, tokens }) => browser.get(`/logout?${encode({ id_token_hint: tokens.id_token })}`)],
    ['a sign-out that is confirmed', async ({ browser }) => browser.post('/logout', hiddenFields((await browser.get('/logout')).page))],
    ['another person who signs in', ({ browser }) => browser.signIn('bob', PASSWORDS['bob']!)],
    ['a sign-out everywhere', async () => house.suspensions.signOut(await subjectOf('alice'))],
    ['a new password', async () => house.suspensions.setPassword(await subjectOf('alice'), PASSWORDS['alice']!)],
    ['a person who is disabled', async () => {
      await house.suspensions.disableUser(await subjectOf('alice'));
      await house.users.enable(await subjectOf('alice'));
    }],
    ['an end by name', (_, sid) => sessions.endBySid(sid, 'administrative')],
    ['an end by cookie', ({ browser }) => sessions.end(browser.cookies.get('__Host-gatehouse-session')!)],
    ['its age', () => {
      house.clock.pass('25h');
      return house.app.get(Maintenance).run();
    }],
  ])('%s', async (_, end) => {
    const [client, other] = [await told(), await told()];
    const signedIn = await house.codeFlow({}, { client });
    await house.codeFlow({}, { client: other, browser: signedIn.browser });
    const sid = String(claimsOf(signedIn.tokens.id_token)['sid']);
    await end(signedIn, sid);
    for (const one of [client, other]) {
      const [request, ...more] = await receiver.until(one.path);
      expect([request!.claims['sid'], request!.claims['aud'], more]).toEqual([sid, one.id, []]);
    }
    expect((await house.refresh(client, signedIn.tokens.refresh_token)).json['error']).toBe('invalid_grant');
    expect(await sessions.list(await subjectOf('alice'))).not.toContainEqual(expect.objectContaining({ sid }));
  }); // prettier-ignore
});

describe('who is told', () => {
  it('a client once, however often it got tokens', async () => {
    const client = await told();
    const { browser } = await house.codeFlow({}, { client });
    await house.codeFlow({}, { client, browser });
    const { tokens } = await house.codeFlow({}, { client, browser });
    await browser.get(`/logout?${encode({ id_token_hint: tokens.id_token })}`);
    await settled();
    expect(receiver.at(client.path)).toHaveLength(1);
  });

  it('a client that got its tokens long ago, and keeps none', async () => {
    const client = await told({ grant_types: ['authorization_code'] });
    const { browser } = await house.codeFlow({}, { client });
    const old = { name: 'test_old', text: 'UPDATE authorization_grant SET expires_at = 0 WHERE client_id = $1' };
    await house.database.query(old, [client.id]);
    await house.app.get(Maintenance).run();
    const { tokens } = await house.codeFlow({}, { client: house.web, browser });
    await browser.get(`/logout?${encode({ id_token_hint: tokens.id_token })}`);
    await settled();
    expect(receiver.at(client.path)).toHaveLength(1);
    // And when nobody needs to know any more, it is forgotten.
    await house.app.get(Maintenance).run();
    const find = { name: 'test_grants', text: 'SELECT id FROM authorization_grant WHERE client_id = $1' };
    expect(await house.database.query(find, [client.id])).toEqual([]);
  });

  it('nobody but those who got tokens in this session', async () => {
    const [client, elsewhere, misusing, disabled] = [await told(), await told(), await told(), await told()];
    const { browser, tokens } = await house.codeFlow({}, { client });
    await house.codeFlow({}, { client: elsewhere });
    const grant = await browser.obtainCode({}, { client: misusing });
    expect((await house.redeem(misusing, grant, { code_verifier: 'w'.repeat(43) })).status).toBe(400);
    await house.codeFlow({}, { client: disabled, browser });
    await house.clients.disable(disabled.id);
    await browser.get(`/logout?${encode({ id_token_hint: tokens.id_token })}`);
    await receiver.until(client.path);
    expect([elsewhere, misusing, disabled].flatMap(({ path }) => receiver.at(path))).toEqual([]);
    expect(await waiting(elsewhere)).toBeUndefined();
  });

  it('nobody when the same person signs in again', async () => {
    const client = await told();
    const { browser, tokens } = await house.codeFlow({}, { client });
    await browser.signIn('alice', PASSWORDS['alice']!);
    expect((await house.refresh(client, tokens.refresh_token)).status).toBe(200);
    expect(await waiting(client)).toBeUndefined();
    expect(receiver.at(client.path)).toEqual([]);
  });

  it('a client with an offline grant too; the grant lives on', async () => {
    const client = await told();
    const { browser, tokens } = await house.codeFlow({ scope: 'openid offline_access', prompt: 'consent' }, { client });
    await browser.get(`/logout?${encode({ id_token_hint: tokens.id_token })}`);
    await receiver.until(client.path);
    expect((await house.refresh(client, tokens.refresh_token)).status).toBe(200);
  });
});

describe('a client that does not take it', () => {
  async function signOutOf(client: TestClient) {
    const { browser, tokens } = await house.codeFlow({}, { client });
    return browser.get(`/logout?${encode({ id_token_hint: tokens.id_token })}`);
  }

  it('BL-10 hangs: the person waits a second, the other clients not at all', async () => {
    const [hanging, other] = [await told(), await told()];
    const held: ServerResponse[] = [];
    let isGivenUp = false;
    receiver.answers.set(hanging.path, (_, response) => {
      held.push(response);
      response.once('close', () => (isGivenUp ||= !response.writableEnded));
    });
    const { browser } = await house.codeFlow({}, { client: hanging });
    const { tokens } = await house.codeFlow({}, { client: other, browser });
    const answer = await browser.get(`/logout?${encode({ id_token_hint: tokens.id_token })}`);
    expect(answer.status).toBe(303);
    // That happens after five.
    expect(isGivenUp).toBe(false);
    for (const { path } of [hanging, other]) expect(await receiver.until(path)).toHaveLength(1);
    // Nor do those who sign out of other clients while it hangs with as much as it may.
    for (let more = 0; more < 4; more += 1) void signOutOf(hanging);
    await receiver.until(hanging.path, 4);
    expect((await signOutOf(other)).status).toBe(303);
    await receiver.until(other.path, 2);
    for (const response of held) response.end();
    receiver.answers.clear();
    await settled();
  });

  it('BL-10 fails: it is told again, later and later, for a day; then it is given up and shown', async () => {
    const client = await told();
    receiver.answers.set(client.path, (_, response) => response.writeHead(500).end());
    await signOutOf(client);
    await settled();
    const waits: number[] = [];
    for (;;) {
      const { givenUp, problem, attempts } = (await waiting(client))!;
      expect([problem, attempts]).toEqual(['answered 500', receiver.at(client.path).length]);
      if (givenUp) break;
      const due = { name: 'test_due', text: 'SELECT next_attempt_at FROM logout_delivery WHERE client_id = $1' };
      const [row] = await house.database.query<{ next_attempt_at: string }>(due, [client.id]);
      const wait = (Number(row!.next_attempt_at) - house.clock.now()) / 1000;
      waits.push(wait);
      house.clock.pass(`${wait}s`);
      await backChannel.deliver(5_000);
    }
    expect(waits.slice(0, 8)).toEqual([5, 15, 45, 135, 405, 1215, 3600, 3600]);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(86_400);
    const tokenIds = receiver.at(client.path).map(({ claims }) => claims['jti']);
    expect(new Set(tokenIds).size).toBe(tokenIds.length);
    expect(house.log.join('\n')).toMatch(new RegExp(`client ${client.id}, attempt \\d+: answered 500; given up`));
    expect(house.log.join('\n')).not.toMatch(/eyJ/);

    receiver.answers.clear();
    expect(await outbox.again(client.id)).toBe(1);
    await backChannel.deliver(5_000);
    expect(receiver.at(client.path)).toHaveLength(tokenIds.length + 1);
    expect(await waiting(client)).toBeUndefined();
  });

  it('what was given up is forgotten after a week', async () => {
    const client = await told();
    receiver.answers.set(client.path, (_, response) => response.writeHead(400).end());
    await signOutOf(client);
    await settled();
    house.clock.pass('25h');
    await backChannel.deliver(5_000);
    expect(await waiting(client)).toMatchObject({ givenUp: true, attempts: 2 });
    house.clock.pass(`${7 * 24}h`);
    await house.app.get(Maintenance).run();
    expect(await waiting(client)).toBeUndefined();
  });

  it('answers 204, as frameworks do: it has understood', async () => {
    const client = await told();
    receiver.answers.set(client.path, (_, response) => response.writeHead(204).end());
    await signOutOf(client);
    await settled();
    expect(await waiting(client)).toBeUndefined();
  });

  it('BL-11 redirects: nobody follows', async () => {
    const client = await told();
    receiver.answers.set(client.path, (_, response) => response.writeHead(302, { location: '/canary' }).end());
    await signOutOf(client);
    await settled();
    expect((await waiting(client))?.problem).toMatch(/redirects are not followed/);
    expect(receiver.at('/canary')).toEqual([]);
  });

  it('has taken its address away: there is nobody to tell', async () => {
    const client = await told();
    receiver.answers.set(client.path, (_, response) => response.writeHead(503).end());
    await signOutOf(client);
    await settled();
    expect(await waiting(client)).toBeDefined();
    await house.client(client.id);
    house.clock.pass('10s');
    await backChannel.deliver(5_000);
    expect(await waiting(client)).toBeUndefined();
    expect(receiver.at(client.path)).toHaveLength(1);
  });

  it.each([
    ['SS-01 is at a private address', { backchannel_logout_uri: 'https://127.0.0.1:9/logout' }, {}],
    ['SS-01 registered itself at an address that others may have', {}, { dynamic: true }],
  ])('%s: nothing is sent', async (_, metadata, policy) => {
    const id = `told-${(number += 1)}`;
    const backchannel = { backchannel_logout_uri: `${receiver.url}/${id}`, ...metadata };
    const client = await house.client(id, { scope: 'openid', ...backchannel }, policy);
    await signOutOf(client);
    await settled();
    expect((await waiting(client))?.problem).toBeDefined();
    expect(receiver.at(`/${id}`)).toEqual([]);
  });
});

describe('several processes', () => {
  let origin: string;
  beforeAll(async () => (origin = await house.openAnother()));

  it('tell each client once of each of forty sign-outs at once', async () => {
    const client = await told();
    const subject = await subjectOf('alice');
    const each = await Promise.all(Array.from({ length: 40 }, () => sessions.start({ subject, acr: 'pwd', amr: [], ip: '', userAgent: '' }))); // prettier-ignore
    for (const { session } of each) {
      const authorization = { id: session.sid, clientId: client.id, subject, scopes: ['openid'], resources: [], sid: session.sid, offline: false, authTime: 0, acr: 'pwd', amr: [] }; // prettier-ignore
      expect(await house.authorizations.redeem(authorization, 300)).toBeDefined();
    }
    await Promise.all(each.map(({ session }) => sessions.endBySid(session.sid)));
    const requests = await receiver.until(client.path, 40);
    expect(new Set(requests.map(({ claims }) => claims['sid'])).size).toBe(40);
    expect(receiver.at(client.path)).toHaveLength(40);
  });

  it('a sign-out at one of them is delivered though it was claimed by one that died', async () => {
    const client = await told();
    receiver.answers.set(client.path, (_, response) => response.writeHead(500).end());
    const { browser, tokens } = await house.codeFlow({}, { client });
    await browser.at(origin).get(`/logout?${encode({ id_token_hint: tokens.id_token })}`);
    await receiver.until(client.path);
    receiver.answers.clear();
    // Claimed, and never heard of again.
    const claim = { name: 'test_claim', text: 'UPDATE logout_delivery SET next_attempt_at = $2 WHERE client_id = $1' };
    await house.database.query(claim, [client.id, house.clock.now() + 10_000]);
    house.clock.pass('10s');
    await receiver.until(client.path, 2);
  });
});

it('the metadata say so', async () => {
  const metadata = (await (await fetch(`${house.issuer}/.well-known/openid-configuration`)).json()) as object;
  expect(metadata).toMatchObject({ backchannel_logout_supported: true, backchannel_logout_session_supported: true });
});
