import type { INestApplication } from '@nestjs/common';
import { request } from 'undici';
import { routesOf } from '../../src/testing/index.js';

export const FORM = 'application/x-www-form-urlencoded';
export const JSON_TYPE = 'application/json';

/** A request as nobody should send it. */
export interface Malformed {
  /** Says which one, when it goes wrong. */
  what: string;
  method: string;
  /** Path and query, as they stand on the wire. */
  target: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface MalformedAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Texts that databases, parsers and templates have stumbled over. */
export const TEXTS = [
  '\0',
  'a\0b',
  '\u202e\u{1f600}',
  'x'.repeat(5_000),
  '-1',
  '1e999',
  '99999999999999999999',
  '[]',
  '{}',
  'null',
  '__proto__',
  'constructor',
  '%00%ff',
  `'"\\;--<b>`,
  'a\r\nset-cookie: b=c',
  'http://[',
  '..',
  'a.b.c',
];

/** The same for members of JSON, where a value has a type besides. */
export const VALUES: unknown[] = [
  null,
  true,
  -1,
  1.5,
  1e300,
  '',
  '\0',
  'a\0b',
  '\ud800',
  'x'.repeat(5_000),
  'http://[',
  [],
  [null],
  ['\0', '\ud800'],
  ['\ud800'],
  { '\0': '\ud800' },
  [['a']],
  {},
  { a: null },
  { keys: [null] },
  { keys: [{ kty: 'EC', crv: '\0', x: 1 }] },
  { format: '\0', sub: ['\0'] },
];

/** What is no text of `application/x-www-form-urlencoded` in UTF-8, and what repeats or nests. */
const FORM_BODIES = ['%', '%ff', 'a=%ED%A0%80', 'a=%00&%00=b', 'a=1&a=2', 'a[b]=1&a[]=2', '__proto__=1&constructor[prototype]=2', '&&==&', 'a='.repeat(500).split('').join('&')]; // prettier-ignore

const JSON_BODIES = [
  'null',
  '[]',
  '"a"',
  '1',
  '{',
  '{"a":"\\ud800","b":"\\u0000"}',
  '{"__proto__":{"a":1}}',
  '{"constructor":{"prototype":{}}}',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`,
];

const BROKEN_UTF8 = Buffer.from([0x61, 0x3d, 0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80]);
const GIANT = Buffer.alloc(256 * 1024, 'a=b&');

/** Every kind of body under every name. */
const BODIES: [string, string, string | Buffer][] = [
  ...FORM_BODIES.map((body): [string, string, string] => [`form ${body.slice(0, 30)}`, FORM, body]),
  ...JSON_BODIES.map((body): [string, string, string] => [`JSON ${body.slice(0, 30)}`, JSON_TYPE, body]),
  ...[FORM, JSON_TYPE, 'text/plain', 'application/secevent+jwt', 'multipart/form-data; boundary=x', '/'].flatMap(
    (type): [string, string, string | Buffer][] => [
      [`${type} of nothing`, type, ''],
      [`${type} in broken UTF-8`, type, BROKEN_UTF8],
    ],
  ),
  ['a form of a quarter of a megabyte', FORM, GIANT],
  ['JSON of a quarter of a megabyte', JSON_TYPE, GIANT],
  ['a form in UTF-16', `${FORM}; charset=utf-16`, 'a=b'],
];

/** Every kind of body, in turn. */
export function wrongBodies(method: string, target: string, headers: Record<string, string> = {}): Malformed[] {
  return BODIES.map(([what, type, body]) => {
    return { what, method, target, headers: { ...headers, 'content-type': type }, body };
  });
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Every path of an application by every method, with every kind of body, and with every kind of query and parameter. */
export function everywhere(app: INestApplication, headers: Record<string, string> = {}): Malformed[] {
  const routes = routesOf(app);
  const urls = [...new Set(routes.map(({ url }) => url))];
  const holes = [...new Set(routes.map(({ path }) => path).filter((path) => path.includes(':')))];
  return [
    ...urls.flatMap((target) => METHODS.map((method) => ({ what: 'no body', method, target, headers }))),
    ...urls.flatMap((target) => wrongBodies('POST', target, headers)),
    ...urls.flatMap((url) =>
      FORM_BODIES.map((query) => ({ what: 'query', method: 'GET', target: `${url}?${query}`, headers })),
    ),
    ...holes.flatMap((path) =>
      [...TEXTS.map(encodeURIComponent), '%', '%ff'].map((text) => ({
        what: 'a part of the path',
        method: 'GET',
        target: path.replaceAll(/:\w+/g, text),
        headers,
      })),
    ),
  ];
}

/** A right form, with each of its fields in turn made wrong, left out and repeated. */
export function wrongForms(
  target: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
  method = 'POST',
): Malformed[] {
  return Object.keys(fields).flatMap((name) => {
    const one = (what: string, pairs: [string, string][]): Malformed => {
      const encoded = new URLSearchParams(pairs).toString();
      return method === 'GET'
        ? { what: `${name}: ${what}`, method, target: `${target}?${encoded}`, headers }
        : { what: `${name}: ${what}`, method, target, headers: { ...headers, 'content-type': FORM }, body: encoded };
    };
    const others = Object.entries(fields).filter(([other]) => other !== name);
    return [
      ...TEXTS.map((text) => one(JSON.stringify(text).slice(0, 30), [...others, [name, text]])),
      one('left out', others),
      one('repeated', [...others, [name, fields[name]!], [name, 'again']]),
    ];
  });
}

/** A right JSON object, with each of its members in turn made wrong. */
export function wrongJson(
  method: string,
  target: string,
  members: Record<string, unknown>,
  headers: Record<string, string> = {},
): Malformed[] {
  return Object.keys(members).flatMap((name) =>
    VALUES.map((value) => ({
      what: `${name}: ${String(JSON.stringify(value)).slice(0, 40)}`,
      method,
      target,
      headers: { ...headers, 'content-type': JSON_TYPE },
      body: JSON.stringify({ ...members, [name]: value }),
    })),
  );
}

/** What is no JWT, or one that nobody should believe far enough to stumble over it. */
export function wrongJwts(claims: Record<string, unknown>): string[] {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const es256 = { alg: 'ES256', kid: 'a', typ: 'at+jwt' };
  const headers: unknown[] = [
    null,
    [],
    'a',
    {},
    { alg: null },
    { alg: ['ES256'] },
    { alg: 'none' },
    { alg: 'ES256', kid: null },
    { alg: 'ES256', kid: '\0', typ: 1 },
    { alg: 'ES256', kid: '__proto__', crit: ['b64'], b64: false },
    { alg: 'HS256', jwk: { kty: 'oct', k: '' } },
    { alg: 'ES256', typ: 'dpop+jwt', jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: '' } },
    { alg: 'ES256', typ: 'dpop+jwt', jwk: null },
  ];
  return [
    ...TEXTS.filter((text) => !/[\0\r\u0080-\uffff]/.test(text)),
    '..',
    '....',
    'e30.e30.',
    ...headers.map((header) => `${encode(header)}.${encode(claims)}.AAAA`),
    ...[null, [], 'a', 1].map((payload) => `${encode(es256)}.${encode(payload)}.AAAA`),
    ...Object.keys(claims).flatMap((name) =>
      VALUES.filter((value) => String(JSON.stringify(value)).length < 200).map(
        (value) => `${encode(es256)}.${encode({ ...claims, [name]: value })}.AAAA`,
      ),
    ),
    ...[{ alg: 'dir', enc: 'A256GCM' }, { alg: 'RSA-OAEP-256', enc: '\0' }, { alg: 'ECDH-ES', enc: 'A256GCM', epk: null }].map(
      (header) => `${encode(header)}.AAAA.AAAA.AAAA.AAAA`,
    ), // prettier-ignore
  ];
}

/** Sends them all, eight at a time, and answers those whose answer `isWrong` names a fault in: `what it was: the fault`. */
export async function faultsOf(
  origin: string,
  requests: Malformed[],
  faultIn: (answer: MalformedAnswer, malformed: Malformed) => string | undefined,
): Promise<string[]> {
  const faults: string[] = [];
  const waiting = [...requests].reverse();
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const fault = await answerTo(origin, next).then(
        (answer) => answer && faultIn(answer, next!),
        (error: unknown) => `no answer (${String(error)})`,
      );
      if (fault) faults.push(`${next.method} ${next.target.slice(0, 80)} (${next.what}): ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return faults;
}

/** Undefined when the server hung up on a giant, which it need not read to its end. */
async function answerTo(origin: string, malformed: Malformed): Promise<MalformedAnswer | undefined> {
  const { method, target, headers, body } = malformed;
  try {
    const answer = await request(origin + target, {
      method: method as 'GET',
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  } catch (error) {
    if (body === GIANT && /EPIPE|ECONNRESET|UND_ERR_SOCKET/.test(String((error as { code?: string }).code))) return;
    throw error;
  }
}

/** The fault that every answer could have: one of the server's own, or one that tells what it runs. */
export function commonFault({ status, text }: MalformedAnswer): string | undefined {
  if (status >= 500) return `${status} ${text.slice(0, 200)}`;
  if (/\bat .+\.[jt]sx?:\d+|node:internal|node_modules/.test(text)) return `a stack: ${text.slice(0, 200)}`;
  return undefined;
}
