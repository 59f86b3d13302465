import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Each end of what a person had proved has a name: two of one millisecond, or by clocks that differ, are not one. NULL for
 * none, and for the last one of a process of the version before.
 */
export class Endings1764000018000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE device_trust ADD ending uuid`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE device_trust DROP ending`);
  }
}
