import { Controller, Get, Req, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { HttpExchange } from '../platform/http/exchange.js';
import { WEBAUTHN_SCRIPT_PATH, webauthnScript } from '../platform/pages/webauthn-script.js';

/** The script of the pages that use passkeys. */
@Controller({ version: VERSION_NEUTRAL })
export class WebAuthnScriptController {
  @Get(WEBAUTHN_SCRIPT_PATH.slice(1))
  show(@Req() request: object, @Res() response: object): void {
    HttpExchange.of(request, response)
      .setHeader('cache-control', 'public, max-age=31536000, immutable')
      .setHeader('cross-origin-resource-policy', 'same-origin')
      .send(200, webauthnScript, 'text/javascript; charset=utf-8');
  }
}
