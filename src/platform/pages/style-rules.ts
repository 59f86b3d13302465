import { LRUCache } from 'lru-cache';

/** One rule, or those within an at-rule. */
type Block = { selectors: readonly Selector[]; declarations: string } | { atRule: string; blocks: readonly Block[] };

interface Selector {
  text: string;
  /** Without these, as `.class` or `element`, it fits nothing. */
  needs: readonly string[];
}

/**
 * A style sheet of plain rules, and at-rules around them, of which a page takes those that it can use: without comments and line
 * breaks a fraction of the whole. No text in it holds a brace.
 */
export class StyleRules {
  private readonly blocks: readonly Block[];
  private readonly kept = new LRUCache<string, string>({ max: 50 });

  constructor(sheet: string) {
    this.blocks = [...blocksOf(sheet.replace(/\/\*[^]*?\*\//g, ''))];
  }

  /** The rules whose classes and elements are all in the document. */
  usedIn(html: string): string {
    const names = new Set<string>();
    for (const [, element] of html.matchAll(/<([a-z][a-z0-9]*)/g)) names.add(element!);
    for (const [, list] of html.matchAll(/\sclass="([^"]*)"/g))
      for (const one of list!.split(' ')) names.add(`.${one}`);
    const key = [...names].sort().join(' ');
    let used = this.kept.get(key);
    if (used === undefined) this.kept.set(key, (used = written(this.blocks, names)));
    return used;
  }
}

function written(blocks: readonly Block[], names: ReadonlySet<string>): string {
  return blocks
    .map((block) => {
      if ('atRule' in block) {
        const inner = written(block.blocks, names);
        return inner && `${block.atRule}{${inner}}`;
      }
      const used = block.selectors.filter(({ needs }) => needs.every((name) => names.has(name)));
      return used.length === 0 ? '' : `${used.map(({ text }) => text).join(',')}{${block.declarations}}`;
    })
    .join('');
}

/** What stands before each pair of outer braces, and between them. */
function* blocksOf(sheet: string): Generator<Block> {
  let depth = 0;
  let start = 0;
  let opened = 0;
  for (const { 0: brace, index } of sheet.matchAll(/[{}]/g)) {
    depth += brace === '{' ? 1 : -1;
    if (brace === '{' && depth === 1) opened = index;
    if (depth > 0) continue;
    yield blockOf(sheet.slice(start, opened).trim(), sheet.slice(opened + 1, index));
    start = index + 1;
  }
}

function blockOf(prelude: string, content: string): Block {
  if (prelude.startsWith('@')) return { atRule: prelude, blocks: [...blocksOf(content)] };
  const selectors = prelude.split(/,(?![^(]*\))/).map((one) => selectorOf(one.trim()));
  return { selectors, declarations: content.trim().replace(/\s+/g, ' ') };
}

function selectorOf(text: string): Selector {
  // What stands in brackets may be a choice.
  const needs = text.replace(/[([][^)\]]*[)\]]/g, '').match(/\.[\w-]+|(?<=^|[\s>+~])[a-z][a-z0-9]*/g) ?? [];
  return { text, needs };
}
