import { Injectable } from '@nestjs/common';
import { ClientEncryption } from '../../authorizations/client-encryption.js';
import { TokenPolicy } from '../../authorizations/token-policy.js';
import type { Client } from '../../clients/client.js';
import { SubjectIdentifiers } from '../../clients/subject-identifiers.js';
import { TokenSigner } from '../../jwt/token-signer.js';
import { Clock } from '../../platform/clock.js';
import { randomToken } from '../../platform/secret.js';
import { BACK_CHANNEL_LOGOUT } from '../../protocol/security-event.js';

/** It is used the moment it arrives; two minutes are the most that Back-Channel Logout 1.0 §2.4 recommends. */
const LIFETIME_SECONDS = 120;

/**
 * Makes logout tokens (Back-Channel Logout 1.0 §2.4): signed, and encrypted, as the client's ID tokens are, for its own `sub`
 * of the person.
 */
@Injectable()
export class LogoutTokens {
  constructor(
    private readonly signer: TokenSigner,
    private readonly encryption: ClientEncryption,
    private readonly subjects: SubjectIdentifiers,
    private readonly policy: TokenPolicy,
    private readonly clock: Clock,
  ) {}

  /** @throws OAuthError when the client wants it encrypted, and has no key for that right now. */
  async make(client: Client, { subject, sid }: { subject: string; sid: string }): Promise<string> {
    const issuedAt = this.clock.seconds();
    const { issuer: iss } = this.policy;
    const signed = await this.signer.sign(
      {
        iss,
        sub: await this.subjects.of(client, subject),
        aud: client.id,
        iat: issuedAt,
        exp: issuedAt + LIFETIME_SECONDS,
        jti: randomToken(16),
        sid,
        events: { [BACK_CHANNEL_LOGOUT]: {} },
      },
      'logout+jwt',
      client.metadata.id_token_signed_response_alg,
    );
    return this.encryption.seal(client, 'id_token', signed, { iss });
  }
}
