import { createHash } from 'node:crypto';
import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { HttpExchange } from '../../platform/http/exchange.js';
import { allowMethods } from '../../platform/http/methods.js';
import { PageErrorFilter } from '../../platform/http/page-error.filter.js';
import { BROWSER_STATE } from '../../sessions/sign-on-sessions.js';
import { checkSessionScript } from './check-session.script.js';

const SCRIPT = checkSessionScript(BROWSER_STATE.cookie);
const PAGE =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Session check</title></head>' +
  `<body><script>${SCRIPT}</script></body></html>`;
/** Nothing but its script, and nothing it could reach. Any site may frame it: who knows no `session_state` learns nothing. */
const POLICY = [
  "default-src 'none'",
  `script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  // Goes before an X-Frame-Options that somebody else's application sets on every answer (CSP3 §7.7.1).
  'frame-ancestors *',
].join('; ');
const MAX_AGE_SECONDS = 3600;

/** `check_session_iframe` (OpenID Connect Session Management 1.0 §3.2): the same page for everybody; the browser's state is in its cookie. */
@Controller({ path: BROWSER_STATE.path, version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class CheckSessionController {
  @All()
  show(@Req() req: object, @Res() res: object): void {
    const exchange = HttpExchange.of(req, res);
    allowMethods(exchange, 'GET', 'HEAD');
    exchange
      .setHeader('content-security-policy', POLICY)
      .setHeader('cross-origin-resource-policy', 'cross-origin')
      .setHeader('referrer-policy', 'no-referrer')
      .setHeader('cache-control', `public, max-age=${MAX_AGE_SECONDS}`)
      .send(200, PAGE, 'text/html; charset=utf-8');
  }
}
