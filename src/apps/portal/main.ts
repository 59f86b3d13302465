import 'reflect-metadata';
import { PinoLogger } from '../../platform/log.js';
import { appConfig } from '../support/app-config.js';
import { databaseUrl } from '../support/database-url.js';
import { DEMO_CLIENTS } from '../support/demo.js';
import { keptSecrets } from '../support/kept-secret.js';
import { run } from '../support/run.js';
import { startTracing } from '../support/tracing.js';
import { startPortal } from './portal-app.js';

await run(async (onClose) => {
  const config = appConfig(process.env, { portOffset: 1, client: DEMO_CLIENTS.portal });
  if (config.traces) onClose(await startTracing('gatehouse-portal'));
  const secret = config.sessionSecret ?? (await keptSecrets(config.directory, 'portal-session-secret'));
  const url = config.redisUrl ? '' : await databaseUrl(config.databaseUrl, config.directory, onClose);
  onClose(await startPortal(config, url, secret, new PinoLogger(config.logLevel, 'portal')));
});
