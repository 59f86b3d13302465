// What a password hash costs where it is computed for a sign-in: in a server, on its core, by the hasher that the provider
// has, as many at once. `/hashes?count=50` does so many and nothing else, `/` none.
import { createServer } from 'node:http';
import { PasswordHasher } from '../../dist/users/password-hasher.js';

const { PORT, PASSWORD, AT_ONCE } = process.env;
const hasher = new PasswordHasher();
const made = await hasher.hash(PASSWORD);

createServer((request, response) => {
  const count = Number(new URL(request.url, 'http://localhost').searchParams.get('count'));
  void hashes(count).then(() => response.end('done'));
}).listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit());

async function hashes(count) {
  let left = count;
  const worker = async () => {
    while (left-- > 0) if (!(await hasher.verify(made, PASSWORD))) throw new Error('the hash is not of the password');
  };
  await Promise.all(Array.from({ length: Number(AT_ONCE) }, worker));
}
