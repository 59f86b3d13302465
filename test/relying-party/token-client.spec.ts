import { Controller, Get, HttpException, Query } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import {
  AccessToken,
  Authenticated,
  type IssuedToken,
  Public,
  TokenClient,
  TokenRequestError,
} from '../../src/relying-party/index.js';
import { TestClock } from '../support/test-clock.js';
import { TinyIssuer } from '../support/tiny-issuer.js';
import { House } from './house.js';

const clock = new TestClock();
let issuer: TinyIssuer;
let house: House;
let tokens: TokenClient;
/** What the token endpoint was asked, in order. */
let asked: { body: URLSearchParams; authorization: string | undefined }[] = [];
/** What it answers; a number is the status of an answer without a body. */
let answer: Record<string, unknown> | number = {};
let status = 200;
let headers: Record<string, string> = {};

@Controller()
class Caller {
  constructor(private readonly tokenClient: TokenClient) {}

  @Get('mine')
  @Authenticated('jwt')
  mine(@AccessToken() token: string) {
    return this.tokenClient.exchange(token, { resource: 'urn:test:stock', scope: 'stock:read' });
  }

  @Get('own')
  @Public()
  own(@Query('scope') scope: string) {
    return this.tokenClient.clientCredentials({ scope });
  }
}

beforeAll(async () => {
  issuer = await TinyIssuer.listen(clock);
  house = await House.open(issuer, {}, 'fastify', [Caller]);
  tokens = house.app.get(TokenClient);
});
afterAll(async () => {
  await house.close();
  await issuer.close();
});

beforeEach(() => {
  issuer.reset();
  asked = [];
  answer = {};
  status = 200;
  headers = {};
  // What was kept for another test has ended.
  clock.pass('2h');
  issuer.answers.set('/token', (request, body, response) => {
    asked.push({ body, authorization: request.headers.authorization });
    const number = asked.length;
    const good = { access_token: `token-${number}`, token_type: 'Bearer', expires_in: 300 };
    // So that calls which come at once find it under way.
    void pause(20).then(() => {
      if (typeof answer === 'number') return response.writeHead(answer).end('<html>');
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      return response.end(JSON.stringify(status === 200 ? { ...good, ...answer } : answer));
    });
  });
});

const stock = { resource: 'urn:test:stock', scope: 'stock:read' };
const texts = (issued: IssuedToken[]) => issued.map(({ accessToken }) => accessToken);

describe('asks', () => {
  it('for an exchange, as RFC 8693 §2.1 has it, as the client that it is', async () => {
    const token = await tokens.exchange('theirs', { ...stock, audience: ['stock', 'store'] });
    expect([...asked[0]!.body].filter(([name]) => name !== 'grant_type')).toEqual([
      ['subject_token', 'theirs'],
      ['subject_token_type', 'urn:ietf:params:oauth:token-type:access_token'],
      ['resource', 'urn:test:stock'],
      ['audience', 'stock'],
      ['audience', 'store'],
      ['scope', 'stock:read'],
    ]);
    expect(asked[0]!.body.getAll('grant_type')).toEqual(['urn:ietf:params:oauth:grant-type:token-exchange']);
    expect(asked[0]!.authorization).toMatch(/^Basic /);
    expect(token).toEqual({ accessToken: 'token-1', expiresAt: clock.now() + 300_000, scope: 'stock:read' });
  });

  it('for a token of its own, and answers what was given', async () => {
    answer = { scope: 'stock:read' };
    const token = await tokens.clientCredentials({ resource: 'urn:test:stock', scope: ['stock:read', 'stock:write'] });
    expect(Object.fromEntries(asked[0]!.body)).toEqual({
      grant_type: 'client_credentials',
      resource: 'urn:test:stock',
      scope: 'stock:read stock:write',
    });
    expect(token.scope).toBe('stock:read');
  });

  it('in a handler, for whoever called', async () => {
    const token = await issuer.accessToken();
    const reply = await house.ask('/mine', { headers: [['authorization', `Bearer ${token}`]] });
    expect(reply).toMatchObject({ status: 200, json: { accessToken: 'token-1' } });
    expect(asked[0]!.body.get('subject_token')).toBe(token);
  });
});

describe('keeps a token', () => {
  it('and asks once for all who want it at the same time', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => tokens.exchange('theirs', stock)));
    expect(new Set(texts(all))).toEqual(new Set(['token-1']));
    expect(texts([await tokens.exchange('theirs', stock)])).toEqual(['token-1']);
    expect(asked).toHaveLength(1);
  });

  it.each<[string, (client: TokenClient) => Promise<IssuedToken>]>([
    ['another person’s token', (client) => client.exchange('somebody else’s', stock)],
    ['another API', (client) => client.exchange('theirs', { ...stock, resource: 'urn:test:other' })],
    [
      'an API by its other name',
      (client) => client.exchange('theirs', { audience: stock.resource, scope: stock.scope }),
    ],
    ['other scopes', (client) => client.exchange('theirs', { ...stock, scope: 'stock:write' })],
    ['no scope', (client) => client.exchange('theirs', { resource: stock.resource })],
    ['its own', (client) => client.clientCredentials(stock)],
  ])('apart from that for %s', async (_, other) => {
    await tokens.exchange('theirs', stock);
    expect((await other(tokens)).accessToken).toBe('token-2');
    expect((await tokens.exchange('theirs', stock)).accessToken).toBe('token-1');
  });

  it('whatever the order in which scopes and APIs are named', async () => {
    await tokens.exchange('theirs', { resource: ['urn:b', 'urn:a'], scope: 'write read' });
    await tokens.exchange('theirs', { resource: ['urn:a', 'urn:b'], scope: ['read', 'write'] });
    expect(asked).toHaveLength(1);
  });

  it('until shortly before its end', async () => {
    await tokens.clientCredentials(stock);
    clock.pass('289s');
    await tokens.clientCredentials(stock);
    expect(asked).toHaveLength(1);
    clock.pass('1s');
    expect((await tokens.clientCredentials(stock)).accessToken).toBe('token-2');
  });

  it('half its life when it lives shortly, and not at all when nobody knows how long', async () => {
    answer = { expires_in: 8 };
    await tokens.exchange('theirs', stock);
    clock.pass('3s');
    await tokens.exchange('theirs', stock);
    expect(asked).toHaveLength(1);
    clock.pass('1s');
    answer = { expires_in: undefined };
    expect(await tokens.exchange('theirs', stock)).toMatchObject({ accessToken: 'token-2', expiresAt: undefined });
    expect((await tokens.exchange('theirs', stock)).accessToken).toBe('token-3');
  });

  it('until it is told that the API refused it', async () => {
    const { accessToken } = await tokens.exchange('theirs', stock);
    tokens.forget('another');
    await tokens.exchange('theirs', stock);
    expect(asked).toHaveLength(1);
    tokens.forget(accessToken);
    expect((await tokens.exchange('theirs', stock)).accessToken).toBe('token-2');
  });
});

async function refusal(work: Promise<unknown>): Promise<TokenRequestError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TokenRequestError);
  expect(error).toBeInstanceOf(HttpException);
  return error as TokenRequestError;
}

describe('says what went wrong', () => {
  it.each([
    'invalid_request',
    'invalid_client',
    'invalid_grant',
    'unauthorized_client',
    'unsupported_grant_type',
    'invalid_scope',
    'invalid_target',
  ])('when the provider answers %s: 502', async (error) => {
    status = 400;
    answer = { error, error_description: 'with a secret in it' };
    const refused = await refusal(tokens.exchange('theirs', stock));
    expect([refused.code, refused.getStatus()]).toEqual([error, 502]);
    expect(JSON.stringify(refused.getResponse())).not.toMatch(/secret|theirs/);
  });

  it('when it does not know the client', async () => {
    status = 401;
    answer = { error: 'invalid_client' };
    headers = { 'www-authenticate': 'Basic realm="provider"' };
    expect((await refusal(tokens.clientCredentials(stock))).code).toBe('invalid_client');
  });

  it('when it invents a code', async () => {
    status = 400;
    answer = { error: 'computer_says_no' };
    expect((await refusal(tokens.clientCredentials(stock))).code).toBe('token_request_failed');
  });

  it.each<[string, Record<string, unknown>]>([
    ['something that is no access token', { issued_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }],
    ['a token that is bound to a key', { token_type: 'DPoP' }],
  ])('when it gives %s', async (_, given) => {
    answer = given;
    expect((await refusal(tokens.exchange('theirs', stock))).code).toBe('token_response_invalid');
  });

  it.each([500, 502, 503, 429])('when it cannot answer, with %i: 503', async (code) => {
    answer = code;
    const refused = await refusal(tokens.exchange('theirs', stock));
    expect([refused.code, refused.getStatus()]).toEqual(['provider_unavailable', 503]);
  });

  it('to whoever called the application, and asks again the next time', async () => {
    answer = 503;
    const refused = await house.ask('/own?scope=stock:read');
    expect(refused).toMatchObject({
      status: 503,
      json: {
        error: 'temporarily_unavailable',
        code: 'provider_unavailable',
        correlationId: expect.stringMatching(/^.{16}$/),
      },
    });
    answer = {};
    expect((await house.ask('/own?scope=stock:read')).status).toBe(200);
  });

  it('to whoever forgot the options that it needs', async () => {
    const api = await House.open(issuer, ({ issuer: url, bearer, clock: time }) => ({ issuer: url, bearer, clock: time }), 'fastify', [Caller]); // prettier-ignore
    await expect(api.app.get(TokenClient).clientCredentials(stock)).rejects.toThrow(
      /needs .*clientId and clientSecret/,
    );
    await api.close();
  });
});

it('needs no session', async () => {
  const api = await House.open(issuer, (options) => ({ ...options, session: undefined, redirectUri: undefined }) as never, 'fastify', [Caller]); // prettier-ignore
  expect((await api.app.get(TokenClient).clientCredentials(stock)).accessToken).toBe('token-1');
  await api.close();
});
