import { hash } from '@node-rs/argon2';
import { PasswordError, PasswordHasher } from '../../src/users/password-hasher.js';

const hasher = new PasswordHasher();

it('makes argon2id PHC strings of today’s strength, each with its own salt', async () => {
  const [one, other] = [await hasher.hash('wonderland'), await hasher.hash('wonderland')];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]+\$[^$]+$/);
  expect(one).not.toBe(other);
  expect(hasher.needsRehash(one)).toBe(false);
  expect(await hasher.verify(one, 'wonderland')).toBe(true);
  expect(await hasher.verify(one, 'Wonderland')).toBe(false);
});

it.each([
  ['less memory', () => hash('x', { memoryCost: 8192 })],
  ['one pass', () => hash('x', { timeCost: 1 })],
  ['argon2i', () => hash('x', { algorithm: 1 })],
  ['another algorithm', async () => '$2b$12$abcdefghijklmnopqrstuv'],
  ['garbage', async () => '$argon2id$garbage'],
])('wants a new hash for %s', async (_, make) => {
  expect(hasher.needsRehash(await make())).toBe(true);
});

it.each(['', '$argon2id$garbage', 'plain', '$argon2id$v=19$m=19456,t=2,p=1$$'])(
  'believes nothing of the hash %j',
  async (bad) => {
    expect(await hasher.verify(bad, 'wonderland')).toBe(false);
  },
);

it('BF-16: takes 1024 bytes and not one more, counted after normalisation', async () => {
  const longest = 'é'.repeat(512);
  expect(await hasher.verify(await hasher.hash(longest), longest.normalize('NFD').slice(0, 1024))).toBe(true);
  await expect(hasher.hash('x'.repeat(1025))).rejects.toThrow(PasswordError);
  await expect(hasher.hash('é'.repeat(513))).rejects.toThrow(PasswordError);
  await expect(hasher.hash('')).rejects.toThrow(PasswordError);
});

it('BF-16: refuses a megabyte without hashing it', async () => {
  const passwordHash = await hasher.hash('x');
  const start = process.cpuUsage();
  for (let attempt = 0; attempt < 50; attempt += 1) await hasher.verify(passwordHash, 'x'.repeat(1_000_000));
  const { user } = process.cpuUsage(start);
  expect(user).toBeLessThan(500_000);
});

it('BF-19: is exact apart from NFKC: case and spaces count', async () => {
  const passwordHash = await hasher.hash('caf\u00e9 ');
  expect(await hasher.verify(passwordHash, 'cafe\u0301 ')).toBe(true);
  expect(await hasher.verify(passwordHash, 'cafe\u0301')).toBe(false);
  expect(await hasher.verify(passwordHash, 'Caf\u00e9 ')).toBe(false);
});
