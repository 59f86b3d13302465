import { readFileSync } from 'node:fs';
import {
  Controller,
  Delete,
  type DynamicModule,
  Get,
  HttpCode,
  Module,
  NotFoundException,
  Param,
  Req,
  Res,
} from '@nestjs/common';
import { h } from 'preact';
import { HttpExchange } from '../../platform/http/exchange.js';
import {
  Auth,
  Authenticated,
  type Claims,
  CurrentUser,
  type Principal,
  Public,
  type UserSession,
  UserSessions,
} from '../../relying-party/index.js';
import { SpaShell } from './shell.page.js';

/** Where the page's script is: a whole URL, which the page's policy names. */
class Script {
  readonly content = readFileSync(new URL('./static/app.js', import.meta.url));

  constructor(readonly url: string) {}
}

/** The page and its script hold nothing about anybody, so everybody may have them. */
@Controller('spa')
@Public()
class SpaController {
  constructor(private readonly script: Script) {}

  @Get()
  page(@Req() req: object, @Res() res: object): void {
    const { url } = this.script;
    HttpExchange.of(req, res).page(200, h(SpaShell, { script: url }), { scripts: [url], connectSrc: ["'self'"] });
  }

  @Get('app.js')
  code(@Req() req: object, @Res() res: object): void {
    HttpExchange.of(req, res)
      .setHeader('cache-control', 'no-cache')
      .setHeader('cross-origin-resource-policy', 'same-origin')
      .send(200, this.script.content, 'text/javascript; charset=utf-8');
  }
}

/** What the script may ask: by the session's cookie, which it cannot read. */
@Controller('spa/api')
@Authenticated('session')
class SpaApiController {
  constructor(private readonly sessions: UserSessions) {}

  @Get('me')
  me(@CurrentUser() user: Claims): { name: unknown; username: unknown } {
    const username = user['preferred_username'] ?? user['sub'];
    return { name: user['name'] ?? username, username };
  }

  @Get('sessions')
  list(@Auth() auth: Principal): Promise<UserSession[]> {
    return this.sessions.list(auth);
  }

  /** The guard takes an unsafe method only from this application's own pages: nothing here needs a token against forgery. */
  @Delete('sessions/:sid')
  @HttpCode(204)
  async end(@Auth() auth: Principal, @Param('sid') sid: string): Promise<void> {
    if (!(await this.sessions.end(auth, sid))) throw new NotFoundException('This session has ended already.');
  }
}

/** A browser-only application, and its backend: the routes of the application that imports this, and its session. */
@Module({})
export class SpaModule {
  /** @param publicUrl where browsers reach the application */
  static forRoot(publicUrl: string): DynamicModule {
    return {
      module: SpaModule,
      controllers: [SpaController, SpaApiController],
      providers: [{ provide: Script, useValue: new Script(`${publicUrl}/spa/app.js`) }],
    };
  }
}
