import { All, Controller, type DynamicModule, Module, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { SIGNING_ALGORITHMS } from '../../../jwt/key-source.js';
import { reportOnToken } from '../../../jwt/token-report.js';
import { KeyRing } from '../../../keys/key-ring.js';
import { Clock } from '../../../platform/clock.js';
import { HttpExchange } from '../../../platform/http/exchange.js';
import { formParameters } from '../../../platform/http/form.js';
import { allowMethods } from '../../../platform/http/methods.js';
import { PageErrorFilter } from '../../../platform/http/page-error.filter.js';
import { TokenToolPage, type TokenToolProps } from './token-tool.page.js';

/** Where the page is. */
export const TOKEN_TOOL_PATH = '/tools/token';

/** Longer than any token of ours; a form holds no more than the server reads anyway. */
const LONGEST = 16_384;

class Issuer {
  constructor(readonly url: string) {}
}

/** The demo's page that reads tokens, as `nest-gatehouse token verify` does, by this provider's own keys. */
@Controller({ path: TOKEN_TOOL_PATH, version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
class TokenToolController {
  constructor(
    private readonly issuer: Issuer,
    private readonly keys: KeyRing,
    private readonly clock: Clock,
  ) {}

  /** The token comes in a form's body: an address would end in the browser's history. */
  @All()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    allowMethods(exchange, 'GET', 'HEAD', 'POST');
    const shown = exchange.method === 'POST' ? await this.read(exchange) : {};
    exchange.page(200, TokenToolPage({ action: TOKEN_TOOL_PATH, ...shown }), { formAction: ["'self'"] });
  }

  private async read(exchange: HttpExchange): Promise<Partial<TokenToolProps>> {
    const form = formParameters(exchange);
    const text = (form.get('token') ?? '').trim().slice(0, LONGEST);
    const audience = (form.get('audience') ?? '').trim();
    if (text === '') return {};
    const report = await reportOnToken(text.replace(/^(bearer|dpop) +/i, ''), this.clock.seconds(), {
      keys: this.keys,
      issuer: this.issuer.url,
      algorithms: SIGNING_ALGORITHMS,
      ...(audience === '' ? {} : { audience }),
    });
    return { token: text, audience, report };
  }
}

/** For the demo only: a provider in production reads no tokens for whoever asks. */
@Module({})
export class TokenToolModule {
  /** @param provider the module that has the keys */
  static forRoot(issuer: string, provider: DynamicModule): DynamicModule {
    return {
      module: TokenToolModule,
      imports: [provider],
      controllers: [TokenToolController],
      providers: [{ provide: Issuer, useValue: new Issuer(issuer) }],
    };
  }
}
