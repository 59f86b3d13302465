import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, type Queryable, statement } from '../platform/database/database.js';
import { digest, randomToken, Secrets } from '../platform/secret.js';

/** What a token is good for; one of another purpose is as good as none. */
export type TokenPurpose =
  | 'magic-link'
  | 'email-code'
  | 'password-reset'
  | 'sign-up'
  | 'email-change'
  | 'email-undo'
  | 'upstream'
  | 'upstream-link';

/** Wrong answers to one token; the next finds it dead. */
const MOST_TRIES = 5;

/** Each way back counts until its time is over: whoever changes something twice must not end the first. */
const SIDE_BY_SIDE: readonly TokenPurpose[] = ['email-undo'];

const FORGET = statement(`DELETE FROM one_time_token WHERE subject = $1 AND purpose = $2`);
const ISSUE = statement(`
  INSERT INTO one_time_token (digest, purpose, subject, browser_digest, answer_tag, sealed, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`);
const ADDRESS = statement(`
  UPDATE one_time_token SET subject = $3 WHERE digest = $1 AND purpose = $2 AND subject IS NULL RETURNING 1 AS done`);
const PEEK = statement(`
  SELECT subject, browser_digest, sealed FROM one_time_token WHERE digest = $1 AND purpose = $2 AND expires_at > $3`);
const SPEND = statement(`
  DELETE FROM one_time_token
  WHERE digest = $1 AND purpose = $2 AND expires_at > $3 AND (browser_digest IS NULL OR browser_digest = $4)
    AND answer_tag IS NULL
  RETURNING subject, browser_digest, sealed, expires_at`);
const TRY = statement(`
  UPDATE one_time_token SET tries = tries + 1
  WHERE digest = $1 AND purpose = $2 AND expires_at > $3 AND browser_digest = $4 AND tries < ${MOST_TRIES}
  RETURNING 1 AS tried`);
const ANSWER = statement(`
  DELETE FROM one_time_token
  WHERE digest = $1 AND purpose = $2 AND expires_at > $3 AND browser_digest = $4 AND answer_tag = $5
  RETURNING subject, browser_digest, sealed`);
const END_LATER = statement(`
  DELETE FROM one_time_token WHERE subject = $1 AND purpose = $2 AND expires_at >= $3`);
const END_ALL = statement(`DELETE FROM one_time_token WHERE subject = $1 AND purpose <> ALL($2)`);
const SWEEP = statement(`DELETE FROM one_time_token WHERE expires_at <= $1`);

interface TokenRow {
  subject: string | null;
  browser_digest: Buffer | null;
  sealed: Buffer;
  expires_at?: string;
}

/** What a token stands for. */
export interface TokenContent {
  /** Whom it is about. */
  subject?: string;
  data: Record<string, unknown>;
}

/** What a token stood for. */
export interface SpentToken extends TokenContent {
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** What a token is made of. */
export interface NewToken {
  purpose: TokenPurpose;
  /** A newer token of the same subject and purpose ends the older, unless they stand side by side. */
  subject?: string;
  /** Only this browser may bring it back. */
  browserId?: string;
  data?: Record<string, unknown>;
  /** In milliseconds. */
  lifetime: number;
  /** It is good only together with this answer, which travels another way. */
  answer?: string;
}

/**
 * Tokens that are good for one use, for a short while: what mails carry. 256 random bits; the database has their digests,
 * and looks them up by these, so that the time of an answer tells nothing about a token. Each verb is one atomic step.
 */
@Injectable()
export class OneTimeTokens {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  async issue(
    { purpose, subject, browserId, data = {}, lifetime, answer }: NewToken,
    queryable: Queryable = this.database,
  ): Promise<string> {
    const token = randomToken();
    const replaces = subject !== undefined && !SIDE_BY_SIDE.includes(purpose);
    if (replaces) await queryable.query(FORGET, [subject, purpose]);
    await queryable.query(ISSUE, [
      digest(token),
      purpose,
      subject ?? null,
      browserId === undefined ? null : digest(browserId),
      answer === undefined ? null : this.tagOf(token, answer),
      this.secrets.seal('one-time-token', JSON.stringify(data)),
      this.clock.now() + lifetime,
    ]);
    return token;
  }

  /** Says whom a token is about that was made before that was known; the person's older one ends. False when it is gone. */
  async address(token: string, purpose: TokenPurpose, subject: string): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      await transaction.query(FORGET, [subject, purpose]);
      return (await transaction.query(ADDRESS, [digest(token), purpose, subject])).length > 0;
    });
  }

  /**
   * What a token stands for, without spending it: for the page that asks before.
   * @param browserId answers `here`: whether this browser may spend it.
   */
  async peek(
    token: string,
    purpose: TokenPurpose,
    browserId?: string,
  ): Promise<(TokenContent & { here: boolean }) | undefined> {
    const [row] = await this.database.query<TokenRow>(PEEK, [digest(token), purpose, this.clock.now()]);
    const content = row && this.contentOf(row);
    const bound = row?.browser_digest;
    return content && { ...content, here: !bound || (browserId !== undefined && bound.equals(digest(browserId))) };
  }

  /** Spends a token; of many at once one gets what it stands for. */
  async spend(
    token: string,
    purpose: TokenPurpose,
    browserId?: string,
    queryable: Queryable = this.database,
  ): Promise<SpentToken | undefined> {
    const browser = browserId === undefined ? null : digest(browserId);
    const [row] = await queryable.query<TokenRow>(SPEND, [digest(token), purpose, this.clock.now(), browser]);
    const content = row && this.contentOf(row);
    return content && { ...content, expiresAt: Number(row.expires_at) };
  }

  /** Spends a token together with its answer, which may be wrong a few times. */
  async answer(
    token: string,
    purpose: TokenPurpose,
    browserId: string,
    answer: string,
  ): Promise<TokenContent | undefined> {
    const key = [digest(token), purpose, this.clock.now(), digest(browserId)];
    // Counted before it is looked at: of any number of guesses at once only so many are.
    if ((await this.database.query(TRY, key)).length === 0) return undefined;
    const [row] = await this.database.query<TokenRow>(ANSWER, [...key, this.tagOf(token, answer)]);
    return row && this.contentOf(row);
  }

  /** Ends a person's tokens: their password or address is another now. @param except purposes that stay. */
  async endAll(subject: string, queryable: Queryable = this.database, except: TokenPurpose[] = []): Promise<void> {
    await endTokensOf(subject, queryable, except);
  }

  /** Ends a person's tokens of one purpose that expire then or later; they must all live equally long. */
  async endLater(subject: string, purpose: TokenPurpose, expiresAt: number, queryable: Queryable): Promise<void> {
    await queryable.query(END_LATER, [subject, purpose, expiresAt]);
  }

  async sweep(): Promise<void> {
    await this.database.query(SWEEP, [this.clock.now()]);
  }

  private contentOf({ subject, sealed }: TokenRow): TokenContent | undefined {
    const opened = this.secrets.open('one-time-token', sealed);
    if (!opened) return undefined;
    const data = JSON.parse(opened.toString()) as Record<string, unknown>;
    return { ...(subject === null ? {} : { subject }), data };
  }

  /** Keyed, because an answer that people type is short. */
  private tagOf(token: string, answer: string): Buffer {
    return this.secrets.authenticate('one-time-answer', `${token}\0${answer}`);
  }
}

/** As {@link OneTimeTokens.endAll}, for whoever makes none. */
export async function endTokensOf(subject: string, queryable: Queryable, except: TokenPurpose[] = []): Promise<void> {
  await queryable.query(END_ALL, [subject, except]);
}
