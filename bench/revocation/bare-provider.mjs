// The least that telling of a revocation can be: Node's own HTTP server and the driver, no framework. One statement writes a line
// durably; meanwhile what each application is told is signed; the answers to their polls are sent, and whoever revoked is answered.
// Nobody is asked who they are, and nothing is kept to be told again.
import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';

const { PORT, DATABASE_URL, PRIVATE_KEY } = process.env;
const key = createPrivateKey(PRIVATE_KEY);
const header = encoded({ alg: 'ES256', typ: 'secevent+jwt' });
const pool = new pg.Pool({ connectionString: DATABASE_URL });
await pool.query('CREATE TABLE IF NOT EXISTS revocation_log (jti text PRIMARY KEY, kind text NOT NULL)');
/** Answers to polls that wait, by the application's name. */
const waiting = new Map();

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://bare');
  if (pathname === '/poll') return waiting.set(searchParams.get('application'), response);
  if (pathname === '/token') return response.end(signed({ jti: randomUUID() }));
  if (pathname !== '/revoke') return response.end('ready');
  let form = '';
  request.setEncoding('utf8').on('data', (piece) => (form += piece));
  return request.on('end', () => void revoke(new URLSearchParams(form).get('token'), response));
}).listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit());

async function revoke(token, response) {
  const { jti } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
  const committed = pool.query({
    name: 'revoke',
    text: `INSERT INTO revocation_log (jti, kind) VALUES ($1, 'token')`,
    values: [jti],
  });
  const told = [...waiting.keys()].map((application) => [
    application,
    JSON.stringify({ sets: { [jti]: signed({ jti: randomUUID(), aud: application, rules: { tokens: [jti] } }) } }),
  ]);
  await committed;
  for (const [application, body] of told) {
    waiting.get(application).end(body);
    waiting.delete(application);
  }
  response.end();
}

function signed(claims) {
  const content = `${header}.${encoded(claims)}`;
  return `${content}.${sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

function encoded(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
