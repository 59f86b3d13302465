import { createHmac, type KeyObject, sign } from 'node:crypto';
import { BACK_CHANNEL_LOGOUT } from '../../src/protocol/security-event.js';
import { AUDIENCE, issuerKey, type TinyIssuer } from './tiny-issuer.js';

const encode = (part: unknown): string =>
  (Buffer.isBuffer(part) ? part : Buffer.from(typeof part === 'string' ? part : JSON.stringify(part))).toString(
    'base64url',
  );

/** Makes access tokens that a careful library refuses to make. What it signs, it signs with the issuer's own key. */
export class Forge {
  constructor(readonly issuer: TinyIssuer) {}

  header(change: object = {}): object {
    return { alg: 'ES256', kid: 'es', typ: 'at+jwt', ...change };
  }

  /** Well signed, whatever is in it: text and octets are taken as they are. */
  signed(header: unknown = this.header(), claims: unknown = this.issuer.accessClaims()): string {
    const input = `${encode(header)}.${encode(claims)}`;
    const { privateKey } = this.issuer.key('ES256');
    return `${input}.${sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }

  /** A good token whose header says something else. */
  headed(change: object): string {
    return this.signed(this.header(change));
  }

  /** A good token whose claims say something else. */
  claiming(change: object): string {
    return this.signed(this.header(), this.issuer.accessClaims({ ...change }));
  }

  maced(secret: string | Buffer, alg = 'HS256', kid = 'es'): string {
    const input = `${encode(this.header({ alg, kid }))}.${encode(this.issuer.accessClaims())}`;
    return `${input}.${createHmac(alg.replace('HS', 'sha'), secret).update(input).digest('base64url')}`;
  }

  /** Header, claims and signature of a good token. */
  parts(): [string, string, string] {
    return this.signed().split('.') as [string, string, string];
  }
}

/** A public key in every shape that somebody may have used as a secret. */
function asSecrets(key: KeyObject): (string | Buffer)[] {
  const pem = key.export({ format: 'pem', type: 'spki' }).toString();
  const der = key.export({ format: 'der', type: 'spki' });
  const certificate = pem.replaceAll('PUBLIC KEY', 'CERTIFICATE');
  const jwk = key.export({ format: 'jwk' });
  const texts = [pem, pem.trim(), ` ${pem}`, `\n${pem}\n`, pem.replaceAll('\n', '\r\n'), certificate];
  return [...texts, der, der.toString('base64'), der.toString('hex'), JSON.stringify(jwk), String(jwk.x ?? jwk.n)];
}

/** A claim that is no name, no list of names, and no time. */
const NOT_A_NAME = [undefined, '', null, 1, true, {}, ['alice'], [[]]];

/**
 * What attackers send as an access token, by the case of the threat model. None may be believed, in whatever context. The
 * issuer's keys are `es` (ES256, the only algorithm that is accepted) and `rs`.
 */
export const FORGERIES: Record<string, (forge: Forge) => string[]> = {
  'JW-01: alg none, in every spelling, with and without a signature': (forge) => {
    const [, claims, signature] = forge.parts();
    return ['none', 'None', 'nOnE', 'NONE', 'none ', ' none'].flatMap((alg) => {
      const input = `${encode(forge.header({ alg }))}.${claims}`;
      return [input, `${input}.`, `${input}.${signature}`];
    });
  },
  'JW-02: an alg that is missing, or no text': (forge) =>
    [undefined, null, '', 0, true, ['ES256'], [], {}, { toString: 'ES256' }, 'es256', 'ES256 ', 'ES384', 'HS256'].map(
      (alg) => forge.headed({ alg }),
    ),
  'JW-03: HMAC keyed with a public key': (forge) =>
    forge.issuer.keys.flatMap(({ kid, publicKey }) =>
      asSecrets(publicKey).flatMap((secret) => ['HS256', 'HS384', 'HS512'].map((alg) => forge.maced(secret, alg, kid))),
    ),
  'JW-04: HMAC keyed with nothing, or with what everybody knows': (forge) =>
    ['', 'secret', 'changeme', 'undefined', 'null', forge.issuer.url, AUDIENCE, 'app', 'app-secret', 'es'].map(
      (secret) => forge.maced(secret),
    ),
  'JW-06: no signature, or not the one of this token': (forge) => {
    const [header, claims, signature] = forge.parts();
    const octets = Buffer.from(signature, 'base64url');
    const flipped = [0, 7, 255, 256, 300, 511].map((bit) => {
      const changed = Buffer.from(octets);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      return changed;
    });
    const input = `${header}.${claims}`;
    const der = sign('sha256', Buffer.from(input), forge.issuer.key('ES256').privateKey);
    const others = [Buffer.alloc(64), Buffer.alloc(64, 0xff), Buffer.alloc(0), octets.subarray(0, 32), der, ...flipped];
    const swapped = encode(forge.issuer.accessClaims({ sub: 'admin' }));
    return [
      input,
      `${header}.${swapped}.${signature}`,
      `${encode(forge.header({ kid: 'rs' }))}.${claims}.${signature}`,
      `${input}.${forge.parts()[2]}`,
      `${input}.${signature}${signature}`,
      ...others.map((other) => `${input}.${other.toString('base64url')}`),
    ];
  },
  'JW-08: another number of parts, or empty ones': (forge) => {
    const [header, claims, signature] = forge.parts();
    const good = `${header}.${claims}.${signature}`;
    return [
      '.',
      '..',
      '...',
      '....',
      '.....',
      header,
      `${header}.${claims}`,
      `${good}.`,
      `.${good}`,
      `${good}.x`,
      `${good}.x.y`,
      `${good}.x.y.z`,
      `${header}..${signature}`,
      `.${claims}.${signature}`,
      `..${signature}`,
      `${good}.${good}`,
    ];
  },
  'JW-11: a member that comes twice': (forge) => {
    const claims = JSON.stringify(forge.issuer.accessClaims()).slice(1, -1);
    const header = JSON.stringify(forge.header()).slice(1, -1);
    return [
      forge.signed(forge.header(), `{${claims},"sub":"admin"}`),
      forge.signed(forge.header(), `{"sub":"admin",${claims}}`),
      forge.signed(forge.header(), `{${claims},"\\u0073ub":"admin"}`),
      forge.signed(forge.header(), `{${claims},"act":{"sub":"a","sub":"b"}}`),
      forge.signed(`{"alg":"none",${header}}`),
      forge.signed(`{${header},"alg":"none"}`),
      forge.signed(`{${header},"kid":"rs"}`),
    ];
  },
  'JW-12: claims that are no object, or no UTF-8': (forge) => {
    const claims = JSON.stringify(forge.issuer.accessClaims());
    const [begin, end] = [claims.slice(0, -1), claims.slice(-1)];
    return [
      '"str"',
      '[]',
      'null',
      '1',
      'true',
      '',
      ' ',
      '{',
      `[${claims}]`,
      JSON.stringify(claims),
      Buffer.from(claims, 'utf16le'),
      Buffer.from(`\ufeff${claims}`),
      `${claims}x`,
      `${claims}\0`,
      `${begin},"x":"\\ud800"${end}`,
      `${begin},"\\udfff":1${end}`,
      `${begin},"exp2":1e400,}`,
      Buffer.concat([Buffer.from(`${begin},"x":"`), Buffer.from([0xff, 0xc0, 0x80]), Buffer.from(`"${end}`)]),
    ].map((payload) => forge.signed(forge.header(), payload));
  },
  'JW-13: crit': (forge) =>
    [['exp'], ['b64'], ['x-unknown'], [], 'x', '', null, {}, ['alg'], [1]].map((crit) =>
      forge.headed({ crit, exp: 1, b64: true, 'x-unknown': 1 }),
    ),
  'JW-14: b64, zip, cty': (forge) =>
    [{ b64: false }, { b64: true }, { zip: 'DEF' }, { zip: '' }, { cty: 'JWT' }, { cty: 'at+jwt' }].map((change) =>
      forge.headed(change),
    ),
  'JW-16: a key, or where to get one': (forge) => {
    const { url } = forge.issuer;
    const own = issuerKey();
    const jwk = own.publicKey.export({ format: 'jwk' });
    const canaries = [
      `${url}/canary`,
      `${url}/authorize?redirect_uri=${url}/canary`,
      `${url}/jwks#/../canary`,
      'file:///',
    ];
    return [
      ...canaries.flatMap((address) => [forge.headed({ jku: address }), forge.headed({ x5u: address })]),
      ...[{ jwk }, { jwk: {} }, { x5c: [] }, { x5c: [encode('x')] }, { jwk, jku: canaries[0] }].map((change) =>
        forge.headed(change),
      ),
    ];
  },
  'JW-18: kid': (forge) =>
    [
      '../../../../dev/null',
      '/dev/null',
      "' OR 1=1--",
      "es' UNION SELECT 'x",
      '|id',
      '$(id)',
      '`id`',
      'es\0',
      '\0',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'ES',
      ' es',
      'es ',
      'es/../es',
      '',
      'rs',
      {},
      { es: 1 },
      ['es'],
      1,
      0,
      null,
      true,
      'k'.repeat(4096),
    ].map((kid) => forge.headed({ kid })),
  'JW-25, JW-27, BL-09: a token of another kind': (forge) => {
    const { issuer } = forge;
    const now = issuer.clock.seconds();
    const idToken = { iss: issuer.url, sub: 'alice', aud: AUDIENCE, iat: now, exp: now + 300, nonce: 'n' };
    const logout = { ...idToken, nonce: undefined, events: { [BACK_CHANNEL_LOGOUT]: {} }, jti: 'j', sid: 's' };
    const types = [
      'JWT',
      undefined,
      '',
      'logout+jwt',
      'secevent+jwt',
      'dpop+jwt',
      'oauth-authz-req+jwt',
      'refresh+jwt',
      'token-introspection+jwt',
      'client-authentication+jwt',
      'at',
      'jwt',
      'at+jwt ',
      'x-at+jwt',
      'at+jwt;x',
      'at+jwt,JWT',
      'application/application/at+jwt',
      'text/at+jwt',
      null,
      1,
      ['at+jwt'],
      {},
    ];
    return [
      ...types.map((typ) => forge.headed({ typ })),
      forge.signed(forge.header({ typ: 'JWT' }), idToken),
      forge.signed(forge.header({ typ: undefined }), idToken),
      forge.signed(forge.header({ typ: 'logout+jwt' }), logout),
      forge.signed(forge.header({ typ: undefined }), logout),
    ];
  },
  'JW-28: for somebody else, or for nobody': (forge) =>
    [
      undefined,
      '',
      [],
      null,
      1,
      true,
      {},
      { 0: AUDIENCE },
      { [AUDIENCE]: true },
      'other',
      'app',
      ['other'],
      ['app'],
      [[AUDIENCE]],
      [null, AUDIENCE],
      [AUDIENCE, 1],
      [AUDIENCE, {}],
      `${AUDIENCE}.evil`,
      `${AUDIENCE}/`,
      AUDIENCE.slice(0, -1),
      AUDIENCE.toUpperCase(),
      ` ${AUDIENCE}`,
      '*',
      `other ${AUDIENCE}`,
      `${AUDIENCE},other`,
      `["${AUDIENCE}"]`,
    ].map((aud) => forge.claiming({ aud })),
  'JW-32: not yet, no more, or at no time': (forge) => {
    const now = forge.issuer.clock.seconds();
    const times = [null, '', `${now}`, true, [], [now], {}, -1];
    return [
      { exp: now - 5 },
      { exp: 0 },
      { exp: undefined },
      { nbf: now + 6 },
      { iat: now + 6 },
      { iat: undefined },
      // Milliseconds taken for seconds.
      { iat: now * 1000 },
      { exp: now * 1000 },
      // For longer than anybody gives.
      { exp: now + 31 * 86_400 },
      { exp: 1e30 },
      { exp: Number.MAX_SAFE_INTEGER },
      ...times.flatMap((time) => [{ exp: time }, { nbf: time }, { iat: time }]),
    ].map((change) => forge.claiming(change));
  },
  'JW-34: nobody in particular': (forge) => NOT_A_NAME.map((sub) => forge.claiming({ sub })),
  'JW-45: what costs to be decrypted': (forge) => {
    const pbes2 = { alg: 'PBES2-HS256+A128KW', enc: 'A128CBC-HS256', p2s: 'c2FsdA', p2c: 2 ** 31 };
    const headers = [pbes2, { ...pbes2, zip: 'DEF' }, { alg: 'dir', enc: 'A256GCM', zip: 'DEF', typ: 'at+jwt' }];
    return headers.flatMap((header) => [
      `${encode(header)}.${encode('key')}.${encode('iv')}.${encode(Buffer.alloc(4000))}.${encode('tag')}`,
      `${encode(header)}..${encode('iv')}.${encode('text')}.${encode('tag')}`,
      forge.signed(header),
    ]);
  },
  'of somebody who is not our issuer, or nearly': (forge) => {
    const { url } = forge.issuer;
    const issuers = [
      ...NOT_A_NAME,
      `${url}/`,
      `${url}#`,
      ` ${url}`,
      url.toUpperCase(),
      [url],
      url.replace('http', 'https'),
    ];
    return ['https://evil.test', '__proto__', 'constructor', ...issuers].map((iss) => forge.claiming({ iss }));
  },
  'bound to a key that cannot be asked for': (forge) =>
    [null, '', 1, [], {}, { jkt: 1 }, { jkt: 'x', 'x5t#S256': 'x' }, { jwk: {} }, { kid: 'x' }, { jkt: 'x' }].map(
      (cnf) => forge.claiming({ cnf }),
    ),
};
