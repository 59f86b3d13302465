import { Controller, Get, type INestApplication, Module, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { request } from 'node:http';
import { HttpExchange } from '../../src/platform/http/exchange.js';
import type { LateAnswer } from '../../src/platform/http/late-answer.js';

/** Those who wait. */
const waiting: LateAnswer[] = [];

@Controller()
class Waiters {
  @Get('wait')
  wait(@Req() req: object, @Res() res: object): void {
    waiting.push(HttpExchange.of(req, res).setHeader('x-said-before', 'yes').later());
  }

  @Get('now')
  now(@Req() req: object, @Res() res: object): void {
    HttpExchange.of(req, res).json(200, { waiting: waiting.length });
  }
}

@Module({ controllers: [Waiters] })
class Waiting {}

describe.each(['fastify', 'express'] as const)('an answer that is given later, on %s', (host) => {
  let app: INestApplication;
  let origin: string;
  beforeAll(async () => {
    const adapter = host === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
    app = await NestFactory.create(Waiting, adapter as ExpressAdapter, { logger: false });
    await app.listen(0, '127.0.0.1');
    origin = (await app.getUrl()).replace('[::1]', 'localhost');
  });
  afterAll(() => app.close());
  beforeEach(() => void waiting.splice(0));

  /** Until the handler has returned for the one who waits. */
  async function someoneWaits(): Promise<LateAnswer> {
    while (waiting.length === 0) await fetch(`${origin}/now`);
    return waiting[0]!;
  }

  it('waits, while others are answered, and is what was said with the headers of before', async () => {
    const answering = fetch(`${origin}/wait`);
    const answer = await someoneWaits();
    expect(await (await fetch(`${origin}/now`)).json()).toEqual({ waiting: 1 });
    expect(answer.isGone).toBe(false);
    answer.json(410, { error: 'cursor_gone', text: 'für später' }, { 'retry-after': '1' });
    const { status, headers, ...body } = await answering.then(async (one) => ({
      status: one.status,
      headers: one.headers,
      json: await one.json(),
    }));
    expect([status, body.json]).toEqual([410, { error: 'cursor_gone', text: 'für später' }]);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-said-before': 'yes',
      'retry-after': '1',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-type': 'application/json; charset=utf-8',
    });
  });

  it('notices that nobody waits any more, and says nothing then', async () => {
    const asking = request(`${origin}/wait`);
    asking.on('error', () => {});
    asking.end();
    const answer = await someoneWaits();
    asking.destroy();
    while (!answer.isGone) await fetch(`${origin}/now`);
    expect(() => answer.json(200, {})).not.toThrow();
  });
});
