import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Authorization requests that clients pushed (RFC 9126), for the minute until the browser brings them. Times are epoch milliseconds. */
export class PushedRequests1764000006001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE pushed_request (
        id_digest bytea PRIMARY KEY,
        client_id text NOT NULL REFERENCES client (id) ON DELETE CASCADE,
        parameters text NOT NULL,
        expires_at bigint NOT NULL
      )`);
    await runner.query(`CREATE INDEX pushed_request_client_id ON pushed_request (client_id)`);
    await runner.query(`CREATE INDEX pushed_request_expires_at ON pushed_request (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE pushed_request`);
  }
}
