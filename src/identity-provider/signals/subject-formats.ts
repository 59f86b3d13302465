import { z } from 'zod';
import { invalidRequest } from '../../protocol/oauth-error.js';
import type { SubjectId } from '../../protocol/security-event.js';

const text = z.string().min(1).max(500);
const MOST_ALIASES = 20;

/** RFC 9493 §3.2 and SSF 1.0 §3.5. */
const formats = [
  z.object({ format: z.literal('opaque'), id: text }),
  z.object({ format: z.literal('iss_sub'), iss: text, sub: text }),
  z.object({ format: z.literal('email'), email: text }),
  z.object({ format: z.literal('account'), uri: text.regex(/^acct:/i) }),
  z.object({ format: z.literal('phone_number'), phone_number: text }),
  z.object({ format: z.literal('did'), url: text.regex(/^did:/) }),
  z.object({ format: z.literal('uri'), uri: text }),
  z.object({ format: z.literal('jwt_id'), iss: text, jti: text }),
  z.object({ format: z.literal('saml_assertion_id'), issuer: text, assertion_id: text }),
  z.object({ format: z.literal('ip-addresses'), 'ip-addresses': z.array(text).min(1) }),
] as const;
const single = z.discriminatedUnion('format', [
  ...formats,
  // Not nested (RFC 9493 §3.2.8).
  z.object({
    format: z.literal('aliases'),
    identifiers: z.array(z.discriminatedUnion('format', formats)).min(1).max(MOST_ALIASES),
  }),
]);
type Single = z.infer<typeof single>;

/** SSF 1.0 §3.3: members of any name, each of them a subject that is not complex itself. */
const complex = z
  .object({ format: z.literal('complex') })
  .catchall(single)
  .refine((subject) => Object.keys(subject).length > 1);

/**
 * The names by which a subject that a receiver sent may be known here: issuer and subject of a person, the id of a session,
 * or both. None for what is well formed and says nothing to us. Other members of a complex subject are wildcards to our
 * events, which have no such members (SSF 1.0 §8.1.3.1).
 * @throws OAuthError invalid_request when it is no subject identifier
 */
export function namesOfSubject(sent: unknown): SubjectId[] {
  const parsed = z.union([single, complex]).safeParse(sent);
  if (!parsed.success) throw invalidRequest('subject: is not a subject identifier (RFC 9493)', 'subject');
  if (parsed.data.format !== 'complex') return ownNames(parsed.data);
  const { user, session } = parsed.data as { user?: Single; session?: Single };
  if (!user || !session) return ownNames(user ?? session);
  return ownNames(user).flatMap((who) =>
    ownNames(session).map((which): SubjectId => ({ format: 'complex', user: who, session: which })),
  );
}

function ownNames(subject: Single | undefined): SubjectId[] {
  if (subject?.format === 'aliases') return subject.identifiers.flatMap(ownNames);
  return subject?.format === 'opaque' || subject?.format === 'iss_sub' ? [subject] : [];
}
