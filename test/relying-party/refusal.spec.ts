import { Refusal } from '../../src/relying-party/refusal.js';
import { unauthorized } from '../../src/relying-party/refused.js';

it('a refusal has no stack, which would be a fifth of its cost, and leaves those of other errors alone', () => {
  const limit = Error.stackTraceLimit;
  const refused = unauthorized('token_revoked', 'The token was revoked.');
  const refusal = new Refusal(refused.parts, 'reference');
  expect(Error.stackTraceLimit).toBe(limit);
  expect([refused.stack, refusal.stack].some((stack) => stack?.includes('\n'))).toBe(false);
  expect(new Error('another').stack).toContain('refusal.spec');
  expect([refusal.getStatus(), refusal.message]).toEqual([401, 'The token was revoked.']);
});
