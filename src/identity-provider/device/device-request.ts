import type { Client } from '../../clients/client.js';
import type { Resource } from '../../clients/resources.js';
import { invalidRequest } from '../../protocol/oauth-error.js';
import type { Parameters } from '../../protocol/parameters.js';
import { parsePersonRequest, type PersonRequest } from '../authorize/authorization-request.js';

/**
 * What a device asks of a person (RFC 8628 §3.1): by the same parameters as at the authorization endpoint, and with the
 * same limits. The person is always asked, whatever was allowed before and whoever runs the client: nothing else tells
 * them apart from a stranger's device (§5.4).
 * @throws OAuthError
 */
export function parseDeviceRequest(
  parameters: Parameters,
  context: { client: Client; resources: readonly Resource[] },
): PersonRequest {
  const request = parsePersonRequest(parameters, context);
  if (request.prompt.includes('none')) throw invalidRequest('prompt none cannot be answered by a person', 'prompt');
  return { ...request, prompt: [...new Set([...request.prompt, 'consent' as const])] };
}
