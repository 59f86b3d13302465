import { isIP } from 'node:net';
import { Injectable, Logger } from '@nestjs/common';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import { Clock } from '../../platform/clock.js';
import { Database, type Queryable, statement } from '../../platform/database/database.js';
import { digest, matches } from '../../platform/secret.js';
import { isDerSignature, isOneCborItem } from './strict-encodings.js';

/** Three hundred modules, which a provider without passkeys need not load, nor another one before its first. */
const webAuthn = () => import('@simplewebauthn/server');

/** Passkeys of one person. */
const MOST = 20;
/** How long the browser shows its dialogue, in milliseconds. */
const DIALOGUE = 5 * 60_000;
/** EdDSA, ES256, RS256: RFC 9053 and RFC 8812. */
const ALGORITHMS = [-8, -7, -257];
const LONGEST_USER_HANDLE = 64;

const ADD = statement(`
  INSERT INTO passkey (id, subject, name, public_key, counter, transports, synced, aaguid, created_at)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 WHERE (SELECT count(*) FROM passkey WHERE subject = $2) < ${MOST}
  ON CONFLICT (id) DO NOTHING RETURNING id`);
const FIND = statement(`SELECT id, subject, public_key, counter, transports FROM passkey WHERE id = $1`);
const OF = statement(`
  SELECT id, name, transports, synced, created_at, last_used_at FROM passkey WHERE subject = $1 ORDER BY created_at, id`);
const USED = statement(`
  UPDATE passkey SET counter = $2, last_used_at = $3
  WHERE id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0)) RETURNING id`);
const RENAME = statement(`UPDATE passkey SET name = $3 WHERE subject = $1 AND id = $2 RETURNING id`);
const REMOVE = statement(`DELETE FROM passkey WHERE subject = $1 AND id = $2 RETURNING id`);

interface PasskeyRow {
  id: string;
  subject: string;
  name: string;
  public_key: Buffer;
  counter: string;
  transports: string[];
  synced: boolean;
  created_at: string;
  last_used_at: string | null;
}

/** A passkey as its owner sees it. Times are epoch milliseconds. */
export interface Passkey {
  id: string;
  name: string;
  /** It is kept in more places than one device. */
  synced: boolean;
  createdAt: number;
  lastUsedAt?: number;
}

/** Where passkeys are good for: the site, as WebAuthn names it. It is its own injection token. */
export class PasskeySite {
  /** The RP ID: the host of the issuer (Web Authentication Level 3 §5.1.2). */
  readonly id: string;

  constructor(
    /** The one origin that may ask. */
    readonly origin: string,
    /** As the browser's dialogue shows it. */
    readonly name: string,
  ) {
    this.id = new URL(origin).hostname;
  }

  /** Why there can be no passkeys here, as a sentence. */
  get problem(): string | undefined {
    const address = isIP(this.id.replace(/^\[|\]$/g, '')) !== 0;
    return address ? `passkeys belong to a name, and the issuer's host '${this.id}' is an address` : undefined;
  }
}

/** An assertion that is right. */
export interface ProvedPasskey {
  id: string;
  subject: string;
  /** The authenticator verified its user: two factors in one. */
  userVerified: boolean;
}

const base64url = z
  .string()
  .max(16_384)
  .regex(/^[\w-]*$/);
const common = {
  id: base64url.min(1).max(1400),
  rawId: base64url,
  type: z.literal('public-key'),
  authenticatorAttachment: z.string().max(32).optional(),
};
const registration = z.object({
  ...common,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(32)).max(10).optional(),
  }),
});
const assertion = z.object({
  ...common,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
});

/**
 * Passkeys and security keys (Web Authentication Level 3). The ceremonies' checks are the library's; what it leaves to the
 * relying party is here: whose credential it is, counters in one atomic step, no frames of other sites, one way to write an
 * answer.
 */
@Injectable()
export class Passkeys {
  private readonly logger = new Logger(Passkeys.name);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    readonly site: PasskeySite,
  ) {}

  /** What `navigator.credentials.create` is to be given, as JSON. */
  async creationOptions(
    person: { subject: string; username: string; displayName: string },
    challenge: Buffer,
  ): Promise<object> {
    const rows = await this.database.query<PasskeyRow>(OF, [person.subject]);
    return (await webAuthn()).generateRegistrationOptions({
      rpName: this.site.name,
      rpID: this.site.id,
      userID: new Uint8Array(userHandle(person.subject)),
      userName: person.username,
      userDisplayName: person.displayName,
      challenge: new Uint8Array(challenge),
      timeout: DIALOGUE,
      // Nobody is asked what brand their authenticator is: there is no policy that could use the answer.
      attestationType: 'none',
      excludeCredentials: rows.map(({ id, transports }) => ({ id, transports })),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
      supportedAlgorithmIDs: ALGORITHMS,
    });
  }

  /** What `navigator.credentials.get` is to be given, as JSON; without a subject whoever is there may choose. */
  async requestOptions(challenge: Buffer, subject?: string): Promise<object> {
    const rows = subject === undefined ? [] : await this.database.query<PasskeyRow>(OF, [subject]);
    // Every sign-in page carries them, and they are plain values (§5.5, PublicKeyCredentialRequestOptionsJSON): for these the
    // library is not loaded.
    return {
      challenge: challenge.toString('base64url'),
      rpId: this.site.id,
      timeout: DIALOGUE,
      allowCredentials: rows.map(({ id, transports }) => ({ id, type: 'public-key', transports })),
      userVerification: subject === undefined ? 'required' : 'preferred',
    };
  }

  /** The challenge that an answer was made for, to be spent before the answer is looked at; undefined when it has none. */
  challengeOf(answer: string): Buffer | undefined {
    const parsed = clientDataOf(answer);
    return typeof parsed?.['challenge'] === 'string' ? Buffer.from(parsed['challenge'], 'base64url') : undefined;
  }

  /**
   * Keeps a new passkey. Answers its id, or undefined when the answer is not right, or the credential is known already,
   * whoever has it.
   * @param challenge the one that was spent.
   */
  async add(
    subject: string,
    { answer, challenge, name }: { answer: string; challenge: Buffer; name: string },
    queryable: Queryable = this.database,
  ): Promise<string | undefined> {
    const response = this.parse(registration, answer);
    if (!response || !isOneCborItem(Buffer.from(response.response.attestationObject, 'base64url'))) return undefined;
    const { verifyRegistrationResponse } = await webAuthn();
    const verified = await this.verified(() =>
      verifyRegistrationResponse({
        response: { ...response, clientExtensionResults: {} } as RegistrationResponseJSON,
        expectedChallenge: challenge.toString('base64url'),
        expectedOrigin: this.site.origin,
        expectedRPID: this.site.id,
        requireUserVerification: false,
        supportedAlgorithmIDs: ALGORITHMS,
      }),
    );
    if (!verified?.verified) return undefined;
    const { credential, credentialDeviceType, aaguid } = verified.registrationInfo;
    const [row] = await queryable.query<{ id: string }>(ADD, [
      credential.id,
      subject,
      name,
      Buffer.from(credential.publicKey),
      credential.counter,
      response.response.transports ?? [],
      credentialDeviceType === 'multiDevice',
      aaguid,
      this.clock.now(),
    ]);
    return row?.id;
  }

  /**
   * Whether an assertion is right; undefined when it is not.
   * @param challenge the one that was spent; @param subject whose it must be, when that is known. Without it the
   * authenticator must say who it is for, and must have verified its user.
   */
  async verify(answer: string, challenge: Buffer, subject?: string): Promise<ProvedPasskey | undefined> {
    const response = this.parse(assertion, answer);
    if (!response) return undefined;
    const [row] = await this.database.query<PasskeyRow>(FIND, [response.id]);
    if (!row || (subject !== undefined && row.subject !== subject)) return undefined;
    const handle = response.response.userHandle;
    // Level 3 §7.2, step 6: a discovered credential must name its owner, and a named owner must be the one we know.
    if (handle ? !matches(Buffer.from(handle, 'base64url'), userHandle(row.subject)) : subject === undefined) {
      return undefined;
    }
    const publicKey = new Uint8Array(row.public_key);
    if (!(await isWellWritten(Buffer.from(response.response.signature, 'base64url'), publicKey))) return undefined;
    const { verifyAuthenticationResponse } = await webAuthn();
    const verified = await this.verified(() =>
      verifyAuthenticationResponse({
        response: { ...response, clientExtensionResults: {} } as AuthenticationResponseJSON,
        expectedChallenge: challenge.toString('base64url'),
        expectedOrigin: this.site.origin,
        expectedRPID: this.site.id,
        credential: { id: row.id, publicKey, counter: Number(row.counter) },
        requireUserVerification: subject === undefined,
      }),
    );
    if (!verified?.verified) return undefined;
    const { newCounter, userVerified } = verified.authenticationInfo;
    const used = await this.database.query(USED, [row.id, newCounter, this.clock.now()]);
    if (used.length === 0) {
      this.logger.warn(`the counter of a passkey of ${row.subject} went backwards: there may be a copy of it`);
      return undefined;
    }
    return { id: row.id, subject: row.subject, userVerified };
  }

  async list(subject: string): Promise<Passkey[]> {
    return (await this.database.query<PasskeyRow>(OF, [subject])).map((row) => ({
      id: row.id,
      name: row.name,
      synced: row.synced,
      createdAt: Number(row.created_at),
      ...(row.last_used_at === null ? {} : { lastUsedAt: Number(row.last_used_at) }),
    }));
  }

  async rename(subject: string, id: string, name: string, queryable: Queryable = this.database): Promise<boolean> {
    return (await queryable.query(RENAME, [subject, id, name])).length > 0;
  }

  async remove(subject: string, id: string, queryable: Queryable = this.database): Promise<boolean> {
    return (await queryable.query(REMOVE, [subject, id])).length > 0;
  }

  /** The answer as its ceremony shapes it, from a page of ours and from no frame of another site (§7.2, steps 10 to 12). */
  private parse<T>(schema: z.ZodType<T>, answer: string): T | undefined {
    const parsed = schema.safeParse(parseJson(answer));
    const clientData = clientDataOf(answer);
    if (!parsed.success || !clientData) return undefined;
    return clientData['crossOrigin'] || clientData['topOrigin'] !== undefined ? undefined : parsed.data;
  }

  /** The library throws for whatever is not right; what it says goes to the log alone. */
  private async verified<T>(check: () => Promise<T>): Promise<T | undefined> {
    try {
      return await check();
    } catch (error) {
      this.logger.warn(`passkey refused: ${(error as Error).message.slice(0, 200)}`);
      return undefined;
    }
  }
}

/** Of ECDSA alone one signature can be written in many ways. */
async function isWellWritten(signature: Buffer, publicKey: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const { cose, decodeCredentialPublicKey } = await import('@simplewebauthn/server/helpers');
  return !cose.isCOSEPublicKeyEC2(decodeCredentialPublicKey(publicKey)) || isDerSignature(signature);
}

/** What names the person to their authenticator: the subject, which is no secret and tells nothing about them (§14.6.1). */
function userHandle(subject: string): Buffer {
  const bytes = Buffer.from(subject);
  return bytes.length <= LONGEST_USER_HANDLE ? bytes : digest(bytes);
}

function clientDataOf(answer: string): Record<string, unknown> | undefined {
  const response = (parseJson(answer) as { response?: { clientDataJSON?: unknown } } | undefined)?.response;
  if (typeof response?.clientDataJSON !== 'string') return undefined;
  const parsed = parseJson(Buffer.from(response.clientDataJSON, 'base64url').toString());
  return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
