import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { describeInBrowser, launchBrowser, textOf } from '../support/browser.js';
import { authorizationRequest, encode, type House, openHouse, type TestClient } from '../support/house.js';

/** Form Post Response Mode in a real browser: the policy lets the one script run, and the form reaches another origin. */
describeInBrowser('an answer by form_post', () => {
  let browser: Browser;
  let house: House;
  let server: Server;
  let client: TestClient;
  let received: { method: string | undefined; body: URLSearchParams }[];

  beforeAll(async () => {
    house = await openHouse();
    const answer = async (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (request.url === '/cb') {
        received.push({ method: request.method, body: new URLSearchParams(Buffer.concat(chunks).toString()) });
        // Onwards to another origin, as applications do: no policy of the page before may stop it.
        response.writeHead(303, { location: `http://localhost:${(server.address() as AddressInfo).port}/home` }).end();
      } else {
        response.setHeader('content-type', 'text/html').end('<h1>Home</h1>');
      }
    };
    server = createServer((request, response) => void answer(request, response));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cb`;
    client = { id: 'poster', redirectUri, method: 'none' };
    await house.register(
      client,
      { response_types: ['code'], post_logout_redirect_uris: [] },
      { olderFlows: true, firstParty: true },
    );
    browser = await launchBrowser();
  });
  beforeEach(() => (received = []));
  afterAll(async () => {
    await browser?.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await house.close();
  });

  it.each([true, false])('reaches the client, with JavaScript: %s', async (javaScriptEnabled) => {
    const context = await browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    const state = '"><b> é \u{1f41e}';
    const request = authorizationRequest(client, { response_mode: 'form_post', state });
    await page.goto(`${house.issuer}/authorize?${encode(request)}`);
    await page.fill('[name=username]', 'alice');
    await page.fill('[name=password]', 'wonderland');
    await page.click('#login-submit');
    if (!javaScriptEnabled) {
      expect(await textOf(page, 'h1')).toBe('Back to the application');
      await page.press('button', 'Enter');
    }
    await page.waitForURL('**/home');
    expect(received.map(({ method }) => method)).toEqual(['POST']);
    expect(Object.fromEntries(received[0]!.body)).toEqual({
      code: expect.any(String),
      state,
      iss: house.issuer,
      session_state: expect.any(String),
    });
    expect(problems.filter((problem) => !problem.includes('favicon'))).toEqual([]);
    await context.close();
  });
});
