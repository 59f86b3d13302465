import 'reflect-metadata';
import { PinoLogger } from '../../platform/log.js';
import { databaseUrl } from '../support/database-url.js';
import { DEMO_PORT_BASE, demoApps } from '../support/demo.js';
import { keptSecrets } from '../support/kept-secret.js';
import { run } from '../support/run.js';
import { identityProviderConfig } from './config.js';
import { startIdentityProvider } from './identity-provider-app.js';

await run(async (onClose) => {
  const config = identityProviderConfig(process.env);
  const secrets = config.secrets ?? (await keptSecrets(config.directory, 'secret'));
  const app = await startIdentityProvider(config, {
    databaseUrl: await databaseUrl(config.databaseUrl, config.directory, onClose),
    secrets,
    logger: new PinoLogger(config.logLevel, 'identity-provider'),
    apps: demoApps(config.port === 0 ? DEMO_PORT_BASE : config.port),
  });
  onClose(app);
});
