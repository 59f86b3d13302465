/**
 * What sign-in can vouch for, in Authentication Context Class References, strongest first. The authorization endpoint asks
 * before it sends anybody to prove more; the login answers from the methods it has. It is its own injection token.
 */
export abstract class Assurance {
  /** Every class that some person could reach here. */
  abstract offered(): string[];

  /** Whether the login method of this name is in use. */
  abstract uses(method: string): boolean;

  /** The classes that the person of this `sub` could reach with all they have. */
  abstract reachableBy(subject: string): Promise<string[]>;
}
