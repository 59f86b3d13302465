import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const test = join(import.meta.dirname, '..');
const model = readFileSync(join(test, '../docs/threat-model.md'), 'utf8');
const cases = [...model.matchAll(/^\| ([A-Z]{2}-\d{2}) \| (P[01]) \| (.+?) \| (.+) \|$/gm)].map(
  ([, id, , , where]) => ({ id: id!, where: where!, files: [...where!.matchAll(/`([^`]+\.ts)`/g)].map(([, file]) => file!) }),
); // prettier-ignore

const read = new Map<string, ReadonlySet<string>>();

/** The ids in the texts of a spec, which are its titles and tables, and in the tables that it imports. */
function idsIn(file: string): ReadonlySet<string> {
  const known = read.get(file);
  if (known) return known;
  const ids = new Set<string>();
  read.set(file, ids);
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const imported = join(dirname(file), (node.moduleSpecifier as ts.StringLiteral).text.replace(/\.js$/, '.ts'));
      if (imported.startsWith(test) && existsSync(imported)) for (const id of idsIn(imported)) ids.add(id);
      return;
    }
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) {
      for (const id of node.text.match(/\b[A-Z]{2}-\d{2}\b/g) ?? []) ids.add(id);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return ids;
}

it('every case has a test that exists, or is marked later', () => {
  expect(cases.length).toBeGreaterThan(300);
  for (const { id, where, files } of cases) {
    const missing = files.filter((file) => !existsSync(join(test, file)));
    expect([id, missing, files.length > 0 || where.startsWith('later')]).toEqual([id, [], true]);
  }
});

it('every test that is named for a case says so in a title, or in a table', () => {
  const silent = cases.flatMap(({ id, files }) =>
    files.filter((file) => !idsIn(join(test, file)).has(id)).map((file) => `${id} ${file}`),
  );
  expect(silent).toEqual([]);
});

it('no case comes twice', () => {
  const ids = cases.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});
