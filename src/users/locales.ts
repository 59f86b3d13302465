import type { User } from './users.js';

/** The languages that a person is known to prefer: the claim `locale` (OpenID Connect Core §5.1), a BCP 47 tag. */
export function localesOf({ claims: { locale } }: User): string[] {
  return typeof locale === 'string' ? [locale] : [];
}
