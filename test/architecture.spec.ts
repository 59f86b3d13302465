import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The plan of the house (docs/architecture.md): a room imports from lower floors only, never from its neighbours. */
const FLOORS = [
  ['protocol', 'migrations'],
  ['platform'],
  ['jwt', 'sessions', 'users', 'clients', 'interactions', 'audit'],
  ['keys', 'authorizations', 'federation'],
  ['login', 'account', 'identity-provider', 'relying-party'],
  ['testing', 'edge', 'faces'],
  ['apps'],
];

/** Each outside thing has one door: elsewhere its `packages` are not imported, types included, and its `words` not said. */
const DOORS: { thing: string; door: RegExp; packages?: RegExp; words?: RegExp }[] = [
  {
    thing: 'time',
    // The edge has a platform of its own.
    door: /^platform\/clock\.ts$|^edge\/outside\.ts$/,
    words: /\bDate\.now\b|\bperformance\.now\b|\bnew Date\b(?!\s*\(\s*[^\s)])/,
  },
  {
    thing: 'randomness',
    door: /^platform\/secret\.ts$|^edge\/outside\.ts$/,
    words: /\brandom(Bytes|UUID|Int|Fill\w*)\b|\bMath\.random\b|\bgetRandomValues\b/,
  },
  { thing: 'the environment', door: /^apps\//, packages: /^(node:)?process$/, words: /\bprocess\.env\b/ },
  { thing: 'JOSE', door: /^jwt\/|^edge\/web-crypto\.ts$/, packages: /^(jose|jsonwebtoken|@nestjs\/jwt)$/ },
  {
    thing: 'TypeORM',
    door: /\.entity\.ts$|^platform\/database\/|^migrations\/|\bstores?\b/,
    packages: /^(@nestjs\/)?typeorm$/,
  },
  {
    thing: 'HTTP requests',
    // The sample applications stand for a user's own code, which fetches as it likes.
    // The test kit asks the application under test.
    door: /^platform\/outbound\b|^apps\/|^testing\/agent\.ts$|^edge\/outside\.ts$/,
    packages: /^(undici|axios|@nestjs\/axios)$/,
    // A method may be called fetch; node:http is also where the types of what we receive come from.
    words:
      /(?<!\.|\basync |\bprivate )\bfetch\(|\bglobalThis\.fetch\b|\bimport (?!type )[^;]* from '(node:)?http(s|2)?'/,
  },
  {
    thing: 'what an application may lack',
    door: /^apps\//,
    packages: /^@nestjs\/(graphql|mercurius|apollo|websockets|microservices|platform-[\w.-]+)$|^ws$/,
  },
  {
    thing: 'OpenTelemetry',
    door: /^platform\/open-telemetry\.ts$|^apps\/support\/tracing\.ts$/,
    packages: /^@opentelemetry\//,
  },
  { thing: 'SMTP', door: /^platform\/mail\/smtp-transport\.ts$/, packages: /^nodemailer$/ },
  { thing: 'WebAuthn', door: /^users\/credentials\/passkeys\.ts$/, packages: /^@simplewebauthn\// },
  { thing: 'one-time passwords', door: /^users\/credentials\/totp\.ts$/, packages: /^(otplib|@otplib\/.*)$/ },
  {
    thing: 'openid-client',
    door: /^federation\/oidc-client\.ts$|^apps\/cli\/native\/native-client\.ts$/,
    packages: /^openid-client\b/,
  },
];

const roomOf = (path: string) => path.split('/')[0]!;
const floorOf = (room: string) => FLOORS.findIndex((rooms) => rooms.includes(room));

/** What a file breaks; `path` is relative to src. */
function violations(path: string, source: string): string[] {
  const room = roomOf(path);
  if (floorOf(room) < 0) return ['is on no floor'];
  const code = source.replace(/\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
  const imports = [...code.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, name]) => name!);
  const rooms = imports.filter((name) => name.startsWith('.')).map((name) => roomOf(join(dirname(path), name)));
  return [
    ...rooms
      .filter((other) => other !== room && (floorOf(other) < 0 || floorOf(other) >= floorOf(room)))
      .map((other) => `imports from ${other}`),
    ...DOORS.filter(({ door }) => !door.test(path))
      .filter(({ packages, words }) => imports.some((name) => packages?.test(name)) || words?.test(code))
      .map(({ thing }) => `reaches ${thing}`),
  ];
}

/** What is secret, or stands for it; compared with a literal it is only asked whether it is there. */
const SECRET = '(?:secret|digest|verifier|challenge|csrf|password|hash|hmac|signature)\\w*';
const LITERAL = `(?:undefined|null|true|false)\\b|['"\`\\d]`;
const UNEQUAL_TIME = new RegExp(
  `${SECRET}[)\\]!]*\\s*[!=]==(?!\\s*(?:${LITERAL}))|(?<!(?:typeof [\\w.]+|${LITERAL})\\s*)[!=]==\\s*[\\w.]*${SECRET}`,
  'i',
);

it('PK-14 no secret is compared by ===, whose time tells how much of it was right', () => {
  const src = join(import.meta.dirname, '../src');
  const files = (readdirSync(src, { recursive: true }) as string[]).filter((path) => /\.tsx?$/.test(path));
  const found = files
    // At the terminal somebody types a password twice; the kit for people's own tests keeps no secret.
    .filter((path) => !/^testing\/|^apps\/cli\/new-password\.ts$/.test(path))
    .flatMap((path) => {
      const lines = readFileSync(join(src, path), 'utf8').split('\n');
      return lines.filter((line) => UNEQUAL_TIME.test(line)).map((line) => `src/${path}: ${line.trim()}`);
    });
  expect(found).toEqual([]);
});

it.each([
  ['if (secret === presented)', true],
  ['return codeVerifier !== other.verifier;', true],
  ['given === client.secretDigest', true],
  ['digest(a) === digest(b)', true],
  ["password === ''", false],
  ['hash !== undefined', false],
  ['undefined === csrf', false],
  ["typeof secret === 'string'", false],
])('PK-14 %s', (code, isFound) => {
  expect(UNEQUAL_TIME.test(code)).toBe(isFound);
});

it('KC-08: the house is built to its plan', () => {
  const src = join(import.meta.dirname, '../src');
  const files = (readdirSync(src, { recursive: true }) as string[]).filter((path) => /\.tsx?$/.test(path));
  expect(files.length).toBeGreaterThan(50);
  const found = files.flatMap((path) =>
    violations(path, readFileSync(join(src, path), 'utf8')).map((violation) => `src/${path} ${violation}`),
  );
  expect(found).toEqual([]);
});

it.each([
  ['keys/a.ts', `import { B } from '../login/b.js';`, 'imports from login'],
  ['keys/a.ts', `export * from '../authorizations/b.js';`, 'imports from authorizations'],
  ['login/a.ts', `import type { B } from '../identity-provider/b.js';`, 'imports from identity-provider'],
  ['relying-party/deep/a.ts', `const b = await import('../../account/b.js');`, 'imports from account'],
  ['migrations/a.ts', `import '../platform/clock.js';`, 'imports from platform'],
  ['apps/demo/a.ts', `import '../../../test/b.js';`, 'imports from ..'],
  ['attic/a.ts', ``, 'is on no floor'],
  ['platform/a.ts', `const now = Date.now();`, 'reaches time'],
  ['login/a.ts', `const today = new Date();`, 'reaches time'],
  ['apps/demo/a.ts', `performance.now();`, 'reaches time'],
  ['jwt/a.ts', `import { randomUUID } from 'node:crypto';`, 'reaches randomness'],
  ['jwt/a.ts', `crypto.getRandomValues(octets);`, 'reaches randomness'],
  ['platform/a.ts', `process.env['PORT'];`, 'reaches the environment'],
  ['testing/a.ts', `import { env } from 'node:process';`, 'reaches the environment'],
  ['keys/a.ts', `import { SignJWT } from 'jose';`, 'reaches JOSE'],
  ['relying-party/a.ts', `import { JwtService } from '@nestjs/jwt';`, 'reaches JOSE'],
  ['users/users.ts', `import type { DataSource } from 'typeorm';`, 'reaches TypeORM'],
  ['jwt/a.ts', `import { request } from 'undici';`, 'reaches HTTP requests'],
  ['login/a.ts', `await fetch(url);`, 'reaches HTTP requests'],
  ['login/a.ts', `import http from 'node:http';`, 'reaches HTTP requests'],
  ['relying-party/a.ts', `import * as client from 'openid-client';`, 'reaches openid-client'],
  ['relying-party/a.ts', `import { WsException } from '@nestjs/websockets';`, 'reaches what an application may lack'],
])('%s: %s %s', (path, source, violation) => {
  expect(violations(path, `/** What it is. */\n${source}\n`)).toEqual([violation]);
});

it.each([
  ['login/a.ts', `import { B } from '../users/b.js';\nimport { C } from './c.js';`],
  ['platform/clock.ts', `Date.now();`],
  ['login/a.ts', `new Date(clock.now()); // not Date.now()`],
  ['jwt/a.ts', `/* not process.env */ import { SignJWT } from 'jose';\nthis.outbound.fetch(url);`],
  ['sessions/stores/a.ts', `import { DataSource } from 'typeorm';`],
  ['platform/outbound/a.ts', `import { Agent } from 'undici';`],
  ['platform/http/a.ts', `import type { IncomingMessage } from 'node:http';\nasync fetch(url: string) {}`],
])('%s: %s is allowed', (path, source) => {
  expect(violations(path, source)).toEqual([]);
});
