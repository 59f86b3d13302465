import { DpopClient } from '../support/dpop-client.js';
import { TestClock } from '../support/test-clock.js';
import { AUDIENCE, TinyIssuer } from '../support/tiny-issuer.js';
import { adapters, type Ask, House } from './house.js';

const RESOURCE = 'https://api.example.test/v1';

let clock: TestClock;
let issuer: TinyIssuer;
let client: DpopClient;
const houses: House[] = [];

beforeAll(async () => {
  clock = new TestClock();
  issuer = await TinyIssuer.listen(clock);
  client = await DpopClient.create(clock);
});
afterAll(async () => {
  for (const house of houses) await house.close();
  await issuer.close();
});

async function open(adapter: keyof typeof adapters, dpop: object, more: object = {}): Promise<House> {
  const bearer = {
    audience: AUDIENCE,
    resource: RESOURCE,
    metadata: { name: 'Orders', scopes: ['read'] },
    dpop,
    ...more,
  };
  const house = await House.open(issuer, { bearer }, adapter);
  houses.push(house);
  return house;
}

const bound = () => issuer.accessToken({ cnf: { jkt: client.thumbprint } });
const at = (path: string) => `https://api.example.test${path}`;
const headers = (token: string, proof?: string, scheme = 'DPoP'): Ask => ({
  headers: [['authorization', `${scheme} ${token}`], ...(proof ? ([['dpop', proof]] as [string, string][]) : [])],
});
const challengesOf = (answer: { headers: Record<string, unknown> }) => String(answer.headers['www-authenticate']);

describe.each(Object.keys(adapters) as (keyof typeof adapters)[])('tokens bound to a key, on %s', (adapter) => {
  let house: House;
  beforeAll(async () => (house = await open(adapter, {})));

  it('are taken with a proof for each request, cached or not', async () => {
    const token = await bound();
    for (const path of ['/jwt', '/jwt', '/jwt?page=2']) {
      const answer = await house.ask(path, headers(token, await client.proof('GET', at('/jwt'), token)));
      expect([answer.status, answer.json['subject']]).toEqual([200, 'alice']);
    }
    const post = await client.proof('POST', at('/undecorated'), token);
    expect((await house.ask('/undecorated', { method: 'POST', ...headers(token, post, 'dpop') })).status).toBe(201);
  });

  it('JW-51: are refused without one, with one that was used, and as Bearer', async () => {
    const token = await bound();
    const proof = await client.proof('GET', at('/jwt'), token);
    expect((await house.ask('/jwt', headers(token, proof))).status).toBe(200);
    const table: [Ask, string, RegExp][] = [
      [headers(token), 'invalid_dpop_proof', /^DPoP|, ?DPoP .*error="invalid_dpop_proof"/],
      [headers(token, proof), 'invalid_dpop_proof', /DPoP .*error="invalid_dpop_proof"/],
      [headers(token, await client.proof('GET', at('/other'), token)), 'invalid_dpop_proof', /DPoP .*error=/],
      [
        headers(token, await client.proof('GET', at('/jwt'), token), 'Bearer'),
        'proof_required',
        /^DPoP .*error="invalid_token"/,
      ],
    ];
    for (const [ask, code, challenge] of table) {
      const answer = await house.ask('/jwt', ask);
      expect([answer.status, answer.json['code']]).toEqual([401, code]);
      expect(challengesOf(answer)).toMatch(challenge);
      expect(challengesOf(answer)).toMatch(/algs="[A-Z0-9a-z ]*ES256/);
    }
  });

  it('are refused with the proof of another key', async () => {
    const token = await bound();
    const thief = await DpopClient.create(clock);
    const answer = await house.ask('/jwt', headers(token, await thief.proof('GET', at('/jwt'), token)));
    expect([answer.status, answer.json['code']]).toEqual([401, 'proof_mismatch']);
  });

  it('unbound tokens come as Bearer, and not as DPoP', async () => {
    const token = await issuer.accessToken();
    expect((await house.ask('/jwt', headers(token, undefined, 'Bearer'))).status).toBe(200);
    const answer = await house.ask('/jwt', headers(token, await client.proof('GET', at('/jwt'), token)));
    expect([answer.status, answer.json['code']]).toEqual([401, 'proof_mismatch']);
  });

  it('an expired one says so to the scheme it came by', async () => {
    const token = await issuer.accessToken({ cnf: { jkt: client.thumbprint }, exp: clock.seconds() - 60 });
    const answer = await house.ask('/jwt', headers(token, await client.proof('GET', at('/jwt'), token)));
    expect([answer.status, answer.json['code']]).toEqual([401, 'token_expired']);
    expect(challengesOf(answer)).toMatch(
      /^Bearer realm="app"[^,]*, resource_metadata="[^"]*", ?DPoP .*error="invalid_token"/,
    );
  });

  it('the anonymous learn what is taken, and where that is written', async () => {
    const answer = await house.ask('/jwt');
    const metadata = 'https://api.example.test/.well-known/oauth-protected-resource/v1';
    expect(challengesOf(answer)).toBe(
      `Bearer realm="app", resource_metadata="${metadata}", DPoP realm="app", resource_metadata="${metadata}", algs="RS256 PS256 ES256 EdDSA"`,
    );
  });

  it('serves the metadata of the resource', async () => {
    const answer = await house.ask('/.well-known/oauth-protected-resource/v1');
    expect([answer.status, answer.json]).toEqual([
      200,
      {
        resource: RESOURCE,
        resource_name: 'Orders',
        authorization_servers: [issuer.url],
        scopes_supported: ['read'],
        bearer_methods_supported: ['header'],
        dpop_signing_alg_values_supported: expect.arrayContaining(['ES256', 'EdDSA']),
      },
    ]);
    expect(answer.headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/json/),
      'access-control-allow-origin': '*',
    });
    expect((await house.ask('/.well-known/oauth-protected-resource')).status).toBe(404);
  });
});

it('where only bound tokens are taken, others are refused', async () => {
  const house = await open('fastify', { required: true });
  const answer = await house.ask('/jwt', headers(await issuer.accessToken(), undefined, 'Bearer'));
  expect([answer.status, answer.json['code']]).toEqual([401, 'proof_required']);
  expect(challengesOf(answer)).toMatch(/^DPoP realm="app".*error="invalid_token"/);
  const metadata = await house.ask('/.well-known/oauth-protected-resource/v1');
  expect(metadata.json['dpop_bound_access_tokens_required']).toBe(true);
});

it('a nonce is asked for, taken for a while, and then asked for again', async () => {
  const house = await open('fastify', { nonce: true });
  const token = await issuer.accessToken({ cnf: { jkt: client.thumbprint }, exp: clock.seconds() + 3600 });
  const ask = async (nonce?: string) =>
    house.ask('/jwt', headers(token, await client.proof('GET', at('/jwt'), token, { claims: { nonce } })));
  const first = await ask();
  expect([first.status, first.json['code']]).toEqual([401, 'use_dpop_nonce']);
  expect(challengesOf(first)).toContain('error="use_dpop_nonce"');
  const nonce = String(first.headers['dpop-nonce']);
  expect((await ask(nonce)).status).toBe(200);
  clock.pass('2m');
  expect((await ask(nonce)).status).toBe(200);
  clock.pass('4m');
  expect((await ask(nonce)).json['code']).toBe('use_dpop_nonce');
});

it('without bearer.resource, bound tokens are refused, whatever they bring', async () => {
  const house = await House.open(issuer, {});
  houses.push(house);
  const token = await bound();
  const answer = await house.ask('/jwt', headers(token, await client.proof('GET', `${house.origin}/jwt`, token)));
  expect([answer.status, answer.json['code']]).toEqual([401, 'proof_required']);
  expect(challengesOf(answer)).toMatch(/^Bearer realm="app", error="invalid_token"/);
});
