import { domainToASCII } from 'node:url';

/** RFC 5321 §4.5.3.1: in octets. */
const LONGEST_LOCAL_PART = 64;
const LONGEST_ADDRESS = 254;

/** A dot-atom (RFC 5322 §3.2.3) in ASCII: no quotes, no comments, no lists, nothing that a mail server reads in another way. */
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/**
 * The one form in which addresses are compared, by sign-in, mails, links and uniqueness alike: lower case, the domain in
 * ASCII (IDNA), so that a look-alike domain is another one. Dots and `+` in the local part are kept: only its owner knows
 * what they mean. Answers an empty string for what is no address that we would write to; what is not in the usual width
 * (`＠`), has a dot at the end, spaces inside, quotes or several addresses is none. Never throws.
 */
export function canonicalEmail(typed: string): string {
  const address = typed.trim();
  // Whoever signs in types a name as a rule.
  const at = address.lastIndexOf('@');
  if (at < 0) return '';
  if (address.length > LONGEST_ADDRESS || address.normalize('NFKC') !== address.normalize('NFC')) return '';
  const local = address.slice(0, at).toLowerCase();
  // It would let a domain be written in many ways: `%2e`, ports, addresses in brackets.
  const typedDomain = address.slice(at + 1);
  if (/[%:[\]/\\?#@\s]/.test(typedDomain)) return '';
  const domain = domainToASCII(typedDomain.toLowerCase());
  if (local.length > LONGEST_LOCAL_PART || !LOCAL_PART.test(local)) return '';
  const labels = domain.split('.');
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label)) || /^\d+$/.test(labels.at(-1)!)) return '';
  const canonical = `${local}@${domain}`;
  return canonical.length > LONGEST_ADDRESS ? '' : canonical;
}

/** An address cannot be used, in words for the person who typed it. */
export class EmailError extends Error {
  override readonly name = 'EmailError';

  constructor(
    readonly code: 'taken' | 'malformed',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Checks an address that somebody says is theirs; answers it as it is written to and shown.
 * @throws EmailError when it is no address that we would write to.
 */
export function claimEmail(typed: string): string {
  if (canonicalEmail(typed) === '')
    throw new EmailError('malformed', 'This is not an email address that can be used here.');
  return typed.trim();
}

/** A person's address, when it is known to be theirs: only there mails go that open the account. */
export function verifiedEmail({ claims }: { claims: Record<string, unknown> }): string | undefined {
  const { email, email_verified: verified } = claims;
  return typeof email === 'string' && verified === true && canonicalEmail(email) !== '' ? email : undefined;
}
