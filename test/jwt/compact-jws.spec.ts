import { parseCompactJws } from '../../src/jwt/compact-jws.js';

const b64 = (value: string | Buffer) => Buffer.from(value).toString('base64url');
const HEADER = '{"alg":"ES256","typ":"at+jwt","kid":"k"}';
const PAYLOAD = '{"sub":"alice"}';
const token = (header: string | Buffer = HEADER, payload: string | Buffer = PAYLOAD, signature = 'c2ln') =>
  `${b64(header)}.${b64(payload)}.${signature}`;

describe('parseCompactJws', () => {
  it.each([
    ['at+jwt', 'at+jwt'],
    ['application/at+jwt', 'at+jwt'],
    ['JWT', 'jwt'],
    ['Application/AT+JWT', 'at+jwt'],
  ])('reads typ %s as %s', (typ, type) => {
    expect(parseCompactJws(token(JSON.stringify({ alg: 'ES256', typ })))).toMatchObject({ type, algorithm: 'ES256' });
  });

  it('reads a missing typ as nothing, and a missing kid as none', () => {
    expect(parseCompactJws(token('{"alg":"RS256"}'))).toMatchObject({ type: '', kid: undefined });
  });

  it.each(['', '.', '..', '...', 'a', 'a.b', 'a..b', '.a.b', 'a.b.c.d', 'a.b.c.d.e', 'a.b.c.d.e.f.g'])(
    'JW-08, JW-45: refuses %j',
    (text) => {
      expect(() => parseCompactJws(text)).toThrow(expect.objectContaining({ code: 'malformed_token' }));
    },
  );

  const headers: [string, string, string?][] = [
    ['none', '{"alg":"none"}', 'algorithm_refused'],
    ['None', '{"alg":"None"}', 'algorithm_refused'],
    ['nOnE', '{"alg":"nOnE"}', 'algorithm_refused'],
    ['HS256', '{"alg":"HS256"}', 'algorithm_refused'],
    ['es256 in small letters', '{"alg":"es256"}', 'algorithm_refused'],
    ['no alg', '{}', 'algorithm_refused'],
    ['alg null', '{"alg":null}', 'algorithm_refused'],
    ['alg an array', '{"alg":["ES256"]}', 'algorithm_refused'],
    ['alg an object', '{"alg":{}}', 'algorithm_refused'],
    ['crit', '{"alg":"ES256","crit":["exp"],"exp":1}'],
    ['an empty crit', '{"alg":"ES256","crit":[]}'],
    ['b64', '{"alg":"ES256","b64":false}'],
    ['zip', '{"alg":"ES256","zip":"DEF"}'],
    ['cty', '{"alg":"ES256","cty":"JWT"}'],
    ['jwk', '{"alg":"ES256","jwk":{}}'],
    ['jku', '{"alg":"ES256","jku":"http://127.0.0.1"}'],
    ['x5u', '{"alg":"ES256","x5u":"http://127.0.0.1"}'],
    ['x5c', '{"alg":"ES256","x5c":[]}'],
    ['a kid that is an object', '{"alg":"ES256","kid":{}}'],
    ['a kid that is a number', '{"alg":"ES256","kid":1}'],
    ['a kid of 600 characters', `{"alg":"ES256","kid":"${'k'.repeat(600)}"}`],
    ['a typ that is a number', '{"alg":"ES256","typ":1}'],
    ['alg twice', '{"alg":"ES256","alg":"ES256"}'],
    ['alg twice, once escaped', '{"alg":"ES256","\\u0061lg":"none"}'],
    ['an array', '[]'],
  ];
  it.each(headers.map(([name, header, code]) => [name, header, code ?? 'malformed_token']))(
    'JW-01, JW-02, JW-13, JW-14, JW-16, JW-18: refuses a header with %s',
    (_, header, code) => {
      expect(() => parseCompactJws(token(header))).toThrow(expect.objectContaining({ code }));
    },
  );

  it.each([
    ['text', '"sub"'],
    ['an array', '[]'],
    ['null', 'null'],
    ['a number', '1'],
    ['sub twice', '{"sub":"alice","sub":"admin"}'],
    ['a member twice, deeper', '{"a":[{"b":{"c":1, "c" :2}}]}'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['UTF-16', Buffer.from('{"sub":"alice"}', 'utf16le')],
    ['a byte order mark', '\ufeff{"sub":"alice"}'],
    ['half a surrogate pair', '{"sub":"\\ud800"}'],
    ['half a surrogate pair in a name', '{"\\udc00":1}'],
    ['something after it', '{"sub":"alice"}x'],
  ])('JW-11, JW-12: refuses claims that are %s', (_, payload) => {
    expect(() => parseCompactJws(token(HEADER, payload))).toThrow(expect.objectContaining({ code: 'malformed_token' }));
  });

  it.each([
    ['a string that looks like members', '{"a":"\\"a\\":1","b":"{\\"a\\":1}"}'],
    ['equal names in different objects', '{"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":2}]}'],
    ['equal values', '{"a":"a","b":"a","c":["a","a"]}'],
    ['a whole surrogate pair', '{"a":"\\ud83d\\ude00","b":"😀"}'],
  ])('reads %s', (_, payload) => {
    expect(parseCompactJws(token(HEADER, payload)).payload).toEqual(JSON.parse(payload));
  });

  it.each([
    ['padding', `${b64(HEADER)}=.${b64(PAYLOAD)}.c2ln`],
    ['a space', `${b64(HEADER)}.${b64(PAYLOAD)} .c2ln`],
    ['the other alphabet', `${b64(HEADER)}.${b64(PAYLOAD)}.+/+/`],
    ['bits that mean nothing', token(HEADER, PAYLOAD, 'c2lnYB')],
  ])('refuses base64url with %s', (_, text) => {
    expect(() => parseCompactJws(text)).toThrow(expect.objectContaining({ code: 'malformed_token' }));
  });

  it('JW-44: refuses what is too long before reading it', () => {
    expect(() => parseCompactJws(token(HEADER, `{"x":"${'y'.repeat(9000)}"}`))).toThrow('too long');
    expect(() => parseCompactJws('.'.repeat(8_000_000))).toThrow('too long');
  });
});
