import { z } from 'zod';
import { SIGNING_ALGORITHMS } from '../../jwt/key-source.js';
import { invalidRequest } from '../../protocol/oauth-error.js';
import { DELIVERY, SUBSCRIBABLE_EVENTS } from '../../protocol/security-event.js';
import type { Stream, StreamChange, StreamWish } from './streams.js';

/** A verification a second is as often as anybody needs one (SSF 1.0 §8.1.1). */
const MIN_VERIFICATION_INTERVAL = 1;
const MOST_EVENTS = 50;
const LONGEST_DESCRIPTION = 500;

const PRINTABLE = /^[\x20-\x7e]+$/;
const NO_TEXT = /[\p{Cc}\p{Bidi_Control}\p{Surrogate}]/u;

const delivery = z.discriminatedUnion(
  'method',
  [
    z.object({ method: z.literal(DELIVERY.poll) }),
    z.object({
      method: z.literal(DELIVERY.push),
      endpoint_url: z.string().max(2000),
      authorization_header: z.string().min(1).max(2000).regex(PRINTABLE, 'has a character it may not have').optional(),
    }),
  ],
  `must be ${DELIVERY.poll} or ${DELIVERY.push}`,
);

/** The beginning of a text, without half a character at its end. */
function cut(text: string): string {
  return text.slice(0, LONGEST_DESCRIPTION).replace(/\p{Surrogate}$/u, '');
}

/** What a receiver may say of a stream (SSF 1.0 §8.1.1), and two members of ours. Others are ignored. */
const wish = z.object({
  delivery: delivery.optional(),
  events_requested: z.array(z.string().max(200)).max(MOST_EVENTS).optional(),
  description: z
    .string()
    .refine((text) => !NO_TEXT.test(text), 'has a character it may not have')
    .transform(cut)
    .optional(),
  /** Which of its processes asks: each has a stream of its own, so that none eats another's events. */
  instance: z
    .string()
    .regex(/^[\w.:-]{1,100}$/, 'must be 1 to 100 letters, digits, dots, colons or hyphens')
    .optional(),
  /** CAEP's profile wants RS256; our own receivers ask for what is quicker to make. */
  signing_alg: z.enum(SIGNING_ALGORITHMS).optional(),
});

export type WishSent = z.infer<typeof wish>;

/** @throws OAuthError invalid_request that names the member at fault */
export function parseWish(body: Record<string, unknown>): WishSent {
  const parsed = wish.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw invalidRequest(`${issue.path.join('.') || 'the body'}: ${issue.message}`);
}

/** A new stream, or all of one that is replaced: what was not said is as by default. */
export function completeWish(sent: WishSent): StreamWish {
  const { events_requested: eventsRequested, description } = sent;
  const push = pushOf(sent);
  return {
    algorithm: sent.signing_alg ?? 'RS256',
    ...(push ? { push } : {}),
    ...(eventsRequested === undefined ? {} : { eventsRequested }),
    ...(description === undefined ? {} : { description }),
  };
}

/** Missing properties are deleted (SSF 1.0 §8.1.1.4). */
export function replacement(sent: WishSent): StreamChange {
  return { push: undefined, eventsRequested: undefined, description: undefined, ...completeWish(sent) };
}

/** Missing properties stay as they are (SSF 1.0 §8.1.1.3). */
export function update(sent: WishSent): StreamChange {
  const { delivery: how, events_requested: eventsRequested, description, signing_alg: algorithm } = sent;
  return {
    ...(how === undefined ? {} : { push: pushOf(sent) }),
    ...(eventsRequested === undefined ? {} : { eventsRequested }),
    ...(description === undefined ? {} : { description }),
    ...(algorithm === undefined ? {} : { algorithm }),
  };
}

function pushOf({ delivery: how }: WishSent): Stream['push'] {
  if (how?.method !== DELIVERY.push) return undefined;
  const { endpoint_url: url, authorization_header: authorization } = how;
  return { url, ...(authorization === undefined ? {} : { authorization }) };
}

/** The events that a stream is for: those that were requested and that there are; all when none were named. */
export function eventsDelivered({ eventsRequested }: Pick<Stream, 'eventsRequested'>): readonly string[] {
  return eventsRequested ? SUBSCRIBABLE_EVENTS.filter((type) => eventsRequested.includes(type)) : SUBSCRIBABLE_EVENTS;
}

/** A stream as its receiver sees it. A credential that it gave us for pushes is not shown again. */
export function describeStream(stream: Stream, issuer: string): Record<string, unknown> {
  const { id, clientId, instance, push, eventsRequested, description, inactivitySeconds } = stream;
  return {
    stream_id: id,
    iss: issuer,
    aud: clientId,
    events_supported: SUBSCRIBABLE_EVENTS,
    ...(eventsRequested === undefined ? {} : { events_requested: eventsRequested }),
    events_delivered: eventsDelivered(stream),
    delivery: push
      ? { method: DELIVERY.push, endpoint_url: push.url }
      : { method: DELIVERY.poll, endpoint_url: `${issuer}/ssf/poll/${id}` },
    min_verification_interval: MIN_VERIFICATION_INTERVAL,
    ...(description === undefined ? {} : { description }),
    ...(inactivitySeconds === undefined ? {} : { inactivity_timeout: inactivitySeconds }),
    ...(instance === '' ? {} : { instance }),
  };
}

/** The members that are ours to say; a receiver may repeat them, but not change them (SSF 1.0 §8.1.1.3). */
const OURS = [
  'iss',
  'aud',
  'events_supported',
  'events_delivered',
  'min_verification_interval',
  'inactivity_timeout',
  'instance',
];

/** @throws OAuthError invalid_request when a member that is ours is not as it is */
export function checkOurs(body: Record<string, unknown>, stream: Stream, issuer: string): void {
  const right = describeStream(stream, issuer);
  const wrong = OURS.find((name) => body[name] !== undefined && canonical(body[name]) !== canonical(right[name]));
  if (wrong !== undefined) throw invalidRequest(`${wrong}: is the transmitter's to say, and is another`);
}

/** Lists are sets here, and one audience may be a list of one (RFC 7519 §4.1.3). */
function canonical(value: unknown): string {
  return JSON.stringify(
    [value]
      .flat()
      .map((one) => JSON.stringify(one))
      .sort(),
  );
}
