import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { digest } from '../secret.js';
import { traced } from '../tracing.js';
import { isAnswered, isDatabaseAway, PoolFullError } from './database-error.js';
import { withEarlyRows } from './early-rows.js';
import { spanOf, TRANSACTION_SPAN } from './spans.js';
import { Listener } from './listener.js';

/** A statement that PostgreSQL parses and plans once per connection. Make it once, at module level. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** A statement with its values, for whoever sends several as one. */
export interface Write {
  readonly statement: Statement;
  readonly values: unknown[];
}

/** Prepares a statement's name from its text, so that a changed text never meets an old plan. */
export function statement(text: string): Statement {
  return { name: `gh_${digest(text).toString('hex', 0, 8)}`, text };
}

/**
 * An array of a statement's values whose length the planner does not see, so that PostgreSQL keeps one plan for all lengths.
 * Shown the array itself, it plans anew at each execution, because a plan for the very length always seems the better one;
 * looking up one row by a batch of keys was measured at 253 µs of its CPU then, and at 30 µs with a plan that is kept.
 * @param value the parameter, `$1`
 * @param type of its elements
 */
export function arrayOf(value: string, type: 'text' | 'bytea' | 'bigint'): string {
  return `(SELECT ${value}::${type}[])::${type}[]`;
}

/** The type of each column, by its name. */
export type Columns = Readonly<Record<string, 'text' | 'text[]' | 'json' | 'bytea' | 'bigint' | 'boolean'>>;

/** One row of {@link rowsOf}: every column, what is left out of them is null. Octets as {@link octetsInJson} writes them. */
export type RowOf<C extends Columns> = {
  [Name in keyof C]: string | number | boolean | readonly string[] | object | null | undefined;
};

/**
 * Rows that come in one parameter, as JSON, for a statement about several things of many columns. An array for each column does the same;
 * three rows of seventeen columns took the driver 24 µs to write so, and as JSON take 3. PostgreSQL needs a tenth less for them, and
 * the planner does not see how many there are (see {@link arrayOf}).
 * @param value the parameter, `$1`
 * @param name of the row in the statement
 */
export function rowsOf(value: string, name: string, columns: Columns): string {
  const definitions = Object.entries(columns).map(([column, type]) => `${column} ${type}`);
  return `json_to_recordset(${value}::json) AS ${name} (${definitions.join(', ')})`;
}

/** As the value of a `bytea` in {@link rowsOf}. */
export function octetsInJson(octets: Buffer): string {
  return `\\x${octets.toString('hex')}`;
}

/** As much of TypeORM's `DataSource` as we use: the types that applications see name no package that they may lack. */
export interface DataSource {
  readonly driver: object;
  readonly isInitialized: boolean;
  // As TypeORM has it: the caller knows what the rows are.
  // oxlint-disable-next-line typescript/no-explicit-any
  query<T = any>(sql: string, parameters?: unknown[]): Promise<T>;
  destroy(): Promise<void>;
}

/**
 * A server that has not answered a statement after this long, in milliseconds, is taken for gone, and the connection with it:
 * where packets are only swallowed, TCP itself would wait for a quarter of an hour.
 */
const LONGEST_ANSWER = 8_000;
/** Statements that may wait for a connection; each waits for five seconds at the most. */
const MOST_WAITING = 1_000;

/**
 * A statement on its way. The driver copies the properties that are the object's own, with their descriptors, each time; the
 * setting that all have in common stands on the prototype, where the driver finds it, too (its types do not know it).
 */
class Sent {
  declare readonly query_timeout: number;

  constructor(
    readonly text: string,
    readonly name?: string,
    readonly values?: unknown[],
  ) {}
}
Object.defineProperty(Sent.prototype, 'query_timeout', { value: LONGEST_ANSWER });

export type Row = Record<string, unknown>;

/** What both the pool and a transaction can do. */
export interface Queryable {
  /**
   * Runs a prepared statement and answers its rows.
   * @param onRow called with each before it is committed, which may still fail; throws nothing
   */
  query<T extends object = Row>(statement: Statement, values?: unknown[], onRow?: (row: T) => void): Promise<T[]>;

  /**
   * Calls `work` when what was written so far is committed: outside of a transaction, at once. Never called when it is not
   * known to be committed. `work` throws nothing.
   */
  afterCommit(work: () => void): void;
}

/**
 * The one way to PostgreSQL. TypeORM holds the entities, the migrations and the pool; the stores' verbs send prepared
 * statements over the same pool (a TypeORM `findOneBy` was measured at four times the CPU of one).
 */
@Injectable()
export class Database implements Queryable, OnApplicationShutdown {
  private readonly pool: pg.Pool;
  private readonly listener: Listener;
  private readonly Query: typeof pg.Query;
  /** The server's processes that serve this process's connections. */
  private readonly backends = new Set<number>();

  /** @param onClosed called after the pool is drained, for example to stop the embedded server. */
  constructor(
    readonly dataSource: DataSource,
    private readonly onClosed: () => Promise<void> = async () => {},
  ) {
    this.pool = (dataSource.driver as { master: pg.Pool }).master;
    // The pool knows the driver, so that nobody who only names this class must have it.
    const { Client } = this.pool as unknown as { Client: typeof pg.Client & { Query: typeof pg.Query } };
    this.Query = Client.Query;
    // Not when they connect: the first have done so while the database was opened.
    this.pool.on('acquire', (client) => void this.backends.add(backendOf(client)));
    this.pool.on('remove', (client) => void this.backends.delete(backendOf(client)));
    // So that whoever looks at the server's connections knows which one it is.
    const named = { application_name: `${this.pool.options.application_name ?? 'gatehouse'} listener` };
    this.listener = new Listener(() => new Client({ ...this.pool.options, ...named }));
  }

  /** Connections of this process right now. */
  get load(): { open: number; idle: number; waiting: number } {
    return { open: this.pool.totalCount, idle: this.pool.idleCount, waiting: this.pool.waitingCount };
  }

  async query<T extends object = Row>(
    statement: Statement,
    values: unknown[] = [],
    onRow?: (row: T) => void,
  ): Promise<T[]> {
    return traced(
      () => spanOf(statement),
      async () => {
        this.refuseCrowd();
        const sent = new Sent(statement.text, statement.name, values);
        return (await this.pool.query<T>(onRow ? this.early(sent, onRow) : sent)).rows;
      },
    );
  }

  /** The pool takes it like any other statement, which its types do not know. */
  private early<T extends object>(sent: Sent, onRow: (row: T) => void): Sent {
    const query = withEarlyRows<T>(this.Query, sent, onRow);
    return Object.assign(query, { query_timeout: sent.query_timeout }) as unknown as Sent;
  }

  /** A statement of its own is committed when it is answered. */
  afterCommit(work: () => void): void {
    work();
  }

  /** Runs `work` in one transaction: wholly done when it returns, absent when it throws. */
  async transaction<T>(work: (transaction: Queryable) => Promise<T>, isolation = 'READ COMMITTED'): Promise<T> {
    return traced(
      () => TRANSACTION_SPAN,
      () => this.transact(work, isolation),
    );
  }

  private async transact<T>(work: (transaction: Queryable) => Promise<T>, isolation: string): Promise<T> {
    this.refuseCrowd();
    const client = await this.pool.connect();
    let broken: Error | undefined;
    const whenCommitted: (() => void)[] = [];
    // A connection may break between two statements, when nobody waits for it; unheard, that would end the process.
    const breaks = (error: Error) => (broken = error);
    client.on('error', breaks);
    try {
      await client.query(new Sent(`BEGIN ISOLATION LEVEL ${isolation}`));
      const result = await work(queryableOf(client, (then) => void whenCommitted.push(then)));
      await client.query(new Sent('COMMIT'));
      for (const then of whenCommitted) then();
      return result;
    } catch (error) {
      // One that did not answer is not asked again.
      if (isDatabaseAway(error) && !isAnswered(error)) broken = error as Error;
      else await client.query(new Sent('ROLLBACK')).catch((failure: Error) => (broken = failure));
      throw error;
    } finally {
      client.removeListener('error', breaks);
      client.release(broken);
    }
  }

  /** The pool itself lets any number wait. */
  private refuseCrowd(): void {
    const { waitingCount } = this.pool;
    if (waitingCount >= MOST_WAITING) throw new PoolFullError(waitingCount);
  }

  /**
   * Calls `wake` when somebody notifies on this channel; see {@link Listener} for what that is worth. `heardOn` is the
   * connection that has just heard it: a read by it never queues for one of the pool's, however busy those are. `isOwn`: a
   * connection of this process said it, whose statement is answered at the same time, or breaks; behind a pooler of
   * connections that is not known, and false.
   * @returns what stops it.
   */
  listen(channel: string, wake: (heardOn: Queryable, isOwn: boolean) => void): () => void {
    return this.listener.listen(channel, (client, sender) => wake(queryableOf(client), this.backends.has(sender)));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.listener.close();
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
    await this.onClosed();
  }
}

/** The driver knows the server's process by the first that it is told (BackendKeyData), and its types do not. */
function backendOf(client: pg.ClientBase): number {
  return (client as pg.ClientBase & { processID: number }).processID;
}

/** One connection's statements. */
function queryableOf(client: pg.ClientBase, afterCommit = (work: () => void): void => work()): Queryable {
  return {
    afterCommit,
    query: <R extends object>(statement: Statement, values: unknown[] = [], onRow?: (row: R) => void) =>
      traced(
        () => spanOf(statement),
        async () => {
          const { rows } = await client.query<R>(new Sent(statement.text, statement.name, values));
          if (onRow) rows.forEach((row) => onRow(row));
          return rows;
        },
      ),
  };
}
