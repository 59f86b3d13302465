import type { MigrationInterface, QueryRunner } from 'typeorm';

const ARGUMENTS = `kind text, jti text, sid text, authorization_id text, subject text, client_id text, cause text,
    clients text[], authorizations text[], created_at bigint, expires_at bigint`;

/** As the first one: the lock is taken last, and the number is drawn after it. */
const appending = (name: string, type: string, answer: string) => `
  CREATE OR REPLACE FUNCTION ${name}(${ARGUMENTS}) RETURNS ${type} LANGUAGE plpgsql VOLATILE SET lock_timeout = '2s' AS $$
  DECLARE
    head revocation_head%ROWTYPE;
    here text;
    appended revocation_log;
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
      subject, client_id, cause, clients, authorizations, created_at, expires_at) RETURNING * INTO STRICT appended;
    UPDATE revocation_head SET epoch = head.epoch, seq = next_seq, line = next_line, lineage = here;
    PERFORM pg_notify('gatehouse_revocation', '');
    RETURN ${answer};
  END $$`;

/** Whoever appends to the revocation log is answered the line, so that the process that ended something need not read it. */
export class AppendedLines1764000015000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(appending('revocation_append_line', 'revocation_log', 'appended'));
    // Processes of the version before, which still run while others are replaced, call it by this name.
    await runner.query(`
      CREATE OR REPLACE FUNCTION revocation_append(${ARGUMENTS}) RETURNS bigint LANGUAGE sql VOLATILE AS $$
        SELECT (revocation_append_line(kind, jti, sid, authorization_id, subject, client_id, cause, clients, authorizations,
          created_at, expires_at)).seq
      $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(appending('revocation_append', 'bigint', 'appended.seq'));
    await runner.query(`DROP FUNCTION revocation_append_line`);
  }
}
