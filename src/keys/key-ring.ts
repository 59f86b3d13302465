import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DecryptionKeys } from '../jwt/encryption.js';
import { isForEncryption, type KeyAlgorithm, type KeyPair, makeKeyPair, type PublicJwk } from '../jwt/key-pair.js';
import {
  SIGNING_ALGORITHMS,
  type SigningAlgorithm,
  type SigningKey,
  SigningKeys,
  type VerificationKey,
  VerificationKeys,
} from '../jwt/key-source.js';
import { Clock } from '../platform/clock.js';
import { Database, type Queryable, statement } from '../platform/database/database.js';
import { Secrets } from '../platform/secret.js';
import { KEY_MANAGEMENT_ALGORITHMS, type KeyManagementAlgorithm } from '../protocol/encryption-algorithm.js';

const KEY_ALGORITHMS: readonly KeyAlgorithm[] = [...SIGNING_ALGORITHMS, ...KEY_MANAGEMENT_ALGORITHMS];

/** Other processes rotate too, so what is in memory is read again after this long. */
const REREAD_AFTER = 5_000;
/** Relying parties may keep our key set this long; a key is published for longer than that before it signs. */
export const JWKS_MAX_AGE_SECONDS = 300;
/** A process that has not read again yet hands out a key set without the next key, and that one may be kept, too. */
export const PUBLISHED_AHEAD_SECONDS = JWKS_MAX_AGE_SECONDS + REREAD_AFTER / 1000;
/** A retired key stays published until the longest token it signed is dead. No token of ours may live longer (in seconds). */
export const LONGEST_TOKEN_SECONDS = 86_400;
/** ID tokens are shown as hints long after they ended, for as long as sessions and refresh tokens live: we know our own so long. */
const RECOGNISED_FOR = 180 * 86_400_000;
/** A key that signs no more needs no private half. */
const ERASED = Buffer.alloc(0);
/** What was encrypted for a key that has just retired is still read: whoever kept our key set did not know. */
const OPENS_FOR = 86_400_000;
/** Rotators queue on this PostgreSQL advisory lock. */
export const ROTATION_LOCK = 7_126_402_032;

const ALL = statement(`
  SELECT kid, algorithm, public_jwk, private_sealed, state, created_at, activated_at, retired_at FROM signing_key`);
const LOCK = statement(`SELECT pg_advisory_xact_lock($1)`);
const INSERT = statement(`
  INSERT INTO signing_key (kid, algorithm, public_jwk, private_sealed, state, created_at, activated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`);
const RETIRE = statement(`
  UPDATE signing_key SET state = 'retired', retired_at = $2, private_sealed = COALESCE($3, private_sealed)
  WHERE algorithm = $1 AND state = 'active'`);
const ACTIVATE = statement(`
  UPDATE signing_key SET state = 'active', activated_at = $2 WHERE algorithm = $1 AND state = 'next'`);
const FORGET = statement(`DELETE FROM signing_key WHERE algorithm = $1 AND state = 'retired' AND retired_at <= $2`);
const REVOKE = statement(`DELETE FROM signing_key WHERE kid = $1 RETURNING algorithm, state`);
const RESEAL = statement(`UPDATE signing_key SET private_sealed = $2 WHERE kid = $1`);

interface KeyRow {
  kid: string;
  algorithm: KeyAlgorithm;
  public_jwk: PublicJwk;
  private_sealed: Buffer;
  state: 'next' | 'active' | 'retired';
  created_at: string;
  activated_at: string | null;
  retired_at: string | null;
}

/** A key without anything secret, for listings. */
export interface KeySummary {
  kid: string;
  algorithm: KeyAlgorithm;
  state: 'next' | 'active' | 'retired';
  /** Epoch milliseconds. */
  createdAt: number;
  activatedAt?: number;
  retiredAt?: number;
}

interface Ring {
  readAt: number;
  rows: KeyRow[];
  active: Map<SigningAlgorithm, SigningKey>;
  /** All of them, those too that are not published any more. */
  known: Map<string, VerificationKey>;
  /** By which we read what others encrypt for us. */
  opening: { kid: string; algorithm: KeyManagementAlgorithm; key: KeyObject }[];
  jwks: { keys: PublicJwk[] };
}

/** Keys that cannot be rotated yet, or that GATEHOUSE_SECRET does not open; the message says what to do. */
export class KeyRingError extends Error {
  override readonly name = 'KeyRingError';
}

/**
 * The provider's keys, one active per algorithm, kept in the database and sealed at rest. A key is published as `next`
 * before it signs and stays published as `retired` until its last token is dead, so a rotation fails nobody's verification.
 * After that we alone know its public half, for the hints of long sessions. Keys that others encrypt with turn with them;
 * one of those is published while it is active, and opens what comes late for a day after.
 */
@Injectable()
export class KeyRing implements SigningKeys, VerificationKeys, DecryptionKeys {
  private ring?: Ring;
  private reading?: Promise<Ring>;
  private readonly privateKeys = new Map<string, KeyObject>();

  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /** @throws Error when there is no active key: `ensureKeys` has not run. */
  async active(algorithm: SigningAlgorithm): Promise<SigningKey> {
    const key = (await this.read()).active.get(algorithm);
    if (!key) throw new Error(`no active signing key for ${algorithm}`);
    return key;
  }

  async find(kid: string | undefined, algorithm: SigningAlgorithm): Promise<VerificationKey | undefined> {
    if (kid === undefined) return undefined;
    let key = (await this.read()).known.get(kid);
    // Another process may have rotated a moment ago.
    if (!key) key = (await this.read(1_000)).known.get(kid);
    return key?.algorithm === algorithm ? key : undefined;
  }

  async findPrivate(kid: string | undefined, algorithm: KeyManagementAlgorithm): Promise<KeyObject[]> {
    const fitting = (ring: Ring) =>
      ring.opening.filter((key) => key.algorithm === algorithm && (kid === undefined || key.kid === kid));
    let found = fitting(await this.read());
    if (found.length === 0) found = fitting(await this.read(1_000));
    return found.map(({ key }) => key);
  }

  /** No, too, when it is time to read again: whoever finds the key then makes us read. */
  holds(key: VerificationKey): boolean {
    const { ring } = this;
    return ring !== undefined && this.clock.now() - ring.readAt < REREAD_AFTER && ring.known.get(key.kid) === key;
  }

  /** The public keys of the JWK Set (RFC 7517 §5): next, active and lately retired ones; for encryption, the active ones. The same object until they are read again. */
  async jwks(): Promise<{ keys: PublicJwk[] }> {
    return (await this.read()).jwks;
  }

  async list(): Promise<KeySummary[]> {
    return (await this.read(0)).rows.map((row) => ({
      kid: row.kid,
      algorithm: row.algorithm,
      state: row.state,
      createdAt: Number(row.created_at),
      ...(row.activated_at === null ? {} : { activatedAt: Number(row.activated_at) }),
      ...(row.retired_at === null ? {} : { retiredAt: Number(row.retired_at) }),
    }));
  }

  /**
   * Makes what is missing: an active and a next key for every signature algorithm, an active one for encryption. Safe in
   * several processes at once: each makes keys, which takes a busy machine seconds, before it asks whether they are still
   * missing, so that nobody waits for another's arithmetic.
   * @throws KeyRingError when a key cannot be opened with GATEHOUSE_SECRET.
   */
  async ensureKeys(): Promise<void> {
    const made: { algorithm: KeyAlgorithm; state: 'active' | 'next'; pair: KeyPair }[] = [];
    for (const missing of missingFrom(await this.database.query<KeyRow>(ALL))) {
      made.push({ ...missing, pair: await this.makeKeyPair(missing.algorithm) });
    }
    if (made.length > 0) {
      await this.exclusively(async (transaction, rows) => {
        const now = this.clock.now();
        const stillMissing = missingFrom(rows);
        for (const { algorithm, state, pair } of made) {
          const isMissing = stillMissing.some((one) => one.algorithm === algorithm && one.state === state);
          if (isMissing) await this.insert(transaction, algorithm, state, pair, now);
        }
      });
    }
    const { rows } = await this.reread();
    // Also the next ones: a secret that is missing shows at boot, not at the next rotation.
    for (const row of rows) if (row.state !== 'retired') this.privateKey(row);
  }

  /**
   * The next key becomes active, the active one retires, and a new next key is published.
   * @throws KeyRingError when the next key has not been published for as long as relying parties may keep our key set, unless `force`.
   */
  async rotate({ force = false } = {}): Promise<void> {
    if (!force) this.requireKnownNext(await this.database.query<KeyRow>(ALL));
    const successors = await this.makeSuccessors();
    await this.exclusively(async (transaction, rows) => {
      if (!force) this.requireKnownNext(rows);
      await this.advance(transaction, successors);
    });
    await this.reread();
  }

  /**
   * Rotates when the active keys are older than `maxAgeMilliseconds`; true when it did. Of several processes that find
   * them due at once, one rotates: it is decided under the lock.
   */
  async rotateWhenDue(maxAgeMilliseconds: number): Promise<boolean> {
    const isDue = (rows: KeyRow[]) => {
      const limit = this.clock.now() - maxAgeMilliseconds;
      const isOld = rows.some((row) => row.state === 'active' && Number(row.activated_at) <= limit);
      return isOld && !this.youngNext(rows);
    };
    if (!isDue(await this.database.query<KeyRow>(ALL))) return false;
    const successors = await this.makeSuccessors();
    let rotated = false;
    await this.exclusively(async (transaction, rows) => {
      if (!isDue(rows)) return;
      await this.advance(transaction, successors);
      rotated = true;
    });
    if (rotated) await this.reread();
    return rotated;
  }

  /** Drops a compromised key at once: nothing it signed is believed any more. False when there is no such key. */
  async revoke(kid: string): Promise<boolean> {
    const row = (await this.database.query<KeyRow>(ALL)).find((one) => one.kid === kid);
    if (!row) return false;
    const successor = await this.makeKeyPair(row.algorithm);
    let found = false;
    await this.exclusively(async (transaction) => {
      const [gone] = await transaction.query<{ algorithm: KeyAlgorithm; state: string }>(REVOKE, [kid]);
      if (!gone) return;
      found = true;
      if (gone.state === 'active') await transaction.query(ACTIVATE, [gone.algorithm, this.clock.now()]);
      if (gone.state !== 'retired')
        await this.insert(transaction, gone.algorithm, lastStateOf(gone.algorithm), successor);
    });
    await this.reread();
    return found;
  }

  /** Seals every private key under the first secret; answers how many were sealed under another. */
  async reseal(): Promise<number> {
    let count = 0;
    await this.exclusively(async (transaction, rows) => {
      for (const row of rows) {
        if (isErased(row) || this.secrets.isCurrent('signing-key', row.private_sealed)) continue;
        await transaction.query(RESEAL, [row.kid, this.secrets.seal('signing-key', this.open(row))]);
        count += 1;
      }
    });
    return count;
  }

  /** Where new keys come from. */
  protected makeKeyPair(algorithm: KeyAlgorithm): Promise<KeyPair> {
    return makeKeyPair(algorithm);
  }

  /** One new key for every algorithm. On a busy machine it takes seconds: not to be waited for under the lock. */
  private async makeSuccessors(): Promise<ReadonlyMap<KeyAlgorithm, KeyPair>> {
    const successors = new Map<KeyAlgorithm, KeyPair>();
    for (const algorithm of KEY_ALGORITHMS) successors.set(algorithm, await this.makeKeyPair(algorithm));
    return successors;
  }

  private async exclusively(work: (transaction: Queryable, rows: KeyRow[]) => Promise<void>): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await transaction.query(LOCK, [ROTATION_LOCK]);
      await work(transaction, await transaction.query<KeyRow>(ALL));
    });
  }

  /** A next key that relying parties may not have seen yet. Whoever knows the key that was made with it knows it, too. */
  private youngNext(rows: KeyRow[]): KeyRow | undefined {
    const youngest = this.clock.now() - PUBLISHED_AHEAD_SECONDS * 1000;
    const actives = rows.filter(({ state }) => state === 'active');
    const isTwin = (next: KeyRow) =>
      actives.some((row) => row.algorithm === next.algorithm && row.created_at === next.created_at);
    return rows.find((row) => row.state === 'next' && Number(row.created_at) > youngest && !isTwin(row));
  }

  /** @throws KeyRingError while applications may not know the next keys. */
  private requireKnownNext(rows: KeyRow[]): void {
    const young = this.youngNext(rows);
    if (!young) return;
    throw new KeyRingError(
      `The next ${young.algorithm} key was published less than ${PUBLISHED_AHEAD_SECONDS} seconds ago; ` +
        'applications may not know it yet. Wait, or force the rotation.',
    );
  }

  private async advance(transaction: Queryable, successors: ReadonlyMap<KeyAlgorithm, KeyPair>): Promise<void> {
    const now = this.clock.now();
    for (const [algorithm, successor] of successors) {
      const opens = isForEncryption(algorithm);
      await transaction.query(RETIRE, [algorithm, now, opens ? null : ERASED]);
      await transaction.query(ACTIVATE, [algorithm, now]);
      await this.insert(transaction, algorithm, lastStateOf(algorithm), successor);
      await transaction.query(FORGET, [algorithm, now - (opens ? OPENS_FOR : RECOGNISED_FOR)]);
    }
  }

  private async insert(
    transaction: Queryable,
    algorithm: KeyAlgorithm,
    state: 'active' | 'next',
    { privateKey, publicJwk }: KeyPair,
    now = this.clock.now(),
  ): Promise<void> {
    await transaction.query(INSERT, [
      publicJwk.kid,
      algorithm,
      publicJwk,
      this.secrets.seal('signing-key', privateKey.export({ format: 'der', type: 'pkcs8' })),
      state,
      now,
      state === 'active' ? now : null,
    ]);
  }

  /** What this process has just written is in memory afterwards: a read that began before does not count. */
  private async reread(): Promise<Ring> {
    await this.reading?.catch(() => undefined);
    return this.read(0);
  }

  private async read(notOlderThan = REREAD_AFTER): Promise<Ring> {
    const current = this.ring;
    if (current && this.clock.now() - current.readAt < notOlderThan) return current;
    this.reading ??= this.load().finally(() => (this.reading = undefined));
    try {
      return (this.ring = await this.reading);
    } catch (error) {
      // Without the database nothing new is issued, but what was issued can still be verified.
      if (current && notOlderThan > 0) return current;
      throw error;
    }
  }

  private async load(): Promise<Ring> {
    const readAt = this.clock.now();
    const rows = await this.database.query<KeyRow>(ALL);
    const active = new Map<SigningAlgorithm, SigningKey>();
    const known = new Map<string, VerificationKey>();
    const opening: Ring['opening'] = [];
    for (const row of rows) {
      const { kid, algorithm } = row;
      if (isForEncryption(algorithm)) {
        const opens = row.retired_at === null || Number(row.retired_at) > readAt - OPENS_FOR;
        if (opens) opening.push({ kid, algorithm, key: this.privateKey(row) });
        continue;
      }
      if (row.state === 'active') active.set(algorithm, { kid, algorithm, key: this.privateKey(row) });
      // The same object as long as the key is the same one: what was proved with it stays proved.
      known.set(kid, this.ring?.known.get(kid) ?? { kid, algorithm, key: publicKeyOf(row) });
    }
    const forgotten = readAt - LONGEST_TOKEN_SECONDS * 1000;
    const isPublished = ({ algorithm, state, retired_at: at }: KeyRow) =>
      isForEncryption(algorithm) ? state === 'active' : at === null || Number(at) > forgotten;
    // Those for signatures first: there are readers that take the first key of a kind, whatever it is for.
    const published = rows.filter(isPublished).toSorted((one, other) => order(one) - order(other));
    return { readAt, rows, active, known, opening, jwks: { keys: published.map((row) => row.public_jwk) } };
  }

  private privateKey(row: KeyRow): KeyObject {
    let key = this.privateKeys.get(row.kid);
    if (!key) {
      key = createPrivateKey({ key: this.open(row), format: 'der', type: 'pkcs8' });
      this.privateKeys.set(row.kid, key);
    }
    return key;
  }

  private open(row: KeyRow): Buffer {
    const opened = this.secrets.open('signing-key', row.private_sealed);
    if (!opened) {
      throw new KeyRingError(
        'GATEHOUSE_SECRET: the signing keys in this database were sealed under another secret. ' +
          'Add the old secret at the end of the list.',
      );
    }
    return opened;
  }
}

/** The states in which there is always a key; a new one begins in the last. Nobody must know a key before it opens something. */
function statesOf(algorithm: KeyAlgorithm): readonly ('active' | 'next')[] {
  return isForEncryption(algorithm) ? ['active'] : ['active', 'next'];
}

/** The state of a key that was made last: not in use yet, where others must know it before it is. */
function lastStateOf(algorithm: KeyAlgorithm): 'active' | 'next' {
  return statesOf(algorithm).at(-1)!;
}

function missingFrom(rows: KeyRow[]): { algorithm: KeyAlgorithm; state: 'active' | 'next' }[] {
  return KEY_ALGORITHMS.flatMap((algorithm) => statesOf(algorithm).map((state) => ({ algorithm, state }))).filter(
    ({ algorithm, state }) => !rows.some((row) => row.algorithm === algorithm && row.state === state),
  );
}

function publicKeyOf({ public_jwk: jwk }: KeyRow): KeyObject {
  return createPublicKey({ key: jwk as unknown as JsonWebKey, format: 'jwk' });
}

function isErased({ private_sealed: sealed }: KeyRow): boolean {
  return sealed.length === 0;
}

function order({ algorithm }: KeyRow): number {
  return KEY_ALGORITHMS.indexOf(algorithm);
}
