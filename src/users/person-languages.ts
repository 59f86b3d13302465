import { Injectable } from '@nestjs/common';
import type { Queryable } from '../platform/database/database.js';
import type { Language } from '../platform/languages/language.js';
import { languageFor, languages } from '../platform/languages/languages.js';
import { localesOf } from './locales.js';
import type { User } from './users.js';

/** In which languages people signed in. It is its own injection token; the record of what happened is one. */
export abstract class SignInLanguages {
  /** The language in which somebody mostly signs in, a BCP 47 tag; undefined when that is not known. */
  abstract usualLanguage(subject: string, queryable?: Queryable): Promise<string | undefined>;
}

/**
 * The language to write to somebody in: their claim `locale`, else the one in which they mostly sign in, else that of the page
 * from which the mail comes. The page is the last to be asked, because who is on it may be somebody else.
 */
@Injectable()
export class PersonLanguages {
  constructor(private readonly signIns: SignInLanguages) {}

  /**
   * @param page the language of the page, if there is one.
   * @param queryable the transaction that is open, if there is one.
   */
  async of(user: User, page?: Language, queryable?: Queryable): Promise<Language> {
    const chosen = languageFor(localesOf(user));
    if (chosen) return chosen;
    const usual = await this.signIns.usualLanguage(user.sub, queryable);
    return languageFor(usual === undefined ? [] : [usual]) ?? page ?? languages[0]!;
  }
}
