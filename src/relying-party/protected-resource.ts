import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { HttpExchange } from '../platform/http/exchange.js';
import { Possession } from './possession.js';
import { Settings } from './relying-party.options.js';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/**
 * What clients may read about this API (RFC 9728): who issues tokens for it, and how they are to be sent. The address is
 * prescribed, so it is given to the HTTP adapter itself: no prefix, version, guard or interceptor of the application
 * counts there.
 */
@Injectable()
export class ProtectedResource implements OnModuleInit {
  constructor(
    private readonly settings: Settings,
    private readonly possession: Possession,
    private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const path = this.path;
    if (path === undefined) return;
    // A microservice has no adapter.
    this.host.httpAdapter?.get(path, (request: object, response: object) => {
      HttpExchange.of(request, response)
        .setHeader('access-control-allow-origin', '*')
        .setHeader('cache-control', 'public, max-age=300')
        .json(200, this.document());
    });
  }

  /** §5.1: the parameter `resource_metadata` of `WWW-Authenticate`; undefined where nothing is served. */
  get url(): string | undefined {
    return this.path === undefined ? undefined : this.settings.bearer!.resource!.origin + this.path;
  }

  /** §3.1: between the host and the path of what the resource is called. */
  private get path(): string | undefined {
    const { resource, metadata } = this.settings.bearer ?? {};
    return resource && metadata && WELL_KNOWN + resource.pathname.replace(/\/$/, '');
  }

  /** §2 */
  private document(): Record<string, unknown> {
    const { resource, metadata, issuers } = this.settings.bearer!;
    const { name, scopes, documentation } = metadata!;
    return {
      // As it was configured: clients compare it to the address they asked, character by character (§3.3).
      resource: resource!.pathname === '/' ? resource!.origin : resource!.href,
      authorization_servers: issuers.map(({ issuer }) => issuer),
      bearer_methods_supported: ['header'],
      ...(scopes ? { scopes_supported: scopes } : {}),
      ...(name === undefined ? {} : { resource_name: name }),
      ...(documentation === undefined ? {} : { resource_documentation: documentation }),
      dpop_signing_alg_values_supported: this.possession.algorithms,
      ...(this.possession.required ? { dpop_bound_access_tokens_required: true } : {}),
    };
  }
}
