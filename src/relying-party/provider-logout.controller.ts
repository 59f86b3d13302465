import { Controller, Get, Logger, Post, Req, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { TokenError } from '../jwt/token-error.js';
import { TokenVerifier } from '../jwt/token-verifier.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { FORM } from '../platform/http/form.js';
import { ApplicationSessions } from './application-sessions.js';
import { BackChannelLogout } from './back-channel-logout.js';
import { Public } from './decorators.js';
import { DenyList } from './revocation/deny-list.js';
import { Settings } from './relying-party.options.js';
import { SessionCookie } from './session-cookie.js';

const LONGEST_SID = 255;

/** The ways out that the provider takes: it tells this application that a session of its own has ended. */
@Controller({ path: 'auth', version: VERSION_NEUTRAL })
@Public()
export class ProviderLogoutController {
  private readonly logger = new Logger('Logout');
  private readonly backChannel: BackChannelLogout;

  constructor(
    private readonly settings: Settings,
    private readonly sessions: ApplicationSessions,
    verifier: TokenVerifier,
    denyList: DenyList,
  ) {
    this.backChannel = new BackChannelLogout(settings, verifier, sessions, denyList);
  }

  /** OpenID Connect Back-Channel Logout 1.0 §2.5: a form with a logout token, from the provider's server. */
  @Post('backchannel-logout')
  async backChannelLogout(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    if (!this.settings.session) return notFound(exchange);
    const isForm = exchange.mediaType === FORM;
    const token = isForm ? (exchange.body as { logout_token?: unknown } | undefined)?.logout_token : undefined;
    if (typeof token !== 'string') {
      return exchange.json(400, { error: 'invalid_request', error_description: 'Send logout_token in a form, once.' });
    }
    try {
      await this.backChannel.accept(token);
      exchange.send(200, '');
    } catch (error) {
      if (error instanceof TokenError) {
        this.logger.warn(`${exchange.correlationId} back-channel logout refused: ${error.code}: ${error.message}`);
        return exchange.json(400, { error: 'invalid_request', error_description: error.code });
      }
      this.failed(exchange, 'back-channel', error);
      exchange.setHeader('retry-after', '5').json(503, { error: 'temporarily_unavailable' });
    }
  }

  /**
   * OpenID Connect Front-Channel Logout 1.0 §2: the provider shows this page in a frame of its own signed-out page. Browsers
   * mostly keep our cookie from such a frame, so the session is found by `sid`. Nobody guesses one, and whoever else knows it,
   * another application of the same sign-in, could have the provider sign the person out as well.
   */
  @Get('frontchannel-logout')
  async frontChannelLogout(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    if (!this.settings.session) return notFound(exchange);
    const query = new URLSearchParams(exchange.query);
    const [iss, ...moreIssuers] = query.getAll('iss');
    const [sid, ...moreSids] = query.getAll('sid');
    const { issuer } = this.settings;
    // A framework takes HEAD for GET, and nothing may be ended by that.
    const isInOrder = exchange.method === 'GET' && iss === issuer && moreIssuers.length + moreSids.length === 0;
    if (!isInOrder || !sid || sid.length > LONGEST_SID) {
      return this.frame(exchange, 400, 'Nothing was signed out: this takes iss and sid of the provider.');
    }
    try {
      await this.endSession(exchange, sid);
      this.frame(exchange, 200, 'Signed out.');
    } catch (error) {
      this.failed(exchange, 'front-channel', error);
      exchange.setHeader('retry-after', '5');
      this.frame(exchange, 503, 'Signing out does not work right now.');
    }
  }

  private async endSession(exchange: HttpExchange, sid: string): Promise<void> {
    const cookie = new SessionCookie(this.settings.session!.cookie.name);
    const current = await this.sessions.peek(cookie.read(exchange));
    // A session of another sign-in, in the same browser, has nothing to do with this.
    if (current?.sid === sid) {
      await this.sessions.end(current.id);
      cookie.clear(exchange);
    }
    await this.sessions.endBySid(sid);
  }

  /** A page for a frame of the provider's, and of nobody else's. */
  private frame(exchange: HttpExchange, status: number, text: string): void {
    const { origin } = new URL(this.settings.issuer);
    exchange
      .setHeader('content-security-policy', `default-src 'none'; base-uri 'none'; frame-ancestors ${origin}`)
      .setHeader('referrer-policy', 'no-referrer')
      .setHeader('cross-origin-resource-policy', 'cross-origin')
      .send(
        status,
        `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign-out</title></head><body>${text}</body></html>`,
        'text/html; charset=utf-8',
      );
  }

  private failed(exchange: HttpExchange, channel: string, error: unknown): void {
    this.logger.error(`${exchange.correlationId} ${channel} logout failed: ${(error as Error).message}`);
  }
}

function notFound(exchange: HttpExchange): void {
  const message = 'This application has no sign-in.';
  const { correlationId } = exchange;
  exchange.json(404, { error: 'not_found', code: 'not_found', message, correlationId });
}
