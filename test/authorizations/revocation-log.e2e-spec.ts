import pg from 'pg';
import { RevocationLog, type RevocationLine } from '../../src/authorizations/revocation-log.js';
import { isBefore, parsePosition } from '../../src/protocol/position.js';
import { claimsOf, type House, openHouse } from '../support/house.js';

const OFFLINE = { scope: 'openid offline_access', prompt: 'consent' };

let house: House;
let log: RevocationLog;
beforeAll(async () => {
  house = await openHouse();
  log = house.app.get(RevocationLog, { strict: false });
});
afterAll(() => house.close());

/** The lines that `cause` writes. */
async function linesOf(cause: () => Promise<unknown>): Promise<RevocationLine[]> {
  const { seq } = await log.head();
  await cause();
  return log.after(seq, 100);
}

const subjectOf = (token: string) => claimsOf(token)['sub'] as string;
const positionOf = (token: string) => parsePosition(claimsOf(token)['rev'])!;

describe('each cause writes one line', () => {
  it('sign-out: the session, for everybody who was signed in with it', async () => {
    const browser = house.browser();
    const { tokens } = await house.codeFlow({}, { browser });
    await house.codeFlow(OFFLINE, { browser, client: house.other });
    const { sid } = claimsOf(tokens.access_token);
    const [line, ...more] = await linesOf(() => browser.get(`/logout?id_token_hint=${tokens.id_token}`));
    expect(more).toEqual([]);
    expect(line).toMatchObject({ kind: 'session', cause: 'sign_out', sid, authorizations: [] });
    // The other has no token that ended, but a session that hangs on this one.
    expect(line!.clients.sort()).toEqual(['rp-a', 'rp-b']);
    expect(line!.expiresAt - line!.createdAt).toBe(7 * 86_400_000);
  });

  it('a password change: the person, and the authorizations that tokens may be about', async () => {
    const { tokens } = await house.codeFlow();
    const subject = subjectOf(tokens.access_token);
    const [line, ...more] = await linesOf(() => house.suspensions.setPassword(subject, 'wonderland'));
    expect(more).toEqual([]);
    expect(line).toMatchObject({ kind: 'subject', cause: 'password_set', subject });
    expect(line!.authorizations).toContain(claimsOf(tokens.access_token)['authorization_id']);
    expect(line!.clients).toContain('rp-a');
  });

  it('a refresh token at the revocation endpoint: its authorization', async () => {
    const { tokens, client } = await house.codeFlow();
    const [line, ...more] = await linesOf(() => house.post('/revoke', client, { token: tokens.refresh_token }));
    const id = claimsOf(tokens.access_token)['authorization_id'];
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      kind: 'authorization',
      cause: 'revoked_by_client',
      authorizationId: id,
      clients: ['rp-a'],
    });
    // Again, there is nothing left to end.
    expect(await linesOf(() => house.post('/revoke', client, { token: tokens.refresh_token }))).toEqual([]);
  });

  it('an access token there: itself, until it ends anyway', async () => {
    const { tokens, client } = await house.codeFlow();
    const revoke = () => house.post('/revoke', client, { token: tokens.access_token });
    const [line, ...more] = await linesOf(revoke);
    const { jti, exp } = claimsOf(tokens.access_token) as { jti: string; exp: number };
    expect(more).toEqual([]);
    expect(line).toMatchObject({ kind: 'token', jti, clients: ['rp-a'], expiresAt: exp * 1000 + 300_000 });
    expect(await linesOf(revoke)).toEqual([]);
  });

  it('a code that comes twice, a refresh token that was used: their authorization', async () => {
    const { tokens, grant, client } = await house.codeFlow();
    const [line, ...more] = await linesOf(() => house.redeem(client, grant));
    const id = claimsOf(tokens.access_token)['authorization_id'];
    expect(more).toEqual([]);
    expect(line).toMatchObject({ kind: 'authorization', cause: 'code_reused', authorizationId: id });
    expect(await linesOf(() => house.redeem(client, grant))).toEqual([]);

    const other = await house.codeFlow();
    await house.refresh(client, other.tokens.refresh_token);
    house.clock.pass('1m');
    const [reuse] = await linesOf(() => house.refresh(client, other.tokens.refresh_token));
    expect(reuse).toMatchObject({ kind: 'authorization', cause: 'refresh_reused' });
  });

  it('a code that is spent wrongly: nothing, because nobody has anything from it', async () => {
    const grant = await house.browser().obtainCode({}, { client: house.web, as: 'alice' });
    expect(await linesOf(() => house.redeem(house.web, grant, { code_verifier: 'w'.repeat(43) }))).toEqual([]);
  });

  it('a withdrawn consent: the person at this client', async () => {
    const { tokens } = await house.codeFlow();
    const subject = subjectOf(tokens.access_token);
    const [line] = await linesOf(() => house.consents.withdraw(subject, 'rp-a'));
    expect(line).toMatchObject({
      kind: 'consent',
      cause: 'consent_withdrawn',
      subject,
      clientId: 'rp-a',
      clients: ['rp-a'],
    });
    expect(line!.authorizations).toContain(claimsOf(tokens.access_token)['authorization_id']);
  });

  it('a disabled client, a disabled person', async () => {
    const client = await house.client('log-disabled');
    const [line] = await linesOf(() => house.suspensions.disableClient(client.id));
    expect(line).toMatchObject({ kind: 'client', cause: 'client_disabled', clientId: client.id, clients: [client.id] });
    const { sub } = await house.users.add({ username: 'mallory', password: 'a long password' });
    const [about] = await linesOf(() => house.suspensions.disableUser(sub));
    expect(about).toMatchObject({
      kind: 'subject',
      cause: 'user_disabled',
      subject: sub,
      clients: [],
      authorizations: [],
    });
  });
});

describe('positions', () => {
  it('a token says where the log stood; what comes later is after it, what came before is not', async () => {
    const claims = JSON.stringify({ id_token: { rev: null, authorization_id: null } });
    const { tokens } = await house.codeFlow({ claims });
    const { rev, authorization_id } = claimsOf(tokens.access_token);
    // Whoever keeps a session asks for them in the ID token.
    expect(claimsOf(tokens.id_token)).toMatchObject({ rev, authorization_id });
    const before = positionOf(tokens.access_token);
    const [line] = await linesOf(() => house.suspensions.setPassword(subjectOf(tokens.access_token), 'wonderland'));
    expect(isBefore(before, line!)).toBe(true);
    // In the very same second.
    const { tokens: next, client } = await house.codeFlow();
    expect(isBefore(positionOf(next.access_token), line!)).toBe(false);
    const renewed = (await house.refresh(client, next.refresh_token)).json as Record<string, string>;
    expect(isBefore(positionOf(renewed['access_token']!), line!)).toBe(false);
  });

  it('so does a client’s own token', async () => {
    const own = async () => {
      const { json } = await house.token(house.service, { grant_type: 'client_credentials' });
      return positionOf(json['access_token'] as string);
    };
    const before = await own();
    const [line] = await linesOf(() => house.authorizations.revoke({ client: house.service.id }, 'administrative'));
    expect(isBefore(before, line!)).toBe(true);
    expect(isBefore(await own(), line!)).toBe(false);
  });

  it('a client that is disabled while a code of it is redeemed gets no token that outlives it', async () => {
    const client = await house.client('log-race');
    const grant = await house.browser().obtainCode({}, { client, as: 'alice' });
    const [answer, ended] = await Promise.all([
      house.redeem(client, grant),
      house.suspensions.disableClient(client.id),
    ]);
    if (answer.status !== 200) return;
    const line = (await log.find(ended!.seq!))!;
    expect(isBefore(positionOf(answer.json['access_token'] as string), line)).toBe(true);
  });
});

describe('the order is the order of commits', () => {
  it('a transaction that began first and is slow loses its place and nothing else', async () => {
    const { seq } = await log.head();
    let finish!: () => void;
    const slowWork = new Promise<void>((resolve) => (finish = resolve));
    const slow = house.database.transaction(async (transaction) => {
      await slowWork;
      await house.authorizations.revoke({ subject: 'slow' }, 'administrative', transaction);
    });
    await house.authorizations.revoke({ subject: 'fast' }, 'administrative');
    const seen = await log.after(seq, 10);
    expect(seen.map(({ subject }) => subject)).toEqual(['fast']);
    finish();
    await slow;
    const rest = await log.after(seen.at(-1)!.seq, 10);
    expect(rest.map(({ subject }) => subject)).toEqual(['slow']);
    expect(rest[0]!.prev).toBe(seen[0]!.line);
  });

  it('whoever has written its line and not committed is waited for: no reader passes it', async () => {
    const { seq } = await log.head();
    let finish!: () => void;
    const slowCommit = new Promise<void>((resolve) => (finish = resolve));
    let written!: () => void;
    const first = new Promise<void>((resolve) => (written = resolve));
    const slow = house.database.transaction(async (transaction) => {
      await house.authorizations.revoke({ subject: 'first' }, 'administrative', transaction);
      written();
      await slowCommit;
    });
    await first;
    const second = house.authorizations.revoke({ subject: 'second' }, 'administrative');
    expect(await Promise.race([second.then(() => 'passed'), log.after(seq, 10)])).toEqual([]);
    finish();
    await Promise.all([slow, second]);
    const lines = await log.after(seq, 10);
    expect(lines.map(({ subject }) => subject)).toEqual(['first', 'second']);
  });

  it('RT-18 a log that stays locked is a failure, with nothing half done; the next try works', async () => {
    const { tokens, client } = await house.codeFlow();
    const locker = new pg.Client({ connectionString: house.databaseUrl });
    await locker.connect();
    await locker.query('SELECT pg_advisory_lock(7126402032)');
    const before = await log.head();
    const refused = await house.post('/revoke', client, { token: tokens.refresh_token });
    expect([refused.status, refused.json['error']]).toEqual([503, 'temporarily_unavailable']);
    await locker.end();
    expect(await log.head()).toEqual(before);
    expect((await house.userinfo(tokens.access_token)).status).toBe(200);
    expect((await house.post('/revoke', client, { token: tokens.refresh_token })).status).toBe(200);
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
  });

  it('many at once: a chain without a gap', async () => {
    const { seq } = await log.head();
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => house.authorizations.revoke({ subject: `crowd-${i}` }, 'administrative')),
    );
    const lines = await log.after(seq, 100);
    expect(lines.map((line) => line.seq)).toEqual(Array.from({ length: 40 }, (_, i) => seq + 1 + i));
    for (const [i, line] of lines.entries()) if (i > 0) expect(line.prev).toBe(lines[i - 1]!.line);
  });

  it('is refused in a transaction whose snapshot is older than the lock', async () => {
    const write = house.database.transaction(
      (transaction) => house.authorizations.revoke({ subject: 'x' }, 'administrative', transaction),
      'REPEATABLE READ',
    );
    await expect(write).rejects.toThrow('READ COMMITTED');
  });
});

describe('another database than the one that wrote the last line', () => {
  const become = (lineage: string) =>
    house.database.query({ name: `test-${lineage}`, text: `UPDATE revocation_head SET lineage = '${lineage}'` });

  it('begins a new epoch when it is read', async () => {
    const before = await log.head();
    await become('promoted');
    const after = await log.head();
    expect(after.epoch).toBeGreaterThan(before.epoch);
    expect(after.seq).toBe(before.seq);
    expect(await log.head()).toEqual(after);
  });

  it('and when it is written; everything issued before is before', async () => {
    const { tokens } = await house.codeFlow();
    await become('restored');
    const [line] = await linesOf(async () => {
      await become('restored again');
      await house.authorizations.revoke({ subject: 'y' }, 'administrative');
    });
    expect(line!.epoch).toBeGreaterThan(positionOf(tokens.access_token).epoch);
    expect(isBefore(positionOf(tokens.access_token), line!)).toBe(true);
  });
});

it('lines leave when nothing lives any more that they could be about; the head stays', async () => {
  const head = await log.head();
  house.clock.pass('8d');
  await house.authorizations.sweep();
  expect(await log.oldest()).toBeUndefined();
  expect(await log.head()).toEqual(head);
});
