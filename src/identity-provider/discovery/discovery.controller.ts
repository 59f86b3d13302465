import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { ASSERTION_ALGORITHMS, REQUEST_OBJECT_ALGORITHMS } from '../../clients/client-metadata.js';
import { SUBJECT_TYPES } from '../../clients/client-metadata.js';
import { type Resource, Resources } from '../../clients/resources.js';
import { SIGNING_ALGORITHMS } from '../../jwt/key-source.js';
import { Assurance } from '../../interactions/assurance.js';
import { JWKS_MAX_AGE_SECONDS, KeyRing } from '../../keys/key-ring.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { digest } from '../../platform/secret.js';
import { languages } from '../../platform/languages/languages.js';
import { allowMethods } from '../../platform/http/methods.js';
import { USER_CLAIMS } from '../../protocol/claims.js';
import { DEVICE_CODE } from '../../protocol/grant-type.js';
import { CONTENT_ENCRYPTION_ALGORITHMS, KEY_MANAGEMENT_ALGORITHMS } from '../../protocol/encryption-algorithm.js';
import { SUPPORTED_PROMPTS } from '../../protocol/prompt.js';
import { STANDARD_SCOPES } from '../../protocol/scope.js';
import { BROWSER_STATE } from '../../sessions/sign-on-sessions.js';
import { ClientAuthentication } from '../client-auth/client-authentication.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { frontChannelGrantTypes, servedResponseModes, servedResponseTypes } from '../older-flows.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { Grants } from '../token/grants.js';

/** Provider metadata (OpenID Connect Discovery 1.0 §3, RFC 8414) and the JWK Set, derived from what is really served. */
@Controller({ version: VERSION_NEUTRAL })
@UseFilters(OAuthErrorFilter)
export class DiscoveryController {
  private readonly configurationText = new Serialized();
  private readonly jwksText = new Serialized();

  constructor(
    private readonly settings: IdentityProviderSettings,
    private readonly clientAuthentication: ClientAuthentication,
    private readonly grants: Grants,
    private readonly resources: Resources,
    private readonly keys: KeyRing,
    private readonly assurance: Assurance,
  ) {}

  @All(['.well-known/openid-configuration', '.well-known/oauth-authorization-server'])
  async configuration(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = publicDocument(HttpExchange.of(req, res), 60);
    const resources = await this.resources.list();
    const document = this.configurationText.of(resources, () => this.metadata(resources));
    answer(exchange, document, 'application/json; charset=utf-8');
  }

  @All('jwks')
  async jwks(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = publicDocument(HttpExchange.of(req, res), JWKS_MAX_AGE_SECONDS);
    const jwks = await this.keys.jwks();
    const document = this.jwksText.of(jwks, () => jwks);
    answer(exchange, document, 'application/jwk-set+json; charset=utf-8');
  }

  private metadata(resources: readonly Resource[]): Record<string, unknown> {
    const { issuer, policy } = this.settings;
    const at = (path: string) => `${issuer}${path}`;
    const methods = this.clientAuthentication.names;
    const confidential = methods.filter((name) => name !== 'none');
    const resourceScopes = resources.flatMap(({ scopes }) => scopes);
    return {
      issuer,
      authorization_endpoint: at('/authorize'),
      token_endpoint: at('/token'),
      userinfo_endpoint: at('/userinfo'),
      jwks_uri: at('/jwks'),
      ...(this.settings.registration === 'off' ? {} : { registration_endpoint: at('/register') }),
      ...(this.grants.find(DEVICE_CODE) ? { device_authorization_endpoint: at('/device_authorization') } : {}),
      revocation_endpoint: at('/revoke'),
      introspection_endpoint: at('/introspect'),
      end_session_endpoint: at('/logout'),
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      frontchannel_logout_supported: true,
      frontchannel_logout_session_supported: true,
      check_session_iframe: at(BROWSER_STATE.path),
      scopes_supported: [...STANDARD_SCOPES, ...resourceScopes],
      response_types_supported: servedResponseTypes(policy),
      response_modes_supported: servedResponseModes(policy),
      grant_types_supported: [...this.grants.names, ...frontChannelGrantTypes(policy)],
      acr_values_supported: this.assurance.offered(),
      prompt_values_supported: SUPPORTED_PROMPTS,
      subject_types_supported: SUBJECT_TYPES,
      id_token_signing_alg_values_supported: SIGNING_ALGORITHMS,
      userinfo_signing_alg_values_supported: SIGNING_ALGORITHMS,
      introspection_signing_alg_values_supported: SIGNING_ALGORITHMS,
      ...encryptionOf('id_token', 'userinfo', 'introspection', 'request_object'),
      token_endpoint_auth_methods_supported: methods,
      token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
      revocation_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
      introspection_endpoint_auth_methods_supported: confidential,
      introspection_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
      claim_types_supported: ['normal'],
      claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'auth_time', 'acr', 'amr', 'sid', ...USER_CLAIMS],
      ui_locales_supported: languages.map(({ tag }) => tag),
      claims_parameter_supported: true,
      request_parameter_supported: true,
      request_uri_parameter_supported: true,
      require_request_uri_registration: true,
      pushed_authorization_request_endpoint: at('/par'),
      request_object_signing_alg_values_supported: REQUEST_OBJECT_ALGORITHMS,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    };
  }
}

/** A document as it is sent, and what names this version of it (RFC 9110 §8.8.3). */
interface SerializedDocument {
  body: Buffer;
  etag: string;
}

/** Makes a document anew only when the object it is made from is another one. */
class Serialized {
  private source?: object;
  private document?: SerializedDocument;

  of(source: object, make: () => object): SerializedDocument {
    if (!this.document || this.source !== source) {
      const body = Buffer.from(JSON.stringify(make()));
      this.document = { body, etag: `"${digest(body).toString('base64url')}"` };
      this.source = source;
    }
    return this.document;
  }
}

/** The document, or 304 to whoever has it already (RFC 9110 §13.1.2). */
function answer(exchange: HttpExchange, { body, etag }: SerializedDocument, contentType: string): void {
  exchange.setHeader('etag', etag);
  const known = exchange.header('if-none-match');
  if (known !== undefined && known.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)) {
    exchange.send(304, '');
  } else exchange.send(200, body, contentType);
}

/** What may be encrypted, and how: the same for all. */
function encryptionOf(...what: string[]): Record<string, readonly string[]> {
  return Object.fromEntries(
    what.flatMap((one) => [
      [`${one}_encryption_alg_values_supported`, KEY_MANAGEMENT_ALGORITHMS],
      [`${one}_encryption_enc_values_supported`, CONTENT_ENCRYPTION_ALGORITHMS],
    ]),
  );
}

/** What everybody may read from everywhere and keep for a while. */
function publicDocument(exchange: HttpExchange, maxAgeSeconds: number): HttpExchange {
  allowMethods(exchange, 'GET', 'HEAD');
  return exchange
    .setHeader('access-control-allow-origin', '*')
    .setHeader('cache-control', `public, max-age=${maxAgeSeconds}`);
}
