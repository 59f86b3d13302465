import { authorizationRequest, type House, openHouse, responseOf } from '../support/house.js';

/** Browsers leave our SameSite=Lax cookies at home when another site posts a form here. */
describe('a request that another site posts', () => {
  let house: House;

  beforeAll(async () => {
    house = await openHouse();
  });

  afterAll(() => house.close());

  it('is repeated as a GET by the browser, so that the person is known', async () => {
    const person = house.browser();
    await person.authorize(house.web);
    const form = authorizationRequest(house.web, { prompt: 'none', state: 'a b&c' });
    const posted = await fetch(`${house.issuer}/authorize`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams(form as Record<string, string>),
    });
    expect(posted.status).toBe(303);
    expect(posted.headers.getSetCookie()).toEqual([]);
    const answer = responseOf(await person.get(posted.headers.get('location')!));
    expect(answer.get('code')).toBeTruthy();
    expect(answer.get('state')).toBe('a b&c');
  });

  it('signs nobody out who is not known', async () => {
    const posted = await fetch(`${house.issuer}/logout`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({ state: 'x' }),
    });
    expect([posted.status, posted.headers.get('location')]).toEqual([303, '/logout?state=x']);
  });

  it('of a program, which has no cookies to bring, is answered at once', async () => {
    const posted = await fetch(`${house.issuer}/authorize`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(authorizationRequest(house.web, { prompt: 'none' }) as Record<string, string>),
    });
    expect(responseOf(Object.assign(posted, { page: '' })).get('error')).toBe('login_required');
  });
});
