import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Reader, type RevocationLine } from '../../authorizations/revocation-log.js';
import type { RevocationCause } from '../../authorizations/authorization.js';
import { Clients } from '../../clients/clients.js';
import { SubjectIdentifiers } from '../../clients/subject-identifiers.js';
import type { SigningAlgorithm } from '../../jwt/key-source.js';
import { TokenSigner } from '../../jwt/token-signer.js';
import { Clock } from '../../platform/clock.js';
import { Secrets } from '../../platform/secret.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { writePosition } from '../../protocol/position.js';
import { EVENT_TYPES, type Rules, type SubjectId } from '../../protocol/security-event.js';
import { Users } from '../../users/users.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';

/** One event as a SET's claims tell it. */
interface Event {
  type: string;
  subject: SubjectId;
  members: Record<string, unknown>;
}

/** A signed SET and its name. */
export interface SecurityEventToken {
  jti: string;
  token: string;
}

interface Cause {
  by: 'admin' | 'user' | 'policy' | 'system';
  why: string;
}

/** Who or what brought it about (CAEP 1.0 §2), and why, for people who look after systems. */
const CAUSES: Record<RevocationCause, Cause> = {
  code_misused: { by: 'policy', why: 'An authorization code was presented wrongly.' },
  code_reused: { by: 'policy', why: 'An authorization code was presented twice.' },
  refresh_reused: { by: 'policy', why: 'A refresh token was used that had been replaced: somebody has a copy.' },
  revoked_by_client: { by: 'user', why: 'The application gave it back.' },
  sign_out: { by: 'user', why: 'The person signed out.' },
  sign_out_everywhere: { by: 'user', why: 'The person signed out everywhere.' },
  consent_withdrawn: { by: 'user', why: 'The person withdrew their consent.' },
  user_disabled: { by: 'admin', why: 'The person was disabled.' },
  user_removed: { by: 'admin', why: 'The person was removed.' },
  client_disabled: { by: 'admin', why: 'The client was disabled.' },
  client_removed: { by: 'admin', why: 'The client was removed.' },
  credential_change: { by: 'user', why: 'The person has a new password.' },
  password_set: { by: 'admin', why: 'An administrator gave the person a new password.' },
  factors_reset: { by: 'admin', why: 'An administrator took away what the person signed in with beyond a password.' },
  address_recovered: { by: 'user', why: 'The person took their mail address back, and with it what was added since.' },
  claims_change: { by: 'admin', why: 'What tokens say about the person has changed.' },
  passkey_added: { by: 'user', why: 'The person added a passkey.' },
  passkey_removed: { by: 'user', why: 'A passkey of the person was removed.' },
  authenticator_added: { by: 'user', why: 'The person added an authenticator app.' },
  authenticator_removed: { by: 'user', why: 'An authenticator app of the person was removed.' },
  federated_added: { by: 'user', why: 'The person linked an account of another provider.' },
  federated_removed: { by: 'user', why: 'The person unlinked an account of another provider.' },
  administrative: { by: 'admin', why: 'An administrator revoked it.' },
};

/**
 * Turns a line of the revocation log into the Security Event Token of one receiver (RFC 8417, SSF 1.0 §4): `typ`
 * secevent+jwt, a top-level `sub_id`, one event, neither `sub` nor `exp`. People are named as the receiver knows them. An
 * API is not told of people at all: it knows tokens by their authorization.
 */
@Injectable()
export class SecurityEvents {
  /** The processes of one client get the same SET. */
  private readonly signed = new LRUCache<string, Promise<SecurityEventToken | undefined>>({ max: 5_000 });

  constructor(
    private readonly clients: Clients,
    private readonly subjects: SubjectIdentifiers,
    private readonly users: Users,
    private readonly signer: TokenSigner,
    private readonly secrets: Secrets,
    private readonly settings: IdentityProviderSettings,
    private readonly clock: Clock,
  ) {}

  /** Whether `jti` is what this client was told the line as, by whichever process and however often. */
  isNameOf({ line, seq }: RevocationLine, clientId: string, jti: string): boolean {
    const parts = JTI.exec(jti);
    return (
      parts !== null &&
      Number(parts[1]) === seq &&
      this.secrets.isAuthentic(PURPOSE, `${clientId}\0${line}`, Buffer.from(parts[2]!, 'base64url'))
    );
  }

  /**
   * The SET of a line, or undefined when the receiver did not ask for such events.
   * @param prev the line for this receiver before it, so that it notices one that it was not told; 0 for none.
   */
  ofLine(
    line: RevocationLine,
    reader: Reader,
    { events, algorithm, prev }: { events: readonly string[]; algorithm: SigningAlgorithm; prev: number },
  ): Promise<SecurityEventToken | undefined> {
    const name = [line.line, reader.clientId, reader.servesResource, algorithm, prev, ...events].join(' ');
    let made = this.signed.get(name);
    if (!made) {
      made = this.make(line, reader, { events, algorithm, prev });
      this.signed.set(name, made);
      made.catch(() => this.signed.delete(name));
    }
    return made;
  }

  /** A SET about the stream itself (SSF 1.0 §8.1.4, §8.1.5). */
  async ofStream(
    stream: { id: string; clientId: string; algorithm: SigningAlgorithm },
    notice: { id: string; type: string; members: Record<string, unknown> },
  ): Promise<SecurityEventToken> {
    const event: Event = { type: notice.type, subject: { format: 'opaque', id: stream.id }, members: notice.members };
    return this.sign(notice.id, notice.id, stream.clientId, event, stream.algorithm);
  }

  /** The subjects of a line's event, and the parts of a complex one: what a receiver may have removed from its stream. */
  async subjectsOf(line: RevocationLine, reader: Reader): Promise<SubjectId[]> {
    return (await this.eventsOf(line, reader)).flatMap(({ subject }) =>
      subject.format === 'complex'
        ? [subject, subject.user, subject.session].filter((one) => one !== undefined)
        : [subject],
    );
  }

  /** What a line means to a receiver's rule table: the member `rules` of its event, and a part of a snapshot. */
  async rulesOf(line: RevocationLine, reader: Reader): Promise<Rules> {
    const before = writePosition(line);
    const at = Math.floor(line.createdAt / 1000);
    const own = line.clients.includes(reader.clientId);
    // Tokens of other clients come to an API, and name people in those clients' words.
    const authorizations =
      reader.servesResource && line.authorizations.length > 0 ? { authorizations: line.authorizations } : {};
    const subject =
      own && line.subject !== undefined ? await this.subjectFor(reader.clientId, line.subject) : undefined;
    switch (line.kind) {
      case 'token':
        return { tokens: [line.jti!] };
      case 'session':
        return { sessions: [line.sid!] };
      case 'authorization':
        return { authorizations: [line.authorizationId!] };
      case 'client':
        return { clients: [[line.clientId!, before, at]] };
      case 'subject':
        return { ...(subject === undefined ? {} : { subjects: [[subject, before, at]] }), ...authorizations };
      case 'consent':
        return {
          ...(subject === undefined ? {} : { consents: [[subject, line.clientId!, before, at]] }),
          ...authorizations,
        };
      case 'credential':
        return {};
      case 'claims':
        return {
          ...(subject === undefined ? {} : { claims: [[subject, before, at]] }),
          ...(reader.servesResource ? { stale: line.authorizations.map((id) => [id, before, at]) } : {}),
        };
      default:
        throw unknownKind(line);
    }
  }

  /** Whether {@link ofLine} tells a line, without signing anything. */
  async tells(line: RevocationLine, reader: Reader, events: readonly string[]): Promise<boolean> {
    return (await this.choose(line, reader, events)) !== undefined;
  }

  private async make(
    line: RevocationLine,
    reader: Reader,
    { events, algorithm, prev }: { events: readonly string[]; algorithm: SigningAlgorithm; prev: number },
  ): Promise<SecurityEventToken | undefined> {
    const chosen = await this.choose(line, reader, events);
    if (!chosen) return undefined;
    const { event, rules } = chosen;
    const { by, why } = causeOf(line.cause);
    const members = {
      event_timestamp: Math.floor(line.createdAt / 1000),
      initiating_entity: by,
      reason_admin: { en: why },
      ...event.members,
      rev: writePosition(line),
      prev,
      rules,
    };
    const name = this.nameOf(line, reader.clientId);
    return this.sign(`${line.seq}.${name}`, name, reader.clientId, { ...event, members }, algorithm);
  }

  /** How a line is told to who asked for these events; undefined when it is not. */
  private async choose(
    line: RevocationLine,
    reader: Reader,
    events: readonly string[],
  ): Promise<{ event: Event; rules: Rules } | undefined> {
    const rules = await this.rulesOf(line, reader);
    if (Object.keys(rules).length === 0 && line.kind !== 'credential') return undefined;
    const event = (await this.eventsOf(line, reader)).find(({ type }) => events.includes(type));
    return event && { event, rules };
  }

  /** The ways to tell a line, the best one first; which one is sent depends on what the receiver asked for. */
  private async eventsOf(line: RevocationLine, reader: Reader): Promise<Event[]> {
    const own = line.clients.includes(reader.clientId);
    const person = own && line.subject !== undefined ? await this.personFor(reader.clientId, line.subject) : undefined;
    const revoked = (subject: SubjectId): Event => ({ type: EVENT_TYPES.revoked, subject, members: {} });
    const sessionRevoked = (subject: SubjectId): Event => ({ type: EVENT_TYPES.sessionRevoked, subject, members: {} });
    const unnamed = () => revoked({ format: 'opaque', id: this.nameOf(line, reader.clientId) });
    switch (line.kind) {
      case 'token':
        return [revoked({ format: 'jwt_id', iss: this.settings.issuer, jti: line.jti! })];
      case 'authorization':
        return [revoked({ format: 'opaque', id: line.authorizationId! })];
      case 'client':
        return [revoked({ format: 'opaque', id: line.clientId! })];
      case 'session':
        // Complex also when the person is not told: an opaque id alone would not say that it is a session's.
        return [
          sessionRevoked({
            format: 'complex',
            ...(person ? { user: person } : {}),
            session: { format: 'opaque', id: line.sid! },
          }),
        ];
      case 'subject':
        if (!person) return [unnamed()];
        return line.cause === 'credential_change' || line.cause === 'password_set'
          ? [credentialChange(person, line.cause), sessionRevoked(person)]
          : [sessionRevoked(person)];
      case 'consent':
        return [person ? revoked(person) : unnamed()];
      case 'credential':
        return person ? [credentialChange(person, line.cause)] : [];
      case 'claims':
        return [person ? await this.claimsChange(line, person) : unnamed()];
      default:
        throw unknownKind(line);
    }
  }

  /**
   * What a line is called to one client. Another name for each, so that two that compare notes do not learn by it whom they
   * have in common under different names.
   */
  private nameOf({ line }: RevocationLine, clientId: string): string {
    return this.secrets.authenticate(PURPOSE, `${clientId}\0${line}`).toString('base64url', 0, TAG_OCTETS);
  }

  private async claimsChange(line: RevocationLine, subject: SubjectId): Promise<Event> {
    const user = await this.users.findBySubject(line.subject!);
    return { type: EVENT_TYPES.tokenClaimsChange, subject, members: { claims: { roles: user?.roles ?? [] } } };
  }

  private async personFor(clientId: string, subject: string): Promise<SubjectId> {
    return { format: 'iss_sub', iss: this.settings.issuer, sub: await this.subjectFor(clientId, subject) };
  }

  /** The person as this client knows them; a client that is gone knows nobody. */
  private async subjectFor(clientId: string, subject: string): Promise<string> {
    const client = await this.clients.find(clientId);
    return client ? this.subjects.of(client, subject) : subject;
  }

  private async sign(
    jti: string,
    txn: string,
    clientId: string,
    event: Event,
    algorithm: SigningAlgorithm,
  ): Promise<SecurityEventToken> {
    const claims = {
      iss: this.settings.issuer,
      jti,
      iat: this.clock.seconds(),
      aud: clientId,
      txn,
      sub_id: event.subject,
      events: { [event.type]: event.members },
    };
    return { jti, token: await this.signer.sign(claims, 'secevent+jwt', algorithm) };
  }
}

/** Of one that only a newer version knows, too: while both run, each tells the other's lines. */
function causeOf(cause: string): Cause {
  return (CAUSES as Record<string, Cause | undefined>)[cause] ?? { by: 'system', why: 'It was revoked.' };
}

/** CAEP 1.0 §3.3. A passkey may be of this device or of another; we do not keep which. */
function credentialChange(subject: SubjectId, cause: RevocationCause): Event {
  const [credential_type, change_type] = CREDENTIALS[cause] ?? ['unknown', 'update'];
  return { type: EVENT_TYPES.credentialChange, subject, members: { credential_type, change_type } };
}

const CREDENTIALS: Partial<Record<RevocationCause, [type: string, change: string]>> = {
  credential_change: ['password', 'update'],
  password_set: ['password', 'update'],
  passkey_added: ['fido2-roaming', 'create'],
  passkey_removed: ['fido2-roaming', 'delete'],
  authenticator_added: ['app', 'create'],
  authenticator_removed: ['app', 'delete'],
  // No type of CAEP's own; the section lets both sides agree on others.
  federated_added: ['federated', 'create'],
  federated_removed: ['federated', 'delete'],
};

/**
 * A line that only a newer version can read, while both run. What it ends is not known here, so it is neither passed over nor
 * guessed: this process tells nothing beyond it, and applications that hear of nobody else go by their policy of staleness.
 */
function unknownKind({ seq, kind }: RevocationLine): OAuthError {
  return new OAuthError(
    'temporarily_unavailable',
    'the revocation log has a line that this process cannot read: it is of another version',
    {
      detail: `line ${seq} is of the kind '${kind}', which a newer version has written: replace this process`,
      retryAfterSeconds: 1,
    },
  );
}

const PURPOSE = 'signal-name';
const TAG_OCTETS = 16;
const JTI = /^(\d{1,15})\.([\w-]{22})$/;

/** The line that the `jti` of an event is about, if it is one of ours at all; {@link SecurityEvents.isNameOf} tells. */
export function seqOfJti(jti: string): number | undefined {
  const parts = JTI.exec(jti);
  return parts ? Number(parts[1]) : undefined;
}
