// The least that an application can be that follows the bare provider: a token is proved once and kept, a request looks for it among
// what is revoked, and what a poll brings is proved before it is believed.
import { createPublicKey, verify } from 'node:crypto';
import { Agent, createServer, get } from 'node:http';

const { PORT, NAME, PROVIDER, PUBLIC_KEY } = process.env;
/** As our applications wait after events, in milliseconds: this poll takes the cores from those who still apply. */
const AFTER_EVENTS = 4;
const key = createPublicKey(PUBLIC_KEY);
const agent = new Agent({ keepAlive: true });
/** The `jti` of each token that was proved. */
const proved = new Map();
const revoked = new Set();

createServer((request, response) => {
  const token = request.headers.authorization?.slice('Bearer '.length);
  if (token && !proved.has(token)) proved.set(token, claimsOf(token).jti);
  response.writeHead(token && revoked.has(proved.get(token)) ? 401 : 200, { 'content-type': 'application/json' });
  response.end('{"ok":true}');
}).listen(Number(PORT), '127.0.0.1', poll);
process.on('SIGTERM', () => process.exit());

function poll() {
  get(`${PROVIDER}/poll?application=${NAME}`, { agent }, (answer) => {
    let body = '';
    answer.setEncoding('utf8').on('data', (piece) => (body += piece));
    answer.on('end', () => {
      for (const set of Object.values(JSON.parse(body).sets)) {
        for (const jti of claimsOf(set).rules.tokens) revoked.add(jti);
      }
      setTimeout(poll, AFTER_EVENTS);
    });
  });
}

function claimsOf(token) {
  const end = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  const options = { key, dsaEncoding: 'ieee-p1363' };
  if (!verify('sha256', Buffer.from(token.slice(0, end)), options, signature)) throw new Error('a token is not signed');
  return JSON.parse(Buffer.from(token.slice(token.indexOf('.') + 1, end), 'base64url').toString());
}
