import { type Queryable, type Row, type Statement, statement, type Write } from './database.js';

/** What is written in one statement. */
export interface Writes {
  /** Inserted together, or not at all. Each ends in its values, `INSERT … SELECT $1, $2`, so that a condition may follow. */
  insert: readonly Write[];
  /** Something to read: when it answers a row, nothing is inserted. It may read what `claim` returned by that name. */
  unless?: Write;
  /** Written before `unless` is read, in any case: what it locks is locked until all is committed. Ends in RETURNING. */
  claim?: Write;
  /** Written in any case. */
  anyway?: readonly Write[];
}

const joined = new Map<string, Statement>();

/**
 * Makes several writes in one statement: one round trip and one commit, none without the others. They are made at the same
 * moment, so none sees what another does.
 * @returns what `unless` answered: when that is no row, everything was inserted.
 */
export async function writeTogether<T extends object = Row>(queryable: Queryable, writes: Writes): Promise<T[]> {
  const { insert, unless, claim, anyway = [] } = writes;
  const parts = [...(claim ? [claim] : []), ...(unless ? [unless] : []), ...anyway, ...insert];
  const name = [!!claim, !!unless, ...parts.map((write) => write.statement.name)].join(' ');
  let together = joined.get(name);
  if (!together) {
    together = statement(textOf(writes));
    joined.set(name, together);
  }
  const values = parts.flatMap((part) => part.values);
  return queryable.query<T>(together, values);
}

function textOf({ insert, unless, claim, anyway = [] }: Writes): string {
  let before = 0;
  const moved = ({ statement: { text }, values }: Write) => {
    const first = before;
    before += values.length;
    return text.replaceAll(/\$(\d+)/g, (_, place) => `$${first + Number(place)}`);
  };
  const claimed = claim && `claim AS (${moved(claim)})`;
  const found = unless && `found AS (${moved(unless)}), clear AS (SELECT WHERE NOT EXISTS (SELECT FROM found))`;
  const condition = unless ? ' FROM clear' : '';
  const writes = [
    ...anyway.map((write) => `(${moved(write)})`),
    ...insert.map((write) => `(${moved(write)}${condition})`),
  ].map((text, place) => `write_${place} AS ${text}`);
  const parts = [claimed, found, ...writes].filter((part) => part !== undefined);
  return `WITH ${parts.join(', ')} ${found ? 'SELECT * FROM found' : 'SELECT WHERE false'}`;
}
