import { displayUserCode, normalUserCode, USER_CODE_ALPHABET, USER_CODE_LENGTH } from '../../src/protocol/user-code.js';
import { randomText } from '../../src/platform/secret.js';

it.each([
  ['as it is shown', 'WDJB-MJHT'],
  ['without the hyphen', 'WDJBMJHT'],
  ['in small letters', 'wdjb-mjht'],
  ['with spaces and dots', ' w d j b . m j h t '],
  ['with a dash of another kind', 'WDJB–MJHT'],
  ['in wide letters', 'ＷＤＪＢ－ＭＪＨＴ'],
])('a code is taken %s', (_, typed) => {
  expect(normalUserCode(typed)).toBe('WDJBMJHT');
});

it.each([
  ['nothing', ''],
  ['a letter short', 'WDJB-MJH'],
  ['a letter long', 'WDJB-MJHTT'],
  ['a vowel', 'WDJA-MJHT'],
  ['a digit', 'WDJ8-MJHT'],
  ['a look-alike of another alphabet', 'WDJВ-MJHT'],
  ['an essay', 'W-'.repeat(100)],
])('and nothing else: %s', (_, typed) => {
  expect(normalUserCode(typed)).toBeUndefined();
});

it('BF-10 has at least 34 bits, each letter as likely as every other', () => {
  expect(Math.log2(USER_CODE_ALPHABET.length) * USER_CODE_LENGTH).toBeGreaterThan(34);
  expect(USER_CODE_ALPHABET).not.toMatch(/[AEIOUY0-9]/);
  const letters = randomText(USER_CODE_ALPHABET, 20_000);
  for (const letter of USER_CODE_ALPHABET) {
    // 1000 expected of each; six standard deviations.
    expect(Math.abs(letters.split(letter).length - 1 - 1000)).toBeLessThan(185);
  }
});

it('is shown in two halves', () => {
  expect(displayUserCode('WDJBMJHT')).toBe('WDJB-MJHT');
});
