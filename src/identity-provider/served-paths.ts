import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** One that every client needs. */
const PATH = '/.well-known/openid-configuration';

/** What Fastify and Express tell of their routes. */
interface Routes {
  hasRoute?(route: { method: string; url: string }): boolean;
  router?: { stack: { route?: { path: unknown } }[] };
}

/**
 * Refuses to start where an application's global prefix has moved the provider: its metadata would name addresses that are
 * not there, and every client would find that out by a 404.
 */
@Injectable()
export class ServedPaths implements OnApplicationBootstrap {
  constructor(private readonly host: HttpAdapterHost) {}

  onApplicationBootstrap(): void {
    // None in an application without HTTP, such as a program that only manages clients.
    const routes = this.host.httpAdapter?.getInstance<Routes>();
    const serves =
      routes?.hasRoute?.({ method: 'GET', url: PATH }) ??
      routes?.router?.stack.some(({ route }) => route?.path === PATH);
    if (serves === false) {
      throw new Error(
        `IdentityProviderModule: nothing is served at ${PATH}. A global prefix must leave the provider's paths alone: ` +
          `app.setGlobalPrefix('…', { exclude: identityProviderRoutes })`,
      );
    }
  }
}
