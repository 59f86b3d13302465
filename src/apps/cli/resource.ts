import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Clients } from '../../clients/clients.js';
import type { Resource } from '../../clients/resources.js';
import { parseScope } from '../../protocol/scope.js';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../../protocol/signing-algorithm.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { collect, command, commandGroup, facts, Refusal, type Surroundings, table } from './answer.js';

interface NewResource {
  scope?: string[];
  tokenFormat: Resource['tokenFormat'];
  tokenSigningAlg?: SigningAlgorithm;
  accessTokenSeconds?: number;
  owner?: string;
  servedBy?: string[];
  exchangeBy?: string[];
}

/** `resource …`: the APIs that access tokens are for (RFC 8707). */
export function resourceCommands(program: Command, at: Surroundings): void {
  const group = commandGroup(program, at, 'resource', 'APIs that access tokens are for');

  command(
    group,
    'add <audience>',
    'register an API, or replace the one of this audience',
    async ({ resources, clients }, audience: string, options: NewResource) => {
      const servedBy = options.servedBy ?? [];
      const exchangeBy = options.exchangeBy ?? [];
      const named = [
        ['--owner', options.owner],
        ...servedBy.map((id) => ['--served-by', id]),
        ...exchangeBy.map((id) => ['--exchange-by', id]),
      ] as const;
      for (const [option, id] of named) {
        if (id !== undefined && !(await clients.find(id))) throw new Refusal(`${option}: there is no client '${id}'.`);
      }
      const resource: Resource = {
        audience,
        scopes: scopesOf(options.scope),
        tokenFormat: options.tokenFormat,
        ...(options.tokenSigningAlg === undefined ? {} : { tokenSigningAlg: options.tokenSigningAlg }),
        ...(options.accessTokenSeconds === undefined ? {} : { accessTokenSeconds: options.accessTokenSeconds }),
        ...(options.owner === undefined ? {} : { ownerClientId: options.owner }),
        ...(servedBy.length === 0 ? {} : { servedBy }),
      };
      const replaced = (await resources.find(audience)) !== undefined;
      await resources.put(resource);
      for (const id of exchangeBy) await allowExchange(clients, id, audience);
      return {
        json: { ...resource, replaced },
        text: facts(`Resource ${replaced ? 'replaced' : 'added'}.`, {
          audience,
          scopes: resource.scopes.join(' '),
          'access tokens': formOf(resource),
          owner: resource.ownerClientId,
          'served by': servedBy.join(' '),
          'exchanged to by': exchangeBy.join(' '),
        }),
      };
    },
  )
    .option('--scope <scopes>', 'scopes that are its own (repeatable)', collect)
    .addOption(
      new Option('--token-format <format>', 'form of its access tokens').choices(['jwt', 'opaque']).default('jwt'),
    )
    .addOption(
      new Option('--token-signing-alg <alg>', 'what they are signed with (default: ES256)').choices(SIGNING_ALGORITHMS),
    )
    .option('--access-token-seconds <seconds>', 'how long they live (default: as the provider says)', wholeNumber)
    .option('--owner <client>', 'the client that may introspect them, and hears of their revocation')
    .option('--served-by <client>', 'another client that may (repeatable)', collect)
    .option('--exchange-by <client>', 'a client that may exchange tokens toward it from now on (repeatable)', collect);

  command(group, 'list', 'list the APIs', async ({ resources }) => {
    const found = await resources.list();
    return {
      json: found,
      text: table(
        ['AUDIENCE', 'SCOPES', 'ACCESS TOKENS', 'OWNER'],
        found.map((resource) => [
          resource.audience,
          resource.scopes.join(' '),
          resource.accessTokenSeconds === undefined
            ? formOf(resource)
            : `${formOf(resource)}, ${resource.accessTokenSeconds} s`,
          resource.ownerClientId ?? '',
        ]),
      ),
    };
  });

  command(group, 'remove <audience>', 'remove an API', async ({ resources }, audience: string) => {
    if (!(await resources.remove(audience))) throw new Refusal(`There is no resource '${audience}'.`);
    return { json: { audience, removed: true }, text: `The resource '${audience}' is removed.` };
  });
}

function formOf({ tokenFormat, tokenSigningAlg }: Resource): string {
  return tokenFormat === 'jwt' && tokenSigningAlg ? `jwt by ${tokenSigningAlg}` : tokenFormat;
}

/** Adds the API to what a client may exchange toward; its other permissions stay. */
async function allowExchange(clients: Clients, id: string, audience: string): Promise<void> {
  const { exchange } = (await clients.find(id))!.policy;
  const audiences = [...new Set([...exchange.audiences, audience])];
  await clients.decide(id, { exchange: { ...exchange, audiences } });
}

function scopesOf(given: string[] = []): string[] {
  try {
    return parseScope(given.join(' '));
  } catch (error) {
    throw error instanceof OAuthError ? new Refusal(`--scope: ${error.message}.`) : error;
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
