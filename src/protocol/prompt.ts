import { invalidRequest } from './oauth-error.js';

export const PROMPTS = ['none', 'login', 'consent', 'select_account', 'create'] as const;
export type Prompt = (typeof PROMPTS)[number];
/** What we act on; `create` (Initiating User Registration) is known but not offered. */
export const SUPPORTED_PROMPTS = ['none', 'login', 'consent', 'select_account'] as const satisfies readonly Prompt[];

/**
 * OpenID Connect Core §3.1.2.1: a space-delimited, case-sensitive list; `none` must stand alone.
 * @throws OAuthError invalid_request
 */
export function parsePrompt(prompt: string | undefined): Prompt[] {
  if (prompt === undefined) return [];
  const values = [...new Set(prompt.split(' ').filter((value) => value !== ''))];
  for (const value of values) {
    if (!(SUPPORTED_PROMPTS as readonly string[]).includes(value)) {
      throw invalidRequest('prompt has a value that is not supported', 'prompt');
    }
  }
  if (values.includes('none') && values.length > 1) throw invalidRequest('prompt none must stand alone', 'prompt');
  return values as Prompt[];
}
