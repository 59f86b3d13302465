import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, statement } from '../platform/database/database.js';
import { randomOctets, Secrets } from '../platform/secret.js';
import { sectorOf } from './client-metadata.js';
import type { Client } from './client.js';

/** The name of the setting, and the purpose it is sealed for. */
const SALT = 'pairwise-salt';
const SALT_OCTETS = 32;

const FIND = statement(`SELECT value FROM provider_setting WHERE name = $1`);
const ADD = statement(`INSERT INTO provider_setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`);
/** Only what was read is replaced, so that two at once do no harm. */
const RESEAL = statement(`UPDATE provider_setting SET value = $3 WHERE name = $1 AND value = $2 RETURNING name`);

/**
 * How a client knows a person: by the person's own `sub`, or by a pairwise one (OpenID Connect Core §8.1). Everything that
 * tells a client who somebody is asks here; inside, a person has one subject only. A pairwise subject is never turned
 * back: whoever receives one computes forward and compares.
 */
@Injectable()
export class SubjectIdentifiers {
  private salt?: Promise<Buffer>;

  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
  ) {}

  /** @param subject the person's own `sub`. @throws Error when the salt cannot be opened with GATEHOUSE_SECRET. */
  async of({ id, metadata }: Pick<Client, 'id' | 'metadata'>, subject: string): Promise<string> {
    if (metadata.subject_type !== 'pairwise') return subject;
    const sector = sectorOf(metadata);
    if (sector === undefined) throw new Error(`the pairwise client '${id}' has no sector`);
    return createHmac('sha256', await this.currentSalt())
      .update(`${sector}\0${subject}`)
      .digest('base64url');
  }

  /** Seals the salt under the first of GATEHOUSE_SECRET; answers how many were sealed under another. */
  async reseal(): Promise<number> {
    const sealed = await this.sealedSalt();
    if (!sealed || this.secrets.isCurrent(SALT, sealed)) return 0;
    const resealed = this.secrets.seal(SALT, this.open(sealed));
    return (await this.database.query(RESEAL, [SALT, sealed, resealed])).length;
  }

  /** Made once and never changed: with another salt every pairwise client would take everybody for somebody new. */
  private currentSalt(): Promise<Buffer> {
    if (!this.salt) {
      const salt = this.readOrMake();
      this.salt = salt;
      salt.catch(() => (this.salt = undefined));
    }
    return this.salt;
  }

  private async readOrMake(): Promise<Buffer> {
    let sealed = await this.sealedSalt();
    if (!sealed) {
      // Another process may be faster: whose salt it is shows when it is read again.
      await this.database.query(ADD, [SALT, this.secrets.seal(SALT, randomOctets(SALT_OCTETS))]);
      sealed = await this.sealedSalt();
    }
    return this.open(sealed!);
  }

  private async sealedSalt(): Promise<Buffer | undefined> {
    const [row] = await this.database.query<{ value: Buffer }>(FIND, [SALT]);
    return row?.value;
  }

  private open(sealed: Buffer): Buffer {
    const salt = this.secrets.open(SALT, sealed);
    if (!salt) {
      throw new Error(
        'GATEHOUSE_SECRET: what pairwise subjects are made from was sealed under another secret. ' +
          'Add the old secret at the end of the list.',
      );
    }
    return salt;
  }
}
