/** A kind of password hash that other systems keep, and how a password is compared with one. */
export interface HashFormat {
  /** As people call it. */
  readonly name: string;

  /** Whether a text is a hash of this kind. */
  reads(hash: string): boolean;

  /** Why a sign-in cannot afford to compute it, as a sentence; undefined when it can. */
  problem(hash: string): string | undefined;

  /** Loads what {@link verify} needs. @throws MissingPackageError */
  prepare?(): Promise<void>;

  /** Whether this is the password; never asked about a hash that it does not read. */
  verify(hash: string, password: Buffer): Promise<boolean>;
}

/** Base64 as hashes have it: of any alphabet (`./` of passlib, too), with padding or without. */
export function fromBase64(text: string): Buffer {
  return Buffer.from(text.replaceAll('.', '+'), 'base64');
}
