import { canonicalUsername, claimUsername, UsernameError } from '../../src/users/canonical-username.js';

describe('names that are one name', () => {
  it.each([
    ['case', 'Alice', 'ALICE'],
    ['full width', 'ａｌｉｃｅ', 'alice'],
    ['spaces around', ' alice\t', 'alice'],
    ['zero-width space', 'al\u200bice', 'alice'],
    ['soft hyphen', 'al\u00adice', 'alice'],
    ['right-to-left override', '\u202ealice', 'alice'],
    ['variation selector', 'alice\ufe0f', 'alice'],
    ['Hangul filler', 'alice\u3164', 'alice'],
    ['NUL and DEL', 'al\0ice\x7f', 'alice'],
    ['lone surrogate', 'alice\ud800', 'alice'],
    ['composed and decomposed', 'caf\u00e9', 'CAFE\u0301'],
    ['sharp s', 'Straße', 'STRASSE'],
    ['Kelvin sign', '\u212aelvin', 'kelvin'],
    ['ligature', '\ufb01nn', 'finn'],
    ['final sigma', 'ΟΔΟΣ', 'οδος'],
    ['dotless i', 'alıce', 'alice'],
  ])('UN-01, UN-03: %s', (_, one, other) => {
    expect(canonicalUsername(one)).toBe(canonicalUsername(other));
    expect(canonicalUsername(one)).not.toBe('');
  });

  it.each(['İstanbul', 'ŉ', 'ǰ', 'ΐ', 'ﬃ', 'ẞ', 'Ω', 'ᾳ', 'ͅa'])(
    'UN-03: %s does not change when it is folded again',
    (name) => {
      expect(canonicalUsername(canonicalUsername(name))).toBe(canonicalUsername(name));
    },
  );

  it.each(['', '   ', '\u200b\u2060', 'a'.repeat(65), 'a'.repeat(1_000_000), '\ufdfa'.repeat(60)])(
    'what cannot be a name is nobody’s (%#)',
    (name) => {
      expect(canonicalUsername(name)).toBe('');
    },
  );
});

describe('a name that somebody wants', () => {
  it.each([
    'alice',
    'Alice',
    'o.brien',
    'mary-jane_2',
    'straße',
    'жанна',
    'ελένη',
    '田中さくら',
    '김철수',
    'José',
    'nguyễn',
    'şəhla',
    'ɔsei',
    'ธนา',
    'राम',
    'מֹשֶׁה',
    'x',
    '007',
  ])('may be %s', (name) => {
    expect(claimUsername(name)).toBe(canonicalUsername(name));
  });

  it.each([
    ['mixes Cyrillic into Latin', 'аlice', 'confusable'],
    ['mixes Greek into Latin', 'αlice', 'confusable'],
    ['is all Cyrillic but looks Latin', 'асе', 'confusable'],
    ['puts a second dot over an i', 'ali\u0307ce', 'confusable'],
    ...['ɑlice', 'ɡina', 'aʟice', 'ᴀdmin', 'ꜱam', 'aǀice', 'ɩan'].map((name): [string, string, string] => [
      `has a letter of phoneticians: ${name}`,
      name,
      'confusable',
    ]),
    ['has a mark twice', 'alice\u0301\u0301', 'confusable'],
    ['has a tower of marks', 'alice\u0327\u0302\u0303\u0304\u0305', 'confusable'],
    ['has a circle around a letter', 'alice\u20dd', 'confusable'],
    ['has a mark of another script', 'alice\u0651', 'confusable'],
    ['is full width', 'ａｌｉｃｅ', 'malformed'],
    ['hides a zero-width space', 'alice\u200b', 'malformed'],
    ['hides a soft hyphen', 'ali\u00adce', 'malformed'],
    ['reorders', 'alice\u202e', 'malformed'],
    ['ends in a space', 'alice ', 'malformed'],
    ['has a space', 'al ice', 'malformed'],
    ['is an email address', 'victim@corp.com', 'malformed'],
    ['has markup', '<b>alice</b>', 'malformed'],
    ['has a path', '../alice', 'malformed'],
    ['has foreign digits', 'alice०', 'malformed'],
    ['is empty', '', 'malformed'],
    ['is too long', 'a'.repeat(65), 'malformed'],
    ...['admin', 'ROOT', 'me', '.well-known', 'null', 'undefined', '__proto__', 'constructor'].map(
      (name): [string, string, string] => [`is reserved: ${name}`, name, 'reserved'],
    ),
  ])('UN-02, UN-04, UN-07: is refused when it %s', (_, name, code) => {
    expect(() => claimUsername(name)).toThrow(UsernameError);
    try {
      claimUsername(name);
    } catch (error) {
      expect((error as UsernameError).code).toBe(code);
    }
  });
});
