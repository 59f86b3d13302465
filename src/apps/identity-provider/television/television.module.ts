import { All, Controller, type DynamicModule, Module, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { z } from 'zod';
import { clearedCookie, hostCookie } from '../../../platform/http/cookies.js';
import { HttpExchange } from '../../../platform/http/exchange.js';
import { allowMethods } from '../../../platform/http/methods.js';
import { PageError } from '../../../platform/http/page-error.js';
import { PageErrorFilter } from '../../../platform/http/page-error.filter.js';
import { qrCodeUrl } from '../../../platform/pages/qr-code.js';
import { DEVICE_CODE } from '../../../protocol/grant-type.js';
import { DEMO_CLIENTS } from '../../support/demo.js';
import { TelevisionPage, type TelevisionState } from './television.page.js';

/** Where the page is. */
export const TELEVISION_PATH = '/tools/television';

/** What the screen keeps while it waits, as a television would in its memory: its code is its own secret. */
const COOKIE = '__Host-gatehouse-television';
const client_id = DEMO_CLIENTS.terminal.id;

const begunSchema = z.object({
  device_code: z.string().max(200),
  user_code: z.string().max(20),
  verification_uri: z.url({ protocol: /^https?$/ }).max(500),
  verification_uri_complete: z.url({ protocol: /^https?$/ }).max(600),
});
type Begun = z.infer<typeof begunSchema>;

class Issuer {
  constructor(readonly url: string) {}
}

const ENDED: Readonly<Record<string, string>> = {
  access_denied: 'You did not allow it.',
  expired_token: 'Nobody entered the code in time.',
};

/** The demo's television: a client of the device authorization grant (RFC 8628), which asks this provider over HTTP like any other. */
@Controller({ path: TELEVISION_PATH, version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
class TelevisionController {
  constructor(private readonly issuer: Issuer) {}

  @All()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    allowMethods(exchange, 'GET', 'HEAD', 'POST');
    if (exchange.method === 'POST') return this.start(exchange);
    const begun = begunOf(exchange.cookies.get(COOKIE));
    const state = begun ? await this.poll(begun) : ({ is: 'off' } as const);
    if (begun && state.is !== 'waiting') exchange.setCookie(clearedCookie(COOKIE));
    exchange.page(200, TelevisionPage({ action: TELEVISION_PATH, state }), { formAction: ["'self'"] });
  }

  private async start(exchange: HttpExchange): Promise<void> {
    const { ok, json } = await this.ask('/device_authorization', { client_id, scope: 'openid profile' });
    const begun = begunSchema.safeParse(json);
    if (!ok || !begun.success) throw away();
    const kept = Buffer.from(JSON.stringify(begun.data)).toString('base64url');
    exchange.setCookie(hostCookie(COOKIE, kept));
    exchange.redirect(TELEVISION_PATH);
  }

  private async poll(begun: Begun): Promise<TelevisionState> {
    const { device_code } = begun;
    const { ok, json } = await this.ask('/token', { grant_type: DEVICE_CODE, client_id, device_code });
    if (ok) return this.signedIn(json);
    const error = String(json['error']);
    if (error !== 'authorization_pending' && error !== 'slow_down') {
      return { is: 'off', problem: ENDED[error] ?? 'The sign-in has ended. Start again.' };
    }
    const { verification_uri: verificationUri, verification_uri_complete: complete, user_code: userCode } = begun;
    return { is: 'waiting', verificationUri, userCode, complete, qrCode: await qrCodeUrl(complete) };
  }

  private async signedIn({ access_token: accessToken, refresh_token: refreshToken }: Answer): Promise<TelevisionState> {
    const { json } = await this.ask('/userinfo', {}, { authorization: `Bearer ${String(accessToken)}` });
    const { name, sub } = json;
    await this.ask('/revoke', { client_id, token: String(refreshToken ?? accessToken) });
    return { is: 'on', name: typeof name === 'string' ? name : String(sub) };
  }

  private async ask(path: string, form: Record<string, string>, headers: Record<string, string> = {}) {
    const url = `${this.issuer.url}${path}`;
    const init = { method: 'POST', headers, body: new URLSearchParams(form), signal: AbortSignal.timeout(5_000) };
    try {
      const response = await fetch(url, { ...init, redirect: 'error' });
      const text = await response.text();
      return { ok: response.ok, json: (text === '' ? {} : JSON.parse(text)) as Answer };
    } catch {
      throw away();
    }
  }
}

type Answer = Record<string, unknown>;

function away(): PageError {
  return new PageError(503, 'temporarily_unavailable', 'The screen cannot reach the provider. Try again in a moment.');
}

function begunOf(cookie: string | undefined): Begun | undefined {
  if (cookie === undefined) return undefined;
  try {
    return begunSchema.parse(JSON.parse(Buffer.from(cookie, 'base64url').toString()));
  } catch {
    return undefined;
  }
}

/** For the demo only. */
@Module({})
export class TelevisionModule {
  static forRoot(issuer: string): DynamicModule {
    return {
      module: TelevisionModule,
      controllers: [TelevisionController],
      providers: [{ provide: Issuer, useValue: new Issuer(issuer) }],
    };
  }
}
