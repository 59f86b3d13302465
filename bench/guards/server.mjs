// One application with one route, behind the guard that VARIANT names, on the adapter that ADAPTER names. `/credentials`
// tells what to send; the issuer is in this process, and costs nothing once its keys are known.
import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import 'reflect-metadata';
import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { RelyingPartyModule, Public } from '../../dist/relying-party/index.js';
import { createTestIdentityProvider, VirtualClock } from '../../dist/testing/index.js';

const { ADAPTER, VARIANT, PORT, TOKENS, SESSION_CACHE } = process.env;
const AUDIENCE = 'https://api.example.com';

/** The machine's time, as in production. */
class RealClock extends VirtualClock {
  now() {
    return Date.now();
  }
}

const idp = await createTestIdentityProvider({
  issuer: 'http://localhost:9',
  audience: AUDIENCE,
  clock: new RealClock(),
});

/** Decorators without their syntax. */
function decorate(type, decorators, methods = {}) {
  for (const [name, list] of Object.entries(methods)) {
    const descriptor = Object.getOwnPropertyDescriptor(type.prototype, name);
    for (const decorator of list) decorator(type.prototype, name, descriptor);
  }
  for (const decorator of decorators) decorator(type);
  return type;
}

class Route {
  answer() {
    return { ok: true };
  }
}
/** The least that a guard can do, with the two headers that every answer to a credential needs. */
class TrivialGuard {
  canActivate(context) {
    context.getArgByIndex(1).header('cache-control', 'no-store').header('vary', 'Authorization, Cookie');
    return true;
  }
}
const guards = { 'passport-jwt': [UseGuards(AuthGuard('jwt'))], trivial: [UseGuards(TrivialGuard)] }[VARIANT] ?? [];
decorate(Route, [Controller()], { answer: [Get('guarded'), ...guards] });

class Credentials {
  async answer() {
    // For an hour, so that nothing ends while it is measured.
    const tokens = Array.from({ length: Number(TOKENS) }, () => idp.token({ sub: 'alice', lifetime: '1h' }));
    const agent = isOurs ? await idp.login(app, { sub: 'alice', claims: { name: 'Alice' } }) : undefined;
    // Not the mark of the sign-in itself, which the first page takes away.
    const cookie = agent?.cookie.split('; ').find((one) => one.startsWith('__Host-bench='));
    return { tokens, cookie };
  }
}
decorate(Credentials, [Controller(), Public()], { answer: [Get('credentials')] });

/** What it costs to verify an ES256 signature of a token's size and nothing else. */
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signed = Buffer.from('x'.repeat(450));
const key = { key: publicKey, dsaEncoding: 'ieee-p1363' };
const signature = sign('sha256', signed, { ...key, key: privateKey });
class Verified {
  answer() {
    return { ok: verify('sha256', signed, key, signature) };
  }
}
decorate(Verified, [Controller(), Public()], { answer: [Get('verified')] });

class Alive {
  answer() {
    return 'ok';
  }
}
decorate(Alive, [Controller(), Public()], { answer: [Get('alive')] });

const isOurs = VARIANT === 'gatehouse';
const gate = RelyingPartyModule.forRoot({
  ...idp.options,
  clientId: 'bench',
  clientSecret: 'a-secret-of-the-benchmark',
  redirectUri: `http://localhost:${PORT}/auth/callback`,
  session: {
    store: 'memory',
    ...(SESSION_CACHE === 'none' ? {} : { cache: '1s' }),
    secret: 'a session secret of 32 and more bytes',
    cookie: { name: '__Host-bench' },
  },
  bearer: { audience: AUDIENCE },
});

async function passport() {
  const { keys } = (
    await idp.options.outbound.fetch('http://localhost:9/jwks', { purpose: 'jwks', trusted: true })
  ).json();
  class Jwt extends PassportStrategy(Strategy, 'jwt') {
    constructor() {
      super({
        jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
        secretOrKey: createPublicKey({ key: keys[0], format: 'jwk' }),
        algorithms: ['ES256'],
        issuer: 'http://localhost:9',
        audience: AUDIENCE,
      });
    }
    validate(payload) {
      return payload;
    }
  }
  return { imports: [PassportModule], providers: [Jwt] };
}

class App {}
const parts = isOurs ? { imports: [gate] } : VARIANT === 'passport-jwt' ? await passport() : {};
decorate(App, [Module({ ...parts, controllers: [Route, Credentials, Verified, Alive] })]);

const adapter = ADAPTER === 'express' ? new ExpressAdapter() : new FastifyAdapter();
const app = await NestFactory.create(App, adapter, { logger: ['error'] });
await app.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit());
