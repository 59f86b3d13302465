// app.module.ts
import { Controller, Get, Module } from '@nestjs/common';
import {
  Authenticated,
  type Claims,
  CurrentUser,
  Public,
  RelyingPartyModule,
  RequireScopes,
} from 'nest-gatehouse/relying-party';

const { ISSUER = 'http://localhost:3000', SHOP_URL = 'http://localhost:4000' } = process.env;

@Controller()
export class ShopController {
  @Get()
  @Public()
  home() {
    return 'Everybody may read this.';
  }

  @Get('me')
  @Authenticated('session') // a browser that is not signed in is sent to sign in, and comes back here
  me(@CurrentUser() user: Claims) {
    return { hello: user['name'] };
  }

  @Get('stock')
  @RequireScopes('orders:read') // a session or an access token, whichever the request carries
  stock() {
    return [{ item: 'Looking glass', left: 3 }];
  }
}

@Module({
  imports: [
    RelyingPartyModule.forRoot({
      issuer: ISSUER,
      clientId: 'shop',
      clientSecret: process.env['CLIENT_SECRET'],
      redirectUri: `${SHOP_URL}/auth/callback`,
      session: {
        store: 'memory', // 'postgres' and a url in production
        secret: process.env['SESSION_SECRET'] ?? '',
        cookie: { name: '__Host-shop' },
      },
      bearer: { audience: 'urn:gatehouse:demo:orders' },
    }),
  ],
  controllers: [ShopController],
})
export class AppModule {}
