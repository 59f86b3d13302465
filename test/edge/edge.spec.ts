import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { AuthenticationError, createTokenVerifier } from '../../src/edge/index.js';
import { createTestIdentityProvider, type TestIdentityProvider } from '../../src/testing/index.js';
import { DpopClient } from '../support/dpop-client.js';

const AUDIENCE = 'urn:test:api';
const JWKS = 'https://idp.test/jwks';

interface Told {
  answers: Record<string, unknown>[];
  fetched: string[];
  globals: string[];
  modules: string[];
}

let idp: TestIdentityProvider;
beforeAll(async () => {
  idp = await createTestIdentityProvider({ audience: AUDIENCE, algorithms: ['ES256', 'RS256', 'PS256', 'EdDSA'] });
});

/** What the issuer serves, by URL. */
async function documents(): Promise<Record<string, unknown>> {
  const { outbound, issuer } = idp.options;
  const urls = [`${issuer}/.well-known/openid-configuration`, JWKS];
  const answers = await Promise.all(urls.map((url) => outbound!.fetch(url, { purpose: 'discovery', trusted: true })));
  return Object.fromEntries(urls.map((url, index) => [url, answers[index]!.json()]));
}

function runBare(input: unknown): Promise<Told> {
  return new Promise((resolve, reject) => {
    const args = ['--experimental-vm-modules', '--no-warnings', join(import.meta.dirname, 'bare-context.mjs')];
    const child = execFile(process.execPath, args, { env: {} }, (error, stdout) =>
      error ? reject(error) : resolve(JSON.parse(stdout) as Told),
    );
    child.stdin!.end(JSON.stringify(input));
  });
}

it('verifies tokens where there is no Node', async () => {
  const client = await DpopClient.create(idp.clock);
  const bound = idp.token({ scope: 'read', claims: { cnf: { jkt: client.thumbprint } } });
  const proof = await client.proof('GET', 'https://api.example.test/orders', bound);
  const dpop = { url: 'https://api.example.test/orders?x=1', headers: { authorization: `DPoP ${bound}`, dpop: proof } };
  const bearer = (options?: Parameters<typeof idp.bearer>[0]) => ({ headers: idp.bearer(options) });
  const { answers, fetched, globals } = await runBare({
    options: {
      issuer: idp.issuer,
      audience: AUDIENCE,
      algorithms: ['ES256', 'RS256', 'PS256', 'EdDSA'],
      resource: 'https://api.example.test',
    },
    documents: await documents(),
    now: idp.clock.now(),
    requests: [
      ...(['ES256', 'RS256', 'PS256', 'EdDSA'] as const).map((alg) => bearer({ alg, scope: 'read write' })),
      dpop,
      dpop,
      {},
      { headers: { authorization: 'Basic eDp5' } },
      ...(
        [
          'expired',
          'wrongAudience',
          'wrongIssuer',
          'unsigned',
          'unknownKey',
          'unknownKey',
          'tampered',
          'idToken',
        ] as const
      ).map((flaw) => bearer({ [flaw]: true })),
    ],
  });
  expect(answers.slice(0, 4)).toEqual(
    Array(4).fill({ subject: 'alice', issuer: idp.issuer, scopes: ['read', 'write'] }),
  );
  expect(answers[4]).toMatchObject({ subject: 'alice' });
  expect(answers.slice(5).map(({ code }) => code)).toEqual([
    'invalid_dpop_proof',
    'unauthenticated',
    'malformed_credentials',
    'token_expired',
    'audience_mismatch',
    'issuer_mismatch',
    'malformed_token',
    'signature_invalid',
    'signature_invalid',
    'signature_invalid',
    'wrong_token_type',
  ]);
  for (const answer of answers.slice(5)) {
    expect(answer).toMatchObject({ status: 401, challenge: expect.stringMatching(/^Bearer realm="api"/) });
  }
  // The first unknown key is looked for once more; within the cool-down, others fetch nothing.
  expect(fetched).toEqual([`${idp.issuer}/.well-known/openid-configuration`, JWKS, JWKS]);
  expect(globals).toEqual([]);
});

it('imports nothing of Node, nor anything but jose', async () => {
  const { modules } = await runBare({
    options: { issuer: 'https://x.test', audience: 'x' },
    documents: {},
    requests: [],
  });
  const ours = modules.filter((path) => !path.includes('node_modules'));
  expect(ours.length).toBeGreaterThan(10);
  for (const path of modules) {
    const imports = [...readFileSync(path, 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
      ([, name]) => name!,
    );
    const foreign = imports.filter((name) => name !== 'jose' && !name.startsWith('.'));
    expect([path, foreign, foreign.filter((name) => builtinModules.includes(name.replace('node:', '')))]).toEqual([
      path,
      [],
      [],
    ]);
  }
  // The types, too: an application at the edge has neither Node's nor Nest's.
  const seen = new Set<string>();
  const waiting = [join(import.meta.dirname, '../../dist/edge/index.d.ts')];
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const imports = [...readFileSync(file, 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
      ([, name]) => name!,
    );
    expect([file, imports.filter((name) => !name.startsWith('.'))]).toEqual([file, []]);
    for (const name of imports) waiting.push(join(dirname(file), name.replace(/\.js$/, '.d.ts')));
  }
});

describe('the verifier', () => {
  const verifierWith = (change: object = {}) =>
    createTokenVerifier({
      issuer: idp.issuer,
      audience: AUDIENCE,
      jwksUri: JWKS,
      now: () => idp.clock.now(),
      fetch: async (url) => Response.json((await documents())[url]),
      ...change,
    });

  it('answers 503 while the keys cannot be had, and 401 otherwise', async () => {
    for (const fetch of [
      async () => new Response('', { status: 500 }),
      async () => new Response('<html>'),
      async () => new Response('x'.repeat(300_000)),
      async () => Response.redirect('https://evil.test/'),
      async () => Promise.reject(new TypeError('network')),
    ]) {
      const error = (await verifierWith({ fetch })
        .verify(idp.token())
        .catch((one: unknown) => one)) as AuthenticationError;
      expect(error).toBeInstanceOf(AuthenticationError);
      expect([error.code, error.response().status, error.response().headers.get('retry-after')]).toEqual([
        'keys_unavailable',
        503,
        '5',
      ]);
    }
    const error = (await verifierWith()
      .verify('x')
      .catch((one: unknown) => one)) as AuthenticationError;
    expect(await error.response().json()).toEqual({
      error: 'invalid_token',
      code: 'malformed_token',
      message: expect.any(String),
    });
  });

  it('has an issuer that is down asked once for many tokens, and again a moment later', async () => {
    let isDown = true;
    let asked = 0;
    const fetch = async (url: string) => {
      asked += 1;
      return isDown ? new Response('', { status: 500 }) : Response.json((await documents())[url]);
    };
    const verifier = verifierWith({ fetch });
    for (let round = 0; round < 20; round += 1) {
      await expect(verifier.verify(idp.token())).rejects.toMatchObject({ code: 'keys_unavailable' });
    }
    expect(asked).toBe(1);
    isDown = false;
    idp.clock.pass('2s');
    expect(await verifier.verify(idp.token())).toMatchObject({ subject: 'alice' });
  });

  it('believes no metadata of another issuer', async () => {
    const fetch = async () => Response.json({ issuer: 'https://evil.test', jwks_uri: JWKS });
    await expect(verifierWith({ jwksUri: undefined, fetch }).verify(idp.token())).rejects.toMatchObject({
      code: 'keys_unavailable',
    });
  });

  it('takes several issuers, each by its rules', async () => {
    const issuers = [{ issuer: 'https://other.test', audience: 'x', profile: 'auth0' as const, jwksUri: JWKS }];
    const verifier = verifierWith({ issuers });
    const claims = { iss: 'https://other.test', aud: 'x', azp: 'c', scope: 'a', permissions: ['b'] };
    const token = idp.token({ alg: 'RS256', claims });
    expect(await verifier.verify(token)).toMatchObject({ issuer: 'https://other.test', scopes: ['a', 'b'] });
    await expect(verifier.verify(idp.token({ alg: 'RS256' }))).rejects.toMatchObject({ code: 'algorithm_refused' });
  });

  it('refuses a bound token where it cannot be checked', async () => {
    const token = idp.token({ claims: { cnf: { jkt: 'x' } } });
    await expect(verifierWith().verify(token)).rejects.toMatchObject({ code: 'proof_required' });
    await expect(verifierWith({ resource: 'https://api.example.test' }).verify(token)).rejects.toMatchObject({
      code: 'proof_required',
    });
  });

  it('refuses options that cannot be meant', () => {
    expect(() => verifierWith({ clockSkewSeconds: 300 })).toThrow('clockSkewSeconds');
    expect(() => verifierWith({ issuers: [{ issuer: idp.issuer, audience: 'x' }] })).toThrow('twice');
  });
});
