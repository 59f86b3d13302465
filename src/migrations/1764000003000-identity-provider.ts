import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the OpenID Provider keeps. Times are epoch milliseconds; secrets are digests, or sealed where the plain value is needed. */
export class IdentityProvider1764000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE client (
        id text PRIMARY KEY,
        metadata jsonb NOT NULL,
        policy jsonb NOT NULL,
        secret_digest bytea,
        secret_sealed bytea,
        registration_token_digest bytea,
        disabled_at bigint,
        created_at bigint NOT NULL,
        updated_at bigint NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE resource (
        audience text PRIMARY KEY,
        scopes text[] NOT NULL,
        token_format text NOT NULL CHECK (token_format IN ('jwt', 'opaque')),
        access_token_seconds integer,
        owner_client_id text,
        created_at bigint NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE signing_key (
        kid text PRIMARY KEY,
        algorithm text NOT NULL,
        public_jwk jsonb NOT NULL,
        private_sealed bytea NOT NULL,
        state text NOT NULL CHECK (state IN ('next', 'active', 'retired')),
        created_at bigint NOT NULL,
        activated_at bigint,
        retired_at bigint
      )`);
    await runner.query(`CREATE UNIQUE INDEX signing_key_one_active ON signing_key (algorithm) WHERE state = 'active'`);
    await runner.query(`CREATE UNIQUE INDEX signing_key_one_next ON signing_key (algorithm) WHERE state = 'next'`);
    await runner.query(`
      CREATE TABLE consent (
        subject text NOT NULL,
        client_id text NOT NULL REFERENCES client (id) ON DELETE CASCADE,
        scopes text[] NOT NULL,
        granted_at bigint NOT NULL,
        PRIMARY KEY (subject, client_id)
      )`);
    await runner.query(`
      CREATE TABLE authorization_grant (
        id text PRIMARY KEY,
        client_id text NOT NULL,
        subject text NOT NULL,
        scopes text[] NOT NULL,
        resources text[] NOT NULL,
        claims json,
        sid text,
        offline boolean NOT NULL,
        auth_time bigint NOT NULL,
        acr text NOT NULL,
        amr text[] NOT NULL,
        created_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        revoked_at bigint,
        revoked_by text
      )`);
    await runner.query(`CREATE INDEX authorization_grant_sid ON authorization_grant (sid) WHERE sid IS NOT NULL`);
    await runner.query(`CREATE INDEX authorization_grant_subject ON authorization_grant (subject, client_id)`);
    await runner.query(`CREATE INDEX authorization_grant_expires_at ON authorization_grant (expires_at)`);
    await runner.query(`
      CREATE TABLE refresh_token (
        authorization_id text PRIMARY KEY REFERENCES authorization_grant (id) ON DELETE CASCADE,
        current_digest bytea NOT NULL,
        previous_digest bytea,
        previous_answer bytea,
        rotated_at bigint NOT NULL,
        idle_expires_at bigint NOT NULL,
        expires_at bigint NOT NULL
      ) WITH (fillfactor = 70)`);
    await runner.query(`
      CREATE TABLE opaque_access_token (
        token_digest bytea PRIMARY KEY,
        claims json NOT NULL,
        expires_at bigint NOT NULL
      )`);
    await runner.query(`CREATE INDEX opaque_access_token_expires_at ON opaque_access_token (expires_at)`);
    await runner.query(`
      CREATE TABLE revoked_access_token (
        jti text PRIMARY KEY,
        expires_at bigint NOT NULL
      )`);
    await runner.query(`CREATE INDEX revoked_access_token_expires_at ON revoked_access_token (expires_at)`);
    await runner.query(`
      CREATE TABLE used_assertion (
        client_id text NOT NULL,
        jti_digest bytea NOT NULL,
        expires_at bigint NOT NULL,
        PRIMARY KEY (client_id, jti_digest)
      )`);
    await runner.query(`CREATE INDEX used_assertion_expires_at ON used_assertion (expires_at)`);
    await runner.query(`
      CREATE TABLE interaction (
        id_digest bytea PRIMARY KEY,
        browser_digest bytea NOT NULL,
        resume_path text NOT NULL,
        display json NOT NULL,
        payload json NOT NULL,
        progress jsonb NOT NULL,
        signed_in jsonb,
        created_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        completed_at bigint
      )`);
    await runner.query(`CREATE INDEX interaction_expires_at ON interaction (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'interaction',
      'used_assertion',
      'revoked_access_token',
      'opaque_access_token',
      'refresh_token',
      'authorization_grant',
      'consent',
      'signing_key',
      'resource',
      'client',
    ]) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}
