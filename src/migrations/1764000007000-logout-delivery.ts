import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The outbox of back-channel logout: a row for every client that is still to be told of a session's end. Times are epoch
 * milliseconds. It has no foreign key: a removal of a client must not wait for a delivery, nor the other way round.
 */
export class LogoutDelivery1764000007000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE logout_delivery (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        client_id text NOT NULL,
        subject text NOT NULL,
        sid text NOT NULL,
        created_at bigint NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at bigint NOT NULL,
        given_up_at bigint,
        problem text
      )`);
    await runner.query(`
      CREATE INDEX logout_delivery_due ON logout_delivery (client_id, next_attempt_at) WHERE given_up_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE logout_delivery`);
  }
}
