// Example: an API for programs that bring access tokens. It has no sessions, no client of its own and no database.
import { Controller, Get, type INestApplication, Module, Param, Post } from '@nestjs/common';
import { Auth, Public, RelyingPartyModule, RequireScopes, Roles } from 'nest-gatehouse/relying-party';
import type { Principal } from 'nest-gatehouse/relying-party';
import { createTestIdentityProvider, describeProtected, type TestIdentityProvider } from 'nest-gatehouse/testing';
import { adapterNames, start } from './adapters.js';

@Controller('parcels')
class ParcelsController {
  @Get('price')
  @Public()
  price() {
    return { cents: 490 };
  }

  @Get(':id')
  @RequireScopes('parcels:read')
  track(@Param('id') id: string, @Auth() auth: Principal) {
    return { id, askedBy: auth.isClient ? `the program ${auth.clientId}` : auth.subject };
  }

  @Post()
  @RequireScopes('parcels:write')
  @Roles('clerk', 'robot')
  send(@Auth() auth: Principal) {
    return { sentBy: auth.subject };
  }
}

@Module({
  imports: [
    RelyingPartyModule.forRoot({
      issuer: 'https://id.example.com',
      bearer: { audience: 'https://parcels.example.com' },
    }),
  ],
  controllers: [ParcelsController],
})
class ParcelsModule {}

describe.each(adapterNames)('an API with tokens, on %s', (adapter) => {
  let idp: TestIdentityProvider;
  let app: INestApplication;
  const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const response = await fetch(`${await app.getUrl()}${path}`, { method, headers });
    return {
      status: response.status,
      challenge: response.headers.get('www-authenticate'),
      body: await response.json(),
    };
  };
  beforeAll(async () => {
    idp = await createTestIdentityProvider();
    app = await start(idp, ParcelsModule, adapter);
  });
  afterAll(() => app.close());

  it('serves whoever brings a token with the scope', async () => {
    const person = await ask('/parcels/7', idp.bearer({ sub: 'alice', scope: 'parcels:read' }));
    expect(person.body).toEqual({ id: '7', askedBy: 'alice' });
    const program = await ask('/parcels/7', idp.bearer({ sub: 'robot-1', clientId: 'robot-1', scope: 'parcels:read' }));
    expect(program.body).toEqual({ id: '7', askedBy: 'the program robot-1' });
  });

  it('says what is missing', async () => {
    expect(await ask('/parcels/7', idp.bearer({ scope: 'letters:read' }))).toMatchObject({
      status: 403,
      challenge: expect.stringMatching(/^Bearer .*error="insufficient_scope".*scope="parcels:read"/),
      body: { code: 'insufficient_scope' },
    });
    expect(await ask('/parcels', idp.bearer({ scope: 'parcels:write' }), 'POST')).toMatchObject({
      status: 403,
      body: { code: 'insufficient_role' },
    });
    const clerk = idp.bearer({ sub: 'carol', scope: 'parcels:write', roles: ['clerk'] });
    expect(await ask('/parcels', clerk, 'POST')).toMatchObject({ status: 201, body: { sentBy: 'carol' } });
  });

  it('is open where it says so', async () => {
    expect(await ask('/parcels/price')).toMatchObject({ status: 200, body: { cents: 490 } });
  });

  describeProtected(() => app, { allow: ['GET /parcels/price'], idp: () => idp });
});
