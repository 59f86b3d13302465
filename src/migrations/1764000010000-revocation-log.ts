import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The revocation log: one line per cause, in the transaction of its cause, in the order of commits. A cursor is `(epoch,
 * seq)`; `line` names a line for good and `prev` the one before it, so that a log which was restored to an earlier point and
 * grew again is told from the one that was lost. Times are epoch milliseconds.
 */
export class RevocationLog1764000010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE revocation_log (
        seq bigint PRIMARY KEY,
        epoch bigint NOT NULL,
        line text NOT NULL,
        prev text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('token', 'session', 'authorization', 'subject', 'client', 'consent')),
        jti text,
        sid text,
        authorization_id text,
        subject text,
        client_id text,
        cause text NOT NULL,
        clients text[] NOT NULL,
        authorizations text[] NOT NULL,
        created_at bigint NOT NULL,
        expires_at bigint NOT NULL
      )`);
    await runner.query(`CREATE INDEX revocation_log_expires_at ON revocation_log (expires_at)`);
    // One row, updated in place: whoever reads the head reads one page.
    await runner.query(`
      CREATE TABLE revocation_head (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        epoch bigint NOT NULL,
        seq bigint NOT NULL,
        line text NOT NULL,
        lineage text NOT NULL
      ) WITH (fillfactor = 10)`);
    // What changes when the database is promoted (the timeline), copied or restored (the system, the database, the table).
    // Some hosts forbid one or the other: what is left still tells.
    await runner.query(`
      CREATE FUNCTION revocation_lineage() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
      DECLARE
        cluster text := '';
        timeline text := '';
      BEGIN
        BEGIN
          cluster := (SELECT system_identifier FROM pg_control_system());
        EXCEPTION WHEN OTHERS THEN NULL;
        END;
        BEGIN
          timeline := left(pg_walfile_name(pg_current_wal_insert_lsn()), 8);
        EXCEPTION WHEN OTHERS THEN NULL;
        END;
        RETURN concat_ws('/', cluster, timeline, (SELECT oid FROM pg_database WHERE datname = current_database()),
          'revocation_head'::regclass::oid);
      END $$`);
    // An epoch is a number that only grows, whichever copy of the database it was counted on: microseconds since 1970.
    await runner.query(`
      CREATE FUNCTION revocation_next_epoch(earlier bigint) RETURNS bigint LANGUAGE sql VOLATILE AS $$
        SELECT greatest(earlier + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
      $$`);
    // The lock is taken last, so nothing slow holds it, and the number is drawn after it: lines are committed in their
    // order. Each statement of a function has a snapshot of its own only in READ COMMITTED.
    await runner.query(`
      CREATE FUNCTION revocation_append(
        kind text, jti text, sid text, authorization_id text, subject text, client_id text, cause text,
        clients text[], authorizations text[], created_at bigint, expires_at bigint
      ) RETURNS bigint LANGUAGE plpgsql VOLATILE SET lock_timeout = '2s' AS $$
      DECLARE
        head revocation_head%ROWTYPE;
        here text;
        next_seq bigint;
        next_line text := replace(gen_random_uuid()::text, '-', '');
      BEGIN
        IF current_setting('transaction_isolation') <> 'read committed' THEN
          RAISE EXCEPTION 'the revocation log is written in READ COMMITTED transactions only';
        END IF;
        PERFORM pg_advisory_xact_lock(7126402032);
        here := revocation_lineage();
        SELECT * INTO STRICT head FROM revocation_head;
        next_seq := head.seq + 1;
        IF here <> head.lineage THEN
          head.epoch := revocation_next_epoch(head.epoch);
        END IF;
        INSERT INTO revocation_log VALUES (next_seq, head.epoch, next_line, head.line, kind, jti, sid, authorization_id,
          subject, client_id, cause, clients, authorizations, created_at, expires_at);
        UPDATE revocation_head SET epoch = head.epoch, seq = next_seq, line = next_line, lineage = here;
        PERFORM pg_notify('gatehouse_revocation', '');
        RETURN next_seq;
      END $$`);
    // For whoever finds out that the log is not the one it was: another began meanwhile, or nothing changed.
    await runner.query(`
      CREATE FUNCTION revocation_begin_epoch(seen bigint) RETURNS void LANGUAGE plpgsql VOLATILE SET lock_timeout = '2s' AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock(7126402032);
        UPDATE revocation_head SET epoch = revocation_next_epoch(epoch), lineage = revocation_lineage()
        WHERE epoch = seen;
        PERFORM pg_notify('gatehouse_revocation', '');
      END $$`);
    await runner.query(`
      INSERT INTO revocation_head (epoch, seq, line, lineage)
      VALUES (revocation_next_epoch(0), 0, replace(gen_random_uuid()::text, '-', ''), revocation_lineage())`);
    // Whoever serves an API may ask about its tokens, and is told which of them died; not only its one owner.
    await runner.query(`ALTER TABLE resource ADD COLUMN served_by text[] NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE resource DROP COLUMN served_by`);
    await runner.query(`DROP FUNCTION revocation_begin_epoch`);
    await runner.query(`DROP FUNCTION revocation_append`);
    await runner.query(`DROP FUNCTION revocation_next_epoch`);
    await runner.query(`DROP FUNCTION revocation_lineage`);
    await runner.query(`DROP TABLE revocation_head`);
    await runner.query(`DROP TABLE revocation_log`);
  }
}
