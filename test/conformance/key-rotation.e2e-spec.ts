import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { KeyRing } from '../../src/keys/key-ring.js';
import type { Tokens } from '../support/house.js';
import { CertifiedHouse } from './certified-house.js';

let house: CertifiedHouse;
beforeAll(async () => void (house = await CertifiedHouse.open({ processes: 2 })));
afterAll(() => house.close());

const ring = (process: number) => house.processes[process]!.get(KeyRing, { strict: false });

/** A verifier that keeps the key set exactly as long as it may, and does not ask again for a key that it does not know. */
class Verifier {
  private keys?: ReturnType<typeof createLocalJWKSet>;
  private until = 0;
  proved = 0;

  async prove(token: string): Promise<void> {
    if (!this.keys || house.clock.now() >= this.until) {
      const answer = await fetch(`${house.issuer}/jwks`);
      const [, maxAgeSeconds] = /max-age=(\d+)/.exec(answer.headers.get('cache-control')!)!;
      this.until = house.clock.now() + Number(maxAgeSeconds) * 1000;
      this.keys = createLocalJWKSet((await answer.json()) as JSONWebKeySet);
    }
    await jwtVerify(token, this.keys, { issuer: house.issuer, currentDate: new Date(house.clock.now()) });
    this.proved += 1;
  }
}

it('fails no verification while keys rotate ten times under load over two processes', async () => {
  const verifiers = [new Verifier(), new Verifier()];
  const families = await Promise.all(
    (['web', 'other'] as const).map(async (name) => {
      const { tokens } = await house.codeFlow({ scope: 'openid offline_access' }, { client: house[name] });
      return { client: house[name], token: tokens.refresh_token };
    }),
  );
  /** Four access tokens and two ID tokens, from both processes, each proved by every verifier. */
  const load = async () => {
    const machine = async () => {
      const { status, json } = await house.token(house.service, { grant_type: 'client_credentials' });
      expect(status).toBe(200);
      return [json['access_token'] as string];
    };
    const refreshes = families.map((family) => async () => {
      const { status, json } = await house.refresh(family.client, family.token);
      expect(status).toBe(200);
      const { refresh_token, id_token, access_token } = json as unknown as Tokens;
      family.token = refresh_token;
      return [id_token, access_token];
    });
    const tokens = await Promise.all([machine, machine, machine, machine, ...refreshes].map((work) => work()));
    for (const token of tokens.flat()) for (const verifier of verifiers) await verifier.prove(token);
  };

  const signers = new Set<string>();
  await load();
  // One of the two reads the key set at another time than the other, so that their copies never have the same age.
  verifiers[1] = new Verifier();
  for (let round = 0; round < 10; round += 1) {
    // No step is a divisor of 300 seconds: the copies are of every age when the keys change.
    for (const wait of ['70s', '71s', '73s', '77s'] as const) {
      house.clock.pass(wait);
      await load();
    }
    house.clock.pass('17s');
    await Promise.all([ring(round % 2).rotate(), load()]);
    await load();
    const { json } = await house.token(house.service, { grant_type: 'client_credentials' });
    signers.add(decodeProtectedHeader(json['access_token'] as string).kid!);
  }
  expect(signers.size).toBeGreaterThanOrEqual(9);
  expect(verifiers[0]!.proved).toBeGreaterThan(400);
});

it('would notice: a key that signs before it was published for long enough fails such a verifier', async () => {
  const verifier = new Verifier();
  const issue = async () => {
    const { json } = await house.token(house.service, { grant_type: 'client_credentials' });
    return json['access_token'] as string;
  };
  house.clock.pass('6s');
  await verifier.prove(await issue());
  await ring(0).rotate({ force: true });
  await ring(0).rotate({ force: true });
  house.clock.pass('6s');
  await expect(verifier.prove(await issue())).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
});

it('does not rotate before everybody can know the next key, also from the process that heard of it last', async () => {
  house.clock.pass('6m');
  await Promise.all([fetch(`${house.issuer}/jwks`), fetch(`${house.issuer}/jwks`)]);
  await ring(0).rotate();
  // Five seconds at most, the other process still tells the key set from before; a verifier keeps it for 300.
  house.clock.pass('4s');
  const stale = await ring(1).jwks();
  house.clock.pass('300s');
  const before = (await ring(0).list()).filter(({ state }) => state === 'next').map(({ kid }) => kid);
  expect(stale.keys.map(({ kid }) => kid)).not.toEqual(expect.arrayContaining(before));
  await expect(ring(0).rotate()).rejects.toThrow('applications may not know it yet');
  house.clock.pass('1s');
  await ring(0).rotate();
});

it('refuses a compromised key at once, here, and within five seconds in the other process', async () => {
  const { tokens } = await house.codeFlow({ scope: 'openid' });
  const { kid } = decodeProtectedHeader(tokens.access_token);
  const userinfo = async () => [
    (await house.userinfo(tokens.access_token)).status,
    (await house.userinfo(tokens.access_token)).status,
  ];
  expect(await userinfo()).toEqual([200, 200]);
  expect(await ring(0).revoke(kid!)).toBe(true);
  expect((await ring(0).jwks()).keys.map((key) => key.kid)).not.toContain(kid);
  expect(await userinfo()).toContain(401);
  house.clock.pass('5s');
  expect(await userinfo()).toEqual([401, 401]);
  const { tokens: fresh } = await house.codeFlow({ scope: 'openid' });
  await new Verifier().prove(fresh.access_token);
  await new Verifier().prove(fresh.id_token);
});
