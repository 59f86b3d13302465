import { type Command, Option } from 'commander';
import { CLIENT_AUTH_METHODS, clientMetadata } from '../../clients/client-metadata.js';
import type { ClientPolicy } from '../../clients/client.js';
import { collect, readJson, readJsonObject, Refusal } from './answer.js';

/** What `client add` and `client update` say of a client. */
export interface ClientOptions {
  name?: string;
  redirectUri?: string[];
  postLogoutRedirectUri?: string[];
  backchannelLogoutUri?: string;
  backchannelLogoutSessionRequired?: boolean;
  frontchannelLogoutUri?: string;
  frontchannelLogoutSessionRequired?: boolean;
  grantType?: string[];
  scope?: string[];
  authMethod?: string;
  type?: 'web' | 'native';
  firstParty?: boolean;
  secondFactor?: boolean;
  olderFlows?: boolean;
  pkce?: boolean;
  responseType?: string[];
  accessTokenFormat?: ClientPolicy['accessTokenFormat'];
  jwksUri?: string;
  jwks?: string;
  metadata?: string;
}

export function clientOptions(command: Command): Command {
  return command
    .option('--name <name>', 'how people see it called')
    .option('--redirect-uri <uri>', 'where codes are sent (repeatable)', collect)
    .option('--post-logout-redirect-uri <uri>', 'where a sign-out may return to (repeatable)', collect)
    .option('--backchannel-logout-uri <uri>', 'where its server is told that somebody has signed out')
    .option('--backchannel-logout-session-required', 'it must be told which session (ours always says so)')
    .option('--frontchannel-logout-uri <uri>', 'its page that signs a browser out, shown in a frame')
    .option('--frontchannel-logout-session-required', 'it must be told which session (ours always says so)')
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
    .addOption(
      new Option('--access-token-format <format>', 'when no resource decides (default: jwt)').choices([
        'jwt',
        'opaque',
      ]),
    )
    .addOption(new Option('--jwks-uri <uri>', 'where its public keys are').conflicts('jwks'))
    .option('--jwks <file>', 'its public keys, a JSON Web Key Set')
    .option('--metadata <file>', 'any other metadata by their names in RFC 7591; the options above go before them');
}

/** The metadata of RFC 7591 that the options name, over those of the file. @throws Refusal */
export async function metadataOf(options: ClientOptions): Promise<Record<string, unknown>> {
  const file = options.metadata === undefined ? {} : await readJsonObject('--metadata', options.metadata);
  // A stranger's unknown members are ignored; the operator's are typing errors.
  for (const member of Object.keys(file)) checkMember(`--metadata: ${options.metadata}`, member);
  const chosen = Object.entries({
    client_name: options.name,
    redirect_uris: options.redirectUri,
    post_logout_redirect_uris: options.postLogoutRedirectUri,
    backchannel_logout_uri: options.backchannelLogoutUri,
    backchannel_logout_session_required: options.backchannelLogoutSessionRequired,
    frontchannel_logout_uri: options.frontchannelLogoutUri,
    frontchannel_logout_session_required: options.frontchannelLogoutSessionRequired,
    grant_types: options.grantType,
    response_types: options.responseType,
    scope: options.scope?.join(' '),
    token_endpoint_auth_method: options.authMethod,
    application_type: options.type,
    jwks_uri: options.jwksUri,
    jwks: options.jwks === undefined ? undefined : await readJson('--jwks', options.jwks),
  }).filter(([, value]) => value !== undefined);
  return { ...file, ...Object.fromEntries(chosen) };
}

/** What a new client is when nobody says otherwise. */
export function withDefaults(metadata: Record<string, unknown>): Record<string, unknown> {
  const complete = { ...metadata };
  // An application on people's devices cannot keep a secret (RFC 8252 §8.4).
  if (complete['application_type'] === 'native') complete['token_endpoint_auth_method'] ??= 'none';
  const grantTypes = complete['grant_types'];
  if (Array.isArray(grantTypes) && !grantTypes.some((type) => type === 'authorization_code' || type === 'implicit')) {
    complete['response_types'] ??= [];
  }
  return complete;
}

/**
 * What stays of a client's metadata beside what is given: not what is taken away, and not the other kind of keys.
 * @throws Refusal for members that there are not
 */
export function staying(metadata: object, { jwks, jwksUri }: ClientOptions, taken: readonly string[]): object {
  for (const member of taken) checkMember('--without', member);
  const gone = new Set([
    ...taken,
    ...(jwks === undefined ? [] : ['jwks_uri']),
    ...(jwksUri === undefined ? [] : ['jwks']),
  ]);
  return Object.fromEntries(Object.entries(metadata).filter(([member]) => !gone.has(member)));
}

/** The part of the policy that the options change. */
export function decisionsOf(options: ClientOptions): Partial<ClientPolicy> {
  const { firstParty, secondFactor, olderFlows, pkce, accessTokenFormat } = options;
  return {
    ...(firstParty === undefined ? {} : { firstParty }),
    ...(secondFactor === undefined ? {} : { secondFactor }),
    ...(olderFlows === undefined ? {} : { olderFlows }),
    ...(pkce === undefined ? {} : { requirePkce: pkce }),
    ...(accessTokenFormat === undefined ? {} : { accessTokenFormat }),
  };
}

/** @throws Refusal for a client that would have nothing that protects its codes. */
export function checkPkce(required: boolean, metadata: Record<string, unknown>): void {
  if (required || metadata['token_endpoint_auth_method'] !== 'none') return;
  throw new Refusal('--no-pkce: a client without a secret or a key has nothing else that protects its codes.');
}

function checkMember(where: string, member: string): void {
  if (!(member in clientMetadata.shape)) throw new Refusal(`${where}: there is no member '${member}'.`);
}
