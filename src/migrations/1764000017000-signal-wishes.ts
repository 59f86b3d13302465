import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A receiver may request no events in particular: NULL, and it is told all. */
export class SignalWishes1764000017000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE signal_stream ALTER events_requested DROP NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM signal_stream WHERE events_requested IS NULL`);
    await runner.query(`ALTER TABLE signal_stream ALTER events_requested SET NOT NULL`);
  }
}
