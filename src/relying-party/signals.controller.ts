import { Controller, Logger, type OnModuleInit, Post, Req, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { TokenError } from '../jwt/token-error.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { acceptText, textBody } from '../platform/http/text-body.js';
import { Public } from './decorators.js';
import { Settings } from './relying-party.options.js';
import { eventError, UnexpectedStateError } from './revocations/received-event.js';
import { RevocationFeed } from './revocations/revocation-feed.js';

const SECEVENT = 'application/secevent+jwt';
/** More octets than this are no event. */
const LARGEST_SET = 512 * 1024;

/** Where the provider pushes Security Event Tokens (RFC 8935), if the options say so. */
@Controller({ path: 'auth/signals', version: VERSION_NEUTRAL })
@Public()
export class SignalsController implements OnModuleInit {
  private readonly logger = new Logger('RevocationFeed');

  constructor(
    private readonly settings: Settings,
    private readonly feed: RevocationFeed,
    private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    if (this.settings.feed.pushUrl !== undefined) acceptText(this.host.httpAdapter, SECEVENT, LARGEST_SET);
  }

  @Post()
  async receive(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response).setHeader('cache-control', 'no-store');
    if (this.settings.feed.pushUrl === undefined) {
      return exchange.json(404, { error: 'not_found', message: 'Nothing is pushed to this application.' });
    }
    const [authorization, ...more] = exchange.headerValues('authorization');
    if (more.length > 0 || !this.feed.isExpected(authorization)) {
      return refuse(exchange, 'authentication_failed', 'the Authorization header is not the one of this stream');
    }
    if (exchange.mediaType !== SECEVENT) return refuse(exchange, 'invalid_request', `the body must be ${SECEVENT}`);
    const set = await textBody(request, LARGEST_SET);
    if (set === undefined) return refuse(exchange, 'invalid_request', 'the body is no SET');
    try {
      await this.feed.receive(set);
      exchange.send(202, '');
    } catch (error) {
      if (error instanceof TokenError) return refuse(exchange, eventError(error), error.code);
      if (error instanceof UnexpectedStateError) return refuse(exchange, 'invalid_state', error.message);
      this.logger.error(`${exchange.correlationId} a pushed event could not be judged: ${(error as Error).message}`);
      exchange.setHeader('retry-after', '1').json(503, { error: 'temporarily_unavailable' });
    }
  }
}

/** RFC 8935 §2.3. */
function refuse(exchange: HttpExchange, err: string, description: string): void {
  exchange.setHeader('content-language', 'en').json(400, { err, description });
}
