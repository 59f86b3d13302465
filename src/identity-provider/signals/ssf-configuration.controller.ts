import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { TokenPolicy } from '../../authorizations/token-policy.js';
import { Resources } from '../../clients/resources.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { allowMethods } from '../../platform/http/methods.js';
import { DELIVERY, type FeedMetadata } from '../../protocol/security-event.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';

/** The transmitter's metadata (SSF 1.0 §7), with a member of ours for what the revocation feed adds. */
@Controller({ path: '.well-known/ssf-configuration', version: VERSION_NEUTRAL })
@UseFilters(OAuthErrorFilter)
export class SsfConfigurationController {
  constructor(
    private readonly policy: TokenPolicy,
    private readonly resources: Resources,
  ) {}

  @All()
  async configuration(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    allowMethods(exchange, 'GET', 'HEAD');
    const { issuer } = this.policy;
    exchange
      .setHeader('access-control-allow-origin', '*')
      .setHeader('cache-control', 'public, max-age=60')
      .send(
        200,
        JSON.stringify({
          spec_version: '1_0',
          issuer,
          jwks_uri: `${issuer}/jwks`,
          delivery_methods_supported: [DELIVERY.push, DELIVERY.poll],
          configuration_endpoint: `${issuer}/ssf/streams`,
          status_endpoint: `${issuer}/ssf/status`,
          add_subject_endpoint: `${issuer}/ssf/subjects/add`,
          remove_subject_endpoint: `${issuer}/ssf/subjects/remove`,
          verification_endpoint: `${issuer}/ssf/verify`,
          authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
          default_subjects: 'ALL',
          gatehouse: await this.feed(),
        }),
        'application/json',
      );
  }

  private async feed(): Promise<FeedMetadata> {
    const resources = await this.resources.list();
    const lifetimes = resources.flatMap(({ accessTokenSeconds }) => accessTokenSeconds ?? []);
    return {
      snapshot_endpoint: `${this.policy.issuer}/ssf/snapshot`,
      receipt_endpoint: `${this.policy.issuer}/ssf/receipt`,
      retention_seconds: this.policy.revocationRetentionSeconds,
      access_token_seconds: Math.max(this.policy.accessTokenSeconds, ...lifetimes),
    };
  }
}
