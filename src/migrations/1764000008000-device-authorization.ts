import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Devices that wait for a person (RFC 8628). A device's code is a secret of 256 bits and the person's one of 34 for ten
 * minutes; both are kept as digests. Times are epoch milliseconds.
 */
export class DeviceAuthorization1764000008000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE device_authorization (
        device_code_digest bytea PRIMARY KEY,
        user_code_digest bytea NOT NULL UNIQUE,
        client_id text NOT NULL REFERENCES client (id) ON DELETE CASCADE,
        request json NOT NULL,
        interval_seconds integer NOT NULL,
        created_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        last_polled_at bigint,
        decided_at bigint,
        authorization_id text,
        position text,
        redeemed_at bigint
      )`);
    await runner.query(`CREATE INDEX device_authorization_client_id ON device_authorization (client_id)`);
    await runner.query(`CREATE INDEX device_authorization_expires_at ON device_authorization (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE device_authorization`);
  }
}
