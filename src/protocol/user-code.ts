/** RFC 8628 §6.1: no vowels, so that no word comes about, and nothing that looks like something else. */
export const USER_CODE_ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ';
/** 20^8 codes: 34 bits, of which the throttle on guesses leaves nobody a share worth having (RFC 8628 §5.1). */
export const USER_CODE_LENGTH = 8;

const WELL_FORMED = new RegExp(`^[${USER_CODE_ALPHABET}]{${USER_CODE_LENGTH}}$`);
const LONGEST_INPUT = 64;

/**
 * The code that somebody typed: letters in any case and width, with any spaces and punctuation between them. Undefined
 * when it cannot be a code of ours.
 */
export function normalUserCode(typed: string): string | undefined {
  if (typed.length > LONGEST_INPUT) return undefined;
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return WELL_FORMED.test(code) ? code : undefined;
}

/** As people read it: `WDJB-MJHT`. */
export function displayUserCode(code: string): string {
  const half = USER_CODE_LENGTH / 2;
  return `${code.slice(0, half)}-${code.slice(half)}`;
}
