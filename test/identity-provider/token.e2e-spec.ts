import { claimsOf, headerOf, type House, openHouse } from '../support/house.js';

let house: House;
beforeAll(async () => (house = await openHouse()));
afterAll(() => house.close());

describe('the code flow', () => {
  it('gives an access token of RFC 9068, an ID token and a refresh token', async () => {
    const { tokens } = await house.codeFlow({ scope: 'openid profile', nonce: 'n-1' });
    expect(tokens).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'openid profile',
      refresh_token: expect.any(String),
      id_token: expect.any(String),
    });
    expect(headerOf(tokens.access_token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
    expect(headerOf(tokens.id_token)).toEqual({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) });
    expect(claimsOf(tokens.id_token)).toMatchObject({ nonce: 'n-1', aud: 'rp-a', iss: house.issuer });
  });
});
