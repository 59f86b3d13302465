import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An authorization can begin at the authorization endpoint, and still have a code to be redeemed. */
export class FrontChannel1764000006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE authorization_grant ADD code_pending boolean NOT NULL DEFAULT false`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE authorization_grant DROP code_pending`);
  }
}
