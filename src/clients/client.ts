import type { ClientView } from '../platform/pages/client-view.js';
import type { ClientMetadata } from './client-metadata.js';
import type { ClientPolicy } from './client-policy.js';

export { type ClientPolicy, DEFAULT_POLICY } from './client-policy.js';

/** Who asks. Later steps receive an authenticated client, never raw input. */
export interface Client {
  id: string;
  metadata: ClientMetadata;
  policy: ClientPolicy;
  disabled: boolean;
  /** Epoch milliseconds. */
  registeredAt: number;
  /**
   * Where the revocation log stood in the snapshot this was read from: what is issued to the client for itself carries it
   * as `rev`. Whoever keeps a client for later keeps this with it, and so errs to refusal.
   */
  position: string;
  secretDigest?: Buffer;
  secretSealed?: Buffer;
  registrationTokenDigest?: Buffer;
}

/** A public client cannot keep a secret (RFC 6749 §2.1). */
export function isPublic(client: Client): boolean {
  return client.metadata.token_endpoint_auth_method === 'none';
}

/** What pages show of a client. Its logo comes from us: nobody's browser asks a third party for it. */
export function viewOf({ id, metadata }: Pick<Client, 'id' | 'metadata'>): ClientView {
  return {
    name: metadata.client_name ?? id,
    ...(metadata.logo_uri ? { logoUrl: `/clients/${encodeURIComponent(id)}/logo` } : {}),
    ...(metadata.policy_uri ? { policyUrl: metadata.policy_uri } : {}),
    ...(metadata.tos_uri ? { termsUrl: metadata.tos_uri } : {}),
    ...(metadata.client_uri ? { clientUrl: metadata.client_uri } : {}),
  };
}
