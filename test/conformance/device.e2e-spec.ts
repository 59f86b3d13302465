import * as oauth from 'oauth4webapi';
import * as oidc from 'openid-client';
import { DEVICE_CODE } from '../../src/protocol/grant-type.js';
import { hiddenFields } from '../support/login-house.js';
import { CertifiedHouse } from './certified-house.js';
import { RelyingParty } from './relying-party.js';

/** A terminal without a browser, played by libraries that know nothing of us. */
let house: CertifiedHouse;
let terminal: RelyingParty;
beforeAll(async () => {
  house = await CertifiedHouse.open();
  terminal = await RelyingParty.register(house, {
    client_name: 'Terminal',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: [DEVICE_CODE, 'refresh_token'],
    response_types: [],
    redirect_uris: [],
  });
});
afterAll(() => house.close());

async function begin(parameters: Record<string, string> = { scope: 'openid profile offline_access' }) {
  const { as, client } = terminal;
  return oauth.processDeviceAuthorizationResponse(
    as,
    client,
    await oauth.deviceAuthorizationRequest(as, client, oauth.None(), parameters),
  );
}

/** A person with a browser somewhere else opens the link that the terminal shows. */
async function answer(link: string, decision: 'allow' | 'deny') {
  const browser = house.browser();
  const page = await browser.get(link);
  const userCode = new URL(link).searchParams.get('user_code')!;
  const entered = await browser.post('/device', { ...hiddenFields(page.page), user_code: userCode });
  const confirmation = await browser.walk(entered);
  const path = confirmation.headers.get('location');
  const shown = path === null ? confirmation : await browser.get(path);
  return browser.post('/device/confirm', { ...hiddenFields(shown.page), decision });
}

async function poll(deviceCode: string) {
  const { as, client } = terminal;
  return oauth.processDeviceCodeResponse(
    as,
    client,
    await oauth.deviceCodeGrantRequest(as, client, oauth.None(), deviceCode),
  );
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    (error: oauth.ResponseBodyError) => error.error,
  );

it('a terminal signs in: it shows a code, waits, and has tokens and a person', async () => {
  const begun = await begin();
  expect(await refusal(poll(begun.device_code))).toBe('authorization_pending');
  expect(await refusal(poll(begun.device_code))).toBe('slow_down');
  expect((await answer(begun.verification_uri_complete!, 'allow')).page).toContain('Your device is connected');
  const tokens = await poll(begun.device_code);
  const claims = oauth.getValidatedIdTokenClaims(tokens)!;
  expect(claims).toMatchObject({ iss: house.issuer, aud: terminal.client.client_id });
  const told = await oauth.processUserInfoResponse(
    terminal.as, terminal.client, claims.sub, await oauth.userInfoRequest(terminal.as, terminal.client, tokens.access_token),
  ); // prettier-ignore
  expect(told['name']).toBe('Alice Liddell');
  expect((await terminal.refresh(tokens.refresh_token!)).access_token).toEqual(expect.any(String));
});

it('and is told no', async () => {
  const begun = await begin();
  await answer(begun.verification_uri_complete!, 'deny');
  expect(await refusal(poll(begun.device_code))).toBe('access_denied');
});

it('openid-client polls by itself', async () => {
  const configuration = new oidc.Configuration(terminal.as as oidc.ServerMetadata, terminal.client.client_id, undefined, oidc.None());
  const begun = await oidc.initiateDeviceAuthorization(configuration, { scope: 'openid' });
  await answer(begun.verification_uri_complete!, 'allow');
  // As the provider asks, it would wait five seconds before it asks for the first time.
  const tokens = await oidc.pollDeviceAuthorizationGrant(configuration, { ...begun, interval: 0.01 });
  expect(tokens.claims()).toMatchObject({ iss: house.issuer, aud: terminal.client.client_id });
}); // prettier-ignore

it('and that it was too late', async () => {
  const begun = await begin();
  house.clock.pass('11m');
  expect(await refusal(poll(begun.device_code))).toBe('expired_token');
});
