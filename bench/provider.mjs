// `npm run bench:provider [names]`: the provider beside the peer, `oidc-provider`, on one PostgreSQL. Each figure is a
// ratio of CPU time per operation, server and PostgreSQL together.
import { startGatehouse } from './providers/gatehouse.mjs';
import { startOidcProvider } from './providers/oidc-provider.mjs';
import { startPostgres } from './support/postgres.mjs';
import { awayFromServer } from './support/cores.mjs';
import { sideBySide } from './support/side-by-side.mjs';
import { NAMES } from './support/works.mjs';
import { keep, print } from './support/results.mjs';

/** Ours ÷ theirs, at most. */
const TARGETS = {
  'sso-flow': 0.2,
  'client-credentials': 0.45,
  refresh: 0.3,
  introspect: 0.25,
  userinfo: 0.3,
  jwks: 0.4,
  discovery: 0.4,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}. There are: ${NAMES.join(', ')}.\n`);
  process.exit(1);
}

awayFromServer(process.pid);
const postgres = await startPostgres();
const stops = [];
try {
  const ours = await startGatehouse({ postgres });
  stops.push(ours.stop);
  const theirs = await startOidcProvider({ postgres });
  stops.push(theirs.stop);
  const results = [];
  for (const name of wanted.length > 0 ? wanted : NAMES) {
    process.stderr.write(`${name} …\n`);
    const measured = await sideBySide(name, ours, theirs, postgres.postmaster);
    const cost = ({ serverMicroseconds, postgresMicroseconds }) => serverMicroseconds + postgresMicroseconds;
    results.push({
      name,
      measure: 'CPU µs per operation, server + PostgreSQL',
      ours: cost(measured.ours),
      theirs: cost(measured.theirs),
      target: TARGETS[name],
      details: measured,
    });
  }
  print(await keep(results, { postgres: postgres.version }));
} finally {
  for (const stop of stops) await stop();
  await postgres.stop();
}
