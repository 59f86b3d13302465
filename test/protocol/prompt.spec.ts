import { parsePrompt } from '../../src/protocol/prompt.js';

it.each([
  [undefined, []],
  ['none', ['none']],
  ['login', ['login']],
  ['login consent', ['login', 'consent']],
  [' consent  consent ', ['consent']],
  ['select_account', ['select_account']],
])('reads %j', (prompt, values) => {
  expect(parsePrompt(prompt)).toEqual(values);
});

it.each(['none login', 'consent none', 'bogus', 'Login', 'create', 'login\tconsent', '__proto__'])(
  'AZ-15 refuses %j',
  (prompt) => {
    expect(() => parsePrompt(prompt)).toThrow(
      expect.objectContaining({ code: 'invalid_request', parameter: 'prompt' }),
    );
  },
);
