import cluster from 'node:cluster';
import { setFlagsFromString } from 'node:v8';
import 'reflect-metadata';
import { PinoLogger } from '../../platform/log.js';
import { databaseUrl } from '../support/database-url.js';
import { demoApps, demoPortBase } from '../support/demo.js';
import { keptSecrets } from '../support/kept-secret.js';
import { serveMetrics } from '../support/metrics-server.js';
import { run } from '../support/run.js';
import { startTracing } from '../support/tracing.js';
import { openBranding } from './branding.js';
import { identityProviderConfig } from './config.js';
import { startIdentityProvider } from './identity-provider-app.js';

// Polls wait for a second, which is long enough that V8 takes what they leave behind for something lasting, and by default it
// lets that grow to several times what lives. A thousand receivers left 80 to 130 MB; collected earlier it is 15 to 30 MB, for
// some hundredths of a core.
setFlagsFromString('--heap-growing-percent=50');
// V8 takes whatever survived a few collections for something lasting and makes the next of its kind among what is old: here it
// did so with nearly everything a page is made of, which then waited for a whole collection, a sixth of all that was allocated.
// Without it a page takes a fifth less of the processor, and a form a tenth.
setFlagsFromString('--no-allocation-site-pretenuring');

await run(async (onClose, stop) => {
  const config = identityProviderConfig(process.env);
  const logger = new PinoLogger(config.logLevel, 'identity-provider');
  if (config.workers > 1 && cluster.isPrimary) {
    // What is not right is said once, and not by every worker.
    await openBranding(config);
    const { Workers } = await import('../support/workers.js');
    const workers = await Workers.start(config.workers, logger, () => stop(1));
    onClose(workers);
    if (config.metrics)
      onClose(
        await serveMetrics(
          { contentType: workers.metrics.contentType, metrics: () => workers.metrics.clusterMetrics() },
          config.metrics,
        ),
      );
    return;
  }
  if (config.traces) onClose(await startTracing('gatehouse-identity-provider'));
  const secrets = config.secrets ?? (await keptSecrets(config.directory, 'secret'));
  const metrics = config.metrics && new (await import('../../platform/metrics.js')).Metrics();
  const app = await startIdentityProvider(config, {
    databaseUrl: await databaseUrl(config.databaseUrl, config.directory, onClose),
    secrets,
    logger,
    apps: demoApps(demoPortBase(config)),
    ...(metrics ? { metrics } : {}),
  });
  onClose(app);
  if (!metrics || !config.metrics) return;
  if (cluster.isWorker) (await import('../support/workers.js')).reportToPrimary(metrics);
  else onClose(await serveMetrics(metrics.registry, config.metrics));
});
