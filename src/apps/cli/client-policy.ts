import type { Command } from 'commander';
import { z } from 'zod';
import type { Client, ClientPolicy } from '../../clients/client.js';
import { type ExchangePolicy, trustedIssuer } from '../../clients/client-policy.js';
import { parseScope } from '../../protocol/scope.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { collect, readJson, Refusal } from './answer.js';
import type { House } from './house.js';

/** What a client is allowed beyond what it registers; each is denied unless it is given. `false`: it is taken back. */
export interface Allowance {
  exchangeTo?: string[];
  exchangeScope?: string[];
  impersonate?: boolean;
  exchange?: boolean;
  assertionIssuers?: string | false;
}

/** The options of `client add` and `client allow`. */
export function allowanceOptions(command: Command): Command {
  return command
    .option('--exchange-to <audience>', 'it may exchange tokens toward this API (repeatable)', collect)
    .option(
      '--exchange-scope <scopes>',
      'scopes that exchanged tokens may have beyond the old one’s (repeatable)',
      collect,
    )
    .option('--impersonate', 'exchanged tokens need not name who acts')
    .option('--assertion-issuers <file>', 'whose assertions about people it may bring, a JSON array');
}

/** The part of the policy that the options change. @throws Refusal */
export async function allowanceOf(
  options: Allowance,
  { resources, policy }: House,
  before?: Client,
): Promise<Partial<ClientPolicy>> {
  const { exchangeTo, exchangeScope, impersonate, assertionIssuers } = options;
  for (const audience of exchangeTo ?? []) {
    if (audience !== policy.issuer && !(await resources.find(audience))) {
      throw new Refusal(`--exchange-to: there is no resource '${audience}'.`);
    }
  }
  const earlier = options.exchange === false ? undefined : before?.policy.exchange;
  const exchange: ExchangePolicy = {
    audiences: exchangeTo ?? earlier?.audiences ?? [],
    scopes: exchangeScope ? scopesOf(exchangeScope) : (earlier?.scopes ?? []),
    impersonation: impersonate ?? earlier?.impersonation ?? false,
  };
  if (exchange.audiences.length === 0 && (exchange.scopes.length > 0 || exchange.impersonation)) {
    throw new Refusal('--exchange-scope and --impersonate need --exchange-to.');
  }
  return {
    exchange,
    ...(assertionIssuers === undefined ? {} : { assertionIssuers: await issuersOf(assertionIssuers) }),
  };
}

/** For people. */
export function exchangeFact({ audiences, scopes, impersonation }: ExchangePolicy): string | undefined {
  if (audiences.length === 0) return undefined;
  const added = scopes.length > 0 ? `, adding ${scopes.join(' ')}` : '';
  return `to ${audiences.join(' ')}${added}${impersonation ? ', without naming who acts' : ''}`;
}

async function issuersOf(file: string | false): Promise<ClientPolicy['assertionIssuers']> {
  if (file === false) return [];
  const parsed = z
    .array(trustedIssuer)
    .max(50)
    .safeParse(await readJson('--assertion-issuers', file));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new Refusal(`--assertion-issuers: ${file}: ${path.length > 0 ? `${path.join('.')}: ` : ''}${message}.`);
}

function scopesOf(given: string[]): string[] {
  try {
    return parseScope(given.join(' '));
  } catch (error) {
    throw error instanceof OAuthError ? new Refusal(`--exchange-scope: ${error.message}.`) : error;
  }
}
