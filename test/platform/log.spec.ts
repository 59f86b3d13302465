import { redact } from '../../src/platform/log.js';

it.each([
  ['token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln', 'token [token]'],
  ['connect postgres://user:hunter2@db:5432/x', 'connect postgres://user:[secret]@db:5432/x'],
  ['connect rediss://:hunter2@cache:6379', 'connect rediss://:[secret]@cache:6379'],
  ['smtps://me:hunter2@mail', 'smtps://me:[secret]@mail'],
  ['Authorization: Basic YTpi', 'Authorization: Basic [secret]'],
  ['authorization: DPoP abc.def', 'authorization: DPoP [secret]'],
  ['GET /cb?code=hunter2&state=a', 'GET /cb?code=[secret]&state=a'],
  ['username=alice&password=hunter2', 'username=alice&password=[secret]'],
  ['subject_token=hunter2&actor_token=hunter2', 'subject_token=[secret]&actor_token=[secret]'],
  ['grant_type=x&device_code=hunter2', 'grant_type=x&device_code=[secret]'],
  ['id_token_hint=hunter2', 'id_token_hint=[secret]'],
  ['{"client_secret": "hunter2", "a": "b"}', '{"client_secret":"[secret]", "a": "b"}'],
  ['Cookie: a=hunter2; b=hunter2', 'Cookie: [secret]'],
  ['set-cookie: a=hunter2; Path=/', 'set-cookie: [secret]'],
  ['the cookie __Host-portal=hunter2; is bad', 'the cookie __Host-portal=[secret]; is bad'],
])('the log keeps no secret: %s', (text, left) => {
  expect(redact(text)).toBe(left);
});

it.each([
  'invalid_grant: the code was used already',
  'METRICS_PORT: cannot listen on 192.0.2.1:9090 (EADDRNOTAVAIL).',
  'sign-in refused: wrong password, alice from 192.0.2.1 (reference abc)',
  'jwks_uri of shop: failed: https://shop.test: no answer in 3000 ms',
])('what is no secret stays: %s', (text) => {
  expect(redact(text)).toBe(text);
});
