import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Browser sessions, of the provider and of relying parties that keep theirs in PostgreSQL. Times are epoch milliseconds. */
export class Sessions1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE session (
        realm text NOT NULL,
        id_digest bytea NOT NULL,
        sid text NOT NULL,
        subject text NOT NULL,
        started_at bigint NOT NULL,
        authenticated_at bigint NOT NULL,
        last_seen_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        idle_expires_at bigint NOT NULL,
        acr text NOT NULL,
        amr text[] NOT NULL,
        ip text NOT NULL,
        user_agent text NOT NULL,
        data bytea NOT NULL,
        PRIMARY KEY (id_digest)
      )`);
    await runner.query(`CREATE INDEX session_sid ON session (sid)`);
    await runner.query(`CREATE INDEX session_subject ON session (subject, realm)`);
    await runner.query(`CREATE INDEX session_expires_at ON session (expires_at)`);
    await runner.query(`CREATE INDEX session_idle_expires_at ON session (idle_expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE session`);
  }
}
