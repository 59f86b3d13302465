import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A sign-in of several steps: what it must come to, and what has been proved of it. */
export class SignInSteps1764000011000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE interaction ADD COLUMN demand json, ADD COLUMN attempt jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE interaction DROP COLUMN demand, DROP COLUMN attempt`);
  }
}
