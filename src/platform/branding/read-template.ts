import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { conditions, CONTENT, VALUES } from './page-names.js';
import type { Piece, Template, TemplateNode } from './template.js';

type Element = DefaultTreeAdapterTypes.Element;
type ChildNode = DefaultTreeAdapterTypes.ChildNode;

/** Something in a template is not as it must be. `line` counts from 1. */
export class TemplateProblem extends Error {
  override readonly name = 'TemplateProblem';

  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

/** What the template is for. */
export interface TemplateUse {
  /** Slots that it may have, and whether it must; none: a fragment without any. */
  slots?: Readonly<Record<string, 'must' | 'may'>>;
  /** URL of a file in `assets/`; undefined when there is none of this name. */
  asset: (name: string) => string | undefined;
}

const VOID = ['br', 'hr', 'img', 'source', 'wbr'];
const BLOCKS = ['div', 'section', 'article', 'aside'];
const ELEMENTS = new Set([
  ...VOID,
  ...BLOCKS,
  ...words('h1 h2 h3 h4 p blockquote figure figcaption picture nav address ul ol li dl dt dd details summary'),
  ...words('a abbr b bdi cite code em i kbd mark q s small span strong sub sup time u'),
]);
/** Why not, where people will ask. */
const INSTEAD: Readonly<Record<string, string>> = {
  script: 'no script runs on these pages but ours',
  style: 'styles belong into the file of BRAND_CSS',
  link: 'styles belong into the file of BRAND_CSS',
  form: 'the form of a page is in its slot',
  input: 'the form of a page is in its slot',
  button: 'the form of a page is in its slot',
  svg: 'put it into assets/ and show it by <img>',
  main: 'the page has one around this',
  header: 'the page has one; take <div>',
  footer: 'the page has one; take <div>',
};
const ATTRIBUTES = /^(?:class|id|lang|dir|title|role|translate|aria-[a-z]+)$/;
const OWN_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  a: ['href', 'hreflang', 'target', 'rel'],
  img: ['src', 'alt', 'width', 'height'],
  source: ['srcset', 'media', 'type'],
  details: ['open'],
  ol: ['start', 'reversed', 'type'],
  time: ['datetime'],
};
const TOKEN = /\{\{\{\s*([^{}]*?)\s*\}\}\}|\{\{\s*([#^/!&>=]?)\s*([^{}]*?)\s*\}\}/g;

/**
 * Reads a template: HTML of a few elements that cannot do harm, with `{{value}}`, `{{#section}}…{{/section}}`,
 * `{{^section}}…{{/section}}`, `{{! remark }}` and the slots `{{{part}}}`. Like Mustache, but a tree and not a text: a
 * section and a slot stand between elements, never within a tag.
 * @throws TemplateProblem
 */
export function readTemplate(source: string, { slots = {}, asset }: TemplateUse): Template {
  const fragment = parseFragment(source, { sourceCodeLocationInfo: true });
  const placed = new Map<string, number>();
  const seen = new Set<number>();
  let hasHeading = false;
  const template = childrenOf(fragment.childNodes, true);
  everyTagIsSeen();
  everySlotIsPlaced();
  return template;

  function childrenOf(nodes: readonly ChildNode[], isOpen: boolean): Template {
    const root: TemplateNode[] = [];
    const sections: { name: string; line: number; children: TemplateNode[] }[] = [];
    const here = () => sections.at(-1)?.children ?? root;
    for (const node of nodes) {
      if (node.nodeName === '#comment') {
        seen.add(node.sourceCodeLocation!.startOffset);
        continue;
      }
      if ('tagName' in node) {
        here().push(elementOf(node, isOpen && sections.length === 0));
        continue;
      }
      if (!('value' in node)) throw new TemplateProblem(lineOf(node), 'this cannot stand here');
      for (const { text, kind, name, line } of tokensOf(node.value, lineOf(node))) {
        if (kind === 'text') here().push({ text });
        else if (kind === 'value') here().push({ value: known(name, Object.keys(VALUES), line) });
        else if (kind === 'slot') here().push(slotOf(name, line, isOpen && sections.length === 0));
        else if (kind === '/') {
          const section = sections.pop();
          if (section?.name !== name) throw new TemplateProblem(line, `{{/${name}}} ends no section that began here`);
        } else {
          const children: TemplateNode[] = [];
          here().push({ section: known(name, conditions(), line), inverted: kind === '^', children });
          sections.push({ name, line, children });
        }
      }
    }
    const open = sections.pop();
    if (open) throw new TemplateProblem(open.line, `{{#${open.name}}} has no {{/${open.name}}} beside it`);
    return root;
  }

  function elementOf(element: Element, isOpen: boolean): TemplateNode {
    const { tagName: tag, sourceCodeLocation: place } = element;
    const line = lineOf(element);
    if (!ELEMENTS.has(tag)) {
      const why = INSTEAD[tag];
      throw new TemplateProblem(line, `<${tag}> cannot stand here${why === undefined ? '' : `: ${why}`}`);
    }
    if (!place?.startTag || (!VOID.includes(tag) && !place.endTag)) {
      throw new TemplateProblem(line, `<${tag}> is not closed, or not where it could be`);
    }
    seen.add(place.startTag.startOffset);
    if (place.endTag) seen.add(place.endTag.startOffset);
    if (tag === 'h1') hasHeading = true;
    const attributes = element.attrs.map(({ name, value }) => attributeOf(tag, name, value, line));
    if (tag === 'img' && !element.attrs.some(({ name }) => name === 'alt')) {
      throw new TemplateProblem(line, '<img> needs alt: what it says to whoever does not see it, or ""');
    }
    if (element.attrs.some(({ name }) => name === 'target')) {
      attributes.push(['rel', [{ text: 'noopener noreferrer' }]]);
    }
    return { tag, attributes, children: childrenOf(element.childNodes, isOpen && BLOCKS.includes(tag)) };
  }

  function attributeOf(tag: string, name: string, value: string, line: number): [string, Piece[]] {
    if (!ATTRIBUTES.test(name) && !OWN_ATTRIBUTES[tag]?.includes(name)) {
      const why = name === 'style' ? ': styles belong into the file of BRAND_CSS' : '';
      throw new TemplateProblem(line, `<${tag}> cannot have ${JSON.stringify(name)}${why}`);
    }
    // Ours are what labels, scripts and tests go by.
    if (name === 'id' && !/^site-[\w-]+$/.test(value)) throw new TemplateProblem(line, 'an id must begin with site-');
    if (name === 'target' && value !== '_blank') throw new TemplateProblem(line, 'target can be _blank only');
    const pieces = tokensOf(value, line).map(({ text, kind, name: token, line: at }): Piece => {
      if (kind === 'text') return { text };
      if (kind !== 'value') throw new TemplateProblem(at, 'only a value can stand in an attribute');
      return { value: known(token, Object.keys(VALUES), at) };
    });
    if (name === 'href' || name === 'src' || name === 'srcset') return [name, [urlOf(name, pieces, line)]];
    return [name, pieces];
  }

  function urlOf(attribute: string, pieces: Piece[], line: number): Piece {
    const [piece, ...more] = pieces;
    if (piece && 'value' in piece && more.length === 0 && VALUES[piece.value] === 'url') return piece;
    const urls = Object.keys(VALUES).filter((name) => VALUES[name] === 'url');
    const isWritten = piece && 'text' in piece && more.length === 0;
    const text = isWritten ? piece.text.trim() : '';
    if (attribute === 'href') {
      if (/^(?:https?:\/\/[^\s\\]+|mailto:[^\s]+|tel:[\d+.-]+|\/(?![/\\])[^\s\\]*|#site-[\w-]+)$/i.test(text)) {
        return { text };
      }
      throw new TemplateProblem(
        line,
        `href must be a URL (https, http, mailto, tel), a path, or one of ${urls.map((name) => `{{${name}}}`).join(', ')}`,
      );
    }
    const [, file] = /^assets\/([\w.-]+)$/.exec(text) ?? [];
    const url = file === undefined ? undefined : asset(file);
    if (url !== undefined) return { text: url };
    throw new TemplateProblem(
      line,
      `${attribute} must be a file that is in assets/, or one of ${urls.map((name) => `{{${name}}}`).join(', ')}`,
    );
  }

  function slotOf(name: string, line: number, isOpen: boolean): TemplateNode {
    const names = Object.keys(slots);
    if (!names.includes(name)) {
      const there = names.length > 0 ? `; there are ${names.join(', ')}` : ' in this file';
      throw new TemplateProblem(line, `there is no part {{{${name}}}}${there}`);
    }
    if (!isOpen) {
      throw new TemplateProblem(line, `{{{${name}}}} stands in no section and in no element but ${BLOCKS.join(', ')}`);
    }
    if (placed.has(name)) throw new TemplateProblem(line, `{{{${name}}}} comes more than once`);
    placed.set(name, line);
    return { slot: name };
  }

  /** What the parser passes over in silence, such as an end without a beginning, is found by what no element accounts for. */
  function everyTagIsSeen(): void {
    const bare = source.replace(/<!--[^]*?-->/g, (comment) => comment.replace(/</g, ' '));
    for (const { index, 0: tag } of bare.matchAll(/<[a-z/!?][^\s>]*/gi)) {
      if (seen.has(index) || isInTag(index)) continue;
      throw new TemplateProblem(source.slice(0, index).split('\n').length, `${tag}> cannot stand here`);
    }
  }

  function isInTag(index: number): boolean {
    const before = [...seen].filter((start) => start < index);
    return before.length > 0 && !source.slice(Math.max(...before), index).includes('>');
  }

  function everySlotIsPlaced(): void {
    const last = source.split('\n').length;
    if (Object.keys(slots).length === 0) return;
    if (placed.has(CONTENT)) {
      const [other, line] = [...placed].find(([name]) => name !== CONTENT) ?? [];
      if (other !== undefined) throw new TemplateProblem(line!, `{{{${other}}}} is in {{{${CONTENT}}}} already`);
      return;
    }
    const missing = Object.keys(slots).filter(
      (name) => slots[name] === 'must' && name !== CONTENT && !placed.has(name),
    );
    if (placed.size === 0) throw new TemplateProblem(last, `{{{${CONTENT}}}} is missing: what the page holds`);
    if (missing.length > 0) {
      throw new TemplateProblem(
        last,
        `${missing.map((name) => `{{{${name}}}}`).join(', ')} missing: it cannot be left out`,
      );
    }
    if ('heading' in slots && !placed.has('heading') && !hasHeading) {
      throw new TemplateProblem(last, 'needs {{{heading}}}, or an <h1> of its own');
    }
  }
}

function words(text: string): string[] {
  return text.split(' ');
}

type Token = { kind: 'text' | 'value' | 'slot' | '#' | '^' | '/'; text: string; name: string; line: number };

/** Text, and what stands in braces in it. @throws TemplateProblem */
function tokensOf(text: string, firstLine: number): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  const lineAt = (index: number) => firstLine + text.slice(0, index).split('\n').length - 1;
  const plain = (from: number, to: number) => {
    const part = text.slice(from, to);
    if (/\{\{|\}\}/.test(part)) throw new TemplateProblem(lineAt(from), 'has braces {{ }} that do not belong together');
    if (part !== '') tokens.push({ kind: 'text', text: part, name: '', line: lineAt(from) });
  };
  for (const { index, 0: whole, 1: slot, 2: sign, 3: name = '' } of text.matchAll(TOKEN)) {
    plain(end, index);
    end = index + whole.length;
    const line = lineAt(index);
    if (slot !== undefined) tokens.push({ kind: 'slot', text: '', name: slot, line });
    else if (sign === '') tokens.push({ kind: 'value', text: '', name, line });
    else if (sign === '#' || sign === '^' || sign === '/') tokens.push({ kind: sign, text: '', name, line });
    else if (sign !== '!') throw new TemplateProblem(line, `${whole} is not known here`);
  }
  plain(end, text.length);
  return tokens;
}

function known(name: string, names: readonly string[], line: number): string {
  if (names.includes(name)) return name;
  throw new TemplateProblem(line, `{{${name}}} is not known; there are ${names.join(', ')}`);
}

function lineOf({ sourceCodeLocation }: ChildNode): number {
  return sourceCodeLocation?.startLine ?? 1;
}
