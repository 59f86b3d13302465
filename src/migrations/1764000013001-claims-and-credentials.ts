import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The revocation log tells of credentials that came or went, too, and is asked whether a token's claims are old. */
export class ClaimsAndCredentials1764000013001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Two notices of one millisecond have an order, too.
    await runner.query(`ALTER TABLE signal_notice ADD number bigint GENERATED ALWAYS AS IDENTITY`);
    await runner.query(`ALTER TABLE revocation_log DROP CONSTRAINT revocation_log_kind_check`);
    await runner.query(`
      ALTER TABLE revocation_log ADD CONSTRAINT revocation_log_kind_check
      CHECK (kind IN ('token', 'session', 'authorization', 'subject', 'client', 'consent', 'claims', 'credential'))`);
    await runner.query(`
      CREATE INDEX revocation_log_claims ON revocation_log (subject, epoch, seq) WHERE kind = 'claims'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE signal_notice DROP number`);
    await runner.query(`DROP INDEX revocation_log_claims`);
    await runner.query(`DELETE FROM revocation_log WHERE kind = 'credential'`);
    await runner.query(`ALTER TABLE revocation_log DROP CONSTRAINT revocation_log_kind_check`);
    await runner.query(`
      ALTER TABLE revocation_log ADD CONSTRAINT revocation_log_kind_check
      CHECK (kind IN ('token', 'session', 'authorization', 'subject', 'client', 'consent', 'claims'))`);
  }
}
