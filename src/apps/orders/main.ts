import 'reflect-metadata';
import { PinoLogger } from '../../platform/log.js';
import { appConfig } from '../support/app-config.js';
import { DEMO_CLIENTS } from '../support/demo.js';
import { run } from '../support/run.js';
import { startTracing } from '../support/tracing.js';
import { startOrders } from './orders-app.js';

await run(async (onClose) => {
  const config = appConfig(process.env, { portOffset: 2, client: DEMO_CLIENTS.orders, isApi: true });
  if (config.traces) onClose(await startTracing('gatehouse-orders'));
  onClose(await startOrders(config, new PinoLogger(config.logLevel, 'orders')));
});
