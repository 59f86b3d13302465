import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may renew a session's tokens right now, in epoch milliseconds; 0: nobody claimed it. */
export class SessionClaims1764000009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE session ADD COLUMN claimed_until bigint NOT NULL DEFAULT 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE session DROP COLUMN claimed_until`);
  }
}
