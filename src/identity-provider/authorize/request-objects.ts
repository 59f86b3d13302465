import { Injectable, Logger } from '@nestjs/common';
import type { Client } from '../../clients/client.js';
import { Clients } from '../../clients/clients.js';
import { decrypt, DecryptionKeys, isCompactJwe } from '../../jwt/encryption.js';
import { KeysUnavailableError } from '../../jwt/remote-keys.js';
import { proveRequestObject } from '../../jwt/request-object.js';
import { TokenError } from '../../jwt/token-error.js';
import { unproved } from '../../jwt/unproved.js';
import { Clock } from '../../platform/clock.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { Parameters } from '../../protocol/parameters.js';
import { ClientKeys } from '../client-auth/client-keys.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';

/** In characters; a signed request with every parameter that we know has a few thousand. */
const LONGEST = 16_384;
/** How far a client's clock may be from ours, in seconds. */
const SKEW = 30;
/** An object that is the whole request is made for one sign-in, so it is good for an hour at most. In seconds. */
const LONGEST_LIFETIME = 3600;
/** What a JWT says of itself; everything else is a parameter (RFC 9101 §4). */
const OWN_CLAIMS = ['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub'];

/** By what an answer finds its way. */
const TARGET = ['redirect_uri', 'response_type', 'response_mode', 'state'];

/** What a client's request object says, proved. */
export interface ProvedRequest {
  parameters: Parameters;
  /** Its name, when it has one and an end: it may be answered once. */
  jti?: string;
  /** Seconds since the epoch. */
  expiresAt?: number;
}

/** Reads request objects (OpenID Connect Core §6, RFC 9101): nothing in one is believed before the client is proved to say it. */
@Injectable()
export class RequestObjects {
  private readonly logger = new Logger(RequestObjects.name);

  constructor(
    private readonly keys: ClientKeys,
    private readonly clients: Clients,
    private readonly decryptionKeys: DecryptionKeys,
    private readonly settings: IdentityProviderSettings,
    private readonly clock: Clock,
  ) {}

  /**
   * @param strict the object is the whole request (RFC 9101): it is signed, for us, by this client, and soon ends.
   * @throws OAuthError invalid_request_object
   */
  async prove(object: string, client: Client, strict: boolean): Promise<ProvedRequest> {
    const claims = await this.claimsOf(object, client, strict);
    const { client_id: clientId, sub, exp, jti } = claims;
    if (clientId === undefined ? strict : clientId !== client.id) {
      throw invalidObject('client_id in the request object is not the one of the request');
    }
    // It could pass for a client assertion (RFC 9101 §10.8).
    if (sub === client.id) throw invalidObject('sub in the request object is the client');
    if ('request' in claims || 'request_uri' in claims) throw invalidObject('a request object holds no other');
    const parameters = parametersOf(claims);
    if (typeof jti !== 'string' || typeof exp !== 'number') return { parameters };
    return { parameters, jti, expiresAt: exp };
  }

  /** Where an object seems to want its answer, so that somebody can be told what is wrong with it. Nothing is proved. */
  unprovedTarget(object: string): Parameters {
    const payload = unproved(object)?.payload ?? {};
    return Parameters.from(Object.fromEntries(TARGET.map((name) => [name, payload[name]])));
  }

  private async claimsOf(object: string, client: Client, strict: boolean): Promise<Readonly<Record<string, unknown>>> {
    const { request_object_signing_alg: registered } = client.metadata;
    if (strict && registered === 'none') throw invalidObject('an unsigned request object is not accepted');
    const nowSeconds = this.clock.seconds();
    const trust = {
      algorithm: registered,
      keys: this.keys.of.bind(this.keys, client),
      secret: this.clients.plainSecret(client),
      longest: LONGEST,
    };
    const policy = {
      issuer: client.id,
      audience: this.settings.issuer,
      skewSeconds: SKEW,
      issuerOptional: !strict,
      audienceOptional: !strict,
      expiryOptional: !strict,
      issuedAtOptional: true,
      subjectOptional: true,
    };
    try {
      // Encrypted, it is signed all the same (RFC 9101 §6.1): whoever has our public key can encrypt.
      const signed = isCompactJwe(object) ? await decrypt(object, this.decryptionKeys) : object;
      const claims = await proveRequestObject(signed, trust, policy, nowSeconds);
      if (strict && (claims['exp'] as number) > nowSeconds + LONGEST_LIFETIME + SKEW) {
        throw invalidObject('exp in the request object is too far away');
      }
      return claims;
    } catch (error) {
      if (error instanceof KeysUnavailableError) {
        this.logger.log(`request object: the keys of ${client.id} cannot be had`);
        throw invalidObject('the keys that prove the request object cannot be had', error.message);
      }
      if (error instanceof TokenError) throw invalidObject(`the request object is not accepted: ${error.message}`);
      throw error;
    }
  }
}

/** RFC 9101 §4: numbers are numbers, texts are texts, and what is an object elsewhere is one here. */
function parametersOf(claims: Readonly<Record<string, unknown>>): Parameters {
  const parameters: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(claims)) {
    if (!OWN_CLAIMS.includes(name)) parameters[name] = textOf(name, value);
  }
  return Parameters.from(parameters);
}

function textOf(name: string, value: unknown): string | string[] {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    case 'object':
      if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
      if (value !== null && !Array.isArray(value)) return JSON.stringify(value);
  }
  throw invalidObject(`${name} in the request object is malformed`);
}

function invalidObject(description: string, detail?: string): OAuthError {
  return new OAuthError('invalid_request_object', description, {
    parameter: 'request',
    ...(detail === undefined ? {} : { detail }),
  });
}
