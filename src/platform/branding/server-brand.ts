import type { Branding } from './branding.js';

const BRANDING = Symbol('gatehouse.branding');

/** A request as far as it knows its server: Fastify's `server`, Express's `app`. */
interface Served {
  server?: { [BRANDING]?: Branding };
  app?: { [BRANDING]?: Branding };
}

/**
 * Puts the look where each request of this server finds it: two providers in one process have two, and a page needs nothing
 * injected to have its own, that of an unknown address neither.
 */
export function brandServer(server: object, branding: Branding): void {
  (server as { [BRANDING]?: Branding })[BRANDING] = branding;
}

/** The look of the server that a request came to; undefined where nobody said one. */
export function brandingOf(request: object): Branding | undefined {
  const { server, app } = request as Served;
  return (server ?? app)?.[BRANDING];
}
