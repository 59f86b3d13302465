import { Controller, Module, Post, Req, Res } from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import { HttpExchange } from '../../src/platform/http/exchange.js';
import { acceptText, textBody } from '../../src/platform/http/text-body.js';
import { adapters } from '../relying-party/house.js';

const TYPE = 'application/secevent+jwt';
const MOST = 100;

@Controller()
class Echo {
  constructor(host: HttpAdapterHost) {
    acceptText(host.httpAdapter, TYPE, MOST);
  }

  @Post()
  async echo(@Req() request: object, @Res() response: object): Promise<void> {
    HttpExchange.of(request, response).json(200, { body: (await textBody(request, MOST)) ?? null });
  }
}

@Module({ controllers: [Echo] })
class App {}

it.each(['fastify', 'express'] as const)(
  '%s hands over text of a type of our own, and not too much of it',
  async (name) => {
    const app = await NestFactory.create(App, await adapters[name](), { logger: false });
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const post = (body: string) => fetch(url, { method: 'POST', headers: { 'content-type': TYPE }, body });
    try {
      expect(await (await post('a.b.c')).json()).toEqual({ body: 'a.b.c' });
      const long = await post('x'.repeat(MOST + 1));
      expect(long.status === 413 || ((await long.json()) as { body: unknown }).body === null).toBe(true);
    } finally {
      await app.close();
    }
  },
);
