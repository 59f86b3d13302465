import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Audit events, append-only: the database refuses to change one, and to delete one except for the sweep of old ones. */
export class Audit1764000011001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_event (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at bigint NOT NULL,
        event text NOT NULL,
        subject text,
        actor text,
        detail jsonb NOT NULL,
        ip text NOT NULL,
        user_agent text NOT NULL,
        correlation_id text NOT NULL
      )`);
    await runner.query(`CREATE INDEX audit_event_subject ON audit_event (subject, id)`);
    await runner.query(`CREATE INDEX audit_event_at ON audit_event (at)`);
    await runner.query(`
      CREATE FUNCTION audit_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' AND current_setting('gatehouse.audit_sweep', true) = 'on' THEN
          RETURN OLD;
        END IF;
        RAISE EXCEPTION 'audit events are only ever added';
      END $$`);
    await runner.query(`
      CREATE TRIGGER audit_event_stays BEFORE UPDATE OR DELETE ON audit_event
      FOR EACH ROW EXECUTE FUNCTION audit_event_stays()`);
    await runner.query(`
      CREATE TRIGGER audit_event_stays_whole BEFORE TRUNCATE ON audit_event
      FOR EACH STATEMENT EXECUTE FUNCTION audit_event_stays()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE audit_event`);
    await runner.query(`DROP FUNCTION audit_event_stays`);
  }
}
