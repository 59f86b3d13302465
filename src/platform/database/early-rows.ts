import type pg from 'pg';

/** A connection as the driver's queries use it; its types do not tell. */
interface Wire {
  flush(): void;
  sync(): void;
}

/**
 * A statement whose rows are told when PostgreSQL has made them, while it still writes its commit to the disk. It would send
 * them with the commit's confirmation; a Flush before the Sync has it send them at once (PostgreSQL's "Message Flow",
 * Extended Query). Whatever goes wrong afterwards, the statement fails as it always does.
 * @param Query the driver's
 * @param onRow throws nothing
 */
export function withEarlyRows<R extends pg.QueryResultRow>(
  Query: typeof pg.Query,
  config: pg.QueryConfig,
  onRow: (row: R) => void,
): object {
  const query = new Query<R>(config);
  query.on('row', onRow);
  const submit = query.submit.bind(query);
  query.submit = (connection) => submit(flushingBeforeSync(connection));
  return query;
}

function flushingBeforeSync<C extends object>(connection: C): C {
  const wire = connection as unknown as Wire;
  const sync = () => {
    wire.flush();
    wire.sync();
  };
  return Object.create(connection, { sync: { value: sync } }) as C;
}
