import { generateKeyPairSync } from 'node:crypto';
import { Script } from 'node:vm';
import { Audit } from '../../src/audit/audit.js';
import { SignOnSessions } from '../../src/sessions/sign-on-sessions.js';
import { Passkeys } from '../../src/users/credentials/passkeys.js';
import { RecoveryCodes } from '../../src/users/credentials/recovery-codes.js';
import { type House, openHouse, type PersonBrowser } from '../support/house.js';
import { type Change, optionsOf, SoftPasskey } from '../support/soft-passkey.js';

const SESSION = '__Host-gatehouse-session';
const NEW = '/account/passkey/new';
let house: House;
let sessions: SignOnSessions;
let browser: PersonBrowser;
let elsewhere: string;

beforeAll(async () => {
  house = await openHouse({ hostname: 'localhost' });
  sessions = house.part(SignOnSessions);
  elsewhere = await house.openAnother();
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.database.dataSource.query('DELETE FROM rate_limit');
  house.clock.pass('2m');
  browser = house.browser();
});

let count = 0;
/** Somebody new, signed in by password. */
async function somebody() {
  const username = `person${++count}`;
  const { sub } = await house.users.add({ username, password: 'an old password' });
  await browser.signIn(username, 'an old password');
  return { username, sub };
}
/** The same with a passkey; the browser is a new one afterwards. */
async function owner(change: Change = {}) {
  const person = await somebody();
  const passkey = new SoftPasskey(house.issuer);
  const { page } = await browser.get(NEW);
  const { status } = await browser.submit(page, NEW, {
    credential: passkey.create(optionsOf(page), change),
    name: 'Key',
  });
  browser = house.browser();
  return { ...person, passkey, status };
}
const signInPage = async () => (await browser.get('/login')).page;
const send = (page: string, credential: string) => browser.submit(page, '/login/passkey', { credential });
const session = () => sessions.resume(browser.cookies.get(SESSION));

describe('a passkey as the only factor', () => {
  it('signs in without a name; the session says that it was two factors, and nothing to phish', async () => {
    const { sub, passkey } = await owner();
    const page = await signInPage();
    expect(optionsOf(page)).toMatchObject({ rpId: 'localhost', allowCredentials: [], userVerification: 'required' });
    expect((await send(page, passkey.get(optionsOf(page)))).headers.get('location')).toBe('/');
    expect(await session()).toMatchObject({ subject: sub, acr: 'phr', amr: ['pop', 'user', 'mfa'] });
    const [passkeyRow] = await house.part(Passkeys).list(sub);
    expect(passkeyRow).toMatchObject({ name: 'Key', lastUsedAt: house.clock.now() });
    expect((await browser.get('/account')).page).toContain('Key');
  });

  it('WA-16 is asked by a challenge of its own each time, of 128 random bits and more', async () => {
    const challenges = new Set<string>();
    for (let index = 0; index < 5; index += 1) challenges.add(optionsOf(await signInPage()).challenge);
    expect(challenges.size).toBe(5);
    for (const challenge of challenges) expect(Buffer.from(challenge, 'base64url')).toHaveLength(46);
  });

  it('WA-01 the same answer counts once: not again, not in another process, not of many at once', async () => {
    const { passkey } = await owner();
    const page = await signInPage();
    const credential = passkey.get(optionsOf(page));
    const twin = browser.at(elsewhere);
    const race = [0, 1, 2, 3].map((index) =>
      (index % 2 ? twin : browser).submit(page, '/login/passkey', { credential }),
    );
    const statuses = (await Promise.all(race)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 303)).toHaveLength(1);
  });

  it('WA-01 an answer to a challenge that is too old, was touched, or was for another browser is refused', async () => {
    const { passkey } = await owner();
    const page = await signInPage();
    const options = optionsOf(page);
    const touched = Buffer.from(options.challenge, 'base64url');
    touched[0]! ^= 1;
    for (const challenge of [touched.toString('base64url'), options.challenge.slice(0, 20), '', 'A'.repeat(62)]) {
      expect((await send(page, passkey.get(options, { challenge }))).status).toBe(401);
    }
    const other = optionsOf((await house.browser().get('/login')).page);
    expect((await send(page, passkey.get(other))).status).toBe(401);
    house.clock.pass('1h');
    expect((await send(page, passkey.get(options))).status).toBe(401);
    expect(browser.cookies.has(SESSION)).toBe(false);
  });

  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const wrong: [string, Change][] = [
    ['WA-03 another origin', { origin: 'https://evil.test' }],
    ['WA-03 another port', { origin: 'http://localhost:1' }],
    ['WA-03 a subdomain', { origin: 'http://a.localhost' }],
    ['WA-03 an app', { origin: 'android:apk-key-hash:abc' }],
    ['WA-03 another scheme', { origin: 'https://localhost' }],
    ['WA-03 a name that begins alike', { origin: 'http://localhost.evil.test' }],
    ['WA-03 no origin', { origin: 'null' }],
    ['WA-03 another RP ID', { rpId: 'evil.test' }],
    ['WA-05 a frame of another site', { crossOrigin: true }],
    ['WA-05 a frame of a named site', { crossOrigin: true, topOrigin: 'https://evil.test' }],
    ['WA-05 a top origin without a frame', { topOrigin: 'https://evil.test' }],
    ['WA-06 nobody present', { up: false }],
    ['WA-06 nobody verified', { uv: false }],
    ['WA-07 another key', { key: other }],
    ['WA-07 an empty signature', { signature: Buffer.alloc(0) }],
    ['WA-07 a signature that is none', { signature: Buffer.alloc(70, 1) }],
    ['WA-07 a signature with something after it', { resigned: (der) => Buffer.concat([der, Buffer.alloc(1)]) }],
    ['WA-07 a signature that was cut', { resigned: (der) => der.subarray(0, -1) }],
    [
      'WA-07 a signature whose length is written at length',
      { resigned: (der) => Buffer.concat([Buffer.from([0x30, 0x81]), der.subarray(1)]) },
    ],
    ['WA-09 a person it is not of', { userHandle: Buffer.from('usr_somebody').toString('base64url') }],
    ['WA-09 nobody named', { userHandle: null }],
    ['an unknown credential', { id: Buffer.alloc(20, 7).toString('base64url') }],
    ['the other ceremony', { type: 'webauthn.create' }],
    ['a counter that went backwards', { counter: 0 }],
  ];
  it.each(wrong)('%s is refused', async (_, change) => {
    const { sub, passkey } = await owner();
    await browser.get('/login');
    const before = await signInPage();
    await send(before, passkey.get(optionsOf(before)));
    browser = house.browser();
    const page = await signInPage();
    const answer = await send(page, passkey.get(optionsOf(page), change));
    expect([answer.status, browser.cookies.has(SESSION)]).toEqual([401, false]);
    expect(answer.page).toContain('That did not work.');
    expect((await house.part(Passkeys).list(sub))[0]).toMatchObject({ name: 'Key' });
  });

  it('BF-06 signs its owner in while guesses have shut everybody else out', async () => {
    const { username, passkey } = await owner();
    const attacker = house.browser();
    for (let index = 0; index < 10; index += 1) await attacker.signIn(username, 'wrong');
    expect((await house.browser().signIn(username, 'an old password')).status).toBe(429);
    const page = await signInPage();
    expect((await send(page, passkey.get(optionsOf(page)))).status).toBe(303);
  });

  it('of somebody who is disabled is refused', async () => {
    const { sub, passkey } = await owner();
    await house.users.disable(sub);
    const page = await signInPage();
    expect((await send(page, passkey.get(optionsOf(page)))).status).toBe(401);
    expect((await house.part(Audit).recent(sub, 1))[0]).toMatchObject({
      detail: { cause: 'disabled', method: 'passkey' },
    });
  });

  it.each([
    ['no JSON', 'x'],
    ['nothing', ''],
    ['null', 'null'],
    ['a number', '7'],
    ['depth 5000', '['.repeat(5000)],
    ['an object of the prototype', '{"__proto__":{"id":"x"}}'],
    ['other types', '{"id":1,"rawId":{},"response":{"clientDataJSON":"e30"}}'],
    [
      'base64 instead of base64url',
      '{"id":"a+/=","rawId":"a+/=","type":"public-key","response":{"clientDataJSON":"e30"}}',
    ],
    ['50 KB', JSON.stringify({ id: 'A'.repeat(50_000), response: { clientDataJSON: 'e30' } })],
  ])('WA-13 %s is refused', async (_, credential) => {
    expect((await send(await signInPage(), credential)).status).toBe(401);
  });

  it('WA-13 a megabyte is not read', async () => {
    const answer = await browser.post('/login/passkey', { credential: 'A'.repeat(1_000_000) });
    expect(answer.status).toBe(413);
  });
});

describe('a passkey after a password', () => {
  async function second() {
    const person = await owner();
    const answer = await browser.signIn(person.username, 'an old password');
    return { ...person, page: (await browser.follow(answer)).page };
  }

  it('is asked for by name, and need not verify its user; the session says what was proved', async () => {
    const { sub, passkey, page } = await second();
    expect(optionsOf(page)).toMatchObject({
      allowCredentials: [{ id: passkey.credentialId }],
      userVerification: 'preferred',
    });
    expect((await send(page, passkey.get(optionsOf(page), { uv: false, userHandle: null }))).status).toBe(303);
    expect(await session()).toMatchObject({ subject: sub, acr: 'phr', amr: ['pwd', 'pop', 'user', 'mfa'] });
  });

  it('WA-09 MF-05 must be the person’s own', async () => {
    const mallory = await owner();
    const { page } = await second();
    const answer = await send(page, mallory.passkey.get(optionsOf(page)));
    expect([answer.status, browser.cookies.has(SESSION)]).toEqual([401, false]);
  });

  it('its challenge does not fit the first step, nor that of the first this one', async () => {
    const { passkey, page } = await second();
    const first = await signInPage();
    expect((await send(first, passkey.get(optionsOf(page)))).status).toBe(401);
    expect((await send(page, passkey.get(optionsOf(first)))).status).toBe(401);
  });
});

describe('adding a passkey', () => {
  it('brings recovery codes the first time, and shows the passkey', async () => {
    const { sub } = await somebody();
    const { page, headers } = await browser.get(NEW);
    expect(headers.get('content-security-policy')).toContain(`script-src ${house.issuer}/webauthn.js;`.slice(0, -1));
    expect(optionsOf(page)).toMatchObject({
      rp: { id: 'localhost', name: 'Gatehouse' },
      user: { id: Buffer.from(sub).toString('base64url') },
      attestation: 'none',
    });
    const done = await browser.submit(page, NEW, { credential: new SoftPasskey(house.issuer).create(optionsOf(page)) });
    expect(done.page.match(/<code>[0-9A-Z-]{29}<\/code>/g)).toHaveLength(10);
    expect(await house.part(RecoveryCodes).left(sub)).toBe(10);
    expect((await house.part(Audit).recent(sub))[1]).toMatchObject({
      event: 'credential_added',
      detail: { kind: 'passkey' },
    });
  });

  const refused: [string, Change][] = [
    ['WA-03 another origin', { origin: 'https://evil.test' }],
    ['WA-03 another RP ID', { rpId: 'evil.test' }],
    ['WA-05 a frame of another site', { crossOrigin: true }],
    ['WA-06 nobody present', { up: false }],
    ['WA-07 an algorithm nobody offered', { algorithm: -35 }],
    ['WA-12 an attestation that is none', { fmt: 'packed' }],
    ['WA-12 an attestation nobody knows', { fmt: 'gold' }],
    ['the other ceremony', { type: 'webauthn.get' }],
    ['another challenge', { challenge: 'AAAA' }],
    ['WA-13 nothing for an attestation', { attestation: () => Buffer.alloc(0) }],
    ['WA-13 an attestation that was cut', { attestation: (cbor) => cbor.subarray(0, -1) }],
    ['WA-13 an attestation with something after it', { attestation: (cbor) => Buffer.concat([cbor, Buffer.alloc(1)]) }],
    [
      'WA-13 an attestation within itself, a thousand times',
      { attestation: (cbor) => Buffer.concat([Buffer.alloc(1000, 0x81), cbor]) },
    ],
    ['WA-13 ten thousand lists in each other', { attestation: () => Buffer.alloc(10_000, 0x81) }],
    ['WA-13 a list without an end', { attestation: () => Buffer.alloc(1000, 0x9f) }],
    ['WA-13 a map without an end', { attestation: (cbor) => Buffer.concat([Buffer.from([0xbf]), cbor.subarray(1)]) }],
    ['WA-13 a text of four exabytes', { attestation: () => Buffer.from('7b3fffffffffffffff', 'hex') }],
    ['WA-13 a list of four thousand million', { attestation: () => Buffer.from('9affffffff', 'hex') }],
    [
      'WA-13 a member twice',
      {
        attestation: (cbor) =>
          Buffer.concat([Buffer.from([0xa4]), cbor.subarray(1), Buffer.from('63666d74646e6f6e65', 'hex')]),
      },
    ],
  ];
  it.each(refused)('%s is refused', async (_, change) => {
    const { sub, status } = await owner(change);
    expect(status).toBe(400);
    expect(await house.part(Passkeys).list(sub)).toEqual([]);
  });

  it('WA-10 a credential that somebody has is nobody else’s', async () => {
    const alice = await owner();
    const { sub } = await somebody();
    const { page } = await browser.get(NEW);
    const credential = new SoftPasskey(house.issuer).create(optionsOf(page), { id: alice.passkey.credentialId });
    expect((await browser.submit(page, NEW, { credential })).status).toBe(400);
    expect(await house.part(Passkeys).list(sub)).toEqual([]);
    const signIn = await (browser = house.browser()).get('/login');
    await send(signIn.page, alice.passkey.get(optionsOf(signIn.page)));
    expect((await session())!.subject).toBe(alice.sub);
  });

  it('WA-14 takes no answer twice, from another session, or on an old proof', async () => {
    const { username, sub } = await somebody();
    const { page } = await browser.get(NEW);
    const credential = new SoftPasskey(house.issuer).create(optionsOf(page));
    const stranger = house.browser();
    await stranger.signIn('bob', 'builder');
    const theirs = (await stranger.get(NEW)).page;
    expect((await stranger.submit(theirs, NEW, { credential })).status).toBe(400);
    house.clock.pass('10m');
    expect((await browser.submit(page, NEW, { credential })).headers.get('location')).toMatch('/login?interaction=');
    await browser.signIn(username, 'an old password');
    // A challenge from before the sign-in fits no form after it.
    const again = (await browser.get(NEW)).page;
    expect((await browser.submit(again, NEW, { credential })).status).toBe(400);
    const fresh = new SoftPasskey(house.issuer).create(optionsOf(again));
    expect((await browser.submit(again, NEW, { credential: fresh })).status).toBe(200);
    await house.database.dataSource.query('DELETE FROM passkey WHERE subject = $1', [sub]);
    await house.part(RecoveryCodes).forget(sub);
    expect((await browser.submit((await browser.get(NEW)).page, NEW, { credential: fresh })).status).toBe(400);
  });
});

it('the page of name and password has the hidden fields of one form, for clients without scripts', async () => {
  const names = [...(await signInPage()).matchAll(/<input type="hidden" name="([^"]+)"/g)].map(([, name]) => name);
  expect(names).toEqual(['csrf']);
});

it('the script is served for ever under its version, as JavaScript, and the page allows nothing else', async () => {
  const { page, headers } = await browser.get('/login');
  expect(headers.get('content-security-policy')).toContain(`; script-src ${house.issuer}/webauthn.js`);
  const [, src] = /<script src="([^"]+)" defer><\/script>/.exec(page)!;
  const script = await browser.get(src!);
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(script.headers.get('cache-control')).toContain('immutable');
  expect(() => new Script(script.page)).not.toThrow();
  // ES5: the browsers of scripted clients know no more.
  expect(script.page).not.toMatch(/=>|\b(?:let|const|async|await|class)\b|`|\.\.\./);
});
