import { exportJWK, generateKeyPair } from 'jose';
import * as oauth from 'oauth4webapi';
import type { House, PersonBrowser } from '../support/house.js';
import { encode, type Form } from '../support/house.js';

/** Where a code came back to, and what belongs to it. */
export interface Callback {
  /** The authorization response, checked: `state` and `iss`. */
  response: URLSearchParams;
  redirectUri: string;
  nonce: string | typeof oauth.expectNoNonce;
  verifier: string | typeof oauth.nopkce;
}

export interface SignedIn {
  tokens: oauth.TokenEndpointResponse & { refresh_token: string; id_token: string };
  claims: oauth.IDToken;
}

/** A key of the client's own, its public half with a `kid`. */
export interface OwnKey {
  privateKey: CryptoKey;
  jwk: Record<string, unknown>;
}

export async function makeOwnKey(kid: string): Promise<OwnKey> {
  const { publicKey, privateKey } = await generateKeyPair('PS256', { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'PS256', use: 'sig' } };
}

export const CALLBACK = 'https://rp.example.test/callback';

/** A relying party that registered itself, played by oauth4webapi: an independent reader of everything the provider sends. */
export class RelyingParty {
  private constructor(
    private readonly house: House,
    readonly as: oauth.AuthorizationServer,
    readonly registration: oauth.Client,
    public authentication: oauth.ClientAuth,
  ) {}

  /** Discovers the provider and registers there. `own` is the key that a `private_key_jwt` client signs with. */
  static async register(house: House, metadata: Record<string, unknown> = {}, own?: OwnKey): Promise<RelyingParty> {
    const as = await discover(house);
    const registration = await oauth.processDynamicClientRegistrationResponse(
      await oauth.dynamicClientRegistrationRequest(as, {
        client_name: 'Suite',
        redirect_uris: [CALLBACK],
        grant_types: ['authorization_code', 'refresh_token'],
        ...metadata,
      }),
    );
    return new RelyingParty(house, as, registration, authenticationOf(registration, own));
  }

  /** What oauth4webapi needs to know of the client, with the test's clock taken for the time. */
  get client(): oauth.Client {
    const skewSeconds = Math.round(this.house.clock.now() / 1000 - Date.now() / 1000);
    return { ...this.registration, [oauth.clockSkew]: skewSeconds };
  }

  /** Sends the browser to the provider, does what a person does there, and checks what comes back. */
  async authorize(
    browser: PersonBrowser,
    change: Form = {},
    person: { as?: string; decision?: string } = {},
  ): Promise<Callback> {
    const { parameters, verifier } = await this.request(change);
    const answer = await browser.walk(await browser.get(`/authorize?${encode(parameters)}`), person);
    return this.read(answer.headers.get('location'), parameters, verifier);
  }

  /** An authorization request that is right, with changes; PKCE only where it must be: for public clients. */
  async request(change: Form = {}): Promise<{ parameters: Form; verifier: Callback['verifier'] }> {
    const isPublic = this.registration.token_endpoint_auth_method === 'none';
    const verifier = isPublic ? oauth.generateRandomCodeVerifier() : oauth.nopkce;
    const challenge: Form =
      verifier === oauth.nopkce
        ? {}
        : { code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
    const parameters = {
      response_type: 'code',
      client_id: this.registration.client_id,
      redirect_uri: (this.registration['redirect_uris'] as string[])[0]!,
      scope: 'openid',
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      ...challenge,
      ...change,
    };
    return { parameters, verifier };
  }

  /** @throws AuthorizationResponseError when the provider said no; an Error when it did not redirect at all. */
  read(location: string | null, { state, nonce, redirect_uri }: Form, verifier: Callback['verifier']): Callback {
    if (location === null) throw new Error('the provider did not redirect');
    const expectedState = (state as string | undefined) ?? oauth.expectNoState;
    return {
      response: oauth.validateAuthResponse(this.as, this.client, new URL(location), expectedState),
      redirectUri: redirect_uri as string,
      nonce: (nonce as string | undefined) ?? oauth.expectNoNonce,
      verifier,
    };
  }

  /** Redeems a code; the ID token's claims and its signature are checked. `maxAge` is what the client asked for. */
  async redeem(
    { response, redirectUri, nonce, verifier }: Callback,
    { maxAge }: { maxAge?: number } = {},
  ): Promise<SignedIn> {
    const answer = await oauth.authorizationCodeGrantRequest(
      this.as, this.client, this.authentication, response, redirectUri, verifier,
    ); // prettier-ignore
    const tokens = await oauth.processAuthorizationCodeResponse(this.as, this.client, answer, {
      expectedNonce: nonce,
      requireIdToken: true,
      ...(maxAge === undefined ? {} : { maxAge }),
    });
    await this.proveSignature(answer);
    return { tokens: tokens as SignedIn['tokens'], claims: oauth.getValidatedIdTokenClaims(tokens)! };
  }

  /** The whole code flow. */
  async signIn(browser: PersonBrowser, change: Form = {}, person: { as?: string } = {}): Promise<SignedIn> {
    return this.redeem(await this.authorize(browser, change, person));
  }

  async refresh(refreshToken: string): Promise<oauth.TokenEndpointResponse & { refresh_token: string }> {
    const answer = await oauth.refreshTokenGrantRequest(this.as, this.client, this.authentication, refreshToken);
    const tokens = await oauth.processRefreshTokenResponse(this.as, this.client, answer);
    await this.proveSignature(answer);
    return tokens as typeof tokens & { refresh_token: string };
  }

  async userinfo({ tokens, claims }: SignedIn): Promise<oauth.UserInfoResponse> {
    const answer = await oauth.userInfoRequest(this.as, this.client, tokens.access_token);
    const told = await oauth.processUserInfoResponse(this.as, this.client, claims.sub, answer);
    if (this.registration.userinfo_signed_response_alg) await this.proveSignature(answer);
    return told;
  }

  async introspect(token: string): Promise<oauth.IntrospectionResponse> {
    const signed = this.registration.introspection_signed_response_alg !== undefined;
    const answer = await oauth.introspectionRequest(this.as, this.client, this.authentication, token, {
      requestJwtResponse: signed,
    });
    const told = await oauth.processIntrospectionResponse(this.as, this.client, answer);
    if (signed) await this.proveSignature(answer);
    return told;
  }

  async revoke(token: string): Promise<void> {
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(this.as, this.client, this.authentication, token),
    );
  }

  /** By the provider's key set as it is now: the copy keeps oauth4webapi from using one that it kept. */
  private proveSignature(answer: Response): Promise<void> {
    return oauth.validateApplicationLevelSignature({ ...this.as }, answer);
  }
}

export async function discover(house: House): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(house.issuer);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer));
}

function authenticationOf(registration: oauth.Client, own?: OwnKey): oauth.ClientAuth {
  const secret = registration.client_secret as string;
  switch (registration.token_endpoint_auth_method) {
    case 'client_secret_post':
      return oauth.ClientSecretPost(secret);
    case 'client_secret_jwt':
      return oauth.ClientSecretJwt(secret);
    case 'private_key_jwt':
      return byKey(own!);
    case 'none':
      return oauth.None();
    default:
      return oauth.ClientSecretBasic(secret);
  }
}

export function byKey({ privateKey, jwk }: OwnKey): oauth.ClientAuth {
  return oauth.PrivateKeyJwt({ key: privateKey, kid: jwk['kid'] as string });
}
