import { type Command, Option } from 'commander';
import type { Ended } from '../../authorizations/suspensions.js';
import { CLIENT_AUTH_METHODS, clientMetadata } from '../../clients/client-metadata.js';
import type { Client, ClientPolicy } from '../../clients/client.js';
import type { Clients } from '../../clients/clients.js';
import { type Allowance, allowanceOf, allowanceOptions, exchangeFact } from './client-policy.js';
import {
  type Answer,
  collect,
  command,
  commandGroup,
  count,
  facts,
  readJson,
  readJsonObject,
  Refusal,
  type Surroundings,
  table,
} from './answer.js';

interface NewClient extends Allowance {
  id?: string;
  name?: string;
  redirectUri?: string[];
  postLogoutRedirectUri?: string[];
  backchannelLogoutUri?: string;
  frontchannelLogoutUri?: string;
  grantType?: string[];
  scope?: string[];
  authMethod?: string;
  type?: 'web' | 'native';
  firstParty?: boolean;
  secondFactor?: boolean;
  olderFlows?: boolean;
  /** False with `--no-pkce`. */
  pkce: boolean;
  responseType?: string[];
  accessTokenFormat?: ClientPolicy['accessTokenFormat'];
  jwksUri?: string;
  jwks?: string;
  metadata?: string;
}

/** `client …`: the applications that people sign in to, and the machines that ask for tokens. */
export function clientCommands(program: Command, at: Surroundings): void {
  const group = commandGroup(program, at, 'client', 'applications and machines that ask for tokens');

  const add = command(
    group,
    'add',
    'register a client; its secret is shown this once',
    async (house, options: NewClient) => {
      const metadata = await metadataOf(options);
      if (!options.pkce && metadata['token_endpoint_auth_method'] === 'none') {
        throw new Refusal('--no-pkce: a client without a secret or a key has nothing else that protects its codes.');
      }
      const { client, secret } = await house.clients.register({
        ...(options.id === undefined ? {} : { id: options.id }),
        metadata,
        policy: {
          ...(options.firstParty ? { firstParty: true } : {}),
          ...(options.secondFactor ? { secondFactor: true } : {}),
          ...(options.olderFlows ? { olderFlows: true } : {}),
          ...(options.pkce ? {} : { requirePkce: false }),
          ...(options.accessTokenFormat ? { accessTokenFormat: options.accessTokenFormat } : {}),
          ...(await allowanceOf(options, house)),
        },
      });
      return withSecret('Client added.', client, secret);
    },
  )
    .option('--id <id>', 'its client_id (default: a random one)')
    .option('--name <name>', 'how people see it called')
    .option('--redirect-uri <uri>', 'where codes are sent (repeatable)', collect)
    .option('--post-logout-redirect-uri <uri>', 'where a sign-out may return to (repeatable)', collect)
    .option('--backchannel-logout-uri <uri>', 'where its server is told that somebody has signed out')
    .option('--frontchannel-logout-uri <uri>', 'its page that signs a browser out, shown in a frame')
    .option('--grant-type <type>', 'authorization_code (the default), refresh_token, … (repeatable)', collect)
    .option('--response-type <type>', 'code (the default), "code id_token", … (repeatable)', collect)
    .option('--scope <scopes>', 'scopes it may ask for (default: the standard ones; repeatable)', collect)
    .addOption(
      new Option(
        '--auth-method <method>',
        'how it proves who it is (default: client_secret_basic, native: none)',
      ).choices(CLIENT_AUTH_METHODS),
    )
    .addOption(new Option('--type <type>', 'what it is (default: web)').choices(['web', 'native']))
    .option('--second-factor', 'nobody gets in with one factor alone')
    .option('--first-party', 'run by the people who run the provider: nobody is asked for consent')
    .option(
      '--older-flows',
      'also with the policy secure: response types other than code, response modes other than query',
    )
    .option('--no-pkce', 'for a library that knows no PKCE; only of a client that proves itself')
    .addOption(
      new Option('--access-token-format <format>', 'when no resource decides (default: jwt)').choices([
        'jwt',
        'opaque',
      ]),
    )
    .addOption(new Option('--jwks-uri <uri>', 'where its public keys are').conflicts('jwks'))
    .option('--jwks <file>', 'its public keys, a JSON Web Key Set')
    .option('--metadata <file>', 'any other metadata by their names in RFC 7591; the options above go before them');
  allowanceOptions(add);

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
        'back-channel logout': metadata.backchannel_logout_uri,
        'front-channel logout': metadata.frontchannel_logout_uri,
        scope: metadata.scope ?? '(the standard ones)',
        'access tokens': policy.accessTokenFormat,
        PKCE: policy.requirePkce ? undefined : 'not required',
        exchanges: exchangeFact(policy.exchange),
        'assertions of': policy.assertionIssuers.map(({ issuer }) => issuer).join(' '),
        'second factor': policy.secondFactor ? 'always' : undefined,
        consent: policy.firstParty ? 'nobody is asked (first party)' : 'people are asked',
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

/** The metadata of RFC 7591 from the options, over those of the file. */
async function metadataOf(options: NewClient): Promise<Record<string, unknown>> {
  const file = options.metadata === undefined ? {} : await readJsonObject('--metadata', options.metadata);
  // A stranger's unknown members are ignored; the operator's are typing errors.
  const misspelt = Object.keys(file).find((member) => !(member in clientMetadata.shape));
  if (misspelt) throw new Refusal(`--metadata: ${options.metadata}: there is no member '${misspelt}'.`);
  const chosen = Object.entries({
    client_name: options.name,
    redirect_uris: options.redirectUri,
    post_logout_redirect_uris: options.postLogoutRedirectUri,
    backchannel_logout_uri: options.backchannelLogoutUri,
    frontchannel_logout_uri: options.frontchannelLogoutUri,
    grant_types: options.grantType,
    response_types: options.responseType,
    scope: options.scope?.join(' '),
    token_endpoint_auth_method: options.authMethod,
    application_type: options.type,
    jwks_uri: options.jwksUri,
    jwks: options.jwks === undefined ? undefined : await readJson('--jwks', options.jwks),
  }).filter(([, value]) => value !== undefined);
  const metadata: Record<string, unknown> = { ...file, ...Object.fromEntries(chosen) };
  // An application on people's devices cannot keep a secret (RFC 8252 §8.4).
  if (metadata['application_type'] === 'native') metadata['token_endpoint_auth_method'] ??= 'none';
  const grantTypes = metadata['grant_types'];
  if (Array.isArray(grantTypes) && !grantTypes.some((type) => type === 'authorization_code' || type === 'implicit')) {
    metadata['response_types'] ??= [];
  }
  return metadata;
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
