import { PassThrough } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { newPassword } from '../../../src/apps/cli/new-password.js';

/** A terminal that nobody sits at yet. */
function terminal({ isTTY = true } = {}) {
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => input });
  const output = new PassThrough();
  let shown = '';
  output.setEncoding('utf8').on('data', (text: string) => (shown += text));
  const shows = async (words: string) => {
    while (!shown.includes(words)) await setTimeout(1);
  };
  return { input, errors: output, shows, shown: () => shown };
}

it('asks twice at the terminal and shows nothing of what is typed', async () => {
  const { shows, shown, ...streams } = terminal();
  const password = newPassword({}, streams);
  await shows('Password: ');
  streams.input.write('wonderlanx\u007fd\r');
  await shows('The same again: ');
  streams.input.write('wonderland\r');
  expect(await password).toBe('wonderland');
  expect(shown()).toBe('Password: \nThe same again: \n');
});

it.each([
  ['two that differ', ['one\r', 'two\r'], /differ/],
  ['Ctrl-C', ['on\u0003'], /No password was given/],
  ['Ctrl-D', ['\u0004'], /No password was given/],
])('refuses %s', async (_, typed, words) => {
  const { shows, shown, ...streams } = terminal();
  const password = newPassword({}, streams);
  password.catch(() => {});
  for (const [index, text] of typed.entries()) {
    await shows(['Password: ', 'The same again: '][index]!);
    streams.input.write(text);
  }
  await expect(password).rejects.toThrow(words);
  expect(shown()).not.toMatch(/one|two/);
});

it.each([
  ['as it is', ' a b ', ' a b '],
  ['but for the line break at its end', 'a\nb\r\n', 'a\nb'],
])('takes standard input %s', async (_, sent, password) => {
  const { input, errors } = terminal({ isTTY: false });
  input.end(sent);
  expect(await newPassword({ passwordStdin: true }, { input, errors })).toBe(password);
});

it('takes text only, and no silence for a terminal', async () => {
  const { input, errors } = terminal({ isTTY: false });
  await expect(newPassword({}, { input, errors })).rejects.toThrow(/--password-stdin/);
  input.end(Buffer.from([0xff, 0xfe]));
  await expect(newPassword({ passwordStdin: true }, { input, errors })).rejects.toThrow(/UTF-8/);
});
