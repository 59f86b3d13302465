import { createHash } from 'node:crypto';
import type { Answer } from './house.js';

/** An authorization response, whichever way it travelled. */
export interface AuthorizationResponse {
  mode: 'query' | 'fragment' | 'form_post';
  /** Where it goes, without what was added. */
  to: string;
  parameters: Record<string, string>;
}

/** Reads an authorization response as the browser would carry it to the client. @throws Error when there is none. */
export function authorizationResponseOf(answer: Answer): AuthorizationResponse {
  const location = answer.headers.get('location');
  if (location === null) return posted(answer);
  const [address, fragment] = location.split('#') as [string, string?];
  if (fragment !== undefined) return { mode: 'fragment', to: address, parameters: decoded(fragment) };
  const [to, query = ''] = address.split('?') as [string, string?];
  return { mode: 'query', to, parameters: decoded(query) };
}

/** OpenID Connect Core §3.1.3.6 and §3.3.2.11, computed anew. */
export function leftHalf(text: string, hash: 'sha256' | 'sha512' = 'sha256'): string {
  const octets = createHash(hash).update(text).digest();
  return octets.subarray(0, octets.length / 2).toString('base64url');
}

function posted({ page, status }: Answer): AuthorizationResponse {
  const [, action] = /<form method="post" action="([^"]*)">/.exec(page) ?? [];
  if (action === undefined) throw new Error(`no authorization response but ${status}: ${page.slice(0, 2000)}`);
  const fields = [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"\/?>/g)];
  return {
    mode: 'form_post',
    to: unescaped(action),
    parameters: Object.fromEntries(fields.map(([, name, value]) => [name!, unescaped(value!)])),
  };
}

function decoded(encoded: string): Record<string, string> {
  const pairs = [...new URLSearchParams(encoded)];
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw new Error(`a parameter comes twice: ${encoded}`);
  return Object.fromEntries(pairs);
}

function unescaped(text: string): string {
  const named: Record<string, string> = { quot: '"', amp: '&', lt: '<', gt: '>' };
  return text.replace(/&(?:#(\d+)|(\w+));/g, (all, code: string | undefined, name: string) =>
    code === undefined ? (named[name] ?? all) : String.fromCharCode(Number(code)),
  );
}
