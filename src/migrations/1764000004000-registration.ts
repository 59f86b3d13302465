import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What dynamic registration needs: the provider's own small secrets (sealed), and a client's removal that reads no whole table. */
export class Registration1764000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE provider_setting (
        name text PRIMARY KEY,
        value bytea NOT NULL
      )`);
    await runner.query(`CREATE INDEX consent_client_id ON consent (client_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX consent_client_id`);
    await runner.query(`DROP TABLE provider_setting`);
  }
}
