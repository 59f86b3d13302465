import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is told of revocations, and who has confirmed them (OpenID Shared Signals Framework 1.0). Times are epoch milliseconds. */
export class Signals1764000010001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // A person's claims changed: tokens with the old ones are refused, and nothing else ends.
    await runner.query(`ALTER TABLE revocation_log DROP CONSTRAINT revocation_log_kind_check`);
    await runner.query(`
      ALTER TABLE revocation_log ADD CONSTRAINT revocation_log_kind_check
      CHECK (kind IN ('token', 'session', 'authorization', 'subject', 'client', 'consent', 'claims'))`);
    await runner.query(`CREATE INDEX revocation_log_sid ON revocation_log (sid) WHERE sid IS NOT NULL`);
    // One stream per process of a receiver (its `instance`); a receiver that names none has one.
    await runner.query(`
      CREATE TABLE signal_stream (
        id text PRIMARY KEY,
        client_id text NOT NULL REFERENCES client (id) ON DELETE CASCADE,
        instance text NOT NULL,
        push_url text,
        push_authorization bytea,
        events_requested text[] NOT NULL,
        description text,
        algorithm text NOT NULL,
        status text NOT NULL CHECK (status IN ('enabled', 'paused', 'disabled')),
        status_reason text,
        inactivity_seconds integer,
        acknowledged bigint NOT NULL,
        created_at bigint NOT NULL,
        seen_at bigint NOT NULL,
        pusher text,
        pusher_until bigint,
        UNIQUE (client_id, instance)
      )`);
    // Everything up to signal_stream.acknowledged is; these say when, and what was acknowledged out of turn.
    await runner.query(`
      CREATE TABLE signal_acknowledgement (
        stream_id text NOT NULL REFERENCES signal_stream (id) ON DELETE CASCADE,
        seq bigint NOT NULL,
        at bigint NOT NULL,
        error text,
        PRIMARY KEY (stream_id, seq)
      )`);
    await runner.query(`CREATE INDEX signal_acknowledgement_at ON signal_acknowledgement (at)`);
    await runner.query(`
      CREATE TABLE signal_removed_subject (
        stream_id text NOT NULL REFERENCES signal_stream (id) ON DELETE CASCADE,
        subject_digest bytea NOT NULL,
        PRIMARY KEY (stream_id, subject_digest)
      )`);
    // What one stream is told beside the log: verifications and changes of its status.
    await runner.query(`
      CREATE TABLE signal_notice (
        id text PRIMARY KEY,
        stream_id text NOT NULL REFERENCES signal_stream (id) ON DELETE CASCADE,
        event json NOT NULL,
        created_at bigint NOT NULL
      )`);
    await runner.query(`CREATE INDEX signal_notice_stream_id ON signal_notice (stream_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['signal_notice', 'signal_removed_subject', 'signal_acknowledgement', 'signal_stream']) {
      await runner.query(`DROP TABLE ${table}`);
    }
    await runner.query(`DROP INDEX revocation_log_sid`);
    await runner.query(`DELETE FROM revocation_log WHERE kind = 'claims'`);
    await runner.query(`ALTER TABLE revocation_log DROP CONSTRAINT revocation_log_kind_check`);
    await runner.query(`
      ALTER TABLE revocation_log ADD CONSTRAINT revocation_log_kind_check
      CHECK (kind IN ('token', 'session', 'authorization', 'subject', 'client', 'consent'))`);
  }
}
