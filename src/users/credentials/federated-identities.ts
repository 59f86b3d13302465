import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database, type Queryable, statement } from '../../platform/database/database.js';
import { digest } from '../../platform/secret.js';

/** Accounts at other providers that one person may link. */
const MOST = 20;
/** OpenID Connect Core §2; what is longer is no subject. */
const LONGEST_SUBJECT = 255;

const LINK = statement(`
  INSERT INTO federated_identity (issuer, upstream_subject, subject, created_at)
  SELECT $1, $2, $3, $4 WHERE (SELECT count(*) FROM federated_identity WHERE subject = $3) < ${MOST}
  ON CONFLICT (issuer, upstream_subject) DO NOTHING RETURNING subject`);
const OWNER = statement(`SELECT subject FROM federated_identity WHERE issuer = $1 AND upstream_subject = $2`);
const USED = statement(`
  UPDATE federated_identity SET last_used_at = $3 WHERE issuer = $1 AND upstream_subject = $2 RETURNING subject`);
const OF = statement(`
  SELECT issuer, upstream_subject, created_at, last_used_at FROM federated_identity
  WHERE subject = $1 ORDER BY created_at, issuer, upstream_subject`);
const UNLINK = statement(`
  DELETE FROM federated_identity WHERE subject = $1 AND issuer = $2 AND upstream_subject = $3 RETURNING 1 AS gone`);

interface FederatedRow {
  issuer: string;
  upstream_subject: string;
  created_at: string;
  last_used_at: string | null;
}

/** An account at another provider that a person may sign in with. Times are epoch milliseconds. */
export interface FederatedIdentity {
  /** Names it in our forms. */
  id: string;
  issuer: string;
  /** The person's subject there. */
  upstreamSubject: string;
  createdAt: number;
  lastUsedAt?: number;
}

/** The issuers that people can sign in with now: a link to any other is no way to sign in. It is its own injection token. */
export class FederatedIssuers {
  constructor(readonly issuers: readonly string[]) {}
}

/**
 * Which account at another provider is whose here. The pair of issuer and subject names it, and nothing else does: an
 * address is no key, because whoever runs a provider says of an address what they like.
 */
@Injectable()
export class FederatedIdentities {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly active: FederatedIssuers,
  ) {}

  /** Whose it is; notes that it was used. */
  async use(issuer: string, upstreamSubject: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ subject: string }>(USED, [issuer, upstreamSubject, this.clock.now()]);
    return row?.subject;
  }

  /** Links it; `taken` when it is somebody else's, `known` when it was this person's already, `full` with twenty. */
  async link(
    subject: string,
    { issuer, upstreamSubject }: Pick<FederatedIdentity, 'issuer' | 'upstreamSubject'>,
    queryable: Queryable,
  ): Promise<'linked' | 'known' | 'taken' | 'full'> {
    if (upstreamSubject.length > LONGEST_SUBJECT) return 'full';
    const values = [issuer, upstreamSubject, subject, this.clock.now()];
    if ((await queryable.query(LINK, values)).length > 0) return 'linked';
    const [row] = await queryable.query<{ subject: string }>(OWNER, [issuer, upstreamSubject]);
    if (!row) return 'full';
    return row.subject === subject ? 'known' : 'taken';
  }

  async list(subject: string): Promise<FederatedIdentity[]> {
    return (await this.database.query<FederatedRow>(OF, [subject])).map((row) => ({
      id: digest(`${row.issuer}\0${row.upstream_subject}`).toString('base64url'),
      issuer: row.issuer,
      upstreamSubject: row.upstream_subject,
      createdAt: Number(row.created_at),
      ...(row.last_used_at === null ? {} : { lastUsedAt: Number(row.last_used_at) }),
    }));
  }

  /** How many of them the person can sign in with now. */
  async usable(subject: string): Promise<number> {
    return (await this.list(subject)).filter(({ issuer }) => this.active.issuers.includes(issuer)).length;
  }

  isUsable({ issuer }: FederatedIdentity): boolean {
    return this.active.issuers.includes(issuer);
  }

  /** False when the person has no such link. */
  async unlink(subject: string, id: string, queryable: Queryable): Promise<boolean> {
    const found = (await this.list(subject)).find((one) => one.id === id);
    if (!found) return false;
    return (await queryable.query(UNLINK, [subject, found.issuer, found.upstreamSubject])).length > 0;
  }
}
