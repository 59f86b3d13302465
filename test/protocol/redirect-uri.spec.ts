import {
  type ApplicationType,
  isLoopbackHost,
  isRegisteredRedirectUri,
  isUnassured,
  redirectUriProblem,
} from '../../src/protocol/redirect-uri.js';

const REGISTERED = ['https://rp-a.test/cb', 'https://rp-a.test/query?a=1'];

describe('isRegisteredRedirectUri', () => {
  it.each(REGISTERED)('takes %s as it is registered', (uri) => {
    expect(isRegisteredRedirectUri(uri, REGISTERED, 'web')).toBe(true);
  });

  it.each([
    ['RU-01 a longer path', 'https://rp-a.test/cb/extra'],
    ['RU-01 a slash at the end', 'https://rp-a.test/cb/'],
    ['RU-02 dot segments', 'https://rp-a.test/cb/../evil'],
    ['RU-02 dot segments that lead back', 'https://rp-a.test/x/../cb'],
    ['RU-02 encoded dot segments', 'https://rp-a.test/cb/%2e%2e/evil'],
    ['RU-02 twice encoded dot segments', 'https://rp-a.test/cb/%252e%252e/'],
    ['RU-05 another case of the scheme', 'HTTPS://rp-a.test/cb'],
    ['RU-05 another case of the host', 'https://RP-A.TEST/cb'],
    ['RU-05 another case of the path', 'https://rp-a.test/CB'],
    ['RU-06 a query added', 'https://rp-a.test/cb?x=1'],
    ['RU-06 another query', 'https://rp-a.test/query?a=2'],
    ['RU-06 a longer query', 'https://rp-a.test/query?a=1&b=2'],
    ['RU-06 an empty query', 'https://rp-a.test/cb?'],
    ['RU-07 response parameters', 'https://rp-a.test/cb?code=evil&state=evil&iss=evil'],
    ['RU-08 a fragment', 'https://rp-a.test/cb#x'],
    ['RU-08 an empty fragment', 'https://rp-a.test/cb#'],
    ['RU-11 the default port', 'https://rp-a.test:443/cb'],
    ['RU-11 another port', 'https://rp-a.test:8443/cb'],
    ['RU-11 port 0', 'https://rp-a.test:0/cb'],
    ['RU-11 port 65536', 'https://rp-a.test:65536/cb'],
    ['RU-12 http', 'http://rp-a.test/cb'],
    ['RU-13 a host that begins like it', 'https://rp-a.test.evil.test/cb'],
    ['RU-13 a host that ends like it', 'https://evilrp-a.test/cb'],
    ['RU-14 a dot as a wildcard', 'https://rp-aXtest/cb'],
    ['RU-15 a backslash', 'https://rp-a.test\\@evil.test/cb'],
    ['RU-15 a line break', 'https://rp-a.test/cb\r\n'],
    ['RU-15 an encoded line break', 'https://rp-a.test/cb%0d%0a'],
    ['RU-15 a leading space', ' https://rp-a.test/cb'],
    ['RU-15 a tab', 'https://rp-a.test/\tcb'],
    ['RU-15 a NUL', 'https://rp-a.test/cb\0'],
    ['RU-16 a look-alike', 'https://rp-\u0430.test/cb'],
    ['RU-16 a dot at the end of the host', 'https://rp-a.test./cb'],
    ['user information', 'https://evil@rp-a.test/cb'],
    ['RU-17 a script', 'javascript:alert(1)'],
    ['RU-24 64 KB', `https://rp-a.test/cb?${'a'.repeat(65_536)}`],
    ['nothing', ''],
    ['a prototype name', '__proto__'],
    ['loopback for a client of the web', 'http://127.0.0.1/cb'],
  ])('HD-08: refuses %s', (_, uri) => {
    expect(isRegisteredRedirectUri(uri, REGISTERED, 'web')).toBe(false);
    expect(isRegisteredRedirectUri(uri, REGISTERED, 'native')).toBe(false);
  });

  const LOOPBACK = ['http://127.0.0.1/cb', 'http://[::1]/cb', 'com.example.app:/cb'];
  it.each([
    ['RFC 8252 §7.3: any port', 'http://127.0.0.1:49152/cb', true],
    ['any port of IPv6', 'http://[::1]:1/cb', true],
    ['no port', 'http://127.0.0.1/cb', true],
    ['a private scheme as it is', 'com.example.app:/cb', true],
    ['RU-11 port 0', 'http://127.0.0.1:0/cb', false],
    ['RU-11 port 65536', 'http://127.0.0.1:65536/cb', false],
    ['an empty port', 'http://127.0.0.1:/cb', false],
    ['another path', 'http://127.0.0.1:49152/cb2', false],
    ['a query', 'http://127.0.0.1:49152/cb?x=1', false],
    ['a fragment', 'http://127.0.0.1:49152/cb#x', false],
    ['https', 'https://127.0.0.1:49152/cb', false],
    ['localhost, which a resolver may send elsewhere', 'http://localhost:49152/cb', false],
    ['another loopback address', 'http://127.0.0.2:49152/cb', false],
    ['another spelling of the address', 'http://127.1:49152/cb', false],
    ['user information', 'http://x@127.0.0.1:49152/cb', false],
    ['a port in front of another host', 'http://127.0.0.1:49152@evil.test/cb', false],
    ['another path of the private scheme', 'com.example.app:/cb2', false],
    ['a private scheme with an authority', 'com.example.app://evil/cb', false],
  ])('native: %s', (_, uri, registered) => {
    expect(isRegisteredRedirectUri(uri, LOOPBACK, 'native')).toBe(registered);
  });

  it('gives a client of the web no free port', () => {
    expect(isRegisteredRedirectUri('http://127.0.0.1:49152/cb', LOOPBACK, 'web')).toBe(false);
  });
});

describe('redirectUriProblem', () => {
  it.each<[string, ApplicationType]>([
    ['https://rp-a.test/cb', 'web'],
    ['https://rp-a.test/cb?tenant=1', 'web'],
    ['https://rp-a.test:8443/', 'web'],
    ['http://localhost:3001/auth/callback', 'web'],
    ['http://127.0.0.1:3001/cb', 'web'],
    ['http://127.0.0.1/cb', 'native'],
    ['http://[::1]/cb', 'native'],
    ['com.example.app:/cb', 'native'],
    ['https://app.test/claimed', 'native'],
  ])('takes %s for %s', (uri, type) => {
    expect(redirectUriProblem(uri, type)).toBeUndefined();
  });

  it.each<[string, unknown, ApplicationType?]>([
    ['no text', 7],
    ['nothing', ''],
    ['RU-24 more than 2000 characters', `https://rp-a.test/${'a'.repeat(2000)}`],
    ['a relative URI', '/cb'],
    ['RU-08 a fragment', 'https://rp-a.test/cb#x'],
    ['RU-08 an empty fragment', 'https://rp-a.test/cb#'],
    ['RU-02 dot segments', 'https://rp-a.test/cb/../evil'],
    ['RU-02 encoded dot segments', 'https://rp-a.test/cb/%2E%2e/evil'],
    ['RU-07 a parameter of the response', 'https://rp-a.test/cb?code=x'],
    ['RU-07 iss', 'https://rp-a.test/cb?a=1&iss=x'],
    ['RU-07 the state of the browser’s session', 'https://rp-a.test/cb?session_state=x'],
    ['RU-12 http beyond loopback', 'http://rp-a.test/cb'],
    ['RU-12 http beyond loopback for native', 'http://rp-a.test/cb', 'native'],
    ['RU-15 a backslash', 'https://rp-a.test\\@evil.test'],
    ['RU-15 a space in front', ' https://rp-a.test/cb'],
    ['RU-15 a line break', 'https://rp-a.test/cb\r\n'],
    ['RU-16 a letter beyond ASCII', 'https://rp-\u0430.test/cb'],
    ['RU-20 a wildcard host', 'https://*.rp-a.test/'],
    ['RU-20 a wildcard path', 'https://rp-a.test/*'],
    ['user information', 'https://user:pw@rp-a.test/cb'],
    ['a private scheme of a web client', 'com.example.app:/cb'],
    ['a private scheme without a dot', 'myapp:/cb', 'native'],
    ...[
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      ' javascript:alert(1)',
      'java%0ascript:alert(1)',
      'java\nscript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'blob:https://rp-a.test/x',
      'file:///etc/passwd',
      'view-source:https://rp-a.test',
      'about:blank',
      'urn:ietf:wg:oauth:2.0:oob',
    ].flatMap((uri): [string, string, ApplicationType][] => [
      [`RU-17 ${JSON.stringify(uri)}`, uri, 'web'],
      [`RU-17 ${JSON.stringify(uri)} for native`, uri, 'native'],
    ]),
  ])('refuses %s', (_, uri, type = 'web') => {
    expect(redirectUriProblem(uri, type)).toEqual(expect.any(String));
  });
});

it.each([
  ['http://127.0.0.1:5000/cb', true, true],
  ['http://[::1]/cb', true, true],
  ['com.example.app:/cb', true, true],
  ['http://localhost:5000/cb', true, false],
  ['http://127.0.0.2/cb', true, false],
  ['http://app.localhost/cb', true, false],
  ['https://localhost/cb', false, false],
  ['https://rp-a.test/cb', false, false],
])('AZ-33 isUnassured(%s) is %s, and %s for a client that proves itself', (uri, unassured, ofConfidential) => {
  expect(isUnassured(uri, false)).toBe(unassured);
  expect(isUnassured(uri, true)).toBe(ofConfidential);
});

it.each([
  ['localhost', true],
  ['app.localhost', true],
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['[::1]', true],
  ['localhost.evil.test', false],
  ['127.0.0.1.evil.test', false],
  ['evillocalhost', false],
  ['10.0.0.1', false],
  ['[::2]', false],
])('isLoopbackHost(%s) is %s', (host, loopback) => {
  expect(isLoopbackHost(host)).toBe(loopback);
});
