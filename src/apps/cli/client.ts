import type { Command } from 'commander';
import type { Ended } from '../../authorizations/suspensions.js';
import type { Client } from '../../clients/client.js';
import type { Clients } from '../../clients/clients.js';
import {
  type ClientOptions,
  checkPkce,
  clientOptions,
  decisionsOf,
  metadataOf,
  withDefaults,
  staying,
} from './client-options.js';
import { type ChosenLook, lookFact, lookOf } from './client-look.js';
import { type Allowance, allowanceOf, allowanceOptions, exchangeFact } from './client-policy.js';
import {
  type Answer,
  collect,
  command,
  commandGroup,
  count,
  facts,
  Refusal,
  type Surroundings,
  table,
} from './answer.js';

interface NewClient extends ClientOptions, Allowance {
  id?: string;
  /** False with `--no-pkce`. */
  pkce: boolean;
}

interface ChangedClient extends ClientOptions {
  without?: string[];
}

/** `client …`: the applications that people sign in to, and the machines that ask for tokens. */
export function clientCommands(program: Command, at: Surroundings): void {
  const group = commandGroup(program, at, 'client', 'applications and machines that ask for tokens');

  const add = command(
    group,
    'add',
    'register a client; its secret is shown this once',
    async (house, options: NewClient) => {
      const metadata = withDefaults(await metadataOf(options));
      checkPkce(options.pkce, metadata);
      const { client, secret } = await house.clients.register({
        ...(options.id === undefined ? {} : { id: options.id }),
        metadata,
        policy: { ...decisionsOf(options), ...(await allowanceOf(options, house)) },
      });
      return withSecret('Client added.', client, secret);
    },
  )
    .option('--id <id>', 'its client_id (default: a random one)')
    .option('--no-pkce', 'for a library that knows no PKCE; only of a client that proves itself');
  allowanceOptions(clientOptions(add));

  const update = command(
    group,
    'update <id>',
    'change a client; what is given replaces what was there, lists as a whole, and the rest stays',
    async (house, id: string, options: ChangedClient) => {
      const client = await known(house.clients, id);
      const stays = staying(client.metadata, options, options.without ?? []);
      const metadata = { ...stays, ...(await metadataOf(options)) };
      const policy = { ...client.policy, ...decisionsOf(options) };
      checkPkce(policy.requirePkce, metadata);
      const { found, secret } = await house.changes.change(client, { metadata, policy });
      if (!found) throw unknown(id);
      return withSecret(`The client '${id}' is changed.`, await known(house.clients, id), secret);
    },
  )
    .option('--without <member>', 'take this metadata away, by its name in RFC 7591 (repeatable)', collect)
    .option('--pkce', 'require PKCE of it')
    .option('--no-pkce', 'for a library that knows no PKCE; only of a client that proves itself');
  clientOptions(update)
    .option('--no-first-party', 'people are asked for consent')
    .option('--no-second-factor', 'one factor is enough, as far as this client is concerned')
    .option('--no-older-flows', 'only what the policy of the provider says');

  command(group, 'list', 'list the clients', async ({ clients }) => {
    const found = await clients.list();
    return {
      json: found.map(documentOf),
      text: table(
        ['ID', 'NAME', 'TYPE', 'AUTHENTICATION', 'STATE'],
        found.map((client) => [
          client.id,
          client.metadata.client_name ?? '',
          client.metadata.application_type,
          client.metadata.token_endpoint_auth_method,
          stateOf(client),
        ]),
      ),
    };
  });

  command(group, 'show <id>', 'show a client', async ({ clients }, id: string) => {
    const client = await known(clients, id);
    const { metadata, policy } = client;
    return {
      json: documentOf(client),
      text: facts(`Client '${id}' (${stateOf(client)})`, {
        name: metadata.client_name,
        type: metadata.application_type,
        authentication: metadata.token_endpoint_auth_method,
        'grant types': metadata.grant_types.join(' '),
        'response types': metadata.response_types.some((type) => type !== 'code')
          ? metadata.response_types.join(', ')
          : undefined,
        'older flows': policy.olderFlows ? 'also with the policy secure' : undefined,
        'redirect URIs': metadata.redirect_uris.join(' '),
        'after sign-out': metadata.post_logout_redirect_uris?.join(' '),
        'back-channel logout': logoutFact(
          metadata.backchannel_logout_uri,
          metadata.backchannel_logout_session_required,
        ),
        'front-channel logout': logoutFact(
          metadata.frontchannel_logout_uri,
          metadata.frontchannel_logout_session_required,
        ),
        scope: metadata.scope ?? '(the standard ones)',
        'access tokens': policy.accessTokenFormat,
        PKCE: policy.requirePkce ? undefined : 'not required',
        exchanges: exchangeFact(policy.exchange),
        'assertions of': policy.assertionIssuers.map(({ issuer }) => issuer).join(' '),
        'second factor': policy.secondFactor ? 'always' : undefined,
        consent: policy.firstParty ? 'nobody is asked (first party)' : 'people are asked',
        look: lookFact(policy.look),
        registered: policy.dynamic ? 'by itself' : 'by an operator',
      }),
    };
  });

  const allow = command(
    group,
    'allow <id>',
    'change what a client may exchange, and whose assertions it may bring; what is not given stays',
    async (house, id: string, options: Allowance) => {
      const client = await known(house.clients, id);
      await house.clients.decide(id, await allowanceOf(options, house, client));
      const changed = await known(house.clients, id);
      const { exchange, assertionIssuers } = changed.policy;
      return {
        json: documentOf(changed),
        text: facts(`Client '${id}' is allowed`, {
          exchanges: exchangeFact(exchange) ?? 'none',
          'assertions of': assertionIssuers.map(({ issuer }) => issuer).join(' ') || 'nobody',
        }),
      };
    },
  );
  allowanceOptions(allow)
    .option('--no-exchange', 'it may exchange nothing any more')
    .option('--no-assertion-issuers', 'it may bring no assertion any more');

  command(
    group,
    'look <id>',
    'change how the pages look that people see on its behalf; what is not given stays',
    async (house, id: string, options: ChosenLook) => {
      await house.clients.decide(id, { look: lookOf(options, await known(house.clients, id)) });
      const changed = await known(house.clients, id);
      const { look } = changed.policy;
      return {
        json: documentOf(changed),
        text: facts(`Client '${id}' has its look`, { look: lookFact(look) ?? 'that of the site' }),
      };
    },
  )
    .option('--accent <colour>', 'colour of buttons and links, such as #0a6558')
    .option('--accent-dark <colour>', 'the same on dark pages (default: as --accent)')
    .option('--header', 'its name and logo stand over the page, in the place of the site’s')
    .option('--no-accent', 'the colours are those of the site')
    .option('--no-header', 'the name and the logo of the site stand over the page');

  command(
    group,
    'rotate-secret <id>',
    'give a client a new secret; the old one is dead at once',
    async (house, id: string) => {
      const client = await known(house.clients, id);
      const secret = await house.clients.rotateSecret(client);
      if (secret === undefined) {
        throw new Refusal(
          `The client '${id}' has no secret: it authenticates by ${client.metadata.token_endpoint_auth_method}.`,
        );
      }
      return withSecret('The client has a new secret; the old one is refused from now on.', client, secret);
    },
  );

  command(
    group,
    'disable <id>',
    'refuse a client everywhere, and end what it was authorized to do',
    async ({ suspensions }, id: string) =>
      ended(id, await suspensions.disableClient(id), { disabled: true }, 'is disabled'),
  );

  command(group, 'enable <id>', 'let a disabled client in again', async ({ clients }, id: string) => {
    if (!(await clients.enable(id))) throw unknown(id);
    return { json: { id, disabled: false }, text: `The client '${id}' is enabled.` };
  });

  command(
    group,
    'remove <id>',
    'remove a client, and end what it was authorized to do',
    async ({ suspensions }, id: string) =>
      ended(id, await suspensions.removeClient(id), { removed: true }, 'is removed'),
  );
}

async function known(clients: Clients, id: string): Promise<Client> {
  const client = await clients.find(id);
  if (!client) throw unknown(id);
  return client;
}

function unknown(id: string): Refusal {
  return new Refusal(`There is no client '${id}'.`);
}

function documentOf({ id, disabled, policy, metadata }: Client): Record<string, unknown> {
  return { id, disabled, policy, metadata };
}

function logoutFact(uri: string | undefined, sessionRequired = false): string | undefined {
  return uri && `${uri}${sessionRequired ? ' (with the session)' : ''}`;
}

function stateOf(client: Client): string {
  return client.disabled ? 'disabled' : 'enabled';
}

function withSecret(sentence: string, client: Client, secret: string | undefined): Answer {
  return {
    json: { ...documentOf(client), ...(secret ? { secret } : {}) },
    text: facts(sentence, { id: client.id, secret: secret && `${secret}   (shown this once)` }),
  };
}

function ended(id: string, result: Ended | undefined, state: Record<string, true>, words: string): Answer {
  if (!result) throw unknown(id);
  return {
    json: { id, ...state, authorizationsRevoked: result.authorizations },
    text: `The client '${id}' ${words}. ${count(result.authorizations, 'authorization')} revoked.`,
  };
}
