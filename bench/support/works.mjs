// What is asked of a provider, under the names of the targets in docs/performance.md. The same of both.
import { createHash } from 'node:crypto';
import { REDIRECT_URI } from '../providers/clients.mjs';
import { Browser } from './browser.mjs';

const VERIFIER = 'benchmark-verifier-benchmark-verifier-benchmark';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const FORM = 'application/x-www-form-urlencoded';
/** The end of each burst cuts off a request per connection, whose new token is lost: there must be enough for all bursts. */
const REFRESH_FAMILIES = 128;
/** People do not share a session: more browsers than connections. */
const BROWSERS = 16;

export const NAMES = ['sso-flow', 'client-credentials', 'refresh', 'introspect', 'userinfo', 'jwks', 'discovery'];

/** Makes the named work for a provider: signs in, gets the tokens it needs. */
export async function workFor(name, provider) {
  return { url: provider.url, ...(await works[name](provider)) };
}

const works = {
  /** Authorize with a live session, then the code exchange: one operation. */
  async 'sso-flow'(provider) {
    const cookies = [];
    while (cookies.length < BROWSERS) {
      const browser = new Browser(provider.url);
      await signIn(provider, 'sso', browser);
      cookies.push(browser.cookieHeader);
    }
    const { authorization } = provider.clients.sso;
    let turn = 0;
    let problem;
    return {
      requests: [
        {
          method: 'GET',
          path: authorizePath(provider, 'sso'),
          setupRequest: (request) => ({
            ...request,
            headers: { cookie: cookies[turn++ % BROWSERS], 'sec-fetch-mode': 'navigate', accept: 'text/html' },
          }),
          onResponse(_status, _body, context, headers) {
            context.code = codeOf(headers.location ?? headers.Location);
            if (!context.code) problem ??= `no code at ${headers.location}`;
          },
        },
        {
          method: 'POST',
          path: provider.paths.token,
          setupRequest: (request, context) => ({
            ...request,
            headers: { authorization, 'content-type': FORM },
            body: redemption(context.code),
          }),
          onResponse(status, body) {
            if (status !== 200 || !body.includes('id_token')) problem ??= `token endpoint: ${status} ${body}`;
          },
        },
      ],
      problem: () => problem,
    };
  },

  async 'client-credentials'({ paths, clients }) {
    let problem;
    return {
      requests: [
        {
          method: 'POST',
          path: paths.token,
          headers: { authorization: clients.machine.authorization, 'content-type': FORM },
          body: 'grant_type=client_credentials&scope=bench%3Aread',
          onResponse(status, body) {
            if (status !== 200) problem ??= `token endpoint: ${status} ${body}`;
          },
        },
      ],
      problem: () => problem,
    };
  },

  /** Rotation at both: each answer's refresh token is the next request's. */
  async refresh(provider) {
    const { authorization } = provider.clients.refresh;
    const tokens = [];
    while (tokens.length < REFRESH_FAMILIES) tokens.push((await tokensOf(provider, 'refresh')).refresh_token);
    let problem;
    return {
      requests: [
        {
          method: 'POST',
          path: provider.paths.token,
          setupRequest: (request) => ({
            ...request,
            headers: { authorization, 'content-type': FORM },
            body: `grant_type=refresh_token&refresh_token=${encodeURIComponent(tokens.shift())}`,
          }),
          onResponse(status, body) {
            if (status !== 200) problem ??= `token endpoint: ${status} ${body}`;
            else tokens.push(JSON.parse(body).refresh_token);
          },
        },
      ],
      problem: () => problem,
    };
  },

  async introspect(provider) {
    const { access_token: token } = await tokensOf(provider, 'sso');
    let problem;
    return {
      requests: [
        {
          method: 'POST',
          path: provider.paths.introspect,
          headers: { authorization: provider.clients.sso.authorization, 'content-type': FORM },
          body: `token=${encodeURIComponent(token)}`,
          onResponse(_status, body) {
            if (!body.includes('"active":true')) problem ??= body;
          },
        },
      ],
      problem: () => problem,
    };
  },

  async userinfo(provider) {
    const { access_token: token } = await tokensOf(provider, 'sso');
    return {
      requests: [{ method: 'GET', path: provider.paths.userinfo, headers: { authorization: `Bearer ${token}` } }],
    };
  },

  jwks: async ({ paths }) => ({ requests: [{ method: 'GET', path: paths.jwks }] }),
  discovery: async ({ paths }) => ({ requests: [{ method: 'GET', path: paths.discovery }] }),
};

function authorizePath(provider, name) {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: provider.clients[name].id,
    redirect_uri: REDIRECT_URI,
    scope: name === 'sso' ? 'openid profile' : 'openid',
    state: 'state-of-the-benchmark',
    nonce: 'nonce-of-the-benchmark',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  });
  return `${provider.paths.authorize}?${query}`;
}

/** Visits the authorization endpoint as a person does, who signs in and consents when asked. */
async function signIn(provider, name, browser = provider.browser) {
  const place = await browser.open(authorizePath(provider, name));
  const code = codeOf((await provider.pass(browser, place)).href);
  if (!code) throw new Error(`${provider.name}: signing in gave no code`);
  return code;
}

async function tokensOf(provider, name) {
  const code = await signIn(provider, name);
  const answer = await fetch(`${provider.url}${provider.paths.token}`, {
    method: 'POST',
    headers: { authorization: provider.clients[name].authorization, 'content-type': FORM },
    body: redemption(code),
  });
  const tokens = await answer.json();
  if (!answer.ok) throw new Error(`${provider.name}: ${JSON.stringify(tokens)}`);
  return tokens;
}

function redemption(code) {
  return new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: VERIFIER,
  }).toString();
}

function codeOf(location) {
  return location && (new URL(location).searchParams.get('code') ?? undefined);
}
