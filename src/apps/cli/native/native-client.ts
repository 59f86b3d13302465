import * as oidc from 'openid-client';
import { SystemClock } from '../../../platform/clock.js';
import { Refusal } from '../answer.js';
import { discover } from './discover.js';
import type { TerminalSession } from './kept-tokens.js';
import { openLoopback } from './loopback.js';

/** What a sign-in asks for. */
export interface Wanted {
  scope: string;
  /** RFC 8707: the API that the token is for. */
  resource?: string | undefined;
}

/** An access token that is about to end is renewed this long before. In milliseconds. */
const RENEW_BEFORE = 10_000;

const clock = new SystemClock();

/** This terminal as a public client of a provider (RFC 8252): nothing that it holds is a secret of the client. */
export class NativeClient {
  private constructor(
    private readonly issuer: string,
    private readonly clientId: string,
    private readonly configuration: oidc.Configuration,
  ) {}

  /** @throws Refusal when there is no such provider */
  static async of(issuer: string, clientId: string): Promise<NativeClient> {
    const metadata = await discover(issuer);
    const configuration = new oidc.Configuration(metadata as oidc.ServerMetadata, clientId, undefined, oidc.None());
    // The library does not check an ID token's signature when it comes over TLS; here it need not.
    oidc.enableNonRepudiationChecks(configuration);
    if (issuer.startsWith('http:')) oidc.allowInsecureRequests(configuration);
    return new NativeClient(issuer, clientId, configuration);
  }

  /**
   * By a browser on this machine: authorization code with PKCE, back to a port of the loopback address.
   * @param show is given the address to open
   */
  async signInByBrowser({ scope, resource }: Wanted, show: (url: string) => void): Promise<TerminalSession> {
    const loopback = await openLoopback();
    let problem: string | undefined;
    try {
      const verifier = oidc.randomPKCECodeVerifier();
      const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
      const url = oidc.buildAuthorizationUrl(this.configuration, {
        redirect_uri: loopback.redirectUri,
        scope,
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(resource === undefined ? {} : { resource }),
      });
      const answer = loopback.answer(state);
      show(url.href);
      const tokens = await speak(
        oidc.authorizationCodeGrant(this.configuration, await answer, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        }),
      );
      return await this.sessionOf(tokens, scope);
    } catch (error) {
      problem = error instanceof Refusal ? error.message : 'Something went wrong: the terminal says what.';
      throw error;
    } finally {
      await loopback.finish(problem);
    }
  }

  /**
   * By a browser anywhere: the device authorization grant (RFC 8628).
   * @param show is given the code, and where to enter it
   */
  async signInByDevice(
    { scope, resource }: Wanted,
    show: (code: string, uri: string, complete: string | undefined) => Promise<void>,
  ): Promise<TerminalSession> {
    const asked = { scope, ...(resource === undefined ? {} : { resource }) };
    const begun = await speak(oidc.initiateDeviceAuthorization(this.configuration, asked));
    await show(begun.user_code, begun.verification_uri, begun.verification_uri_complete);
    return this.sessionOf(await speak(oidc.pollDeviceAuthorizationGrant(this.configuration, begun)), scope);
  }

  /** The session with an access token that lives; undefined when the provider renews it no more. */
  async renewed(session: TerminalSession): Promise<TerminalSession | undefined> {
    if (session.expiresAt - RENEW_BEFORE > clock.now()) return session;
    if (session.refreshToken === undefined) return undefined;
    try {
      const tokens = await oidc.refreshTokenGrant(this.configuration, session.refreshToken);
      return {
        ...session,
        accessToken: tokens.access_token,
        expiresAt: endOf(tokens),
        ...(tokens.refresh_token === undefined ? {} : { refreshToken: tokens.refresh_token }),
      };
    } catch (error) {
      if (error instanceof oidc.ResponseBodyError && error.error === 'invalid_grant') return undefined;
      throw refusalOf(error);
    }
  }

  /** Tells the provider that these tokens are not used any more (RFC 7009). */
  async revoke({ refreshToken, accessToken }: TerminalSession): Promise<void> {
    await speak(oidc.tokenRevocation(this.configuration, refreshToken ?? accessToken));
  }

  private person(accessToken: string, subject: string): Promise<oidc.UserInfoResponse | undefined> {
    return oidc.fetchUserInfo(this.configuration, accessToken, subject).catch(() => undefined);
  }

  private async sessionOf(tokens: Tokens, scope: string): Promise<TerminalSession> {
    const subject = tokens.claims()?.sub ?? '';
    // Only for what to call them: without it they are their subject.
    const person = subject && (await this.person(tokens.access_token, subject));
    const name = person && [person.name, person.preferred_username].find((one) => typeof one === 'string');
    return {
      issuer: this.issuer,
      clientId: this.clientId,
      subject,
      name: name || subject,
      scope: tokens.scope ?? scope,
      accessToken: tokens.access_token,
      expiresAt: endOf(tokens),
      ...(tokens.refresh_token === undefined ? {} : { refreshToken: tokens.refresh_token }),
    };
  }
}

type Tokens = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers;

/** A provider that does not say is not believed for longer than a minute. */
function endOf(tokens: Tokens): number {
  return clock.now() + (tokens.expires_in ?? 60) * 1000;
}

async function speak<T>(conversation: Promise<T>): Promise<T> {
  try {
    return await conversation;
  } catch (error) {
    throw refusalOf(error);
  }
}

const SENTENCES: Record<string, string> = {
  access_denied: 'You did not allow it, or the provider did not.',
  expired_token: 'The code was not entered in time.',
  invalid_client: 'The provider does not know this client: check --client-id.',
  unauthorized_client: 'This client may not sign in this way: check --client-id, or try with or without --device.',
  invalid_scope: 'This client may not have that scope.',
  invalid_grant: 'The provider did not take the code.',
};

/** The provider's own code, in words where we have them; its text is not repeated. */
function refusalOf(error: unknown): unknown {
  if (error instanceof Refusal) return error;
  if (error instanceof oidc.ResponseBodyError || error instanceof oidc.AuthorizationResponseError) {
    const code = /^[a-z_]{1,60}$/.test(error.error) ? error.error : 'an error';
    return new Refusal(`${SENTENCES[code] ?? 'The provider refused.'} (${code})`, { cause: error });
  }
  if (error instanceof oidc.ClientError) return new Refusal('The provider’s answer is not believed.', { cause: error });
  return error;
}
