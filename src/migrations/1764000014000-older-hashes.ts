import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds at once whether anybody has a password hash of another kind, or of another strength, than new ones. */
export class OlderHashes1764000014000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX gatehouse_user_older_hash ON gatehouse_user (id)
      WHERE password_hash NOT LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX gatehouse_user_older_hash`);
  }
}
