import { clientMetadata } from '../../src/clients/client-metadata.js';
import { readCookies } from '../../src/platform/http/cookies.js';
import { networkOf } from '../../src/platform/network.js';
import { bearerToken } from '../../src/protocol/bearer.js';
import { parseClaimsRequest } from '../../src/protocol/claims.js';
import { Parameters } from '../../src/protocol/parameters.js';
import { isCodeChallenge, isCodeVerifier } from '../../src/protocol/pkce.js';
import { parsePrompt } from '../../src/protocol/prompt.js';
import { isRegisteredRedirectUri, redirectUriProblem } from '../../src/protocol/redirect-uri.js';
import { parseScope } from '../../src/protocol/scope.js';
import { claimUsername } from '../../src/users/canonical-username.js';

const LONG = 60_000;
/** Far above what a linear pass over the longest body takes, far below what a backtracking one does. */
const PATIENCE_MILLISECONDS = 1_000;

/** Repetitions with an end that fits nothing: where a pattern backtracks, it does so here. */
const SLOW: [string, string][] = [
  ['one letter', `${'a'.repeat(LONG)}!`],
  ['spaces', `${' '.repeat(LONG)}"`],
  ['words', `${'a '.repeat(LONG / 2)}\0`],
  ['slashes', `https://a/${'/'.repeat(LONG)}\n`],
  ['dots', `https://${'a.'.repeat(LONG / 2)}`],
  ['dot segments', `https://a.test/${'../'.repeat(LONG / 3)}x`],
  ['escapes', '%2e'.repeat(LONG / 3)],
  ['pairs', 'a=b&'.repeat(LONG / 4)],
  ['cookies', 'a=b; '.repeat(LONG / 5)],
  ['base64', `Bearer ${'A'.repeat(LONG)}=*`],
  ['brackets', '['.repeat(LONG)],
  ['colons', `${':'.repeat(LONG)}g`],
  ['loopback', `http://127.0.0.1:${'1'.repeat(LONG)}/`],
  ['combining marks', `a${'\u0301'.repeat(LONG)}`],
];

const READERS: [string, (text: string) => unknown][] = [
  ['scope', parseScope],
  ['prompt', parsePrompt],
  ['claims', parseClaimsRequest],
  ['a form', (text) => Parameters.parse(text)],
  ['cookies', readCookies],
  ['a Bearer header', bearerToken],
  ['a code challenge', isCodeChallenge],
  ['a code verifier', isCodeVerifier],
  ['a redirect URI to register', (text) => redirectUriProblem(text, 'native')],
  ['a redirect URI', (text) => isRegisteredRedirectUri(text, ['http://127.0.0.1/cb', 'https://a.test/cb'], 'native')],
  ['an address', networkOf],
  ['a username', claimUsername],
  ['client metadata', (text) => clientMetadata.safeParse({ client_name: text, scope: text, contacts: [text], tos_uri: text, redirect_uris: [text], jwks: { keys: [{ kty: text, n: text }] } })],
]; // prettier-ignore

it.each(READERS)('IJ-10 AZ-12 whatever comes, it is read in no time: %s', (_, read) => {
  for (const [name, text] of SLOW) {
    const start = process.cpuUsage();
    try {
      read(text);
    } catch {
      // A refusal is as good as an answer.
    }
    const { user, system } = process.cpuUsage(start);
    expect([name, (user + system) / 1000 < PATIENCE_MILLISECONDS]).toEqual([name, true]);
  }
});
