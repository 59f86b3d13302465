import { Controller, Get, type INestApplication, Module, Req, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { TestClock } from '../support/test-clock.js';
import { TinyIssuer } from '../support/tiny-issuer.js';
import { House, reached } from './house.js';

/**
 * Why this package has a guard of its own: three ways in which `AuthGuard` of `@nestjs/passport` fails open. If one of the
 * first three tests fails one day, the trap has been closed there.
 */
describe('AuthGuard of @nestjs/passport', () => {
  class Jwt extends PassportStrategy(Strategy, 'jwt') {
    constructor() {
      super({ jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: 'x'.repeat(32) });
    }
    validate(payload: unknown) {
      return payload;
    }
  }

  @Controller()
  class Routes {
    @Get('session')
    @UseGuards(AuthGuard('session'))
    session(@Req() request: { user?: unknown }) {
      return { user: request.user ?? null };
    }

    @Get('either')
    @UseGuards(AuthGuard(['jwt', 'session']))
    either(@Req() request: { user?: unknown }) {
      return { user: request.user ?? null };
    }
  }

  @Module({ imports: [PassportModule], controllers: [Routes], providers: [Jwt] })
  class App {}

  let app: INestApplication;
  let url: string;
  beforeAll(async () => {
    app = await NestFactory.create(App, new ExpressAdapter(), { logger: false });
    passport.deserializeUser((id, done) => done(null, { id } as Express.User));
    // What express-session leaves on a request, with somebody signed in and without.
    app.use((request: Record<string, unknown> & { headers: { cookie?: string } }, _: unknown, next: () => void) => {
      request['session'] = request.headers.cookie ? { passport: { user: 'alice' } } : {};
      next();
    });
    await app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  });
  afterAll(() => app.close());
  const get = async (path: string, headers = {}) => {
    const response = await fetch(url + path, { headers });
    return [response.status, await response.json()];
  };

  it('lets the anonymous into AuthGuard("session")', async () => {
    expect(await get('/session')).toEqual([200, { user: null }]);
  });

  it('lets a garbage token into AuthGuard(["jwt", "session"])', async () => {
    expect(await get('/either', { authorization: 'Bearer garbage' })).toEqual([200, { user: null }]);
  });

  it('loses the user of a good session', async () => {
    expect(await get('/session', { cookie: 'session=good' })).toEqual([200, { user: null }]);
  });
});

describe('our guard, in the same three cases', () => {
  let issuer: TinyIssuer;
  let house: House;
  beforeAll(async () => {
    issuer = await TinyIssuer.listen(new TestClock());
    house = await House.open(issuer, {}, 'express');
    reached.count = 0;
  });
  afterAll(async () => {
    await house.close();
    await issuer.close();
  });

  it('refuses the anonymous', async () => {
    expect((await house.ask('/session')).status).toBe(401);
    expect(reached.count).toBe(0);
  });

  it('refuses a garbage token where a session would do', async () => {
    const headers: [string, string][] = [['authorization', 'Bearer garbage']];
    expect((await house.ask('/undecorated', { headers })).status).toBe(401);
    expect(reached.count).toBe(0);
  });

  it('keeps the user of a good session', async () => {
    const browser = house.browser();
    await browser.signIn(issuer);
    expect((await browser.get('/undecorated')).json['user']).toMatchObject({ sub: 'alice', name: 'Alice' });
  });
});
