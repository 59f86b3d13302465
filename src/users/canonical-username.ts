/** Longest username, in characters as a person counts code points. */
export const LONGEST_USERNAME = 64;

/** Far more than a username may have; what is longer is nobody's, and costs no normalisation. */
const LONGEST_TYPED = 256;

/** What shows nothing or reorders its neighbours: controls, zero-width, soft hyphen, bidi marks, variation selectors, fillers. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Letters, marks and ASCII digits (others look like letters), with single separators between them. */
const SHAPE = /^[\p{L}0-9][\p{L}\p{M}0-9]*(?:[._-][\p{L}0-9][\p{L}\p{M}0-9]*)*$/u;

/** Scripts that a name may be written in. Japanese and Korean people mix several of theirs, as UTS #39 §5.1 allows. */
const SCRIPTS = [
  /^[\p{Script=Latin}\p{M}]*$/u,
  /^[\p{Script=Greek}\p{M}]*$/u,
  /^[\p{Script=Cyrillic}\p{M}]*$/u,
  /^[\p{Script=Armenian}\p{M}]*$/u,
  /^[\p{Script=Georgian}\p{M}]*$/u,
  /^[\p{Script=Hebrew}\p{M}]*$/u,
  /^[\p{Script=Arabic}\p{M}]*$/u,
  /^[\p{Script=Devanagari}\p{M}]*$/u,
  /^[\p{Script=Thai}\p{M}]*$/u,
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{M}]*$/u,
  /^[\p{Script=Han}\p{Script=Hangul}\p{M}]*$/u,
];

/** Cyrillic, Greek and Armenian letters that look like Latin ones (from the confusables of UTS #39), after folding. */
const LATIN_LOOK_ALIKES = /^[аеорсухіјѕһԁԛԝӏѵοανιρυκχօսոհց\p{M}]+$/u;

/**
 * What UTS #39 lets no identifier have, as far as it looks like a letter of a-z or like nothing: letters of phoneticians and
 * small capitals (not those that languages are written with: ɓ ɔ ɖ ɗ ə ɛ ɨ ɲ ʃ ʊ ʒ), a second dot over i and j, marks of another
 * script, around the letter, twice, or more than four (§5.4).
 */
const LOOK_ALIKES =
  /[ƅƍ\u01c0-\u01c3ɑɡɢɣɩɪɯɴʀʋʏʙʜʟ\u1d00-\u1dbf\u1eff\ua720-\ua7ff\uab30-\uab6f]|[ij]\u0307|\p{Me}|(\p{Mn})\1|\p{Mn}{5}|[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}][\u0300-\u036f]*(?![\u0300-\u036f])\p{M}/u;

/** Names that mean something to people, to routes or to JavaScript; compared in canonical form. */
const RESERVED = new Set(
  `admin administrator root system sysadmin superuser operator support security help info postmaster hostmaster webmaster
  abuse noreply no-reply gatehouse me self anonymous nobody guest everyone user users api auth login logout account oauth
  well-known null undefined true false nan constructor prototype proto`.split(/\s+/),
);

/** Why a username cannot be used, in words for the person who chose it. Holds the name as it would be shown, never raw. */
export class UsernameError extends Error {
  override readonly name = 'UsernameError';

  constructor(
    readonly code: 'taken' | 'reserved' | 'malformed' | 'confusable',
    message: string,
  ) {
    super(message);
  }
}

/**
 * The one form in which usernames are compared: NFKC, invisible characters removed, trimmed, case folded without any
 * locale (so `ß` and `SS`, `K` (Kelvin) and `k`, `ı` and `i` meet, on every machine). Used by sign-in, uniqueness and the
 * throttle alike. Answers an empty string for what can be nobody's name; never throws.
 */
export function canonicalUsername(typed: string): string {
  if (typed.length > LONGEST_TYPED) return '';
  const visible = typed.normalize('NFKC').replace(INVISIBLE, '');
  // By way of upper case, which unites ß with ss and ı with i; from lower case, because ẞ alone stays as it is in upper case.
  const folded = visible.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC').trim();
  return Array.from(folded).length > LONGEST_USERNAME ? '' : folded;
}

/**
 * Checks a name that somebody wants to have; answers its canonical form.
 * @throws UsernameError when it is reserved, hides something, mixes scripts, looks like another name, or is an address
 * (an `@` would let one person take another's email as their name).
 */
export function claimUsername(wanted: string): string {
  const canonical = canonicalUsername(wanted);
  if (canonical === '') {
    throw new UsernameError('malformed', `A username has 1 to ${LONGEST_USERNAME} visible characters.`);
  }
  if (wanted.normalize('NFC') !== wanted.normalize('NFKC') || wanted !== wanted.replace(INVISIBLE, '').trim()) {
    throw new UsernameError('malformed', 'A username has no spaces around it, invisible or wide characters in it.');
  }
  if (RESERVED.has(canonical.replace(/^[._-]+|[._-]+$/g, ''))) {
    throw new UsernameError('reserved', 'This username is reserved. Choose another.');
  }
  if (!SHAPE.test(canonical)) {
    throw new UsernameError(
      'malformed',
      'A username is made of letters and digits, with single dots, hyphens or underscores between them. It is not an email address.',
    );
  }
  const letters = canonical.replace(/[0-9._-]/gu, '');
  if (!SCRIPTS.some((script) => script.test(letters))) {
    throw new UsernameError(
      'confusable',
      'A username is written in one script: this one mixes letters that look alike.',
    );
  }
  if (LOOK_ALIKES.test(canonical.normalize('NFD'))) {
    throw new UsernameError(
      'confusable',
      'This username has a letter or a mark that looks like another, or cannot be seen. Choose another.',
    );
  }
  if (letters !== '' && LATIN_LOOK_ALIKES.test(letters)) {
    throw new UsernameError(
      'confusable',
      'All letters of this username look like letters of another script. Choose another.',
    );
  }
  return canonical;
}
