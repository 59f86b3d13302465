import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People who sign in. `id` is the subject identifier; `username_canonical` is what makes a name unique. Times are epoch milliseconds. */
export class Users1764000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The canonical form is made by us, not by lower(): the folding must not depend on the database's locale.
    await runner.query(`
      CREATE TABLE gatehouse_user (
        id text NOT NULL,
        username text NOT NULL,
        username_canonical text NOT NULL,
        password_hash text,
        claims jsonb NOT NULL,
        roles text[] NOT NULL,
        disabled_at bigint,
        created_at bigint NOT NULL,
        updated_at bigint NOT NULL,
        CONSTRAINT gatehouse_user_pkey PRIMARY KEY (id),
        CONSTRAINT gatehouse_user_username_canonical UNIQUE (username_canonical),
        CONSTRAINT gatehouse_user_username_not_empty CHECK (username_canonical <> '')
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE gatehouse_user`);
  }
}
