// Example: a WebSocket gateway. The upgrade is refused without a good credential; the guard judges every message.
import { type INestApplication, Module } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import {
  Auth,
  CurrentUser,
  guardedWsAdapter,
  Public,
  RelyingPartyModule,
  RequireScopes,
} from 'nest-gatehouse/relying-party';
import type { Claims, Principal } from 'nest-gatehouse/relying-party';
import { createTestIdentityProvider, type TestIdentityProvider } from 'nest-gatehouse/testing';
import WebSocket from 'ws';
import { adapterNames, start } from './adapters.js';

@WebSocketGateway({ path: '/chat' })
class ChatGateway {
  @SubscribeMessage('say')
  say(@MessageBody() text: string, @CurrentUser() user: Claims) {
    return { event: 'said', data: `${String(user['sub'])}: ${text}` };
  }

  @SubscribeMessage('ban')
  @RequireScopes('chat:moderate')
  ban() {
    return { event: 'banned', data: null };
  }

  @SubscribeMessage('time')
  @Public()
  time(@Auth() auth?: Principal) {
    return { event: 'time', data: auth?.subject ?? 'for everybody' };
  }
}

@Module({
  imports: [
    RelyingPartyModule.forRoot({
      issuer: 'https://id.example.com',
      clientId: 'chat',
      clientSecret: 'the-secret-of-the-client',
      redirectUri: 'https://chat.example.com/auth/callback',
      session: {
        store: 'postgres',
        url: 'postgres://localhost/chat',
        secret: 'W4Yh0rQ2nZk8vT6uJxP1cLm9eBdS3gFa7iKoNqRs',
        cookie: { name: '__Host-chat' },
      },
      bearer: { audience: 'https://chat.example.com' },
    }),
  ],
  providers: [ChatGateway],
})
class ChatModule {}

describe.each(adapterNames)('a WebSocket gateway, on %s', (adapter) => {
  let idp: TestIdentityProvider;
  let app: INestApplication;
  const sockets: WebSocket[] = [];
  beforeAll(async () => {
    idp = await createTestIdentityProvider();
    app = await start(idp, ChatModule, adapter, (it) => it.useWebSocketAdapter(guardedWsAdapter(WsAdapter, it)));
  });
  afterEach(() => sockets.splice(0).forEach((socket) => socket.terminate()));
  afterAll(() => app.close());

  /** Opens a socket, or rejects with the status and the body of the answer that refuses it. */
  const open = async (headers: Record<string, string> = {}, protocols: string[] = []): Promise<WebSocket> => {
    const url = `${(await app.getUrl()).replace('http', 'ws')}/chat`;
    const socket = new WebSocket(url, protocols, { headers });
    sockets.push(socket);
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(socket)).on('error', reject);
      socket.on('unexpected-response', (_request, response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => {
          const { code } = JSON.parse(text) as { code: string };
          reject(Object.assign(new Error(code), { status: response.statusCode, headers: response.headers }));
        });
      });
    });
  };
  const ask = (socket: WebSocket, event: string, data?: unknown): Promise<{ event: string; data: unknown }> => {
    const answer = new Promise<string>((resolve) =>
      socket.once('message', (message: Buffer) => resolve(message.toString())),
    );
    socket.send(JSON.stringify({ event, data }));
    return answer.then((text) => JSON.parse(text) as { event: string; data: unknown });
  };
  const closed = (socket: WebSocket) =>
    new Promise((resolve) => socket.on('close', (code, reason) => resolve([code, reason.toString()])));

  it('takes a token in the header, as programs send it', async () => {
    const socket = await open(idp.bearer({ sub: 'alice' }));
    expect(await ask(socket, 'say', 'hello')).toEqual({ event: 'said', data: 'alice: hello' });
    expect(await ask(socket, 'time')).toEqual({ event: 'time', data: 'for everybody' });
  });

  it('takes a token as a subprotocol, as browsers can, and does not echo it', async () => {
    // In a page: new WebSocket(url, ['chat', `bearer.${token}`])
    const socket = await open({}, ['chat', `bearer.${idp.token({ sub: 'alice' })}`]);
    expect(socket.protocol).toBe('chat');
    expect(await ask(socket, 'say', 'hello')).toEqual({ event: 'said', data: 'alice: hello' });
  });

  it('takes a session from its own pages only', async () => {
    const { cookie } = await idp.login(app, { sub: 'alice' });
    const socket = await open({ cookie, origin: 'https://chat.example.com' });
    expect(await ask(socket, 'say', 'hello')).toEqual({ event: 'said', data: 'alice: hello' });
    const others: Record<string, string>[] = [
      {},
      { origin: 'https://evil.example.com' },
      { origin: 'null' },
      { origin: 'https://chat.example.com', 'sec-fetch-site': 'cross-site' },
      // Fetch Metadata alone will not do here: every browser sends Origin.
      { 'sec-fetch-site': 'same-origin' },
    ];
    for (const headers of others) {
      await expect(open({ cookie, ...headers })).rejects.toMatchObject({ status: 403, message: 'csrf' });
    }
  });

  it.each([
    ['nobody', () => ({}), 'unauthenticated'],
    ['a garbage token', () => ({ authorization: 'Bearer garbage' }), 'malformed_token'],
    ['an expired token', () => idp.bearer({ expired: true }), 'token_expired'],
    ['a token for another API', () => idp.bearer({ wrongAudience: true }), 'audience_mismatch'],
    ['an ID token', () => idp.bearer({ idToken: true }), 'wrong_token_type'],
    [
      'a garbage cookie',
      () => ({ cookie: '__Host-chat=garbage', origin: 'https://chat.example.com' }),
      'unauthenticated',
    ],
  ])('refuses the upgrade of %s', async (_, headers, code) => {
    const refused = open(headers() as Record<string, string>);
    await expect(refused).rejects.toMatchObject({ status: 401, message: code });
    await refused.catch((error: { headers: Record<string, string> }) => {
      expect(error.headers['www-authenticate']).toMatch(/^Bearer/);
    });
  });

  it('refuses two tokens in two places, and two at one', async () => {
    const token = `bearer.${idp.token()}`;
    await expect(open(idp.bearer(), ['chat', token])).rejects.toMatchObject({ message: 'ambiguous_credentials' });
    await expect(open({}, ['chat', token, `${token}x`])).rejects.toMatchObject({ message: 'malformed_credentials' });
  });

  it('refuses a message that the credential does not cover, and keeps the socket', async () => {
    const socket = await open(idp.bearer({ sub: 'alice' }));
    expect(await ask(socket, 'ban', 'bob')).toEqual({
      event: 'exception',
      data: {
        status: 'error',
        error: 'insufficient_scope',
        code: 'insufficient_scope',
        message: expect.any(String),
        correlationId: expect.any(String),
      },
    });
    expect((await ask(socket, 'say', 'well')).event).toBe('said');
    const moderator = await open(idp.bearer({ scope: 'chat:moderate' }));
    expect((await ask(moderator, 'ban', 'bob')).event).toBe('banned');
  });

  it('closes the socket when its session ends', async () => {
    const { cookie } = await idp.login(app, { sub: 'alice', sid: 'laptop' });
    const socket = await open({ cookie, origin: 'https://chat.example.com' });
    const end = closed(socket);
    await idp.revoke({ sid: 'laptop' });
    expect(await end).toEqual([4401, 'unauthenticated']);
  });

  it('closes the socket when its token ends, although nobody says anything', async () => {
    const socket = await open(idp.bearer());
    const end = closed(socket);
    idp.clock.pass('6m');
    expect(await end).toEqual([4401, 'token_expired']);
  });

  it('notices with the next message that a token has ended', async () => {
    const socket = await open(idp.bearer());
    idp.clock.pass('6m');
    const end = closed(socket);
    expect(await ask(socket, 'say', 'x')).toMatchObject({ event: 'exception', data: { code: 'token_expired' } });
    expect(await end).toEqual([4401, 'token_expired']);
  });
});

describe('a WebSocket gateway for strangers too', () => {
  let idp: TestIdentityProvider;
  beforeAll(async () => (idp = await createTestIdentityProvider()));
  const opened = async (prepare: (app: INestApplication) => void) => {
    const app = await start(idp, ChatModule, 'fastify', prepare);
    const socket = new WebSocket(`${(await app.getUrl()).replace('http', 'ws')}/chat`);
    await new Promise((resolve) => socket.once('open', resolve));
    const ask = (event: string): Promise<unknown> => {
      const answer = new Promise((resolve) =>
        socket.once('message', (text: Buffer) => resolve(JSON.parse(text.toString()))),
      );
      socket.send(JSON.stringify({ event }));
      return answer;
    };
    return { app, socket, ask };
  };

  it('admits them when it is told to, and still guards the messages', async () => {
    const { app, socket, ask } = await opened((it) =>
      it.useWebSocketAdapter(guardedWsAdapter(WsAdapter, it, { anonymous: 'admit' })),
    );
    expect(await ask('time')).toMatchObject({ event: 'time' });
    expect(await ask('say')).toMatchObject({ event: 'exception', data: { code: 'unauthenticated' } });
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.terminate();
    await app.close();
  });

  it('JW-50: under an adapter that keeps no upgrade, only public messages are answered', async () => {
    const { app, socket, ask } = await opened((it) => it.useWebSocketAdapter(new WsAdapter(it)));
    expect(await ask('time')).toMatchObject({ event: 'time' });
    expect(await ask('say')).toMatchObject({ event: 'exception', data: { code: 'request_unreadable' } });
    socket.terminate();
    await app.close();
  });
});
