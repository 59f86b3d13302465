// The peer that a Node team would choose instead.
import { generateKeyPairSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { exportJWK } from 'jose';
import { Browser } from '../support/browser.mjs';
import { freePort, startServer } from '../support/child.mjs';
import { basic, CLIENTS, metadataOf } from './clients.mjs';

const SECRET = 'a-secret-of-the-benchmark-with-enough-octets';

/** Where its program is. */
export const PEER = fileURLToPath(new URL('./oidc-provider.server.mjs', import.meta.url));

/** Its settings: clients that have this secret, and keys that it has from the start, as ours has its own from the database. */
export async function peerSettings() {
  const registered = Object.keys(CLIENTS).map((name) => {
    // Its scopes are the server's; which a client may ask for is not said here.
    const { scope: _, ...metadata } = metadataOf(name);
    return { ...metadata, client_id: `bench-${name}`, client_secret: SECRET };
  });
  const keys = [
    await privateKey('ec', { namedCurve: 'P-256' }, 'ES256'),
    await privateKey('rsa', { modulusLength: 2048 }, 'RS256'),
  ];
  return { CLIENTS: JSON.stringify(registered), JWKS: JSON.stringify({ keys }), NODE_ENV: 'production' };
}

async function privateKey(type, options, alg) {
  const { privateKey: key } = generateKeyPairSync(type, options);
  return { ...(await exportJWK(key)), alg, use: 'sig', kid: alg };
}

export async function startOidcProvider({ postgres }) {
  const port = String(await freePort());
  const url = `http://localhost:${port}`;
  const server = await startServer(PEER, {
    env: { PORT: port, DATABASE_URL: await postgres.database('bench_theirs'), ...(await peerSettings()) },
    readyUrl: `${url}/.well-known/openid-configuration`,
  });
  return {
    name: 'oidc-provider',
    url,
    pid: server.pid,
    startMilliseconds: server.startMilliseconds,
    stop: server.stop,
    clients: Object.fromEntries(
      Object.keys(CLIENTS).map((name) => [
        name,
        { id: `bench-${name}`, authorization: basic(`bench-${name}`, SECRET) },
      ]),
    ),
    browser: new Browser(url),
    paths: {
      authorize: '/auth',
      token: '/token',
      userinfo: '/me',
      introspect: '/token/introspection',
      jwks: '/jwks',
      discovery: '/.well-known/openid-configuration',
    },
    /** The server signs in and consents by itself; what remains is to be sent away. */
    async pass(_browser, place) {
      if (!place.left) throw new Error(`the peer showed a page at ${place.url}:\n${place.page.slice(0, 2000)}`);
      return place.left;
    },
  };
}
