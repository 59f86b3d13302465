import { Clients } from '../../clients/clients.js';
import { Resources } from '../../clients/resources.js';
import type { Clock } from '../../platform/clock.js';
import type { Database } from '../../platform/database/database.js';
import type { Secrets } from '../../platform/secret.js';
import { DEVICE_CODE, TOKEN_EXCHANGE } from '../../protocol/grant-type.js';
import { DatabaseUsers } from '../../users/database-users.js';
import { PasswordHasher } from '../../users/password-hasher.js';
import { DEMO_CLIENTS, INVOICES_AUDIENCE, ORDERS_AUDIENCE } from '../support/demo.js';

const ALICE = {
  name: 'Alice Liddell',
  given_name: 'Alice',
  middle_name: 'Pleasance',
  family_name: 'Liddell',
  nickname: 'Al',
  preferred_username: 'alice',
  profile: 'https://example.com/alice',
  picture: 'https://example.com/alice.png',
  website: 'https://alice.example.com',
  email: 'alice@example.com',
  email_verified: true,
  gender: 'female',
  birthdate: '1852-05-04',
  zoneinfo: 'Europe/London',
  locale: 'en-GB',
  phone_number: '+44 20 7946 0018',
  phone_number_verified: false,
  address: {
    formatted: '1 Rabbit Hole\nOxford\nOX1 1AA\nUnited Kingdom',
    street_address: '1 Rabbit Hole',
    locality: 'Oxford',
    postal_code: 'OX1 1AA',
    country: 'GB',
  },
  updated_at: 1_700_000_000,
};

const BOB = {
  name: 'Bob Builder',
  given_name: 'Bob',
  family_name: 'Builder',
  preferred_username: 'bob',
  email: 'bob@example.com',
  email_verified: true,
  updated_at: 1_700_000_000,
};

/** People, clients and resources of the demo, written over what was there: a moved port or issuer is right after a restart. */
export async function seedDemo(
  database: Database,
  secrets: Secrets,
  clock: Clock,
  apps: { name: string; url: string }[],
): Promise<void> {
  const users = new DatabaseUsers(database, clock, new PasswordHasher());
  await users.put({ username: 'alice', password: 'wonderland', claims: ALICE, roles: ['admin'] });
  await users.put({ username: 'bob', password: 'builder', claims: BOB, roles: [] });

  const clients = new Clients(database, secrets, clock);
  const urlOf = (name: string) => apps.find((app) => app.name === name)!.url;
  await clients.put(
    DEMO_CLIENTS.portal.id,
    {
      client_name: 'Portal',
      ...applicationUris(urlOf('portal')),
      scope: 'openid profile email address phone offline_access',
    },
    {},
    DEMO_CLIENTS.portal.secret,
  );
  await clients.put(
    DEMO_CLIENTS.desk.id,
    {
      client_name: 'Desk',
      ...applicationUris(urlOf('desk')),
      grant_types: ['authorization_code', 'refresh_token', TOKEN_EXCHANGE],
      scope: 'openid profile email offline_access orders:read orders:write',
      id_token_signed_response_alg: 'ES256',
    },
    // Run by the people who run the provider: nobody is asked for consent. It calls orders for its users.
    { firstParty: true, exchange: { audiences: [ORDERS_AUDIENCE], scopes: [], impersonation: false } },
    DEMO_CLIENTS.desk.secret,
  );
  await clients.put(
    DEMO_CLIENTS.orders.id,
    { client_name: 'Orders', grant_types: ['client_credentials'], response_types: [], scope: '' },
    {},
    DEMO_CLIENTS.orders.secret,
  );
  await clients.put(
    DEMO_CLIENTS.service.id,
    {
      client_name: 'Demo service',
      grant_types: ['client_credentials'],
      response_types: [],
      scope: 'orders:read',
    },
    {},
    DEMO_CLIENTS.service.secret,
  );
  await clients.put(DEMO_CLIENTS.native.id, {
    client_name: 'Demo native',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['http://127.0.0.1/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'openid profile email offline_access orders:read orders:write',
  });
  await clients.put(DEMO_CLIENTS.terminal.id, {
    client_name: 'Demo terminal',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: [DEVICE_CODE, 'refresh_token'],
    response_types: [],
    scope: 'openid profile email offline_access orders:read',
  });

  const resources = new Resources(database, clock);
  await resources.put({
    audience: ORDERS_AUDIENCE,
    scopes: ['orders:read', 'orders:write'],
    tokenFormat: 'jwt',
    ownerClientId: DEMO_CLIENTS.desk.id,
    servedBy: [DEMO_CLIENTS.orders.id],
  });
  await resources.put({ audience: INVOICES_AUDIENCE, scopes: ['invoices:read'], tokenFormat: 'jwt' });
}

function applicationUris(url: string) {
  return {
    client_uri: url,
    redirect_uris: [`${url}/auth/callback`],
    post_logout_redirect_uris: [`${url}/`, `${url}/signed-out`],
    backchannel_logout_uri: `${url}/auth/backchannel-logout`,
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code', 'refresh_token'],
  };
}
