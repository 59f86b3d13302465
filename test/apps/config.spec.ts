import { identityProviderConfig } from '../../src/apps/identity-provider/config.js';
import { appConfig } from '../../src/apps/support/app-config.js';
import { DEMO_CLIENTS } from '../../src/apps/support/demo.js';

const SECRET = 'W4Yh0rQ2nZk8vT6uJxP1cLm9eBdS3gFa7iKoNqRs';
const REAL = { ISSUER: 'https://id.example.com', DATABASE_URL: 'postgres://gatehouse@db/gatehouse' };

/** What is said about the settings; undefined when they are right. */
function complaint(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    expect((error as Error).name).toBe('ConfigError');
    return (error as Error).message;
  }
}
const ofProvider = (env: NodeJS.ProcessEnv) => complaint(() => identityProviderConfig(env));
const ofPortal = (env: NodeJS.ProcessEnv) =>
  complaint(() => appConfig(env, { portOffset: 1, client: DEMO_CLIENTS.portal }));

describe('SE-10: the provider refuses', () => {
  it.each<[NodeJS.ProcessEnv, RegExp]>([
    [{ ISSUER: 'id.example.com' }, /ISSUER: must be an origin/],
    [{ ISSUER: 'http://localhost:3000/' }, /ISSUER: must be an origin .*no slash/],
    [{ ISSUER: 'https://id.example.com/auth' }, /ISSUER: must be an origin .*no path/],
    [{ ISSUER: 'https://ID.example.com' }, /ISSUER: must be an origin/],
    [{ ISSUER: 'https://user@id.example.com' }, /ISSUER: must be an origin/],
    [{ ISSUER: 'ftp://localhost' }, /ISSUER: must be an origin/],
    [{ PORT: '99999' }, /PORT: must be a port number/],
    [{ PORT: '-1' }, /PORT: must be a port number/],
    [{ PORT: 'http' }, /PORT: must be a port number/],
    [{ GATEHOUSE_SECRET: 'short' }, /GATEHOUSE_SECRET: .*32 random bytes \(openssl/],
    [{ GATEHOUSE_SECRET: 'ab'.repeat(32) }, /GATEHOUSE_SECRET: .*random/],
    [{ GATEHOUSE_SECRET: `${SECRET},short` }, /GATEHOUSE_SECRET: each secret/],
    [{ GATEHOUSE_SECRET: ' , ' }, /GATEHOUSE_SECRET: holds no secret/],
    [{ GATEHOUSE_POLICY: 'lax' }, /GATEHOUSE_POLICY: must be secure or certification/],
    [{ TRUST_PROXY: 'true' }, /TRUST_PROXY: must be loopback.*not true/],
    [{ TRUST_PROXY: '1' }, /TRUST_PROXY: must be loopback.*not a number/],
    [{ TRUST_PROXY: 'loopback,proxy.example.com' }, /TRUST_PROXY: must be/],
    [{ TRUST_PROXY: '10.0.0.0/99' }, /TRUST_PROXY: must be/],
    [{ TRUST_PROXY: '0.0.0.0/0' }, /TRUST_PROXY: must be/],
    [{ TRUST_PROXY: '::/0' }, /TRUST_PROXY: must be/],
    [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL: must be one of fatal, error/],
    [{ SEED_DEMO: 'yes' }, /SEED_DEMO: must be true or false/],
    [{ OUTBOUND_ALLOW: 'https://a b' }, /OUTBOUND_ALLOW: /],
    [{ REGISTRATION: 'maybe' }, /REGISTRATION: must be off, token or open/],
    [{ REGISTRATION: 'token' }, /GATEHOUSE_INITIAL_ACCESS_TOKEN: is needed for REGISTRATION=token/],
    [{ GATEHOUSE_INITIAL_ACCESS_TOKEN: 'short' }, /GATEHOUSE_INITIAL_ACCESS_TOKEN: must have at least 32/],
    [{ GATEHOUSE_SECERT: SECRET }, /GATEHOUSE_SECERT: there is no such setting/],
    [{ GATEHOUSE_ACCESS_TOKEN_LIFETIME: '300' }, /GATEHOUSE_ACCESS_TOKEN_LIFETIME: must be a duration such as 10s/],
    [{ GATEHOUSE_ACCESS_TOKEN_LIFETIME: '25h' }, /GATEHOUSE_ACCESS_TOKEN_LIFETIME: .*from 1s to 24h/],
    [{ GATEHOUSE_CODE_LIFETIME: '11m' }, /GATEHOUSE_CODE_LIFETIME: .*from 1s to 10m/],
    [{ GATEHOUSE_REFRESH_GRACE: '-1s' }, /GATEHOUSE_REFRESH_GRACE: must be a duration/],
    [{ GATEHOUSE_SESSION_IDLE: '0s' }, /GATEHOUSE_SESSION_IDLE: .*from 1m/],
    [{ DATABASE_URL: 'mysql://localhost/x' }, /DATABASE_URL: must be a postgres:\/\/ URL/],
    [{ DATABASE_URL: 'localhost' }, /DATABASE_URL: must be a postgres:\/\/ URL/],
  ])('%j', (env, message) => {
    expect(ofProvider(env)).toMatch(message);
    // What may be a secret is never repeated.
    for (const name of ['GATEHOUSE_SECRET', 'GATEHOUSE_INITIAL_ACCESS_TOKEN']) {
      if (env[name]?.trim()) expect(ofProvider(env)).not.toContain(env[name]);
    }
  });

  it('all of them at once', () => {
    expect(ofProvider({ PORT: 'x', LOG_LEVEL: 'x', GATEHOUSE_X: 'x' })).toMatch(/GATEHOUSE_X:[^]*PORT:[^]*LOG_LEVEL:/);
  });
});

it.each<[NodeJS.ProcessEnv]>([
  [{}],
  [{ PORT: '', ISSUER: '', GATEHOUSE_SECRET: '' }],
  [{ ISSUER: 'http://127.0.0.1:4000' }],
  [{ GATEHOUSE_SECRET: `${SECRET} ${SECRET}x` }],
  [{ TRUST_PROXY: 'loopback, 10.0.0.0/8, fd00::/8, 192.0.2.7' }],
  [{ ...REAL, GATEHOUSE_SECRET: SECRET }],
  [{ ISSUER: 'https://op.example.test:9443', SEED_DEMO: 'true', GATEHOUSE_POLICY: 'certification' }],
])('the provider takes %j', (env) => {
  expect(ofProvider(env)).toBeUndefined();
});

describe('KC-07: production: an issuer that is not on loopback', () => {
  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['no plain HTTP', { ...REAL, ISSUER: 'http://id.example.com', GATEHOUSE_SECRET: SECRET }, /ISSUER: must be https/],
    ['no embedded database', { ISSUER: REAL.ISSUER, GATEHOUSE_SECRET: SECRET }, /DATABASE_URL: is required/],
    ['no secret made up', REAL, /GATEHOUSE_SECRET: is required/],
    ['no demo people', { ...REAL, GATEHOUSE_SECRET: SECRET, SEED_DEMO: 'true' }, /SEED_DEMO: the demo people/],
    ['HOST changes nothing', { ...REAL, HOST: '127.0.0.1', SEED_DEMO: 'true' }, /SEED_DEMO: the demo people/],
    ['.test without SEED_DEMO', { ISSUER: 'https://op.example.test' }, /GATEHOUSE_SECRET: is required/],
    ['.test over http', { ISSUER: 'http://op.example.test', SEED_DEMO: 'true' }, /ISSUER: must be https/],
    ['test without its dot', { ISSUER: 'https://contest', SEED_DEMO: 'true' }, /SEED_DEMO: the demo people/],
    ['a name that begins like loopback', { ISSUER: 'http://localhost.example.com' }, /ISSUER: must be https/],
    ['an address that begins like loopback', { ISSUER: 'http://127.example.com' }, /ISSUER: must be https/],
  ])('%s', (_name, env, message) => {
    expect(ofProvider(env)).toMatch(message);
  });

  it('seeds nobody by itself', () => {
    expect(identityProviderConfig({ ...REAL, GATEHOUSE_SECRET: SECRET }).seedDemo).toBe(false);
    expect(identityProviderConfig({}).seedDemo).toBe(true);
  });
});

describe('an application refuses', () => {
  it.each<[NodeJS.ProcessEnv, RegExp]>([
    [{ PUBLIC_URL: 'localhost:1' }, /PUBLIC_URL: must be an origin/],
    [{ PUBLIC_URL: 'http://portal.example.com' }, /PUBLIC_URL: must be https/],
    [{ ISSUER: 'http://id.example.com' }, /ISSUER: must be https/],
    [{ ORDERS_URL: 'orders' }, /ORDERS_URL: must be an origin/],
    [{ SESSION_SECRET: 'short' }, /SESSION_SECRET: each secret/],
    [{ GATEHOUSE_SESSION: 'x' }, /GATEHOUSE_SESSION: there is no such setting/],
    [
      { ISSUER: REAL.ISSUER },
      /CLIENT_SECRET: is required[^]*SESSION_SECRET: is required[^]*DATABASE_URL: is required[^]*PUBLIC_URL: is required/,
    ],
  ])('%j', (env, message) => {
    expect(ofPortal(env)).toMatch(message);
  });
});

it('an API that is nobody’s client needs the issuer alone, in production, too', () => {
  expect(appConfig({ ISSUER: REAL.ISSUER }, { portOffset: 2 })).toMatchObject({ issuer: REAL.ISSUER, port: 3002 });
});
