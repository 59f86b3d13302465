import { ONWARD_SCRIPT_HASH } from '../../src/identity-provider/pages/sign-out.page.js';
import { type Answer, claimsOf, encode, type Form, type House, openHouse, type TestClient } from '../support/house.js';
import { hiddenFields } from '../support/login-house.js';

let house: House;
let number = 0;
beforeAll(async () => (house = await openHouse()));
afterAll(() => house.close());

/** A client whose page that signs out is at its own redirect URI's origin. */
async function framed(query = '', policy = {}): Promise<TestClient & { uri: string; bye: string }> {
  const id = `framed-${(number += 1)}`;
  const uri = `https://${id}.test/out${query}`;
  return {
    ...(await house.client(
      id,
      { frontchannel_logout_uri: uri, frontchannel_logout_session_required: true, scope: 'openid' },
      policy,
    )),
    uri,
    bye: `https://${id}.test/bye`,
  };
}

const framesOf = ({ page }: Answer) =>
  [...page.matchAll(/<iframe src="([^"]+)"/g)].map(([, url]) => url!.replaceAll('&amp;', '&'));
const policyOf = ({ headers }: Answer) => headers.get('content-security-policy')!;

async function signedIn(client: TestClient, browser = house.browser()) {
  const { tokens } = await house.codeFlow({}, { client, browser });
  const { sid } = claimsOf(tokens.id_token);
  return { browser, tokens, sid: String(sid) };
}

it('shows a frame for every client of the session, with iss and sid, and nothing else may be framed', async () => {
  const [one, two, elsewhere, disabled] = [await framed(), await framed('?keep=a%20b'), await framed(), await framed()];
  const { browser, sid } = await signedIn(one);
  await signedIn(elsewhere);
  await signedIn(two, browser);
  await signedIn(disabled, browser);
  const { tokens } = await signedIn(house.web, browser);
  await house.clients.disable(disabled.id);

  const form = { id_token_hint: tokens.id_token, post_logout_redirect_uri: 'https://rp-a.test/bye', state: 'a&b' };
  const answer = await browser.get(`/logout?${encode(form)}`);
  expect(answer.status).toBe(200);
  const about = `iss=${encodeURIComponent(house.issuer)}&sid=${sid}`;
  expect(framesOf(answer)).toEqual([`${one.uri}?${about}`, `${two.uri}&${about}`]);
  const directives = policyOf(answer).split('; ');
  expect(directives).toContain(`frame-src ${new URL(one.uri).origin} ${new URL(two.uri).origin}`);
  expect(directives).toContain(`script-src '${ONWARD_SCRIPT_HASH}'`);
  expect(directives).toContain("frame-ancestors 'none'");
  expect(answer.page).toMatch(/signed out/i);
  // On to the client: by the script, by the page's refresh, by the link.
  const onward = 'https://rp-a.test/bye?state=a%26b';
  expect(answer.page).toContain(`<meta http-equiv="refresh" content="2;url=${onward}"`);
  expect(answer.page).toMatch(new RegExp(`id="logout-continue" href="${onward.replace('?', '\\?')}"`));
  expect([...answer.page.matchAll(/<iframe [^>]*>/g)].map(([frame]) => frame)).toEqual(
    Array(2).fill(
      expect.stringMatching(/ hidden(="")? .*title="[^"]+".* sandbox="allow-scripts allow-same-origin allow-forms"/),
    ),
  );
  expect((await browser.start(house.web, { prompt: 'none' })).headers.get('location')).toContain('login_required');
});

it('after a confirmation that was not to go anywhere: frames, a link, no script', async () => {
  const client = await framed();
  const { browser } = await signedIn(client);
  const { page } = await browser.get('/logout');
  const answer = await browser.post('/logout', hiddenFields(page));
  expect([answer.status, framesOf(answer).length]).toEqual([200, 1]);
  expect(answer.page).not.toMatch(/<script|http-equiv="refresh"/);
  expect(answer.page).toContain('id="logout-continue" href="/"');
  expect(policyOf(answer)).not.toContain('script-src');
});

it('nobody to frame: on at once, and nothing may be framed', async () => {
  const { browser, tokens } = await signedIn(house.web);
  const form = { id_token_hint: tokens.id_token, post_logout_redirect_uri: 'https://rp-a.test/bye' };
  const answer = await browser.get(`/logout?${encode(form)}`);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, 'https://rp-a.test/bye']);
  expect(policyOf(await browser.get('/logout/done'))).not.toContain('frame-src');
});

it('a registered URI cannot add to the policy or to the page', async () => {
  const id = `framed-${(number += 1)}`;
  const uri = `https://${id}.test/out?a='%22%3E%3Cscript%3E;script-src`;
  const client = await house.client(id, { frontchannel_logout_uri: uri });
  const { browser, tokens } = await signedIn(client);
  const answer = await browser.get(`/logout?${encode({ id_token_hint: tokens.id_token })}`);
  expect(framesOf(answer)[0]).toMatch(uri.slice(0, 20));
  expect(answer.page).not.toContain('<script');
  expect(policyOf(answer)).toMatch(new RegExp(`frame-src https://${id}\\.test$`));
});

it('a native application goes on to its own scheme', async () => {
  const native: TestClient = { id: 'native', redirectUri: 'com.example.app:/cb', method: 'none' };
  const bye = 'com.example.app:/bye';
  await house.register(native, { application_type: 'native', post_logout_redirect_uris: [bye] });
  const browser = house.browser();
  await signedIn(await framed(), browser);
  const { tokens } = await signedIn(native, browser);
  const answer = await browser.get(
    `/logout?${encode({ id_token_hint: tokens.id_token, post_logout_redirect_uri: bye })}`,
  );
  expect(answer.page).toContain(`id="logout-continue" href="${bye}"`);
});

describe('a sign-out that is asked about first', () => {
  const confirmed = async (browser: Awaited<ReturnType<typeof signedIn>>['browser'], form: Form) => {
    const { page } = await browser.get(`/logout?${encode(form)}`);
    expect(page).toContain('id="logout-confirm"');
    return browser.post('/logout', hiddenFields(page));
  };

  it('goes back to where the person’s own ID token leads, though it is of an earlier session', async () => {
    const earlier = await signedIn(house.web);
    const { browser } = await signedIn(house.other);
    const form = {
      id_token_hint: earlier.tokens.id_token,
      post_logout_redirect_uri: 'https://rp-a.test/bye',
      state: 's',
    };
    expect((await confirmed(browser, form)).headers.get('location')).toBe('https://rp-a.test/bye?state=s');
  });

  it('SE-25 stays here with the ID token of somebody else', async () => {
    const { tokens } = await house.codeFlow({}, { as: 'bob' });
    const { browser } = await signedIn(house.web);
    const form = { id_token_hint: tokens.id_token, post_logout_redirect_uri: 'https://rp-a.test/bye' };
    expect((await confirmed(browser, form)).headers.get('location')).toBe('/logout/done');
  });

  it.each<[string, Form]>([
    ['no ID token', { client_id: 'rp-a', post_logout_redirect_uri: 'https://rp-a.test/bye', state: 's' }],
    ['hints alone', { logout_hint: 'alice', ui_locales: 'tlh xx', state: 's' }],
  ])('stays here with %s', async (_, form) => {
    const { browser } = await signedIn(house.web);
    expect((await confirmed(browser, form)).headers.get('location')).toBe('/logout/done');
  });
});

it('UE-11 a disabled client and one that is gone look the same, and lead nowhere', async () => {
  const answers: [number, string | null, boolean][] = [];
  for (const end of ['disable', 'remove'] as const) {
    const client = await framed();
    const { browser, tokens } = await signedIn(client);
    await house.clients[end](client.id);
    const answer = await browser.get(
      `/logout?${encode({ id_token_hint: tokens.id_token, post_logout_redirect_uri: client.bye })}`,
    );
    answers.push([answer.status, answer.headers.get('location'), answer.page.includes('asks to sign you out')]);
  }
  expect(answers).toEqual(Array(2).fill([200, null, false]));
});

it('whatever is wrong with a request, the person is shown the way out', async () => {
  const { browser } = await signedIn(house.web);
  const { status, page } = await browser.get('/logout?id_token_hint=garbage');
  expect(status).toBe(400);
  expect(page).toMatch(/href="\/logout">Sign out here/);
});

it('the metadata say so', async () => {
  const metadata = (await (await fetch(`${house.issuer}/.well-known/openid-configuration`)).json()) as object;
  expect(metadata).toMatchObject({ frontchannel_logout_supported: true, frontchannel_logout_session_supported: true });
});
