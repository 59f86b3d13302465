import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people prove themselves with beyond a password. The subject names a person of any table, so nothing refers to ours.
 * Times are epoch milliseconds; secrets are sealed, codes are digests.
 */
export class Credentials1764000011002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE passkey (
        id text PRIMARY KEY,
        subject text NOT NULL,
        name text NOT NULL,
        public_key bytea NOT NULL,
        counter bigint NOT NULL,
        transports text[] NOT NULL,
        synced boolean NOT NULL,
        aaguid text NOT NULL,
        created_at bigint NOT NULL,
        last_used_at bigint
      )`);
    await runner.query(`CREATE INDEX passkey_subject ON passkey (subject)`);
    await runner.query(`
      CREATE TABLE totp (
        id text PRIMARY KEY,
        subject text NOT NULL,
        name text NOT NULL,
        secret_sealed bytea NOT NULL,
        last_step bigint NOT NULL,
        created_at bigint NOT NULL,
        last_used_at bigint
      )`);
    await runner.query(`CREATE INDEX totp_subject ON totp (subject)`);
    await runner.query(`
      CREATE TABLE recovery_code (
        digest bytea PRIMARY KEY,
        subject text NOT NULL,
        created_at bigint NOT NULL
      )`);
    await runner.query(`CREATE INDEX recovery_code_subject ON recovery_code (subject)`);
    await runner.query(`
      CREATE TABLE federated_identity (
        issuer text NOT NULL,
        upstream_subject text NOT NULL,
        subject text NOT NULL,
        created_at bigint NOT NULL,
        last_used_at bigint,
        PRIMARY KEY (issuer, upstream_subject)
      )`);
    await runner.query(`CREATE INDEX federated_identity_subject ON federated_identity (subject)`);
    await runner.query(`
      CREATE TABLE device_trust (
        subject text PRIMARY KEY,
        not_before bigint NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE spent_challenge (
        digest bytea PRIMARY KEY,
        expires_at bigint NOT NULL
      )`);
    await runner.query(`CREATE INDEX spent_challenge_expires_at ON spent_challenge (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['spent_challenge', 'device_trust', 'federated_identity', 'recovery_code', 'totp', 'passkey']) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}
