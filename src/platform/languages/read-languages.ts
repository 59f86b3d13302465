import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { english } from './en.js';
import type { Forms, Language } from './language.js';
import { shipped } from './languages.js';
import { type Sentence, sentences } from './sentences.js';

/** In bytes. */
const LARGEST = 512 * 1024;
const RULES = ['zero', 'one', 'two', 'few', 'many', 'other'] as const;

const fileShape = z.strictObject({
  name: z.string().trim().min(1).max(60).optional(),
  direction: z.enum(['ltr', 'rtl']).optional(),
  words: z.record(
    z.string(),
    z.union([
      z.string().min(1),
      z.strictObject({
        by: z.string(),
        ...(Object.fromEntries(RULES.map((rule) => [rule, z.string().min(1).optional()])) as Record<
          (typeof RULES)[number],
          z.ZodOptional<z.ZodString>
        >),
        other: z.string().min(1),
      }),
    ]),
  ),
});

/** A file is not as it must be: the message begins with its path. */
export class LanguagesError extends Error {
  override readonly name = 'LanguagesError';
}

/**
 * Reads a folder of languages: `<BCP 47 tag>.json`, with `name`, `direction` and `words`, a text (or one for each plural
 * category) for each sentence. The file of a language that is shipped says only what is said otherwise; a sentence that a
 * new one lacks is said in English.
 * @throws LanguagesError
 */
export async function readLanguages(folder: string): Promise<Language[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new LanguagesError(`${folder} cannot be read (${error.code})`);
  });
  return Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .map((name) => readLanguage(join(folder, name), name.slice(0, -'.json'.length))),
  );
}

async function readLanguage(path: string, tag: string): Promise<Language> {
  const wrong = (problem: string) => new LanguagesError(`${path}: ${problem}`);
  if (!isTag(tag)) throw wrong(`'${tag}' is not a language tag (BCP 47), such as nl or pt-BR`);
  const octets = await readFile(path);
  if (octets.length > LARGEST) throw wrong(`is larger than ${LARGEST / 1024} KiB`);
  let content: unknown;
  try {
    content = JSON.parse(octets.toString());
  } catch (error) {
    throw wrong(`is not JSON: ${(error as Error).message}`);
  }
  const parsed = fileShape.safeParse(content);
  if (!parsed.success) throw wrong(z.prettifyError(parsed.error).replaceAll('\n', ' '));
  const { name, direction, words } = parsed.data;
  for (const [sentence, text] of Object.entries(words)) {
    const problem = problemOf(sentence, text as string | Forms);
    if (problem !== undefined) throw wrong(`'${sentence}' ${problem}`);
  }
  const base = shipped.find((one) => one.tag === tag);
  if (!base && name === undefined) throw wrong('needs a name, as the language calls itself');
  return {
    tag,
    name: name ?? base!.name,
    direction: direction ?? base?.direction ?? 'ltr',
    words: { ...(base ?? english).words, ...(words as Partial<Language['words']>) },
  };
}

/** What is wrong with what a sentence is said as. */
function problemOf(sentence: string, text: string | Forms): string | undefined {
  if (!sentences.includes(sentence as Sentence)) return 'is no sentence of ours';
  const values = valuesIn(sentence);
  if (typeof text !== 'string' && !values.includes(text.by)) return `has no value {${text.by}} that could decide`;
  const texts = typeof text === 'string' ? [text] : RULES.flatMap((rule) => text[rule] ?? []);
  const unknown = texts.flatMap(valuesIn).find((value) => !values.includes(value));
  if (unknown !== undefined) return `has no value {${unknown}}`;
  // A plural form may leave the number out: "one day left".
  const missing = values.find((value) => typeof text === 'string' && !valuesIn(text).includes(value));
  return missing === undefined ? undefined : `is said without {${missing}}`;
}

function valuesIn(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
}

function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}
