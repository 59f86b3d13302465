import { Controller, Get, Logger, Post, Req, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { KeysUnavailableError } from '../jwt/remote-keys.js';
import { clearedCookie, hostCookie } from '../platform/http/cookies.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { formParameters } from '../platform/http/form.js';
import { ApplicationSessions } from './application-sessions.js';
import { Public } from './decorators.js';
import { OidcClient, SignInError } from '../federation/oidc-client.js';
import { ProviderUnavailableError } from '../federation/provider-metadata.js';
import { Settings } from './relying-party.options.js';
import { pathWithin, returnPath } from './return-to.js';
import { isSameOrigin } from './same-origin.js';
import { returnedCookie, SessionCookie } from './session-cookie.js';
import { SignInAttempts } from './sign-in-attempts.js';
import { answerSignInFailed } from './sign-in-failed.js';
import { SignOutReceipts } from './sign-out-receipts.js';
import { readStepUp, signInUrl, type StepUpRequest } from './step-up.js';

const MAX_QUERY = 8192;
/** These may come once only: of two, nobody knows which one somebody else looked at. */
const SINGLE = ['code', 'state', 'iss', 'error', 'error_description', 'session_state'];

/** How a sign-in that failed is begun anew. */
interface Retry extends StepUpRequest {
  returnTo: string;
}

const HOME = (): Retry => ({ returnTo: '/' });

/** Sign-in through the provider, and the person's way out. The provider's is `ProviderLogoutController`. */
@Controller({ path: 'auth', version: VERSION_NEUTRAL })
@Public()
export class SignInController {
  private readonly logger = new Logger('SignIn');
  private readonly attempts: SignInAttempts | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly client: OidcClient,
    private readonly sessions: ApplicationSessions,
    private readonly receipts: SignOutReceipts,
  ) {
    this.attempts = settings.session && new SignInAttempts(settings);
  }

  /** Also the `initiate_login_uri` of OpenID Connect Core §4: whoever sends people here chooses a page of ours, and nothing else. */
  @Get('login')
  async login(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    await this.serve(exchange, HOME, (session, attempts) =>
      this.begin(exchange, new URLSearchParams(exchange.query), session, attempts),
    );
  }

  /** OpenID Connect Core §4: the same as a form. */
  @Post('login')
  async loginByForm(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    await this.serve(exchange, HOME, (session, attempts) =>
      this.begin(exchange, sentForm(exchange), session, attempts),
    );
  }

  private async begin(
    exchange: HttpExchange,
    sent: URLSearchParams,
    { origin, loginPath }: NonNullable<Settings['session']>,
    attempts: SignInAttempts,
  ): Promise<void> {
    if (sent.getAll('iss').some((issuer) => issuer !== this.settings.issuer)) {
      throw new SignInError('unknown_issuer', 'somebody asked for a sign-in at another provider');
    }
    const wanted = single(sent, 'returnTo') ?? pathWithin(single(sent, 'target_link_uri'), origin);
    const { url, attempt } = await this.client.begin(readStepUp(sent), single(sent, 'login_hint'));
    attempts.keep(exchange, attempt, returnPath(wanted, origin, folderOf(loginPath)));
    exchange.redirect(url);
  }

  @Get('callback')
  async callback(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    let retry: Retry = { returnTo: '/' };
    await this.serve(
      exchange,
      () => retry,
      async ({ cookie }, attempts) => {
        if (exchange.query.length > MAX_QUERY) throw new SignInError('invalid_response', 'the answer is too long');
        const parameters = new URLSearchParams(exchange.query);
        if (SINGLE.some((name) => parameters.getAll(name).length > 1)) {
          throw new SignInError('invalid_response', 'a parameter comes twice');
        }
        const sessionCookie = new SessionCookie(cookie.name);
        const previous = sessionCookie.read(exchange);
        const attempt = attempts.take(exchange, parameters.get('state') ?? '');
        if (!attempt) {
          // Reloaded, or gone back to, after it had worked.
          if (await this.sessions.peek(previous)) return exchange.redirect('/');
          throw new SignInError('state_mismatch', 'no sign-in was begun in this browser, or it took too long');
        }
        retry = attempt;
        const signedIn = await this.client.complete(parameters, attempt);
        const from = { ip: exchange.ip, userAgent: exchange.userAgent };
        // Kept before the browser is told: its next request may come to another process.
        const { id } = await this.sessions.start(signedIn, from, previous);
        sessionCookie.set(exchange, id);
        exchange.setCookie(hostCookie(returnedCookie(cookie.name), '1', 10)).redirect(attempt.returnTo);
      },
    );
  }

  @Post('logout')
  async logout(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    await this.serve(exchange, HOME, async ({ cookie, origin }) => {
      if (!isSameOrigin(exchange, origin)) {
        const { correlationId } = exchange;
        const message = 'Sign out from this application’s own pages.';
        return exchange.json(403, { error: 'access_denied', code: 'csrf', message, correlationId });
      }
      const sessionCookie = new SessionCookie(cookie.name);
      const session = await this.sessions.peek(sessionCookie.read(exchange));
      if (session) await this.sessions.end(session.id);
      sessionCookie.clear(exchange);
      exchange.setCookie(clearedCookie(returnedCookie(cookie.name)));
      if (!session) return exchange.redirect('/');
      // Signed out here, whether the provider can be reached or not.
      const url = await this.client.endSessionUrl(session.data.tokens.idToken).catch(() => undefined);
      if (url !== undefined) this.receipts.remember(exchange, session.sid);
      exchange.redirect(url ?? '/');
    });
  }

  /** Runs one step of a sign-in; every failure ends on a page, never in another redirect. */
  private async serve(
    exchange: HttpExchange,
    retry: () => Retry,
    step: (session: NonNullable<Settings['session']>, attempts: SignInAttempts) => Promise<void>,
  ): Promise<void> {
    const { session } = this.settings;
    if (!session || !this.attempts) return this.notFound(exchange);
    try {
      await step(session, this.attempts);
    } catch (error) {
      const { correlationId } = exchange;
      const { status, code, message } = failureOf(error);
      const cause = (error as Error).cause;
      const detail = cause instanceof Error ? ` (${cause.message})` : '';
      this.logger.warn(`${correlationId} sign-in failed: ${code}: ${(error as Error).message}${detail}`);
      const { returnTo, ...stepUp } = retry();
      const retryUrl = signInUrl(session.loginPath, returnTo, stepUp);
      if (status === 503) exchange.setHeader('retry-after', '5');
      answerSignInFailed(exchange, status, { code, message, retryUrl });
    }
  }

  private notFound(exchange: HttpExchange): void {
    const message = 'This application has no sign-in.';
    const { correlationId } = exchange;
    exchange.json(404, { error: 'not_found', code: 'not_found', message, correlationId });
  }
}

function sentForm(exchange: HttpExchange): URLSearchParams {
  try {
    return new URLSearchParams(formParameters(exchange).encode());
  } catch {
    throw new SignInError('invalid_request', 'what was sent is no form');
  }
}

/** Of two, nobody knows which one was meant. */
function single(sent: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = sent.getAll(name);
  return more.length === 0 ? value : undefined;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The answer was in order, and was no. */
const NOT_ALLOWED = new Set(['access_denied', 'acr_not_reached', 'authentication_too_old']);

const MESSAGES: Record<string, string> = {
  access_denied: 'You, or a rule of the provider, did not allow this application to sign you in.',
  state_mismatch: 'This sign-in was not begun in this browser, or it took too long.',
  acr_not_reached: 'You are known to the provider, but what you want to do needs a stronger sign-in than it made.',
  authentication_too_old: 'You have to sign in again for this, and the provider did not ask you to.',
  clocks_apart: 'The clocks of this application and of the provider are too far apart. You are not signed in.',
  session_too_large: 'What the provider says about you does not fit into the cookie that this application keeps it in.',
  invalid_request: 'This application was asked for a sign-in in a way that it does not understand.',
  unknown_issuer: 'This application does not sign in at the provider that it was asked for.',
  issuer_mismatch: 'The answer came from another provider than the one that was asked.',
};

function failureOf(error: unknown): { status: number; code: string; message: string } {
  if (error instanceof SignInError) {
    const message = MESSAGES[error.code] ?? 'The provider’s answer could not be used. You are not signed in.';
    return { status: NOT_ALLOWED.has(error.code) ? 403 : 400, code: error.code, message };
  }
  const message = 'The sign-in service cannot be reached right now. Wait a moment, then try again.';
  if (error instanceof ProviderUnavailableError || error instanceof KeysUnavailableError) {
    return { status: 503, code: 'provider_unavailable', message };
  }
  return { status: 503, code: 'sign_in_unavailable', message: 'Signing in does not work right now. Try again soon.' };
}
