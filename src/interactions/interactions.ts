import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, type Statement, statement } from '../platform/database/database.js';
import { sweepAll, sweeping } from '../platform/database/sweep.js';
import { digest, randomToken } from '../platform/secret.js';
import type { Attempt, Demand, Interaction, SignedIn } from './interaction.js';

/** A person gets this long to sign in and decide. */
const LIFETIME = 60 * 60_000;

const BEGIN = statement(`
  INSERT INTO interaction (id_digest, browser_digest, resume_path, display, payload, progress, created_at, expires_at, demand)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`);
const FIND = statement(`
  SELECT resume_path, display, payload, progress, signed_in, created_at, demand, attempt FROM interaction
  WHERE id_digest = $1 AND browser_digest = $2 AND completed_at IS NULL AND expires_at > $3`);
const SIGNED_IN = statement(`
  UPDATE interaction SET signed_in = $4, attempt = NULL
  WHERE id_digest = $1 AND browser_digest = $2 AND completed_at IS NULL AND expires_at > $3 RETURNING resume_path`);
const ATTEMPT = statement(`
  UPDATE interaction SET attempt = $4, signed_in = NULL
  WHERE id_digest = $1 AND browser_digest = $2 AND completed_at IS NULL AND expires_at > $3 RETURNING resume_path`);
const END_ATTEMPT = statement(`
  UPDATE interaction SET attempt = NULL
  WHERE id_digest = $1 AND browser_digest = $2 AND completed_at IS NULL AND expires_at > $3 AND attempt ->> 'id' = $4
  RETURNING resume_path`);
const PROGRESS = statement(`
  UPDATE interaction SET progress = progress || $4
  WHERE id_digest = $1 AND browser_digest = $2 AND completed_at IS NULL AND expires_at > $3 RETURNING resume_path`);
const COMPLETE = statement(`
  UPDATE interaction SET completed_at = $3
  WHERE id_digest = $1 AND browser_digest = $2 AND completed_at IS NULL AND expires_at > $3 RETURNING resume_path`);
const SWEEP = sweeping('interaction', 'expires_at <= $1');

interface InteractionRow {
  resume_path: string;
  display: Interaction['display'];
  payload: Record<string, unknown>;
  progress: Record<string, unknown>;
  signed_in: SignedIn | null;
  created_at: string;
  demand: Demand | null;
  attempt: Attempt | null;
}

const NO_DEMAND: Demand = { fresh: false, acrs: [], secondFactor: false };

/**
 * Keeps interactions. Each is bound to the browser that began it (see `browser.ts`): with another browser's cookie it does
 * not exist, so nobody can be walked through somebody else's interaction. It is used up when it completes.
 */
@Injectable()
export class Interactions {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Puts a request aside; answers the opaque id (256 bits). */
  async begin(
    browserId: string,
    interaction: Pick<Interaction, 'resumePath' | 'display' | 'payload'> & {
      progress?: Record<string, unknown>;
      demand?: Demand;
    },
  ): Promise<string> {
    const id = randomToken();
    const now = this.clock.now();
    await this.database.query(BEGIN, [
      digest(id),
      digest(browserId),
      interaction.resumePath,
      interaction.display,
      interaction.payload,
      interaction.progress ?? {},
      now,
      now + LIFETIME,
      interaction.demand ?? null,
    ]);
    return id;
  }

  /** The living interaction of this browser, or undefined: unknown, completed, expired, or another browser's. */
  async find(id: string | undefined, browserId: string | undefined): Promise<Interaction | undefined> {
    if (!id || !browserId || id.length !== 43) return undefined;
    const [row] = await this.database.query<InteractionRow>(FIND, [digest(id), digest(browserId), this.clock.now()]);
    return (
      row && {
        id,
        resumePath: row.resume_path,
        display: row.display,
        payload: row.payload,
        progress: row.progress,
        demand: row.demand ?? NO_DEMAND,
        ...(row.attempt ? { attempt: row.attempt } : {}),
        ...(row.signed_in ? { signedIn: row.signed_in } : {}),
        createdAt: Number(row.created_at),
      }
    );
  }

  /** Notes a sign-in that is under way; whatever was proved in an earlier one counts no more. False when the interaction is no more. */
  async beginAttempt(id: string, browserId: string, attempt: Attempt): Promise<boolean> {
    return (await this.advance(ATTEMPT, id, browserId, attempt)) !== undefined;
  }

  /** Takes the attempt away from the interaction. Of several calls at once, exactly one gets true. */
  async endAttempt(id: string, browserId: string, attemptId: string): Promise<boolean> {
    return (await this.advance(END_ATTEMPT, id, browserId, attemptId)) !== undefined;
  }

  /** Notes that a person signed in for this interaction; answers where to go on, or undefined when it is no more. */
  async recordSignIn(id: string, browserId: string, signedIn: SignedIn): Promise<string | undefined> {
    return this.advance(SIGNED_IN, id, browserId, signedIn);
  }

  /** Notes something its owner wants to find when the browser comes back. */
  async note(id: string, browserId: string, progress: Record<string, unknown>): Promise<string | undefined> {
    return this.advance(PROGRESS, id, browserId, progress);
  }

  /** Uses the interaction up. Of several calls at once exactly one gets true. */
  async complete(id: string, browserId: string): Promise<boolean> {
    const rows = await this.database.query(COMPLETE, [digest(id), digest(browserId), this.clock.now()]);
    return rows.length > 0;
  }

  sweep(): Promise<number> {
    return sweepAll(this.database, SWEEP, [this.clock.now()]);
  }

  private async advance(verb: Statement, id: string, browserId: string, value: object | string) {
    const [row] = await this.database.query<{ resume_path: string }>(verb, [
      digest(id),
      digest(browserId),
      this.clock.now(),
      value,
    ]);
    return row && `${row.resume_path}?interaction=${encodeURIComponent(id)}`;
  }
}
