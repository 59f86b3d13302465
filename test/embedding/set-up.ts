import { type INestApplication, VersioningType } from '@nestjs/common';
import { identityProviderRoutes } from '../../src/faces/identity-provider.js';

/** What `main.ts` does with `NestFactory.create(AppModule)` before it listens. */
export function setUp(app: INestApplication): void {
  app.setGlobalPrefix('api', { exclude: identityProviderRoutes });
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  app.enableCsrfProtection({ exclude: identityProviderRoutes });
  app.useSecurityHeaders();
  app.enableShutdownHooks();
}
