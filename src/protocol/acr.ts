/** Authentication Context Class References that a sign-in may reach. The URNs are ours, `phr` is that of EAP ACR Values 1.0 §3. */
export const ACR = {
  /** A passkey or security key, and more than one factor: nothing in it can be phished. */
  phishingResistant: 'phr',
  /** Two independent proofs, or one that holds two in itself (a passkey that verified its user). */
  twoFactors: 'urn:gatehouse:mfa',
  password: 'urn:gatehouse:pwd',
  /** Another provider vouched for the person. */
  federated: 'urn:gatehouse:fed',
  /** Who reads the person's mail signed in. */
  mail: 'urn:gatehouse:email',
} as const;

/**
 * Authentication Methods References: those of RFC 8176 §2 where it has one, else a name of our own. `fed` is a sign-in at
 * another provider, `email` a link or code that was sent by mail, `recovery` a recovery code.
 */
export type Amr = 'pwd' | 'otp' | 'pop' | 'user' | 'mfa' | 'fed' | 'email' | 'recovery';

/** What each class takes, strongest first. A sign-in belongs to every class whose references it has. */
const CLASSES: readonly (readonly [string, readonly Amr[]])[] = [
  [ACR.phishingResistant, ['pop', 'mfa']],
  [ACR.twoFactors, ['mfa']],
  [ACR.password, ['pwd']],
  [ACR.federated, ['fed']],
  [ACR.mail, ['email']],
];

/** Every class that a sign-in with these references belongs to, strongest first: a stronger one satisfies a weaker wish. */
export function acrsOf(amr: readonly string[]): string[] {
  return CLASSES.filter(([, taken]) => taken.every((one) => amr.includes(one))).map(([acr]) => acr);
}

/**
 * The class that a token names: the first wish that the sign-in fulfils, else the strongest it reached. A wish never makes
 * it more than it was (OpenID Connect Core §2, `acr`).
 */
export function tokenAcr(amr: readonly string[], wishes: readonly string[] = []): string {
  const reached = acrsOf(amr);
  return wishes.find((wish) => reached.includes(wish)) ?? reached[0] ?? '0';
}
