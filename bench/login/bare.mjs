// The least that a sign-in can be: Node's own HTTP server and the driver, no framework. A form arrives, one statement asks who it
// is, the hash, one statement writes, a redirect. The statements do nothing, and nothing is checked but the password.
import { createServer } from 'node:http';
import pg from 'pg';
import { PasswordHasher } from '../../dist/users/password-hasher.js';

const { PORT, PASSWORD, DATABASE_URL } = process.env;
const PAGE = '<form method="post" action="/login"><input type="hidden" name="csrf" value="none"></form>';
const hasher = new PasswordHasher();
const made = await hasher.hash(PASSWORD);
const pool = new pg.Pool({ connectionString: DATABASE_URL });

createServer((request, response) => {
  if (request.method !== 'POST') return response.end(PAGE);
  let form = '';
  request.setEncoding('utf8').on('data', (piece) => (form += piece));
  return request.on('end', () => void signIn(new URLSearchParams(form), response));
}).listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit());

async function signIn(form, response) {
  await pool.query({ name: 'find', text: 'SELECT $1::text', values: [form.get('username')] });
  const right = await hasher.verify(made, form.get('password'));
  await pool.query({ name: 'write', text: 'SELECT $1::text', values: [form.get('username')] });
  response.writeHead(right ? 303 : 401, { location: '/' }).end();
}
