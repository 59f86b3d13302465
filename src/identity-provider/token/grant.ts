import type { z } from 'zod';
import type { TokenSet } from '../../authorizations/token-issuer.js';
import type { Client } from '../../clients/client.js';
import type { KnownClient } from '../../clients/clients.js';
import { plugIn } from '../../platform/registry.js';
import type { Parameters } from '../../protocol/parameters.js';

/**
 * A grant type (RFC 6749 §4). The endpoint owns the shared steps: who asks, may it, are the parameters well formed; the
 * grant proves and gives. One class with `@GrantType('…')`, listed as a provider of any module, and the endpoint, discovery
 * and registration know it.
 */
export interface Grant<P extends z.ZodObject = z.ZodObject> {
  /** The parameters beyond `grant_type` and client authentication. `resource` and `audience` come as arrays. */
  readonly parameters: P;
  /** Whether a client that did not register this grant type may use it all the same, for what this request asks. */
  isOpenTo?(parameters: Parameters, client: Client): boolean;
  /** @throws OAuthError */
  grant(parameters: z.infer<P>, client: Client): Promise<TokenSet>;
  /**
   * A shorter way for what nearly always happens: with everything as it was last read, and with one statement that does
   * nothing unless all of that still stands. Undefined, when nothing has happened, lets {@link grant} find out, which is
   * given a client that was just read. May be left out.
   */
  attempt?(parameters: z.infer<P>, known: KnownClient): Promise<TokenSet | undefined>;
}

export const GrantType = plugIn();
