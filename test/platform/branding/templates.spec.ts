import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { CONTENT, PAGE_PARTS } from '../../../src/platform/branding/page-names.js';
import { readTemplate, TemplateProblem } from '../../../src/platform/branding/read-template.js';
import { filled, type Values } from '../../../src/platform/branding/template.js';

const slots = { [CONTENT]: 'may', ...PAGE_PARTS['sign-in'] } as const;
const asset = (name: string) => (name === 'a.png' ? '/branding/assets/a.png?v=1' : undefined);
const fragment = (source: string, values: Values = {}) =>
  renderToString(filled(readTemplate(source, { asset }), values));
const ALL = '{{{heading}}}{{{client}}}{{{problem}}}{{{form}}}{{{links}}}';

function problemOf(source: string, use = { slots, asset }): string {
  try {
    readTemplate(source, use);
    return 'none';
  } catch (error) {
    if (!(error instanceof TemplateProblem)) throw error;
    return `${error.line}: ${error.message}`;
  }
}

it.each<[string, string, Values, string]>([
  ['a value', '<p>{{site.name}}</p>', { 'site.name': 'A & B' }, '<p><bdi>A &amp; B</bdi></p>'],
  ['a value that is not there', '<p>{{ title }}</p>', {}, '<p><bdi></bdi></p>'],
  ['an attribute', '<p title="to {{title}}">x</p>', { title: 'a"b' }, '<p title="to a&quot;b">x</p>'],
  ['an entity', '<p>&lt;b&gt; &amp;</p>', {}, '<p>&lt;b> &amp;</p>'],
  ['a section', '{{#client}}<b>yes</b>{{/client}}{{^client}}no{{/client}}', { client: 'a' }, '<b>yes</b>'],
  ['its opposite', '{{#client}}<b>yes</b>{{/client}}{{^client}}no{{/client}}', {}, 'no'],
  ['sections in sections', '{{#client}}{{#language.de}}ja{{/language.de}}{{/client}}', { client: 'a', 'language.de': 'yes' }, 'ja'], // prettier-ignore
  ['a remark', '{{! never shown }}<!-- nor this <b> -->x', {}, 'x'],
  ['a link', '<a href="https://a.test/?b=1&amp;c">x</a>', {}, '<a href="https://a.test/?b=1&amp;c">x</a>'],
  ['a link that a value is', '<a href="{{client.url}}">x</a>', { 'client.url': 'https://a.test/' }, '<a href="https://a.test/">x</a>'], // prettier-ignore
  ['a link that is not there', '<a href="{{client.url}}">x</a>', {}, '<a>x</a>'],
  ['another tab', '<a href="/x" target="_blank">x</a>', {}, '<a href="/x" target="_blank" rel="noopener noreferrer">x</a>'], // prettier-ignore
  ['a picture that is not there', '<img src="{{site.logo}}" alt="{{site.name}}">', { 'site.name': 'A' }, 'A'],
  ['a picture', '<img src="assets/a.png" alt="">', {}, '<img src="/branding/assets/a.png?v=1" alt/>'],
])('%s is filled in', (_, source, values, html) => {
  expect(fragment(source, values)).toBe(html);
});

it.each(['<script>alert(1)</script>', '</p><img src=x onerror=alert(1)>', '"><b>', '{{title}}', '&lt;b&gt;'])(
  'a hostile value %j stays text',
  (value) => {
    const html = fragment('<p title="{{client.name}}">{{client.name}}</p>', { 'client.name': value });
    const escaped = value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
    expect(html).toBe(`<p title="${escaped}"><bdi>${escaped}</bdi></p>`);
  },
);

it('a stranger’s direction and length end with the value', () => {
  const html = fragment('{{client.name}}!', { 'client.name': `a\u202Eb${'x'.repeat(500)}` });
  expect(html).toMatch(/^<bdi>abx{157}…<\/bdi>!$/);
});

it.each([
  [ALL, 'none'],
  ['<div class="two"><section>{{{content}}}</section></div>', 'none'],
  [`<h1>Hello</h1>${ALL.replace('{{{heading}}}', '')}`, 'none'],
  ['', '1: {{{content}}} is missing: what the page holds'],
  ['<h1>Hello</h1>\n\n', '3: {{{content}}} is missing: what the page holds'],
  [ALL.replace('{{{form}}}', '\n'), '2: {{{form}}} missing: it cannot be left out'],
  [ALL.replace('{{{heading}}}', ''), '1: needs {{{heading}}}, or an <h1> of its own'],
  [`${ALL}\n{{{form}}}`, '2: {{{form}}} comes more than once'],
  ['{{{content}}}\n{{{form}}}', '2: {{{form}}} is in {{{content}}} already'],
  ['{{{password}}}', '1: there is no part {{{password}}}; there are content, heading, client'],
  ['{{#client}}{{{content}}}{{/client}}', '1: {{{content}}} stands in no section'],
  ['<p>{{{content}}}</p>', '1: {{{content}}} stands in no section and in no element but div'],
  ['<a href="/">{{{content}}}</a>', '1: {{{content}}} stands in no section'],
  ['<details><summary>x</summary>{{{content}}}</details>', '1: {{{content}}} stands in no section'],
  ['<img alt="{{{content}}}" src="assets/a.png">', '1: only a value can stand in an attribute'],
  [
    '<form action="https://evil.test">{{{content}}}</form>',
    '1: <form> cannot stand here: the form of a page is in its',
  ],
  ['{{{content}}}\n<input name="csrf">', '2: <input> cannot stand here'],
  ['{{{content}}}<textarea>', '1: <textarea> cannot stand here'],
  ['{{{content}}}\n\n<script src="https://evil.test/x.js"></script>', '3: <script> cannot stand here: no script runs'],
  ['<style>p{}</style>{{{content}}}', '1: <style> cannot stand here: styles belong'],
  ['<link rel="stylesheet" href="x">{{{content}}}', '1: <link> cannot stand here'],
  ['<meta http-equiv="refresh" content="0">{{{content}}}', '1: <meta> cannot stand here'],
  ['<base href="https://evil.test/">{{{content}}}', '1: <base> cannot stand here'],
  ['<iframe src="x"></iframe>{{{content}}}', '1: <iframe> cannot stand here'],
  ['<template>{{{content}}}</template>', '1: <template> cannot stand here'],
  ['<svg><script>1</script></svg>{{{content}}}', '1: <svg> cannot stand here: put it into assets/'],
  ['<html><body>{{{content}}}</body></html>', '1: <html> cannot stand here'],
  ['<!doctype html>{{{content}}}', '1: <!doctype> cannot stand here'],
  ['<p style="x">a</p>{{{content}}}', '1: <p> cannot have "style": styles belong'],
  ['<p\n onclick="x">a</p>{{{content}}}', '1: <p> cannot have "onclick"'],
  ['<p {{title}}>a</p>{{{content}}}', '1: <p> cannot have "{{title}}"'],
  ['<p data-webauthn="get">a</p>{{{content}}}', '1: <p> cannot have "data-webauthn"'],
  ['<p id="username">a</p>{{{content}}}', '1: an id must begin with site-'],
  ['<a href="javascript:alert(1)">a</a>{{{content}}}', '1: href must be a URL'],
  ['<a href=" java\nscript:alert(1)">a</a>{{{content}}}', '1: href must be a URL'],
  ['<a href="//evil.test">a</a>{{{content}}}', '1: href must be a URL'],
  ['<a href="{{client.name}}">a</a>{{{content}}}', '1: href must be a URL'],
  ['<a href="https://a.test/{{client.name}}">a</a>{{{content}}}', '1: href must be a URL'],
  ['<img src="https://cdn.test/a.png" alt="">{{{content}}}', '1: src must be a file that is in assets/'],
  ['<img src="assets/missing.png" alt="">{{{content}}}', '1: src must be a file that is in assets/'],
  ['<img src="assets/a.png">{{{content}}}', '1: <img> needs alt'],
  ['<div>{{{content}}}', '1: <div> is not closed'],
  ['{{{content}}}\n</div>', '2: </div> cannot stand here'],
  ['{{{content}}}</main><p>mine</p>', '1: </main> cannot stand here'],
  ['<p>a<div>b</div></p>{{{content}}}', '1: <p> is not closed'],
  ['<table><tr><td>{{{content}}}</td></tr></table>', '1: <table> cannot stand here'],
  ['{{{content}}}<p>\n{{name}}</p>', '2: {{name}} is not known; there are site.name'],
  ['{{{content}}}{{constructor}}', '1: {{constructor}} is not known'],
  ['{{{content}}}\n{{#client}}', '2: {{#client}} has no {{/client}} beside it'],
  ['{{{content}}}<p>{{#client}}</p>{{/client}}', '1: {{#client}} has no {{/client}} beside it'],
  ['{{{content}}}{{/client}}', '1: {{/client}} ends no section'],
  ['{{{content}}}{{#nobody}}x{{/nobody}}', '1: {{nobody}} is not known'],
  ['{{{content}}}{{> header}}', '1: {{> header}} is not known here'],
  ['{{{content}}}{{& title}}', '1: {{& title}} is not known here'],
  ['{{{content}}}{{title', '1: has braces {{ }} that do not belong together'],
])('%j: %s', (source, problem) => {
  expect(problemOf(source).slice(0, problem.length)).toBe(problem);
});

it('a header and a footer have no parts', () => {
  expect(problemOf('{{{content}}}', { slots: {} as typeof slots, asset })).toContain('there is no part {{{content}}}');
});

it('a slot takes what the page put there, as it is', () => {
  const template = readTemplate('<div class="site-box">{{{content}}}</div>', { slots, asset });
  const form = h('form', { method: 'post' }, h('input', { name: 'csrf' }));
  expect(renderToString(filled(template, {}, { content: form }))).toBe(
    '<div class="site-box"><form method="post"><input name="csrf"/></form></div>',
  );
});

it('every part that a template may place is one of its page, and the other way round', () => {
  const src = join(import.meta.dirname, '../../../src');
  const sources = (readdirSync(src, { recursive: true }) as string[])
    .filter((path) => path.endsWith('.page.tsx'))
    .map((path) => readFileSync(join(src, path), 'utf8'));
  for (const [page, parts] of Object.entries(PAGE_PARTS)) {
    const found = sources
      .flatMap((source) => source.split('<GatePage').slice(1))
      .filter((one) => one.includes(`page="${page}"`));
    if (page !== 'account' && page !== 'step' && page !== 'error') expect([page, found.length]).not.toEqual([page, 0]);
    for (const source of found) {
      const [body = ''] = source.split('</GatePage>');
      expect([page, [...body.matchAll(/<Part name="([\w-]+)"/g)].map(([, name]) => name)]).toEqual([
        page,
        Object.keys(parts),
      ]);
    }
  }
});
