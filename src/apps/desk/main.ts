import 'reflect-metadata';
import { PinoLogger } from '../../platform/log.js';
import { appConfig } from '../support/app-config.js';
import { databaseUrl } from '../support/database-url.js';
import { DEMO_CLIENTS } from '../support/demo.js';
import { keptSecrets } from '../support/kept-secret.js';
import { run } from '../support/run.js';
import { startTracing } from '../support/tracing.js';
import { startDesk } from './desk-app.js';

await run(async (onClose) => {
  const config = appConfig(process.env, { portOffset: 3, client: DEMO_CLIENTS.desk });
  if (config.traces) onClose(await startTracing('gatehouse-desk'));
  const secret = config.sessionSecret ?? (await keptSecrets(config.directory, 'desk-session-secret'));
  const url = config.redisUrl ? '' : await databaseUrl(config.databaseUrl, config.directory, onClose);
  onClose(await startDesk(config, url, secret, new PinoLogger(config.logLevel, 'desk')));
});
