import { Controller, Get, Module, Req, Res, type DynamicModule, type LoggerService } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { h } from 'preact';
import { HttpExchange } from '../../platform/http/exchange.js';
import {
  Auth,
  Authenticated,
  CurrentUser,
  OptionalAuth,
  type Claims,
  type Principal,
  RelyingPartyModule,
  SignOutReceipts,
} from '../../relying-party/index.js';
import { isLoopbackOrigin } from '../../platform/config.js';
import type { AppConfig } from '../support/app-config.js';
import { SpaModule } from '../spa/spa.module.js';
import { FeedHealthModule } from '../support/feed-health.module.js';
import { sessionPlace } from '../support/session-place.js';
import { startApplication } from '../support/application.js';
import { type Address, PortalHome, PortalProfile } from './pages.js';

/** Claims that say something about the ID token rather than the person. */
const ABOUT_THE_TOKEN = new Set([
  'iss',
  'aud',
  'azp',
  'exp',
  'iat',
  'nonce',
  'at_hash',
  'sid',
  'authorization_id',
  'rev',
]);

/** Where the start page leads to. */
class Addresses {
  constructor(readonly list: Address[]) {}
}

/** A server-rendered site: people sign in through the provider, and this application keeps a session of its own. */
@Controller()
export class PortalController {
  constructor(
    private readonly addresses: Addresses,
    private readonly receipts: SignOutReceipts,
  ) {}

  @Get()
  @OptionalAuth('session')
  async home(@Req() req: object, @Res() res: object, @CurrentUser() user?: Claims): Promise<void> {
    const addresses = this.addresses.list;
    // People come back here after they signed out.
    const signedOut = await this.receipts.take(req, res);
    HttpExchange.of(req, res).page(
      200,
      h(PortalHome, { addresses, ...(user ? { user: nameOf(user) } : signedOut ? { signedOut } : {}) }),
    );
  }

  @Get('profile')
  @Authenticated('session')
  profile(@Req() req: object, @Res() res: object, @CurrentUser() user: Claims, @Auth() auth: Principal): void {
    HttpExchange.of(req, res).page(
      200,
      h(PortalProfile, {
        user: { ...nameOf(user), ...(typeof user['email'] === 'string' ? { email: user['email'] } : {}) },
        claims: Object.entries(user)
          .filter(([name]) => !ABOUT_THE_TOKEN.has(name))
          .map(([name, value]): [string, string] => [name, textOf(value)]),
        sessionInfo: [
          ['Signed in at', auth.issuer],
          ['Subject', auth.subject],
          ['Provider’s session', auth.sid ?? '—'],
          ['Scopes', auth.scopes.join(' ')],
        ],
        signOutAction: '/auth/logout',
      }),
    );
  }
}

@Module({})
class PortalModule {}

/** Starts the portal. @param databaseUrl where its sessions are kept. */
export function startPortal(
  config: AppConfig,
  databaseUrl: string,
  sessionSecret: string[],
  logger: LoggerService | false,
): Promise<NestFastifyApplication> {
  const { issuer, clientId, clientSecret, publicUrl } = config;
  const module: DynamicModule = {
    module: PortalModule,
    imports: [
      RelyingPartyModule.forRoot({
        issuer,
        clientId,
        clientSecret,
        redirectUri: `${publicUrl}/auth/callback`,
        scope: 'openid profile email address phone',
        session: { ...sessionPlace(config, databaseUrl), secret: sessionSecret, cookie: { name: '__Host-portal' } },
        // The provider tells, so that a sign-out anywhere ends this session at once; where it is silent, it is asked.
        revocation: { mode: 'feed' },
        // On a developer's machine `npx nest-gatehouse explain` may ask.
        describe: isLoopbackOrigin(config.issuer),
      }),
      FeedHealthModule.forRoot(),
      SpaModule.forRoot(publicUrl),
    ],
    controllers: [PortalController],
    providers: [{ provide: Addresses, useValue: new Addresses(addressesOf(config)) }],
  };
  return startApplication(module, config, logger);
}

function addressesOf({ issuer, ordersUrl, publicUrl }: AppConfig): Address[] {
  const desk = new URL(ordersUrl);
  desk.port = String(Number(desk.port) + 1);
  return [
    { name: 'Desk', url: desk.origin, description: 'Another application. You will not be asked to sign in again.' },
    { name: 'Spa', url: `${publicUrl}/spa`, description: 'A page of JavaScript alone, with this session behind it.' },
    { name: 'Provider', url: issuer, description: 'Where you are signed in.' },
  ];
}

function nameOf(user: Claims): { name: string; username: string } {
  const username = textOf(user['preferred_username'] ?? user['sub']);
  return { name: textOf(user['name'] ?? username), username };
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  // An address (OpenID Connect Core §5.1.1).
  const { formatted } = Object(value) as { formatted?: unknown };
  return typeof formatted === 'string' ? formatted : JSON.stringify(value);
}
