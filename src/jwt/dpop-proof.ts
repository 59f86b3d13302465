import { base64url, compactVerify, importJWK } from 'jose';
import { type CompactJws, parseCompactJws } from './compact-jws.js';
import { usableJwk } from './jwk-set.js';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from './key-source.js';
import { TokenError } from './token-error.js';
import type { UsedProofs } from './used-proofs.js';

/** Why a proof is not believed (RFC 9449 §7.1, §8). `use_dpop_nonce`: the same with a fresh nonce would do. */
export class DpopProofError extends Error {
  override readonly name = 'DpopProofError';

  constructor(
    readonly code: 'invalid_dpop_proof' | 'use_dpop_nonce',
    message: string,
  ) {
    super(message);
  }
}

/** Who hands out nonces (RFC 9449 §8, §9), where they are wanted. */
export interface DpopNonces {
  /** The one to use now. */
  current(): string;
  isValid(nonce: string): boolean;
}

export interface DpopProofsOptions {
  clock: { seconds(): number };
  used: UsedProofs;
  /** Default all of ours. */
  algorithms?: readonly SigningAlgorithm[];
  /** A proof is worth nothing when it is older, in seconds. Default 60. */
  maxAgeSeconds?: number;
  /** How far a client's clock may be ahead. Default 5. */
  skewSeconds?: number;
  nonces?: DpopNonces;
}

/** The request that a proof must be made for. */
export interface DpopRequest {
  method: string;
  /** As the client addresses it; query and fragment do not count. */
  url: string;
  /** The access token that comes with it; absent at the token endpoint. */
  accessToken?: string;
}

/** A proof that was believed: who holds this key sent this request, now. */
export interface DpopProof {
  /** RFC 7638, SHA-256: what `cnf.jkt` and `dpop_jkt` name (§6.1, §10). */
  thumbprint: string;
}

const MAX_JTI_LENGTH = 256;

/**
 * Checks DPoP proofs (RFC 9449 §4.3). It needs nothing that only Node has.
 */
export class DpopProofs {
  readonly algorithms: readonly SigningAlgorithm[];
  private readonly maxAgeSeconds: number;
  private readonly skewSeconds: number;

  constructor(private readonly options: DpopProofsOptions) {
    this.algorithms = options.algorithms ?? SIGNING_ALGORITHMS;
    this.maxAgeSeconds = options.maxAgeSeconds ?? 60;
    this.skewSeconds = options.skewSeconds ?? 5;
  }

  /** The nonce that an answer should carry; undefined where none are wanted. */
  get nonce(): string | undefined {
    return this.options.nonces?.current();
  }

  /**
   * @param proofs the values of every `DPoP` header of the request: exactly one is right
   * @throws DpopProofError
   */
  async check(proofs: readonly string[], request: DpopRequest): Promise<DpopProof> {
    const [proof, ...others] = proofs;
    if (proof === undefined || others.length > 0) throw invalid('one DPoP header is needed, and no more');
    const jws = parse(proof);
    if (jws.type !== 'dpop+jwt') throw invalid('typ is not dpop+jwt');
    if (!this.algorithms.includes(jws.algorithm)) throw invalid('its algorithm is not accepted here');
    const key = await usableJwk(jws.header['jwk'], [jws.algorithm]);
    if (!key || key.algorithm !== jws.algorithm) throw invalid('jwk is no public key for its algorithm');
    try {
      await compactVerify(proof, await importJWK(key.jwk, jws.algorithm), { algorithms: [jws.algorithm] });
    } catch {
      throw invalid('its signature does not verify');
    }
    await this.checkClaims(jws, request, key.thumbprint);
    return { thumbprint: key.thumbprint };
  }

  private async checkClaims({ payload }: CompactJws, request: DpopRequest, thumbprint: string): Promise<void> {
    const { htm, htu, iat, jti, ath, nonce } = payload;
    if (htm !== request.method) throw invalid('htm is another method');
    if (typeof htu !== 'string' || !isSameTarget(htu, request.url)) throw invalid('htu is another address');
    const now = this.options.clock.seconds();
    if (typeof iat !== 'number' || !Number.isFinite(iat)) throw invalid('iat is missing');
    if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_LENGTH)
      throw invalid('jti is missing, or too long');
    if (request.accessToken !== undefined && ath !== (await sha256(request.accessToken))) {
      throw invalid('ath is the hash of another token');
    }
    this.checkNonce(nonce);
    if (iat > now + this.skewSeconds) throw invalid('iat is in the future');
    if (iat + this.maxAgeSeconds < now) throw invalid('it is too old');
    // Last, so that a proof which is refused for another reason is not used up.
    const id = await sha256(`${thumbprint}.${jti}`);
    const isFirst = await this.options.used.use(id, iat + this.maxAgeSeconds + 1);
    if (!isFirst) throw invalid('it was used before');
  }

  private checkNonce(nonce: unknown): void {
    const { nonces } = this.options;
    if (!nonces) return;
    if (typeof nonce === 'string' && nonces.isValid(nonce)) return;
    throw new DpopProofError('use_dpop_nonce', 'the nonce is missing, or not from here');
  }
}

/** The thumbprint a token is bound to (§6.1); undefined when it is not bound. @throws TokenError for a binding we cannot check */
export function boundKey(claims: Readonly<Record<string, unknown>>): string | undefined {
  const { cnf } = claims;
  if (cnf === undefined) return undefined;
  const members = typeof cnf === 'object' && cnf !== null ? Object.entries(cnf) : [];
  const [[name, value] = []] = members;
  if (members.length === 1 && name === 'jkt' && typeof value === 'string') return value;
  throw new TokenError('claims_invalid', 'the token is bound to something that cannot be checked here');
}

/** How a token came, and what is asked of it. */
export interface PossessionCheck {
  scheme: 'Bearer' | 'DPoP';
  /** What the token is bound to, see {@link boundKey}. */
  thumbprint: string | undefined;
  /** Only bound tokens are taken. */
  isRequired: boolean;
  /** Checks the proof of the request; absent where proofs cannot be checked. */
  prove: (() => Promise<DpopProof>) | undefined;
}

/**
 * Whether whoever sends a token is whom it was issued to, where it is bound to a key: it comes by the scheme DPoP, with a
 * proof by that key; a token that is not bound comes as Bearer (RFC 9449 §7.1, §7.2). Known at once unless there is a proof.
 * @throws TokenError when scheme, token and key do not go together; DpopProofError when the proof is not believed
 */
export function checkPossession({ scheme, thumbprint, isRequired, prove }: PossessionCheck): Promise<void> | undefined {
  if (thumbprint === undefined) {
    if (scheme === 'DPoP') throw new TokenError('proof_mismatch', 'the token is not bound to a key: send it as Bearer');
    if (isRequired) throw new TokenError('proof_required', 'only tokens that are bound to a key are taken here');
    return undefined;
  }
  if (!prove) throw new TokenError('proof_required', 'the token is bound to a key, and no resource is set to check it');
  if (scheme === 'Bearer') throw new TokenError('proof_required', 'the token is bound to a key, and came as Bearer');
  return prove().then((proof) => {
    if (proof.thumbprint !== thumbprint) {
      throw new TokenError('proof_mismatch', 'the proof is by another key than the token is bound to');
    }
  });
}

function parse(proof: string): CompactJws {
  try {
    return parseCompactJws(proof, { accept: 'jwk' });
  } catch (error) {
    throw invalid(error instanceof TokenError ? error.message : 'it is no compact JWS');
  }
}

function invalid(reason: string): DpopProofError {
  return new DpopProofError('invalid_dpop_proof', `the proof is not believed: ${reason}`);
}

async function sha256(text: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}

/** §4.3: without query and fragment, and normalized as RFC 3986 §6.2.2 and §6.2.3 say. */
function isSameTarget(one: string, other: string): boolean {
  if (one.length > 4096 || !URL.canParse(one) || !URL.canParse(other)) return false;
  return normalized(one) === normalized(other);
}

function normalized(address: string): string {
  const { origin, pathname, username, password } = new URL(address);
  const path = pathname.replaceAll(/%[0-9a-f]{2}/gi, (octet) => {
    const character = String.fromCharCode(Number.parseInt(octet.slice(1), 16));
    return /^[A-Za-z0-9\-._~]$/.test(character) ? character : octet.toUpperCase();
  });
  return `${username}:${password}@${origin}${path}`;
}
