import type { SpanAttributes, SpanDescription } from '../tracing.js';
import type { Statement } from './database.js';

const SYSTEM: SpanAttributes = { 'db.system.name': 'postgresql' };

export const TRANSACTION_SPAN: SpanDescription = {
  name: 'PostgreSQL transaction',
  kind: 'client',
  attributes: SYSTEM,
};

const described = new WeakMap<Statement, SpanDescription>();

/** What a statement does, and its name; never its values. */
export function spanOf(statement: Statement): SpanDescription {
  let description = described.get(statement);
  if (!description) {
    const operation = /[a-z]+/i.exec(statement.text)?.[0]?.toUpperCase() ?? 'SQL';
    const table = /\b(?:FROM|INTO|UPDATE)\s+([a-z_]+)/i.exec(statement.text)?.[1];
    const summary = table === undefined ? operation : `${operation} ${table}`;
    const attributes = { ...SYSTEM, 'db.query.summary': summary, 'db.statement.name': statement.name };
    description = { name: summary, kind: 'client', attributes };
    described.set(statement, description);
  }
  return description;
}
