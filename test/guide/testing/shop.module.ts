// shop.module.ts
import { Controller, Get, Module, Param, Post } from '@nestjs/common';
import {
  Auth,
  Authenticated,
  CurrentUser,
  Public,
  RelyingPartyModule,
  RequireScopes,
  Roles,
} from 'nest-gatehouse/relying-party';
import type { Claims, Principal } from 'nest-gatehouse/relying-party';

@Controller()
export class ShopController {
  @Get('health')
  @Public()
  health() {
    return { status: 'ok' };
  }

  @Get('basket')
  @Authenticated('session')
  basket(@CurrentUser() user: Claims) {
    return { of: user['name'] };
  }

  @Post('basket')
  @Authenticated('session')
  buy(@Auth() auth: Principal) {
    return { boughtBy: auth.subject };
  }

  @Get('orders/:id')
  @RequireScopes('orders:read')
  order(@Param('id') id: string, @Auth() auth: Principal) {
    return { id, readBy: auth.subject };
  }

  @Get('stock')
  @Roles('keeper')
  stock() {
    return [{ item: 'Looking glass', left: 3 }];
  }
}

@Module({
  imports: [
    RelyingPartyModule.forRoot({
      issuer: 'https://id.example.com',
      clientId: 'shop',
      clientSecret: process.env['CLIENT_SECRET'],
      redirectUri: 'https://shop.example.com/auth/callback',
      session: {
        store: 'postgres',
        url: process.env['DATABASE_URL'] ?? 'postgres://localhost/shop',
        secret: process.env['SESSION_SECRET'] ?? 'W4Yh0rQ2nZk8vT6uJxP1cLm9eBdS3gFa7iKoNqRs',
        cookie: { name: '__Host-shop' },
      },
      bearer: { audience: 'https://shop.example.com' },
    }),
  ],
  controllers: [ShopController],
})
export class ShopModule {}
