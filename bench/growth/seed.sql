-- People, sessions and refresh tokens as years of use leave them. :people, :sessions, :tokens are filled in; `now` is epoch
-- milliseconds. Indexes are made afterwards, as a restored backup has them: freshly built, fully packed.
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
SET session_replication_role = replica;

INSERT INTO gatehouse_user (id, username, username_canonical, claims, roles, created_at, updated_at)
SELECT 'usr_' || md5('u' || n), 'person' || n, 'person' || n,
  jsonb_build_object('name', 'Person ' || n, 'given_name', 'Person', 'family_name', n::text), '{}', :now, :now
FROM generate_series(1, :people) AS n;

INSERT INTO consent (subject, client_id, scopes, granted_at)
SELECT 'usr_' || md5('u' || n), 'bench-sso', '{openid,profile}', :now FROM generate_series(1, :people) AS n;

INSERT INTO session (realm, id_digest, sid, subject, started_at, authenticated_at, last_seen_at, expires_at, idle_expires_at,
  acr, amr, ip, user_agent, data)
SELECT 'provider', sha256(n::text::bytea), md5('s' || n), 'usr_' || md5('u' || (1 + n % :people)), :now, :now, :now,
  -- A tenth is past its end: work for the sweep.
  CASE WHEN n % 10 = 0 THEN :now - n ELSE :now + 80000000 + n END,
  CASE WHEN n % 10 = 0 THEN :now - n ELSE :now + 80000000 + n END,
  'urn:gatehouse:acr:password', '{pwd}', '192.0.2.1', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', '{}'
FROM generate_series(1, :sessions) AS n;

INSERT INTO authorization_grant (id, client_id, subject, scopes, resources, sid, offline, auth_time, acr, amr, created_at,
  expires_at)
SELECT left(md5('g' || n), 22), 'bench-refresh', 'usr_' || md5('u' || (1 + n % :people)), '{openid}', '{}',
  -- What has ended, ended with a session that is gone; otherwise it would be kept for as long as that one lives.
  CASE WHEN n % 25 = 0 THEN md5('gone' || n) ELSE md5('s' || (1 + n % :sessions)) END, false, :now / 1000, 'urn:gatehouse:acr:password', '{pwd}', :now,
  CASE WHEN n % 25 = 0 THEN :now - n ELSE :now + 1200000000 + n END
FROM generate_series(1, :tokens) AS n;

INSERT INTO refresh_token (authorization_id, current_digest, rotated_at, idle_expires_at, expires_at)
SELECT left(md5('g' || n), 22), sha256(('t' || n)::bytea), :now, :now + 1200000000, :now + 1200000000
FROM generate_series(1, :tokens) AS n;

SET session_replication_role = DEFAULT;
