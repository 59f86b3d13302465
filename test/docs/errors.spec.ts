import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** docs/errors.md against the sources: whatever they may say as a code is in it, and nothing else. */
const root = join(import.meta.dirname, '../..');
const document = readFileSync(join(root, 'docs/errors.md'), 'utf8');

/** Where the guard's answers, those of its sign-in pages and those at the edge are made. */
const SOURCES = ['src/relying-party', 'src/federation/oidc-client.ts', 'src/federation/provider-metadata.ts', 'src/edge', 'src/jwt/token-error.ts', 'src/jwt/token-refusal.ts', 'src/jwt/dpop-proof.ts']; // prettier-ignore
/** Calls and constructors whose first argument is a code. */
const MAKERS = new Set(['unauthorized', 'SignInError', 'TokenError', 'DpopProofError', 'OptionsError', 'speak']);

const CODE = /^[a-z]+(_[a-z0-9]+)+$|^csrf$|^unauthenticated$/;

function codesIn(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const collect = (node: ts.Node | undefined): void => {
    if (!node) return;
    if (ts.isStringLiteral(node) && CODE.test(node.text)) found.push(node.text);
    ts.forEachChild(node, collect);
  };
  const nameOf = (node: ts.Node) => (ts.isPropertyAccessExpression(node) ? node.name.text : node.getText(source));
  const visit = (node: ts.Node): void => {
    const isMaker =
      (ts.isCallExpression(node) || ts.isNewExpression(node)) && MAKERS.has(nameOf(node.expression as ts.Node));
    if (isMaker) collect(node.arguments?.[0]);
    const isNamed = ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node) || ts.isParameter(node);
    if (isNamed && node.name.getText(source) === 'code') {
      collect(ts.isParameter(node) ? node.type : node.initializer);
    }
    if (ts.isVariableDeclaration(node) && /^(PROVIDER|TOKEN)_CODES$/.test(node.name.getText(source)))
      collect(node.initializer);
    if (ts.isTypeAliasDeclaration(node) && node.name.text === 'TokenErrorCode') collect(node.type);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const files = SOURCES.flatMap((place) =>
  place.endsWith('.ts')
    ? [place]
    : readdirSync(join(root, place), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => `${place}/${name}`),
);
const inSources = [...new Set(files.flatMap((file) => codesIn(join(root, file))))].sort();

/** `| codes | status | meaning | what to do |` */
const rows = [...document.matchAll(/^\| ((?:`[a-z_]+`(?:, )?)+) \|([^|\n]+)\|([^|\n]+)\|[^|\n]*\|$/gm)].map(
  ([, codes, status, meaning]) => ({
    codes: [...codes!.matchAll(/`([a-z_]+)`/g)].map(([, code]) => code!),
    status: status!.trim(),
    meaning: meaning!.trim(),
  }),
);

it('every code of the sources is documented, and every documented code can come', () => {
  expect(inSources.length).toBeGreaterThan(40);
  expect([...new Set(rows.flatMap(({ codes }) => codes))].sort()).toEqual(inSources);
});

it('every code has a status and a meaning', () => {
  for (const { codes, status, meaning } of rows) {
    expect([codes, status]).toEqual([codes, expect.stringMatching(/^(none$|[2345]\d\d)/)]);
    expect(meaning.length).toBeGreaterThan(10);
  }
});

it('every close code of sockets is documented', () => {
  const text = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  const inText = [...text.matchAll(/= (4\d{3});/g)].map(([, code]) => code);
  expect(inText.length).toBeGreaterThan(0);
  for (const code of inText) expect(document).toContain(`| \`${code}\` |`);
});
