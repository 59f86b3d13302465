import { Injectable } from '@nestjs/common';
import { TokenPolicy } from '../../authorizations/token-policy.js';
import { decrypt, DecryptionKeys, isCompactJwe } from '../../jwt/encryption.js';
import { SIGNING_ALGORITHMS, VerificationKeys } from '../../jwt/key-source.js';
import { TokenError } from '../../jwt/token-error.js';
import { TokenVerifier } from '../../jwt/token-verifier.js';
import { Clock } from '../../platform/clock.js';

/** What an ID token of ours says about whom a request is meant for. */
export interface IdTokenHint {
  subject: string;
  clientId: string;
  sid?: string;
}

/** Reads `id_token_hint`: an ID token that we issued; it may have expired, it may not be forged (OpenID Connect Core §3.1.2.1). */
@Injectable()
export class IdTokenHints {
  private readonly verifier: TokenVerifier;

  constructor(
    keys: VerificationKeys,
    private readonly decryptionKeys: DecryptionKeys,
    policy: TokenPolicy,
    clock: Clock,
  ) {
    this.verifier = new TokenVerifier({ keys, issuer: policy.issuer, algorithms: SIGNING_ALGORITHMS, clock });
  }

  /** Undefined when it is not an ID token of ours. */
  async read(hint: string): Promise<IdTokenHint | undefined> {
    try {
      // A client may encrypt it again, for us (OpenID Connect Core §3.1.2.1).
      const token = isCompactJwe(hint) ? await decrypt(hint, this.decryptionKeys) : hint;
      const claims = await this.verifier.verify(token, { types: ['jwt', ''], ignoreExpiry: true });
      // A signed answer of userinfo has the same type, issuer and audience; only an ID token has an end (Core §2, §5.3.2).
      if (typeof claims.aud !== 'string' || claims.exp === undefined) return undefined;
      const sid = claims['sid'];
      return { subject: claims.sub, clientId: claims.aud, ...(typeof sid === 'string' ? { sid } : {}) };
    } catch (error) {
      if (error instanceof TokenError) return undefined;
      throw error;
    }
  }
}
