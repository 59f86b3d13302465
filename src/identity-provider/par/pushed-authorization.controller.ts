import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { isPublic } from '../../clients/client.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { invalidRequest } from '../../protocol/oauth-error.js';
import { AuthorizationRequests } from '../authorize/authorization-requests.js';
import { RequestParameters } from '../authorize/request-parameters.js';
import { WaitingRequests } from '../authorize/waiting-requests.js';
import { ClientAuthentication } from '../client-auth/client-authentication.js';
import { BrowserOrigins } from '../cors.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { bodyOf } from '../token/token.controller.js';
import { PushedRequests } from './pushed-requests.js';

/** What proves the client has no place in a request that is kept. */
const CLIENT_AUTHENTICATION = ['client_secret', 'client_assertion', 'client_assertion_type'];

/**
 * The pushed authorization request endpoint (RFC 9126): a client leaves its request here, authenticated and unseen by the
 * browser, and sends the browser with its name. Wrong requests are refused at once, before anybody is asked anything.
 */
@Controller({ path: 'par', version: VERSION_NEUTRAL })
@UseFilters(OAuthErrorFilter)
export class PushedAuthorizationController {
  constructor(
    private readonly clientAuthentication: ClientAuthentication,
    private readonly parameters: RequestParameters,
    private readonly requests: AuthorizationRequests,
    private readonly pushed: PushedRequests,
    private readonly waiting: WaitingRequests,
    private readonly origins: BrowserOrigins,
  ) {}

  @All()
  async push(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    if (await this.origins.handle(exchange, 'POST')) return;
    const form = bodyOf(exchange);
    const client = await this.clientAuthentication.authenticate(exchange, form);
    if (form.has('request_uri')) throw invalidRequest('request_uri cannot be pushed', 'request_uri');
    const counted = await this.parameters.unfold(form.without(...CLIENT_AUTHENTICATION), client);
    await this.requests.check(counted, client);
    if (isPublic(client)) this.waiting.admitPushed(exchange.ip);
    const { requestUri, expiresInSeconds } = await this.pushed.push(client.id, counted.parameters);
    exchange.json(201, { request_uri: requestUri, expires_in: expiresInSeconds });
  }
}
