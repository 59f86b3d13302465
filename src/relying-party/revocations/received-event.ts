import { z } from 'zod';
import { TokenError } from '../../jwt/token-error.js';
import type { TokenVerifier } from '../../jwt/token-verifier.js';
import { parsePosition, type Position } from '../../protocol/position.js';
import { EVENT_TYPES, type HighWaterMark, type Rules } from '../../protocol/security-event.js';

/** An API may be told of all authorizations of a person at once; more than this, in characters, is no event. */
const MAX_SET_LENGTH = 512 * 1024;

const key = z.string().min(1).max(1000);
const before = z.string().refine((text) => parsePosition(text) !== undefined);
const at = z.number();

/** The member `rules`. Members that we do not know are no reason to drop those that we do. */
export const rulesSchema: z.ZodType<Rules> = z.object({
  tokens: z.array(key).optional(),
  sessions: z.array(key).optional(),
  authorizations: z.array(key).optional(),
  subjects: z.array(z.tuple([key, before, at])).optional(),
  clients: z.array(z.tuple([key, before, at])).optional(),
  consents: z.array(z.tuple([key, key, before, at])).optional(),
  claims: z.array(z.tuple([key, before, at])).optional(),
  stale: z.array(z.tuple([key, before, at])).optional(),
}) as z.ZodType<Rules>;

/** Up to where a provider of ours has told everything. */
export const highWaterMark: z.ZodType<HighWaterMark> = z.object({
  cursor: z.string().min(1),
  position: z.string().refine((text) => parsePosition(text) !== undefined),
  last: z.int().min(0),
  age: z.number().min(0),
});

const verification = z.object({ state: z.string().optional(), high_water_mark: highWaterMark.optional() });
const revocation = z.object({ rev: before, prev: z.int().min(0), rules: rulesSchema });

/** A SET that was believed. */
export type ReceivedEvent =
  | { kind: 'revocation'; jti: string; position: Position; prev: number; rules: Rules }
  | { kind: 'verification'; jti: string; state: string | undefined; mark: HighWaterMark | undefined }
  | { kind: 'other'; jti: string };

/** The types that carry rules. */
const REVOCATIONS = new Set<string>([
  EVENT_TYPES.sessionRevoked,
  EVENT_TYPES.tokenClaimsChange,
  EVENT_TYPES.credentialChange,
  EVENT_TYPES.revoked,
]);

/**
 * Believes a Security Event Token (RFC 8417, SSF 1.0 §4) or refuses it: signature, `iss`, `aud`, `typ`, one event, a
 * top-level `sub_id`, neither `sub` nor `exp`.
 * @throws TokenError
 */
export async function readEvent(set: string, verifier: TokenVerifier, clientId: string): Promise<ReceivedEvent> {
  const claims = await verifier.verify(set, {
    types: ['secevent+jwt'],
    audience: clientId,
    subjectOptional: true,
    ignoreExpiry: true,
    timeless: true,
    maxLength: MAX_SET_LENGTH,
  });
  const { jti, events, sub_id: subject } = claims;
  if (typeof jti !== 'string' || jti === '' || jti.length > 200) throw invalid('jti is missing');
  if (Object.hasOwn(claims, 'sub') || Object.hasOwn(claims, 'exp')) throw invalid('a SET has neither sub nor exp');
  if (!isObject(subject) || !isObject(events)) throw invalid('sub_id or events is missing');
  const [entry, ...more] = Object.entries(events);
  if (!entry || more.length > 0 || !isObject(entry[1])) throw invalid('a SET holds one event');
  const [type, event] = entry as [string, Record<string, unknown>];
  if (type === EVENT_TYPES.verification) {
    const parsed = verification.safeParse(event);
    if (!parsed.success) throw invalid('the verification is malformed');
    return { kind: 'verification', jti, state: parsed.data.state, mark: parsed.data.high_water_mark };
  }
  if (!REVOCATIONS.has(type)) return { kind: 'other', jti };
  const parsed = revocation.safeParse(event);
  if (!parsed.success) throw invalid('the event does not say what it revokes');
  const { rev, prev, rules } = parsed.data;
  return { kind: 'revocation', jti, position: parsePosition(rev)!, prev, rules };
}

/** A verification whose `state` nobody here has asked for (SSF 1.0 §8.1.4.1). */
export class UnexpectedStateError extends Error {
  override readonly name = 'UnexpectedStateError';
}

/** How a receiver says why it could not use an event (RFC 8935 §2.4). */
export function eventError({ code }: TokenError): string {
  return ERRORS[code] ?? 'invalid_request';
}

const ERRORS: Partial<Record<TokenError['code'], string>> = {
  signature_invalid: 'invalid_key',
  issuer_mismatch: 'invalid_issuer',
  audience_mismatch: 'invalid_audience',
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(reason: string): TokenError {
  return new TokenError('claims_invalid', reason);
}
