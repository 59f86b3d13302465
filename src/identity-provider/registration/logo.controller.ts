import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Clients } from '../../clients/clients.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { allowMethods } from '../../platform/http/methods.js';
import { NOTHING_RUNS } from '../../platform/pages/render.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { ClientLogos } from './client-logos.js';

/** Browsers ask again after this long, so that a new logo is seen the same hour. */
const MAX_AGE_SECONDS = 300;

/** Clients' logos for our own pages. They are strangers' octets under our origin: nothing in them may run or load. */
@Controller({ path: 'clients', version: VERSION_NEUTRAL })
@UseFilters(OAuthErrorFilter)
export class LogoController {
  constructor(
    private readonly clients: Clients,
    private readonly logos: ClientLogos,
  ) {}

  @All(':id/logo')
  async logo(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    allowMethods(exchange, 'GET', 'HEAD');
    const client = await this.clients.find(clientIdOf(exchange.path));
    const logo = client && !client.disabled ? await this.logos.of(client) : undefined;
    exchange
      .setHeader('cache-control', `private, max-age=${logo ? MAX_AGE_SECONDS : 0}`)
      .setHeader('content-security-policy', NOTHING_RUNS)
      .setHeader('cross-origin-resource-policy', 'same-origin');
    if (logo) exchange.send(200, logo.octets, logo.type);
    else exchange.send(404, '');
  }
}

/** The segment before the last, decoded; empty when it is malformed. */
function clientIdOf(path: string): string {
  try {
    return decodeURIComponent(path.split('/').at(-2) ?? '');
  } catch {
    return '';
  }
}
