// Loaded before the provider (`--import`): writes the texts of the prepared statements that it sent to BENCH_STATEMENTS.
import { writeFileSync } from 'node:fs';
import pg from 'pg';

const texts = new Map();
const { query } = pg.Client.prototype;
pg.Client.prototype.query = function (config, ...rest) {
  if (config?.name && !texts.has(config.name)) {
    texts.set(config.name, config.text);
    writeFileSync(process.env.BENCH_STATEMENTS, JSON.stringify(Object.fromEntries(texts)));
  }
  return query.call(this, config, ...rest);
};
