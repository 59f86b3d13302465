import type { Audit } from '../audit/audit.js';
import type { Language } from '../platform/languages/language.js';
import { languageFor, languages } from '../platform/languages/languages.js';
import { localesOf } from '../users/locales.js';
import type { User } from '../users/users.js';

/** The language to write to somebody in who did nothing just now: `locale`, else the one that they last signed in in. */
export async function rememberedLanguage(user: User, audit: Audit): Promise<Language> {
  const known = languageFor(localesOf(user));
  if (known) return known;
  const last = await audit.lastLanguage(user.sub);
  return languageFor(last === undefined ? [] : [last]) ?? languages[0]!;
}
