import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describeInBrowser, launchBrowser, launchWithForeignCookies } from '../support/browser.js';
import {
  authorizationRequest,
  challengeOf,
  claimsOf,
  encode,
  type House,
  openHouse,
  type TestClient,
  type Tokens,
} from '../support/house.js';

/** The page waits for two seconds; a busy machine takes many more. */
const LONGEST_WAIT_MS = 25_000;
const VERIFIER = 'v'.repeat(43);
/** What the browser's console says of a frame that tries to take the page with it. */
const EXPECTED = /^Unsafe attempt to initiate navigation|favicon/;

/** Signing out as browsers see it: frames of applications, one at the provider's own site and one at another's. */
describeInBrowser('signing out', () => {
  let browser: Browser;
  let house: House;
  let server: Server;
  let port: number;
  /** `127.0.0.1` is the provider's site, whatever the port; `localhost` is another. */
  let near: TestClient;
  let far: TestClient;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  let framed: { url: URL; destination: string | undefined }[];
  let hang: boolean;
  /** Frames that wait for their answer. */
  let waiting: (() => void)[];

  beforeAll(async () => {
    house = await openHouse();
    server = createServer((request, response) => serve(request, response));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    port = (server.address() as AddressInfo).port;
    [near, far] = (await Promise.all(
      ['127.0.0.1', 'localhost'].map((host) => {
        const origin = `http://${host}:${port}`;
        const client: TestClient = { id: `at-${host}`, redirectUri: `${origin}/cb`, method: 'none' };
        const uris = { post_logout_redirect_uris: [`${origin}/bye`], frontchannel_logout_uri: `${origin}/out?a=b` };
        return house.register(client, uris, { firstParty: true });
      }),
    )) as [TestClient, TestClient];
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await house.close();
  });
  afterEach(() => context.close());

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, `http://${request.headers.host}`);
    response.setHeader('content-type', 'text/html');
    switch (url.pathname) {
      case '/out':
        framed.push({ url, destination: request.headers['sec-fetch-dest'] as string });
        // A frame may do what it likes to itself, and must not take the whole page with it.
        waiting.push(() => response.end('<script>top.location = "/hijacked"</script>'));
        if (!hang) release();
        break;
      case '/watch':
        response.end(`<iframe id="op" src="${house.issuer}/check-session"></iframe><script>
          window.answers = [];
          addEventListener('message', function (e) { if (e.origin === ${JSON.stringify(house.issuer)}) answers.push(e.data); });
          function ask(text) { document.getElementById('op').contentWindow.postMessage(text, ${JSON.stringify(house.issuer)}); }
          onload = function () { document.title = 'ready'; };
        </script>`);
        break;
      default:
        response.end(`<h1>${url.pathname}</h1>`);
    }
  }

  function release(): void {
    hang = false;
    for (const answer of waiting.splice(0)) answer();
  }

  async function open(opened: Promise<BrowserContext> = browser.newContext()) {
    framed = [];
    waiting = [];
    hang = false;
    problems = [];
    context = await opened;
    page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  }

  /** Goes through the code flow in the browser; the second time nobody is asked for a password. */
  async function signIn(client: TestClient): Promise<{ tokens: Tokens; sessionState: string }> {
    const request = authorizationRequest(client, { code_challenge: challengeOf(VERIFIER) });
    await page.goto(`${house.issuer}/authorize?${encode(request)}`);
    if (page.url().includes('/login')) {
      await page.fill('[name=username]', 'alice');
      await page.fill('[name=password]', 'wonderland');
      await page.click('#login-submit');
      await page.waitForURL('**/cb?*');
    }
    const { searchParams } = new URL(page.url());
    const grant = { code: searchParams.get('code')!, verifier: VERIFIER, redirectUri: client.redirectUri };
    const { json } = await house.redeem(client, grant);
    return { tokens: json as unknown as Tokens, sessionState: searchParams.get('session_state')! };
  }

  const logoutUrl = ({ id_token }: Tokens) =>
    `${house.issuer}/logout?${encode({
      id_token_hint: id_token,
      post_logout_redirect_uri: new URL('/bye', near.redirectUri).href,
      state: 'a&b',
    })}`;

  it.each([true, false])(
    'shows the applications’ pages in frames, then goes on; with JavaScript: %s',
    async (script) => {
      await open(browser.newContext({ javaScriptEnabled: script }));
      await signIn(far);
      const { tokens } = await signIn(near);
      // Without scripts the page goes on two seconds after its frames are there: not before somebody has read it here.
      hang = !script;
      await page.goto(logoutUrl(tokens), { waitUntil: 'commit' });
      if (!script) expect(await page.textContent('h1')).toBe('You are signed out');
      release();
      await page.waitForURL(`http://127.0.0.1:${port}/bye?state=a%26b`);
      const { sid } = claimsOf(tokens.id_token);
      expect(framed.map(({ url }) => url.host).sort()).toEqual([`127.0.0.1:${port}`, `localhost:${port}`]);
      for (const { url, destination } of framed) {
        expect(Object.fromEntries(url.searchParams)).toEqual({ a: 'b', iss: house.issuer, sid });
        expect(destination).toBe('iframe');
      }
      // The frames were not allowed to take the page with them, and nothing else was forbidden.
      expect(problems.filter((problem) => !EXPECTED.test(problem))).toEqual([]);
    },
  );

  it('does not wait for an application that hangs', async () => {
    await open();
    const { tokens } = await signIn(near);
    hang = true;
    await page.goto(logoutUrl(tokens), { waitUntil: 'commit' });
    await page.waitForURL('**/bye?*', { timeout: LONGEST_WAIT_MS });
  });

  /** Asks the provider's frame in the client's own page. */
  async function ask(client: TestClient, sessionState: string): Promise<string> {
    await page.goto(new URL('/watch', client.redirectUri).href);
    await page.waitForFunction("document.title === 'ready'");
    await page.evaluate(
      (text) => (globalThis as unknown as { ask(text: string): void }).ask(text),
      `${client.id} ${sessionState}`,
    );
    await page.waitForFunction('answers.length > 0');
    return (await page.evaluate('answers.join()')) as string;
  }

  it('changes what the provider’s frame tells a client’s page, at its own site and at another', async () => {
    await open(launchWithForeignCookies());
    const atFar = await signIn(far);
    const atNear = await signIn(near);
    expect(await ask(near, atNear.sessionState)).toBe('unchanged');
    expect(await ask(far, atFar.sessionState)).toBe('unchanged');
    expect(await ask(far, atNear.sessionState)).toBe('changed');
    await page.goto(logoutUrl(atNear.tokens), { waitUntil: 'commit' });
    await page.waitForURL('**/bye?*');
    expect(await ask(near, atNear.sessionState)).toBe('changed');
    expect(await ask(far, atFar.sessionState)).toBe('changed');
    await page.goto(`${house.issuer}/authorize?${encode(authorizationRequest(far, { prompt: 'none' }))}`);
    expect(new URL(page.url()).searchParams.get('error')).toBe('login_required');
    expect(problems.filter((problem) => !EXPECTED.test(problem))).toEqual([]);
  });

  it('signs nobody out because the browser keeps cookies from frames of other sites', async () => {
    await open();
    const [atFar, atNear] = [await signIn(far), await signIn(near)];
    expect(await ask(far, atFar.sessionState)).toBe('error');
    expect(await ask(near, atNear.sessionState)).toBe('unchanged');
  });
});
