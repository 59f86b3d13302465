import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { AT_THE_COMMAND_LINE, OPERATOR } from '../../audit/audit.js';
import { type Answer, count, printable, Refusal } from './answer.js';
import type { House } from './house.js';

/** `user import`: people from another system, by lines of JSON. @throws Refusal that names each bad line and field. */
export async function importPeople(
  { userImport, audit, terminal }: House,
  file: string,
  { dryRun = false }: { dryRun?: boolean },
): Promise<Answer> {
  const input = file === '-' ? terminal.input : await open(file);
  const { imported, problems, problemCount } = await userImport.run(linesOf(input), {
    dryRun,
    added: (subs, transaction) =>
      audit.recordAll(
        subs.map((subject) => ({ name: 'user_added', subject, actor: OPERATOR, by: 'import' })),
        AT_THE_COMMAND_LINE,
        transaction,
      ),
  });
  if (problemCount > 0) {
    const told = problems.map(({ line, field, message }) => {
      return `  line ${line}${field === '' ? '' : `, ${printable(field)}`}: ${message}`;
    });
    const more = problemCount - problems.length;
    const rest = more > 0 ? [`  and ${count(more, 'problem')} more.`] : [];
    throw new Refusal(['Nothing was imported. What is wrong:', ...told, ...rest].join('\n'));
  }
  const people = imported === 1 ? '1 person' : `${imported} people`;
  return {
    json: { imported: dryRun ? 0 : imported, checked: imported },
    text: dryRun ? `${people} can be imported. Nothing was written.` : `${people} imported.`,
  };
}

async function open(file: string): Promise<NodeJS.ReadableStream> {
  const stream = createReadStream(file);
  try {
    await once(stream, 'readable');
    return stream;
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : 'cannot be read';
    throw new Refusal(`${file}: ${why}.`);
  }
}

/** Not by `node:readline`, for which a JSON text may end in the middle: at U+2028. */
async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of input.setEncoding('utf8')) {
    const lines = `${rest}${String(chunk)}`.split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}
