// An API that follows the feed, as a process of its own.
import { fileURLToPath } from 'node:url';
import { freePort, startServer } from '../support/child.mjs';
import { AUDIENCE } from './house.mjs';

const file = fileURLToPath(new URL('../../test/support/feed-app.mjs', import.meta.url));
const LONGEST_SNAPSHOT_MILLISECONDS = 180_000;

/** Started, and up to date when `mode` is `feed`. */
export async function startApplication(house, clientId, { mode = 'feed', ...how } = {}) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = {
    port,
    issuer: house.url,
    clientId,
    clientSecret: house.secret,
    audience: AUDIENCE,
    revocation: { mode },
  };
  const server = await startServer(file, {
    env: { FEED_APP: JSON.stringify(settings) },
    readyUrl: `${url}/health`,
    nodeOptions: ['--expose-gc'],
    ...how,
  });
  const get = async (path) => (await fetch(`${url}${path}`)).json();
  const begun = performance.now();
  const follows = async () => mode !== 'feed' || (await get('/health')).fresh;
  while (!(await follows())) {
    if (performance.now() - begun > LONGEST_SNAPSHOT_MILLISECONDS) throw new Error(`${clientId} does not follow`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { ...server, port, url, get, followsAfterMilliseconds: server.startMilliseconds + performance.now() - begun };
}
