import { Controller, Get, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { HttpExchange } from '../http/exchange.js';
import { PageError } from '../http/page-error.js';
import { PageErrorFilter } from '../http/page-error.filter.js';
import { NOTHING_RUNS } from '../pages/render.js';
import { Branding, BRANDING_PATH } from './branding.js';

/** Logo, style sheet, pictures and fonts of the site. A picture that is opened by itself may neither run nor load anything. */
@Controller({ path: BRANDING_PATH.slice(1), version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class BrandingController {
  constructor(private readonly branding: Branding) {}

  @Get([':file', 'assets/:file'])
  file(@Req() request: object, @Res() response: object): void {
    const exchange = HttpExchange.of(request, response);
    const file = this.branding.files.get(exchange.path.slice(BRANDING_PATH.length + 1));
    if (!file) throw new PageError(404, 'not_found', 'There is nothing at this address.');
    exchange
      // Without the version in it the URL is somebody's own, and must show the next logo, too.
      .setHeader('cache-control', exchange.query.startsWith('v=') ? 'public, max-age=31536000, immutable' : 'no-cache')
      .setHeader('content-security-policy', NOTHING_RUNS)
      .setHeader('cross-origin-resource-policy', 'same-origin')
      .send(200, file.octets, file.type);
  }
}
