import { Controller, Get, Module, Req, Res } from '@nestjs/common';
import { HttpExchange } from '../../platform/http/exchange.js';
import { Mails } from '../../platform/mail/mails.js';
import { OutboxPage } from './outbox.page.js';

/** The mails of a development provider, which go nowhere. */
@Controller('outbox')
class OutboxController {
  constructor(private readonly mails: Mails) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    HttpExchange.of(request, response).page(200, OutboxPage({ mails: await this.mails.latest() }));
  }
}

/** Only where the issuer is on loopback and no mail server is configured; in production this module is not there. */
@Module({ controllers: [OutboxController] })
export class OutboxModule {}
