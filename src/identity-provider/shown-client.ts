import { type Client, viewOf } from '../clients/client.js';
import type { ClientView } from '../platform/pages/client-view.js';
import { isLoopbackHost } from '../protocol/redirect-uri.js';
import type { IdentityProviderSettings } from './identity-provider.options.js';

/**
 * What a page that asks something of a person shows of a client. One that an operator registered is shown as it is, with
 * the look that the operator gave it. One that registered itself could take another's name and logo (RFC 7591 §5, OpenID
 * Connect Registration §9.1): it has no look, its logo is shown only if it comes from where the answer goes, and the person
 * is told that nobody knows it. For certification its logo is shown in any case.
 * @param redirectUri where the answer goes
 */
export function shownClient(
  client: Client,
  { policy: preset }: Pick<IdentityProviderSettings, 'policy'>,
  redirectUri?: string,
): ClientView {
  const view = viewOf(client);
  if (!client.policy.dynamic) return { ...view, look: { client: client.id, ...client.policy.look } };
  const site = siteOf(redirectUri);
  const { logoUrl, clientUrl, ...rest } = view;
  const isProven = (url: string | undefined) =>
    preset === 'certification' || (site !== undefined && siteOf(url) === site);
  return {
    ...rest,
    ...(logoUrl && isProven(client.metadata.logo_uri) ? { logoUrl } : {}),
    ...(clientUrl && isProven(clientUrl) ? { clientUrl } : {}),
    stranger: site === undefined ? {} : { site },
  };
}

/** The host of a URL, unless it is the person's own machine, which is no site. */
function siteOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { protocol, hostname, host } = new URL(url);
  return /^https?:$/.test(protocol) && !isLoopbackHost(hostname) ? host : undefined;
}
