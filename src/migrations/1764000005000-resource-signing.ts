import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A resource may want its access tokens signed by an algorithm of its own; what a client was authorized to do is found by the client. */
export class ResourceSigning1764000005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE resource ADD COLUMN token_signing_alg text`);
    // A key that signs no more needs no private half.
    await runner.query(`UPDATE signing_key SET private_sealed = '' WHERE state = 'retired'`);
    await runner.query(`CREATE INDEX authorization_grant_client_id ON authorization_grant (client_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX authorization_grant_client_id`);
    await runner.query(`ALTER TABLE resource DROP COLUMN token_signing_alg`);
  }
}
