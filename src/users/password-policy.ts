import { Injectable } from '@nestjs/common';
import { PasswordError } from './password-hasher.js';
import type { User } from './users.js';

/** Enough to estimate by; what follows only makes a password better. In characters. */
const LONGEST_ESTIMATED = 72;
/** zxcvbn's scores 0 and 1: fewer than a million guesses, as every common, breached, repeated or sequential password has. */
const WEAKEST_SCORE = 2;

/** Characters that are left when the words that everybody knows of the person and the site are taken out. */
const FEWEST_OF_ITS_OWN = 6;

type Estimator = (password: string, words: string[]) => number;
let estimator: Promise<Estimator> | undefined;

/**
 * What a password must be when a person chooses one (NIST SP 800-63B-4 §3.1.1.2): long enough, and none that others try
 * first. There are no rules of composition, nothing is cut off, and it never expires. It is its own injection token.
 */
@Injectable()
export class PasswordPolicy {
  /** @param minimumLength in characters: 15 where a password may be all there is, 8 where a second factor always follows. */
  constructor(
    readonly minimumLength: number,
    /** The names of the site, which many people think of. */
    private readonly siteWords: readonly string[] = [],
  ) {}

  /**
   * @param words what an attacker knows of the person: username, name, address.
   * @throws PasswordError with a sentence for the person.
   */
  async check(password: string, words: readonly string[] = []): Promise<void> {
    const normalised = password.normalize('NFKC');
    // A character is what a person counts: a code point, after normalisation.
    if (Array.from(normalised).length < this.minimumLength) {
      throw new PasswordError(
        `A password has at least ${this.minimumLength} characters. A few words that do not belong together are easy to remember.`,
      );
    }
    const estimate = await (estimator ??= loadEstimator());
    const known = [...words, ...this.siteWords]
      .flatMap((word) => [word, ...word.split(/[\s@._-]+/)])
      .filter((word) => word.length > 2);
    const short = Array.from(normalised).slice(0, LONGEST_ESTIMATED).join('');
    const rest = known.reduce((left, word) => left.replaceAll(word.toLowerCase(), ''), normalised.toLowerCase());
    if (rest.length < FEWEST_OF_ITS_OWN || estimate(short, known) < WEAKEST_SCORE) {
      throw new PasswordError(
        'This password is one that others try first: it is common, or easy to guess. Choose another.',
      );
    }
  }
}

/** What an attacker would try first for a person. */
export function wordsAbout({ username, claims }: User): string[] {
  const { name, email, nickname, birthdate } = claims;
  return [username, name, email, nickname, birthdate].filter((word): word is string => typeof word === 'string');
}

/** The lists take memory and a moment to load, and most processes never need them. */
async function loadEstimator(): Promise<Estimator> {
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
  return (password, words) => zxcvbn.check(password, words).score;
}
