// Example: an application calls another API for the person who called it, and that API sees who acts.
import { Controller, Get, type INestApplication, Injectable, Module, Post } from '@nestjs/common';
import { AccessToken, Auth, RelyingPartyModule, RequireScopes, TokenClient } from 'nest-gatehouse/relying-party';
import type { Principal } from 'nest-gatehouse/relying-party';
import { createTestIdentityProvider, type TestIdentityProvider } from 'nest-gatehouse/testing';
import { adapterNames, start } from './adapters.js';

const STOCK = 'https://stock.example.com';

// The API behind.
@Controller('items')
class StockController {
  @Get()
  @RequireScopes('stock:read')
  list(@Auth() { subject, actor, isClient }: Principal) {
    return { askedFor: subject, askedBy: actor?.['sub'] ?? null, isClient };
  }
}

@Module({
  imports: [RelyingPartyModule.forRoot({ issuer: 'https://id.example.com', bearer: { audience: STOCK } })],
  controllers: [StockController],
})
class StockModule {}

// The application in front of it.
const stockAddress = { url: STOCK };

@Injectable()
class Stock {
  constructor(private readonly tokens: TokenClient) {}

  async ofPerson(theirs: string) {
    const { accessToken } = await this.tokens.exchange(theirs, { resource: STOCK, scope: 'stock:read' });
    return this.ask(accessToken);
  }

  async ofShop() {
    const { accessToken } = await this.tokens.clientCredentials({ resource: STOCK, scope: 'stock:read' });
    return this.ask(accessToken);
  }

  private async ask(accessToken: string): Promise<unknown> {
    const response = await fetch(`${stockAddress.url}/items`, { headers: { authorization: `Bearer ${accessToken}` } });
    if (response.status === 401) this.tokens.forget(accessToken);
    return response.json();
  }
}

@Controller()
class ShopController {
  constructor(private readonly stock: Stock) {}

  @Get('stock')
  ofPerson(@AccessToken() theirs: string) {
    return this.stock.ofPerson(theirs);
  }

  @Post('refill')
  ofShop() {
    return this.stock.ofShop();
  }
}

@Module({
  imports: [
    RelyingPartyModule.forRoot({
      issuer: 'https://id.example.com',
      clientId: 'shop',
      clientSecret: 'the-secret-of-the-client',
      bearer: { audience: 'https://shop.example.com' },
    }),
  ],
  controllers: [ShopController],
  providers: [Stock],
})
class ShopModule {}

describe.each(adapterNames)('calling another API, on %s', (adapter) => {
  let idp: TestIdentityProvider;
  let apps: INestApplication[];
  const ask = async (path: string, method: string, headers: Record<string, string>) => {
    const response = await fetch(`${await apps[0]!.getUrl()}${path}`, { method, headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  beforeAll(async () => {
    idp = await createTestIdentityProvider({ audience: 'https://shop.example.com' });
    apps = [await start(idp, ShopModule, adapter), await start(idp, StockModule, adapter)];
    stockAddress.url = await apps[1]!.getUrl();
  });
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  it('for the person: the API knows both of them', async () => {
    const alice = idp.bearer({ sub: 'alice', scope: 'stock:read' });
    const body = { askedFor: 'alice', askedBy: 'shop', isClient: false };
    expect(await ask('/stock', 'GET', alice)).toEqual({ status: 200, body });
  });

  it('for itself', async () => {
    const body = { askedFor: 'shop', askedBy: null, isClient: true };
    expect(await ask('/refill', 'POST', idp.bearer())).toEqual({ status: 201, body });
  });

  it('with no more than the person may: 502, because they did nothing wrong', async () => {
    const refused = await ask('/stock', 'GET', idp.bearer({ sub: 'bob', scope: 'stock:write' }));
    expect(refused).toMatchObject({ status: 502, body: { code: 'invalid_scope' } });
  });
});
