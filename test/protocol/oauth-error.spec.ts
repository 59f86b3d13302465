import { invalidRequest, OAuthError } from '../../src/protocol/oauth-error.js';

it.each([
  ['invalid_request', 400],
  ['invalid_client', 401],
  ['invalid_grant', 400],
  ['invalid_token', 401],
  ['insufficient_scope', 403],
  ['slow_down', 429],
  ['server_error', 500],
  ['temporarily_unavailable', 503],
] as const)('%s answers with %i', (code, status) => {
  expect(new OAuthError(code, 'why').status).toBe(status);
});

it('shows the code and the sentence, and keeps the detail to itself', () => {
  const error = new OAuthError('invalid_grant', 'a sentence', { detail: 'for the log', parameter: 'code' });
  expect(JSON.parse(JSON.stringify(error))).toEqual({ error: 'invalid_grant', error_description: 'a sentence' });
});

it('says nothing that RFC 6749 §5.2 does not let a description hold', () => {
  const { message } = new OAuthError('invalid_request', 'not "x"\\ but\r\nX-Header: yé');
  expect(message).toBe("not 'x'' but''X-Header: y'");
});

it('names the parameter', () => {
  expect(invalidRequest('why', 'scope')).toMatchObject({ code: 'invalid_request', parameter: 'scope', status: 400 });
});
