import { hash, timingSafeEqual } from 'node:crypto';

/** RFC 7636 §4.2: a S256 challenge is the base64url of 32 octets, so it has exactly 43 characters. */
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
/** RFC 7636 §4.1. */
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

export function isCodeChallenge(challenge: string): boolean {
  return CHALLENGE.test(challenge);
}

export function isCodeVerifier(verifier: string): boolean {
  return VERIFIER.test(verifier);
}

/** RFC 7636 §4.6 for S256, the only method we know; in constant time. */
export function verifierFits(verifier: string, challenge: string): boolean {
  const expected = Buffer.from(challenge, 'base64url');
  // The grammar above is ASCII.
  const actual = hash('sha256', verifier, 'buffer');
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
