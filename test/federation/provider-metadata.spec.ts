import { Provider, ProviderUnavailableError } from '../../src/federation/provider-metadata.js';
import { Outbound } from '../../src/platform/outbound.js';
import { TestClock } from '../support/test-clock.js';
import { type Answer, TinyIssuer } from '../support/tiny-issuer.js';

const PATH = '/.well-known/openid-configuration';
const clock = new TestClock();
let issuer: TinyIssuer;
let outbound: Outbound;
beforeAll(async () => {
  issuer = await TinyIssuer.listen(clock);
  outbound = new Outbound({ clock });
});
afterAll(async () => {
  await outbound.close();
  await issuer.close();
});

it.each<[string, Answer]>([
  ['is down', (_request, _body, response) => response.writeHead(500).end()],
  ['serves a page in place of its metadata', (_request, _body, response) => response.end('<html>')],
  ['calls itself otherwise', (_request, _body, response) => response.end('{"issuer":"https://other.test","jwks_uri":"https://other.test/jwks"}')], // prettier-ignore
])(
  'a provider that %s is asked ever more seldom, however many wish to sign in, and found when it is back',
  async (_, answer) => {
    issuer.reset();
    issuer.answers.set(PATH, answer);
    const provider = new Provider(issuer.url, outbound, clock);
    const hits: number[] = [];
    for (let seconds = 0; seconds <= 16; seconds += 1) {
      for (let count = 0; count < 5; count += 1)
        await expect(provider.metadata()).rejects.toThrow(ProviderUnavailableError);
      hits.push(issuer.hitsOf(PATH));
      clock.pass('1s');
    }
    // At 0, 1, 3, 7 and 15 seconds.
    expect(hits).toEqual([1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5]);
    issuer.answers.clear();
    clock.pass('10s');
    expect(await provider.metadata()).toMatchObject({ issuer: issuer.url });
  },
);
