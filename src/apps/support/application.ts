import type { DynamicModule, LoggerService } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Metrics } from '../../platform/metrics.js';
import { RevocationFeed } from '../../relying-party/index.js';
import type { AppConfig } from './app-config.js';
import { serveMetrics } from './metrics-server.js';
import type { Closable } from './run.js';
import { startServer } from './server.js';

/**
 * A sample application, listening; measured where METRICS_PORT says so.
 * @throws StartError
 */
export async function startApplication(
  module: DynamicModule,
  config: AppConfig,
  logger: LoggerService | false,
): Promise<NestFastifyApplication> {
  const { metricsAddress: address } = config;
  const https = config.publicUrl.startsWith('https:');
  if (!address) return startServer(module, { ...config, logger, https });
  const metrics = new (await import('../../platform/metrics.js')).Metrics();
  let server: Closable | undefined;
  const app = await startServer(module, {
    ...config,
    logger,
    https,
    metrics,
    prepare: (fastify) => fastify.addHook('onClose', async () => void (await server?.close())),
  });
  try {
    measureFeed(metrics, app.get(RevocationFeed, { strict: false }));
    server = await serveMetrics(metrics.registry, address);
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** How old an application's knowledge of revocations is, and how much of it there is. */
function measureFeed(metrics: Metrics, feed: RevocationFeed): void {
  const health = () => feed.health();
  const seconds = (milliseconds: number | null) => (milliseconds === null ? undefined : milliseconds / 1000);
  metrics.gauge('gatehouse_feed_lag_seconds', 'Age of what is known of revocations', () =>
    seconds(health().lagMilliseconds),
  );
  metrics.gauge('gatehouse_feed_fresh', '1 while that is young enough to decide by', () => Number(health().fresh));
  metrics.gauge('gatehouse_feed_rules', 'Revocations in force that are held in memory', () => health().rules);
  metrics.counter('gatehouse_feed_events_total', 'Revocations that were told', () => health().events);
  metrics.counter('gatehouse_feed_refused_total', 'Events that were not believed', () => health().refused);
  metrics.counter('gatehouse_feed_snapshots_total', 'Snapshots that were taken', () => health().snapshots);
  metrics.counter('gatehouse_feed_outages_total', 'Times that the feed was cut', () => health().outages);
}
