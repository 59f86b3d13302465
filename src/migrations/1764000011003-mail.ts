import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Mails that wait to be sent (sealed: they hold links that sign people in), tokens that are good for one use, and addresses
 * that name one person: the canonical form is made by us, and a verified address is nobody else's.
 */
export class Mail1764000011003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE mail (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        sealed bytea NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        created_at bigint NOT NULL,
        next_attempt_at bigint NOT NULL,
        expires_at bigint NOT NULL
      )`);
    await runner.query(`CREATE INDEX mail_next_attempt_at ON mail (next_attempt_at)`);
    await runner.query(`
      CREATE TABLE one_time_token (
        digest bytea PRIMARY KEY,
        purpose text NOT NULL,
        subject text,
        browser_digest bytea,
        answer_tag bytea,
        tries integer NOT NULL DEFAULT 0,
        sealed bytea NOT NULL,
        expires_at bigint NOT NULL
      )`);
    await runner.query(`CREATE INDEX one_time_token_subject ON one_time_token (subject, purpose)`);
    await runner.query(`CREATE INDEX one_time_token_expires_at ON one_time_token (expires_at)`);
    await runner.query(`ALTER TABLE gatehouse_user ADD COLUMN email_canonical text`);
    await runner.query(`UPDATE gatehouse_user SET email_canonical = lower(claims ->> 'email')`);
    // Nobody was kept from sharing an address before: of several the oldest has it, the others verify another.
    await runner.query(`
      UPDATE gatehouse_user SET claims = claims || '{"email_verified": false}'
      WHERE claims ->> 'email_verified' = 'true' AND EXISTS (
        SELECT 1 FROM gatehouse_user older
        WHERE older.email_canonical = gatehouse_user.email_canonical AND older.claims ->> 'email_verified' = 'true'
          AND (older.created_at, older.id) < (gatehouse_user.created_at, gatehouse_user.id))`);
    await runner.query(`
      CREATE UNIQUE INDEX gatehouse_user_email ON gatehouse_user (email_canonical)
      WHERE claims ->> 'email_verified' = 'true'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX gatehouse_user_email`);
    await runner.query(`ALTER TABLE gatehouse_user DROP COLUMN email_canonical`);
    await runner.query(`DROP TABLE one_time_token`);
    await runner.query(`DROP TABLE mail`);
  }
}
