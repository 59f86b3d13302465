import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The counters of rate-limiter-flexible, in the shape its RateLimiterPostgres expects. `expire` is epoch milliseconds. */
export class RateLimit1764000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE rate_limit (
        key varchar(255) PRIMARY KEY,
        points integer NOT NULL DEFAULT 0,
        expire bigint
      )`);
    await runner.query(`CREATE INDEX rate_limit_expire ON rate_limit (expire)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE rate_limit`);
  }
}
