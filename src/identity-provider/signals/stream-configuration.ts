import { z } from 'zod';
import { SIGNING_ALGORITHMS } from '../../jwt/key-source.js';
import { invalidRequest } from '../../protocol/oauth-error.js';
import { DELIVERY, SUBSCRIBABLE_EVENTS } from '../../protocol/security-event.js';
import type { Stream, StreamWish } from './streams.js';

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

/** What a receiver may say of a stream (SSF 1.0 §8.1.1), and two members of ours. Others are ignored. */
const wish = z.object({
  delivery: delivery.optional(),
  events_requested: z.array(z.string().max(200)).max(MOST_EVENTS).optional(),
  description: z
    .string()
    .refine((text) => !NO_TEXT.test(text), 'has a character it may not have')
    .transform((text) => text.slice(0, LONGEST_DESCRIPTION))
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

/** The wish with what was not said filled in: from `stream` for a change, else by default. */
export function completeWish(sent: WishSent, stream?: Stream): StreamWish {
  const { delivery: how, events_requested: events, description, signing_alg: algorithm } = sent;
  const push =
    how?.method === DELIVERY.push
      ? {
          url: how.endpoint_url,
          ...(how.authorization_header === undefined ? {} : { authorization: how.authorization_header }),
        }
      : undefined;
  const pushOrBefore = how === undefined ? stream?.push : push;
  const said = description ?? stream?.description;
  return {
    eventsRequested: events ?? stream?.eventsRequested ?? [...SUBSCRIBABLE_EVENTS],
    algorithm: algorithm ?? stream?.algorithm ?? 'RS256',
    ...(pushOrBefore ? { push: pushOrBefore } : {}),
    ...(said === undefined ? {} : { description: said }),
  };
}

/** A stream as its receiver sees it. A credential that it gave us for pushes is not shown again. */
export function describeStream(stream: Stream, issuer: string): Record<string, unknown> {
  const { id, clientId, instance, push, eventsRequested, description, inactivitySeconds } = stream;
  return {
    stream_id: id,
    iss: issuer,
    aud: clientId,
    events_supported: SUBSCRIBABLE_EVENTS,
    events_requested: eventsRequested,
    events_delivered: SUBSCRIBABLE_EVENTS.filter((type) => eventsRequested.includes(type)),
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
  const wrong = OURS.find(
    (name) => body[name] !== undefined && JSON.stringify(body[name]) !== JSON.stringify(right[name]),
  );
  if (wrong !== undefined) throw invalidRequest(`${wrong}: is the transmitter's to say, and is another`);
}
