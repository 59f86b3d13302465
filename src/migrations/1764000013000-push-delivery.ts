import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How the deliveries of a stream by push go: the place is signal_stream.acknowledged. Times are epoch milliseconds. */
export class PushDelivery1764000013000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE signal_stream
        ADD push_attempts integer NOT NULL DEFAULT 0,
        ADD push_next_at bigint NOT NULL DEFAULT 0,
        ADD push_problem text`);
    await runner.query(`CREATE INDEX signal_stream_push ON signal_stream (client_id) WHERE push_url IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX signal_stream_push`);
    await runner.query(`
      ALTER TABLE signal_stream DROP push_attempts, DROP push_next_at, DROP push_problem`);
  }
}
