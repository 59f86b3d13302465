import { isCodeChallenge, isCodeVerifier, verifierFits } from '../../src/protocol/pkce.js';

// RFC 7636 appendix B.
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

it.each([
  [CHALLENGE, true],
  ['a'.repeat(43), true],
  ['a'.repeat(42), false],
  ['a'.repeat(44), false],
  ['a'.repeat(129), false],
  [`${'a'.repeat(42)}+`, false],
  [`${'a'.repeat(42)}/`, false],
  [`${'a'.repeat(42)}=`, false],
  [`${'a'.repeat(42)}é`, false],
  [`${'a'.repeat(43)}\n`, false],
  ['', false],
])('PK-06 isCodeChallenge(%j) is %s', (challenge, good) => {
  expect(isCodeChallenge(challenge)).toBe(good);
});

it.each([
  [VERIFIER, true],
  ['v'.repeat(43), true],
  ['v'.repeat(128), true],
  ['._~-'.repeat(11), true],
  ['v'.repeat(42), false],
  ['v'.repeat(129), false],
  [`${'v'.repeat(43)} `, false],
  [`${'v'.repeat(43)}\n`, false],
  [`${'v'.repeat(43)}+`, false],
  [`${'v'.repeat(43)}é`, false],
])('PK-11 isCodeVerifier(%j) is %s', (verifier, good) => {
  expect(isCodeVerifier(verifier)).toBe(good);
});

describe('verifierFits', () => {
  it('knows the example of RFC 7636', () => {
    expect(verifierFits(VERIFIER, CHALLENGE)).toBe(true);
  });

  it.each([
    ['another verifier', 'w'.repeat(43), CHALLENGE],
    ['the challenge itself (plain)', CHALLENGE, CHALLENGE],
    ['another case', VERIFIER.toUpperCase(), CHALLENGE],
    ['a shorter challenge', VERIFIER, CHALLENGE.slice(0, 40)],
    ['an empty challenge', VERIFIER, ''],
  ])('refuses %s', (_, verifier, challenge) => {
    expect(verifierFits(verifier, challenge)).toBe(false);
  });
});
