import { Sessions1764000000000 } from '../../src/migrations/1764000000000-sessions.js';
import type { Database } from '../../src/platform/database/database.js';
import { openDatabase } from '../../src/platform/database/open-database.js';
import { statement } from '../../src/platform/database/database.js';
import { MemorySessionStore } from '../../src/sessions/stores/memory.js';
import { PostgresSessionStore } from '../../src/sessions/stores/postgres.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { sessionStoreContract } from './session-store.contract.js';

describe('sessions in memory', () => {
  sessionStoreContract(async () => ({ store: new MemorySessionStore() }));
});

describe('sessions in PostgreSQL', () => {
  let file: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    file = await createTestDatabase();
    database = await openDatabase({ url: file.url, migrations: [Sessions1764000000000] });
  });
  afterAll(async () => {
    await database?.onApplicationShutdown();
    await file?.drop();
  });
  sessionStoreContract(async () => {
    await database.query(statement('DELETE FROM session'));
    return {
      store: new PostgresSessionStore(database, '__Host-one'),
      other: new PostgresSessionStore(database, '__Host-two'),
    };
  });
});
