import * as oauth from 'oauth4webapi';
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
import { DEMO_CLIENTS, ORDERS_AUDIENCE } from '../../src/apps/support/demo.js';
import { TOKEN_EXCHANGE } from '../../src/protocol/grant-type.js';
import { ACCESS_TOKEN_TYPE } from '../../src/protocol/token-type.js';
import type { TestClient } from '../support/house.js';
import { CertifiedHouse } from './certified-house.js';
import { discover } from './relying-party.js';

/** The demo's desk, played by a library that knows nothing of us, exchanges its user's token for one that orders takes. */
let house: CertifiedHouse;
let as: oauth.AuthorizationServer;
let subjectToken: string;
const { id, secret } = DEMO_CLIENTS.desk;
const client: oauth.Client = { client_id: id };

beforeAll(async () => {
  house = await CertifiedHouse.open();
  as = await discover(house);
  const [redirectUri] = (await house.clients.find(id))!.metadata.redirect_uris;
  const desk: TestClient = { id, secret, redirectUri: redirectUri!, method: 'client_secret_basic' };
  const { tokens } = await house.codeFlow({ scope: 'openid profile orders:read orders:write' }, { client: desk });
  subjectToken = tokens.access_token;
});
afterAll(() => house.close());

async function exchange(parameters: Record<string, string>): Promise<oauth.TokenEndpointResponse> {
  const answer = await oauth.genericTokenEndpointRequest(as, client, oauth.ClientSecretBasic(secret), TOKEN_EXCHANGE, {
    subject_token: subjectToken,
    subject_token_type: ACCESS_TOKEN_TYPE,
    ...parameters,
  });
  return oauth.processGenericTokenEndpointResponse(as, client, answer);
}

it('gets a token for the API that names who acts', async () => {
  const tokens = await exchange({ audience: ORDERS_AUDIENCE, scope: 'orders:read' });
  expect(tokens).toMatchObject({ issued_token_type: ACCESS_TOKEN_TYPE, token_type: 'bearer', scope: 'orders:read' });
  expect(tokens).not.toHaveProperty('refresh_token');
  const keys = createRemoteJWKSet(new URL(as.jwks_uri!), { [customFetch]: (...args) => fetch(...args) });
  const { payload } = await jwtVerify(tokens.access_token, keys, {
    issuer: house.issuer,
    audience: ORDERS_AUDIENCE,
    typ: 'at+jwt',
  });
  expect(payload).toMatchObject({ client_id: id, act: { sub: id } });
});

it('and is told what it may not', async () => {
  const refusal = (parameters: Record<string, string>) =>
    exchange(parameters).then(
      () => 'nothing',
      (error: oauth.ResponseBodyError) => `${error.status} ${error.error}`,
    );
  expect(await refusal({ audience: 'urn:gatehouse:demo:invoices' })).toBe('400 invalid_target');
  expect(await refusal({ audience: ORDERS_AUDIENCE, scope: 'openid' })).toBe('400 invalid_scope');
  expect(await refusal({ audience: ORDERS_AUDIENCE, subject_token: 'garbage' })).toBe('400 invalid_request');
});
