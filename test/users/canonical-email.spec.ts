import { canonicalEmail, claimEmail, verifiedEmail } from '../../src/users/canonical-email.js';

it.each([
  ['alice@example.com', 'alice@example.com'],
  ['  Alice@EXAMPLE.com ', 'alice@example.com'],
  ['a.b+tag@example.com', 'a.b+tag@example.com'],
  ["o'neil@example.com", "o'neil@example.com"],
  ['alice@bücher.example', 'alice@xn--bcher-kva.example'],
  ['alice@xn--bcher-kva.example', 'alice@xn--bcher-kva.example'],
  ['alice@BÜCHER.example', 'alice@xn--bcher-kva.example'],
])('UN-05 %j is %j', (typed, canonical) => {
  expect(canonicalEmail(typed)).toBe(canonical);
});

it.each([
  'alice', '@', 'alice@', '@example.com', 'alice@example', 'alice@localhost', 'alice@example.com.', 'alice.@example.com',
  '.alice@example.com', 'a..b@example.com', 'alice＠example.com', 'ａlice@example.com', 'аlice@example.com',
  'al\u200bice@example.com', '"alice"@example.com', '"a@b"@example.com', 'alice(comment)@example.com', 'a@b@example.com',
  'alice@example.com,bob@example.com', 'alice@example.com bob@example.com', 'alice@example.com\r\nBcc: x@y.test',
  'Alice <alice@example.com>', 'alice@[127.0.0.1]', 'alice@127.0.0.1', 'alice@example.com:25', 'alice@exam%70le.com',
  'alice@exa_mple.com', 'alice@-example.com', 'alice@example.com/x', `${'a'.repeat(65)}@example.com`,
  `a@${'b'.repeat(64)}.com`, `a@${'b.'.repeat(130)}com`, '\0@example.com', '', ' ',
])('PR-14 %j is nobody’s address', (typed) => {
  expect(canonicalEmail(typed)).toBe('');
  expect(() => claimEmail(typed)).toThrow('not an email address');
}); // prettier-ignore

it('a look-alike domain is another one', () => {
  expect(canonicalEmail('alice@exаmple.com')).toMatch(/^alice@xn--/);
});

it.each([
  [{ email: 'a@b.test', email_verified: true }, 'a@b.test'],
  [{ email: 'a@b.test' }, undefined],
  [{ email: 'a@b.test', email_verified: 'true' }, undefined],
  [{ email: ['a@b.test'], email_verified: true }, undefined],
  [{ email: 'nonsense', email_verified: true }, undefined],
])('only what is proved is written to: %j', (claims, address) => {
  expect(verifiedEmail({ claims })).toBe(address);
});
