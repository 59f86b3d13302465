import { type CompactJws, parseCompactJws } from './compact-jws.js';
import { KeysUnavailableError } from './fetched-keys.js';
import type { SigningAlgorithm, VerificationKeys } from './key-source.js';
import { verifySignature } from './signature.js';
import type { JsonObject } from './strict-json.js';
import { CLAIM_CHECKS, type ClaimsPolicy } from './token-claims.js';
import { TokenError } from './token-error.js';

/** One thing that was looked at. */
export interface TokenCheck {
  /** `form`, `type`, `algorithm`, `signature`, `iss`, `aud`, `iat`, `nbf`, `exp`, `sub`. */
  name: string;
  /** Absent when it could not be looked at. */
  ok?: boolean;
  /** Stable, as the guard would answer it. */
  code?: string;
  /** A sentence: what is right or wrong. Quotes nothing of the token. */
  detail: string;
}

/** What a token says, and what is right and wrong about it. */
export interface TokenReport {
  /** In words: `access token (at+jwt)`. */
  kind: string;
  /** Of a token in three parts, however wrong it is. */
  header?: Readonly<JsonObject>;
  claims?: Readonly<JsonObject>;
  /** Its times, in words. */
  times: { name: string; at: string; words: string }[];
  checks: TokenCheck[];
}

/** By what a token is checked. Without it only its form and its times are. */
export interface ReportTrust {
  keys: VerificationKeys;
  issuer: string;
  /** Undefined: any audience. */
  audience?: string | readonly string[];
  /** As the header's `typ`, lower case. Default an access token's. */
  types?: readonly string[];
  algorithms: readonly SigningAlgorithm[];
  skewSeconds?: number;
}

const NAMES: Record<string, string> = {
  'at+jwt': 'access token (at+jwt)',
  'logout+jwt': 'logout token (logout+jwt)',
  'secevent+jwt': 'security event token (secevent+jwt)',
  'dpop+jwt': 'DPoP proof (dpop+jwt)',
  'token-introspection+jwt': 'introspection response (token-introspection+jwt)',
  'oauth-authz-req+jwt': 'request object (oauth-authz-req+jwt)',
};

const TIMES: [claim: string, name: string][] = [
  ['iat', 'issued'],
  ['auth_time', 'signed in'],
  ['nbf', 'good from'],
  ['exp', 'ends'],
];

/** Reads a token, and checks everything about it that can be checked, also after something was found wrong. */
export async function reportOnToken(token: string, nowSeconds: number, trust?: ReportTrust): Promise<TokenReport> {
  const parts = token.split('.');
  const [header, claims] = parts.length === 3 ? [lenient(parts[0]!), lenient(parts[1]!)] : [];
  const jws = strict(token);
  const times = claims ? timesOf(claims, nowSeconds) : [];
  const checks = [formCheck(parts.length, jws), ...(claims ? await contentChecks(token, jws, claims, nowSeconds, trust) : [])]; // prettier-ignore
  return { kind: kindOf(parts.length, header, claims), ...(header ? { header } : {}), ...(claims ? { claims } : {}), times, checks }; // prettier-ignore
}

function strict(token: string): CompactJws | TokenError {
  try {
    return parseCompactJws(token);
  } catch (error) {
    return error as TokenError;
  }
}

/** Whatever JSON object stands there. */
function lenient(part: string): Readonly<JsonObject> | undefined {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function kindOf(parts: number, header?: Readonly<JsonObject>, claims?: Readonly<JsonObject>): string {
  if (parts === 5) return 'encrypted token (JWE): its content cannot be read';
  if (!header || !claims) return parts === 1 ? 'opaque token, or none: it says nothing by itself' : 'not a JWT';
  const { typ } = header;
  const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : '';
  const known = Object.hasOwn(NAMES, type) ? NAMES[type] : undefined;
  if (known) return known;
  if ('nonce' in claims || 'at_hash' in claims) return 'ID token, by its claims';
  return claims['typ'] === 'Bearer' ? 'access token, by its claim typ' : 'JWT of a kind that it does not name';
}

function formCheck(parts: number, jws: CompactJws | TokenError): TokenCheck {
  if (!(jws instanceof TokenError)) return { name: 'form', ok: true, detail: 'a compact JWS, well formed' };
  const detail = parts === 1 ? 'it has no parts: only who issued it can read it' : jws.message;
  return { name: 'form', ok: false, code: jws.code, detail };
}

async function contentChecks(
  token: string,
  jws: CompactJws | TokenError,
  claims: Readonly<JsonObject>,
  nowSeconds: number,
  trust?: ReportTrust,
): Promise<TokenCheck[]> {
  const checks: TokenCheck[] = [];
  if (trust) checks.push(...(await trustChecks(token, jws, trust)));
  const { issuer = '', audience, skewSeconds = 5 } = trust ?? {};
  const policy: ClaimsPolicy = { issuer, skewSeconds, ...(audience === undefined ? {} : { audience }) };
  const wanted = trust ? GOOD : (['iat', 'nbf', 'exp'] as const).map((name) => [name, GOODS[name]] as const);
  for (const [name, good] of wanted) {
    if (name === 'nbf' && claims['nbf'] === undefined) continue;
    checks.push(attempt(name, good, () => CLAIM_CHECKS[name](claims, policy, nowSeconds)));
  }
  return checks;
}

/** What is said of a claim that is right. */
const GOODS: Record<keyof typeof CLAIM_CHECKS, string> = {
  iss: 'it is from this issuer',
  aud: 'it is for this audience',
  iat: 'it was issued, and not in the future',
  nbf: 'its time has come',
  exp: 'it has not ended',
  sub: 'it says whose it is',
};
const GOOD = Object.entries(GOODS) as [keyof typeof CLAIM_CHECKS, string][];

async function trustChecks(token: string, jws: CompactJws | TokenError, trust: ReportTrust): Promise<TokenCheck[]> {
  if (jws instanceof TokenError) return [{ name: 'signature', detail: 'not looked at: the form is wrong' }];
  const { types = ['at+jwt'], algorithms, keys } = trust;
  const isType = types.includes(jws.type);
  const wanted = types.map((type) => type || 'none').join(' or ');
  const type: TokenCheck = isType
    ? { name: 'type', ok: true, detail: `typ is ${wanted}` }
    : {
        name: 'type',
        ok: false,
        code: 'wrong_token_type',
        detail: `typ is not ${wanted}: it is another kind of token`,
      };
  if (!algorithms.includes(jws.algorithm)) {
    const detail = `${jws.algorithm} is not accepted from this issuer`;
    return [type, { name: 'signature', ok: false, code: 'algorithm_refused', detail }];
  }
  return [type, await signatureCheck(token, jws, keys)];
}

async function signatureCheck(token: string, jws: CompactJws, keys: VerificationKeys): Promise<TokenCheck> {
  const name = 'signature';
  try {
    const key = await keys.find(jws.kid, jws.algorithm);
    if (!key) {
      return { name, ok: false, code: 'signature_invalid', detail: 'the issuer publishes no key of this name for it' };
    }
    await verifySignature(token, key);
    return { name, ok: true, detail: `by the issuer’s key ${key.kid} (${key.algorithm})` };
  } catch (error) {
    if (error instanceof KeysUnavailableError) return { name, detail: 'the keys of the issuer could not be had' };
    return {
      name,
      ok: false,
      code: 'signature_invalid',
      detail: 'it was not signed by this key, or was changed since',
    };
  }
}

function attempt(name: string, good: string, check: () => void): TokenCheck {
  try {
    check();
    return { name, ok: true, detail: good };
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    return { name, ok: false, code: error.code, detail: error.message };
  }
}

function timesOf(claims: Readonly<JsonObject>, nowSeconds: number): TokenReport['times'] {
  return TIMES.flatMap(([claim, name]) => {
    const value = claims[claim];
    // Within what a date can be, so that every one of them has a name.
    if (typeof value !== 'number' || !(Math.abs(value) <= 8.64e12)) return [];
    return [
      { name, at: new Date(value * 1000).toISOString().replace('.000', ''), words: distance(value - nowSeconds) },
    ];
  });
}

const UNITS: [seconds: number, name: string][] = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** `in 4 minutes`, `2 hours ago`. */
function distance(seconds: number): string {
  const amount = Math.abs(seconds);
  if (amount < 1) return 'now';
  const [length, unit] = UNITS.find(([one]) => amount >= one)!;
  const count = Math.floor(amount / length);
  const text = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return seconds > 0 ? `in ${text}` : `${text} ago`;
}
