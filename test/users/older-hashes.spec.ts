import { hash as bcryptHash } from '@node-rs/bcrypt';
import { olderHashProblem } from '../../src/users/older-hashes.js';
import { PasswordHasher } from '../../src/users/password-hasher.js';

const hasher = new PasswordHasher();
const PASSWORD = 'correct horse battery';

/** Made by passlib 1.7.4, Django 5 and Werkzeug 3, of {@link PASSWORD}. */
const HASHES: [string, string][] = [
  ['passlib PBKDF2, SHA-256', '$pbkdf2-sha256$1000$0TrHWOudc27NWauV0vq/9w$eCc4nak.oaalqYlhOjwx5SAY09AvbZ4FHaZPtomSAf0'],
  [
    'passlib PBKDF2, SHA-512',
    '$pbkdf2-sha512$1000$LQVgzHnP.b.3FsI45/xfqw$zrrMCaMjjm3wg2GYdUGjwdwLwhvtFn1hWbuh6wnbljwCWKdskdQF.FR7Mp/stKSDMoUhXpFnyiX/7m/jMY7LNg',
  ],
  ['passlib PBKDF2, SHA-1', '$pbkdf2$1000$uve.15rzXss5p1SqNeb8vw$9jME6DFi959NUzaP6P0vScFxq0k'],
  ['PHC PBKDF2', '$pbkdf2-sha256$i=1000,l=32$0TrHWOudc27NWauV0vq/9w$eCc4nak+oaalqYlhOjwx5SAY09AvbZ4FHaZPtomSAf0'],
  ['passlib scrypt', '$scrypt$ln=10,r=8,p=1$DWGslZIS4tw7x1jr/T+ntA$bRpu8TtcK2HZHDZb6kI9oi3AECjlLlXfO3RWUOCtBtk'],
  ['passlib bcrypt', '$2b$04$Gcwl4ujGbmpWpyGFXRGy7u89kPK7kWoeLXsFUeCoQ/VUzEkVPmFTi'],
  ['PHP bcrypt', '$2y$04$Gcwl4ujGbmpWpyGFXRGy7u89kPK7kWoeLXsFUeCoQ/VUzEkVPmFTi'],
  [
    'argon2id of other strength',
    '$argon2id$v=19$m=256,t=1,p=2$0HrPuXcOAaA0RqiV8l4LoQ$mmfgqWcGI6CA9iJYioe7/sqc+8Bv2f78quC0hr0ZDOY',
  ],
  ['Django PBKDF2', 'pbkdf2_sha256$1000$saltySALT12$p2Df8EJwSbyV5Mivpu+nD1HRbhfD60NSrCdyEUOM57s='],
  ['Django PBKDF2, SHA-1', 'pbkdf2_sha1$1000$saltySALT12$bPAAT3pfoiZ12sSTntVNavEMrxE='],
  [
    'Django scrypt',
    'scrypt$1024$saltySALT12$8$5$L+lNvJAn/LBZxLRAhmnBb/vIM0azdZC7L86REY/JWEilOeo4Sr0LaHbLc488Y3L+k9xEvqqJ/co8sZCcl5M3MQ==',
  ],
  ['Django bcrypt of SHA-256', 'bcrypt_sha256$$2b$04$Q0d8Q51DTOkacQUmmMZAieBJdS..Cipme6dvd2/lqGCCYdv3jnTi2'],
  ['Django bcrypt', 'bcrypt$$2b$04$G3HaIhneIyp1kTzM6RBPN.TDhxK/YNggfpkGqkiD8uXNVhrI98txe'],
  ['Django argon2', 'argon2$argon2id$v=19$m=256,t=1,p=1$c2FsdHlTQUxUMTI$dhtigDOz8Zu/uWBE7Kdz0c/gl+RdYy0vkXKYOx7cnfg'],
  [
    'Werkzeug scrypt',
    'scrypt:1024:8:1$uUJKNFmILT1vu2WC$63c64263984304b187932255cf04fc62092a295b52a4fe257a630076e0904a2bf4ccf3109ee63acffb8806a62c6da4fee28f7fdeda2f4881efb1479f87595f90',
  ],
  [
    'Werkzeug PBKDF2',
    'pbkdf2:sha256:1000$CAFK1YpiFDaVIGVN$e2a9ff1c9c01f8d8dbd04009be9b7cf38c07fe77bd10f7caba940a55ad5bbd3c',
  ],
];

it.each(HASHES)('reads %s, and wants it replaced', async (_, hash) => {
  expect(await olderHashProblem(hash)).toBeUndefined();
  expect(await hasher.verify(hash, PASSWORD)).toBe(true);
  expect(await hasher.verify(hash, `${PASSWORD} `)).toBe(false);
  expect(await hasher.verify(hash, '')).toBe(false);
  expect(hasher.needsRehash(hash)).toBe(true);
});

it.each([
  ['nothing', '', /no hash that is known/],
  ['a password', 'wonderland', /no hash that is known/],
  ['MD5', '5f4dcc3b5aa765d61d8327deb882cf99', /no hash that is known/],
  ['bcrypt cut short', '$2b$04$Gcwl4ujGbmpWpyGFXRGy7u89kPK7kWoeLXsFUeCoQ', /no hash that is known/],
  ['PBKDF2 with an empty key', 'pbkdf2_sha256$1000$salt$=', /no hash that is known/],
  ['PBKDF2 with a short key', 'pbkdf2_sha256$1000$salt$AAAA', /no hash that is known/],
  ['a dear bcrypt', '$2b$31$Gcwl4ujGbmpWpyGFXRGy7u89kPK7kWoeLXsFUeCoQ/VUzEkVPmFTi', /cost of bcrypt/],
  ['a dear PBKDF2', 'pbkdf2_sha256$99999999$saltySALT12$p2Df8EJwSbyV5Mivpu+nD1HRbhfD60NSrCdyEUOM57s=', /iterations/],
  ['no iterations', 'pbkdf2_sha256$0$saltySALT12$p2Df8EJwSbyV5Mivpu+nD1HRbhfD60NSrCdyEUOM57s=', /iterations/],
  [
    'a huge scrypt',
    '$scrypt$ln=30,r=8,p=1$DWGslZIS4tw7x1jr/T+ntA$bRpu8TtcK2HZHDZb6kI9oi3AECjlLlXfO3RWUOCtBtk',
    /256 MiB/,
  ],
  ['a crooked scrypt', 'scrypt:1000:8:1$salt$63c64263984304b187932255cf04fc62', /numbers of this scrypt/],
  [
    'a huge argon2',
    '$argon2id$v=19$m=4194304,t=1,p=1$c2FsdHlTQUxUMTI$dhtigDOz8Zu/uWBE7Kdz0c/gl+RdYy0vkXKYOx7cnfg',
    /argon2 may take/,
  ],
])('takes no %s, and computes none', async (_, hash, words) => {
  expect(await olderHashProblem(hash)).toMatch(words);
  expect(await hasher.verify(hash, PASSWORD)).toBe(false);
});

it('compares what was typed, and its NFKC form, but nothing behind a NUL', async () => {
  const decomposed = await bcryptHash('cafe\u0301 au lait', 4);
  expect(await hasher.verify(decomposed, 'cafe\u0301 au lait')).toBe(true);
  const composed = await bcryptHash('caf\u00e9 au lait', 4);
  expect(await hasher.verify(composed, 'cafe\u0301 au lait')).toBe(true);
  expect(await hasher.verify(await bcryptHash('half', 4), 'half\0of it')).toBe(false);
});
