import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { digest, matches, Secrets } from '../platform/secret.js';
import type { Authorization } from './authorization.js';
import { TokenPolicy } from './token-policy.js';

/** In characters; the token endpoint reads no longer one. */
export const LONGEST_CODE = 16_384;

/** What a code stands for: the authorization, and what its redemption must match (RFC 6749 §4.1.3, RFC 7636 §4.6). */
export interface CodeContent {
  authorization: Authorization;
  redirectUri: string;
  codeChallenge?: string;
  nonce?: string;
  /** Seconds since the epoch. */
  expiresAt: number;
}

/** {@link CodeContent} as it comes out of a code: the redirect URI can only be compared. */
export type LentCode = Omit<CodeContent, 'redirectUri'> & { isRedirectUri(uri: string): boolean };

/**
 * A code carries its content sealed (AES-256-GCM under a key of its own, 160 random bits), so that lending one writes
 * nothing: the redemption is the one commit. Single use is a matter of the authorization's id, which is inserted once.
 */
@Injectable()
export class AuthorizationCodes {
  constructor(
    private readonly secrets: Secrets,
    private readonly policy: TokenPolicy,
    private readonly clock: Clock,
  ) {}

  lend({ redirectUri, ...rest }: Omit<CodeContent, 'expiresAt'>): string {
    const sealed = this.secrets.seal(
      'code',
      JSON.stringify({
        ...rest,
        redirectUri: digest(redirectUri).toString('base64url'),
        expiresAt: this.clock.seconds() + this.policy.codeSeconds,
      }),
    );
    return sealed.toString('base64url');
  }

  /** What a code stands for, or undefined when it was not made here or was touched. It may have expired. */
  open(code: string): LentCode | undefined {
    // Only the canonical form: base64url has several spellings of the last octet.
    const sealed = Buffer.from(code, 'base64url');
    if (sealed.toString('base64url') !== code) return undefined;
    const opened = this.secrets.open('code', sealed);
    if (!opened) return undefined;
    const { redirectUri, ...content } = JSON.parse(opened.toString()) as CodeContent;
    const expected = Buffer.from(redirectUri, 'base64url');
    return { ...content, isRedirectUri: (uri) => matches(expected, digest(uri)) };
  }
}
