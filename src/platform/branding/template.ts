import { type ComponentChildren, Fragment, h, type VNode } from 'preact';
import { displayText } from '../pages/text.js';
import { VALUES } from './page-names.js';

/** Text with values in it. */
export type Piece = { text: string } | { value: string };

/** A template as it was read: a tree, so that what it stands in cannot be closed by it, nor what stands in it. */
export type TemplateNode =
  | Piece
  | { tag: string; attributes: readonly (readonly [name: string, pieces: readonly Piece[]])[]; children: Template }
  | { section: string; inverted: boolean; children: Template }
  | { slot: string };
export type Template = readonly TemplateNode[];

/** The templates of a site. */
export type Templates = ReadonlyMap<string, Template>;

export type Values = Readonly<Record<string, string | undefined>>;
export type Slots = Readonly<Record<string, ComponentChildren>>;

/** The template with its values and slots filled in. Values are escaped like every other text of ours. */
export function filled(template: Template, values: Values, slots: Slots = {}): VNode {
  return h(
    Fragment,
    null,
    template.map((node) => nodeOf(node, values, slots)),
  );
}

function nodeOf(node: TemplateNode, values: Values, slots: Slots): ComponentChildren {
  if ('text' in node) return node.text;
  // Somebody's name may be written in the other direction.
  if ('value' in node) return h('bdi', null, valueOf(node.value, values));
  if ('slot' in node) return slots[node.slot];
  if ('section' in node) {
    const isThere = Boolean(values[node.section]) !== node.inverted;
    return isThere ? filled(node.children, values, slots) : null;
  }
  const attributes = node.attributes.map(([name, pieces]): [string, string | undefined] => {
    const text = pieces.map((piece) => ('text' in piece ? piece.text : valueOf(piece.value, values))).join('');
    // A link to nowhere is none.
    return [name, text === '' && /^(?:href|src|srcset)$/.test(name) ? undefined : text];
  });
  const given = Object.fromEntries(attributes);
  // What stands for a picture stands there without it.
  if (node.tag === 'img' && given['src'] === undefined) return given['alt'];
  return h(node.tag, given, filled(node.children, values, slots));
}

function valueOf(name: string, values: Values): string {
  const value = values[name] ?? '';
  return VALUES[name] === 'url' ? value : displayText(value);
}
