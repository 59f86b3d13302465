import * as oauth from 'oauth4webapi';
import { createRemoteJWKSet, customFetch, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { DEMO_CLIENTS, ORDERS_AUDIENCE } from '../../src/apps/support/demo.js';
import { JWT_BEARER, TOKEN_EXCHANGE } from '../../src/protocol/grant-type.js';
import { ACCESS_TOKEN_TYPE } from '../../src/protocol/token-type.js';
import type { TestClient } from '../support/house.js';
import { CertifiedHouse } from './certified-house.js';
import { discover } from './relying-party.js';

/** The grants by which programs act for people, asked for by a library that knows nothing of us. */
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

const keys = () => createRemoteJWKSet(new URL(as.jwks_uri!), { [customFetch]: (...args) => fetch(...args) });

async function exchange(parameters: Record<string, string>): Promise<oauth.TokenEndpointResponse> {
  const answer = await oauth.genericTokenEndpointRequest(as, client, oauth.ClientSecretBasic(secret), TOKEN_EXCHANGE, {
    subject_token: subjectToken,
    subject_token_type: ACCESS_TOKEN_TYPE,
    ...parameters,
  });
  return oauth.processGenericTokenEndpointResponse(as, client, answer);
}

it('RFC 8693: gets a token for the API that names who acts', async () => {
  const tokens = await exchange({ audience: ORDERS_AUDIENCE, scope: 'orders:read' });
  expect(tokens).toMatchObject({ issued_token_type: ACCESS_TOKEN_TYPE, token_type: 'bearer', scope: 'orders:read' });
  expect(tokens).not.toHaveProperty('refresh_token');
  const { payload } = await jwtVerify(tokens.access_token, keys(), {
    issuer: house.issuer,
    audience: ORDERS_AUDIENCE,
    typ: 'at+jwt',
  });
  expect(payload).toMatchObject({ client_id: id, act: { sub: id } });
});

it('RFC 8693: is told what it may not', async () => {
  const refusal = (parameters: Record<string, string>) =>
    exchange(parameters).then(
      () => 'nothing',
      (error: oauth.ResponseBodyError) => `${error.status} ${error.error}`,
    );
  expect(await refusal({ audience: 'urn:gatehouse:demo:invoices' })).toBe('400 invalid_target');
  expect(await refusal({ audience: ORDERS_AUDIENCE, scope: 'openid' })).toBe('400 invalid_scope');
  expect(await refusal({ audience: ORDERS_AUDIENCE, subject_token: 'garbage' })).toBe('400 invalid_request');
});

it('RFC 7523: brings the word of somebody who is trusted, and gets a token about the person', async () => {
  const { publicKey, privateKey } = await generateKeyPair('PS256', { extractable: true });
  const partner = 'https://partner.example.test';
  await house.clients.register({
    id: 'bridge',
    metadata: {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'PS256' }] },
      grant_types: [JWT_BEARER],
      response_types: [],
      scope: 'orders:read',
    },
    policy: {
      firstParty: true,
      assertionIssuers: [
        { issuer: partner, jwks: { keys: [(await exportJWK(publicKey)) as { kty: string }] }, subject: 'username' },
      ],
    },
  });
  const now = Math.floor(Date.now() / 1000);
  const assertion = await new SignJWT({ jti: oauth.generateRandomState() })
    .setProtectedHeader({ alg: 'PS256' })
    .setIssuer(partner)
    .setSubject('alice')
    .setAudience(house.issuer)
    .setIssuedAt(now)
    .setExpirationTime(now + 60)
    .sign(privateKey);
  const bridge: oauth.Client = { client_id: 'bridge' };
  const authentication = oauth.PrivateKeyJwt({ key: privateKey, kid: 'k' });
  const ask = async () =>
    oauth.processGenericTokenEndpointResponse(
      as,
      bridge,
      await oauth.genericTokenEndpointRequest(as, bridge, authentication, JWT_BEARER, { assertion }),
    );
  const tokens = await ask();
  expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'orders:read' });
  const { payload } = await jwtVerify(tokens.access_token, keys(), { issuer: house.issuer, audience: ORDERS_AUDIENCE });
  expect(payload['sub']).toBe((await house.users.findByUsername('alice'))!.user.sub);
  await expect(ask()).rejects.toMatchObject({ status: 400, error: 'invalid_grant' });
});
