import { z } from 'zod';
import { isLoopbackOrigin } from '../../../platform/config.js';
import { Refusal } from '../answer.js';

const metadata = z.looseObject({ issuer: z.string(), jwks_uri: z.url() });

/** What we read of a provider's metadata; the rest is there, too. */
export type Metadata = z.infer<typeof metadata>;

/**
 * A provider's metadata (OpenID Connect Discovery 1.0 §4).
 * @throws Refusal in words for whoever named the issuer
 */
export async function discover(issuer: string): Promise<Metadata> {
  if (!URL.canParse(issuer)) throw new Refusal(`'${issuer}' is not an issuer: it begins with https://.`);
  const { protocol, origin } = new URL(issuer);
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopbackOrigin(origin))) {
    throw new Refusal(`'${issuer}' must be https (http is for loopback only).`);
  }
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
  if (!answer) throw new Refusal(`${issuer} does not answer.`);
  const found = metadata.safeParse(await answer.json().catch(() => undefined));
  if (!answer.ok || !found.success) throw new Refusal(`${issuer} is no OpenID Provider: it has no metadata.`);
  if (found.data.issuer !== issuer) {
    throw new Refusal(`The provider there calls itself ${found.data.issuer}: name it exactly so.`);
  }
  return found.data;
}
