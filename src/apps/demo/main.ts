import 'reflect-metadata';
import { z } from 'zod';
import { ConfigError, isLoopbackOrigin, parseEnvironment, port } from '../../platform/config.js';
import { PinoLogger } from '../../platform/log.js';
import { freePorts } from '../compare/ports.js';
import { STRATEGIES } from '../compare/strategies.js';
import { startDesk } from '../desk/desk-app.js';
import { identityProviderConfig } from '../identity-provider/config.js';
import { startIdentityProvider } from '../identity-provider/identity-provider-app.js';
import { startOrders } from '../orders/orders-app.js';
import { startPortal } from '../portal/portal-app.js';
import { appConfig } from '../support/app-config.js';
import { databaseUrl } from '../support/database-url.js';
import { DEMO_CLIENTS, DEMO_PORT_BASE, demoApps } from '../support/demo.js';
import { keptSecrets } from '../support/kept-secret.js';
import { run } from '../support/run.js';
import { startTracing } from '../support/tracing.js';
import { screen } from './screen.js';

const environment = z.object({
  // Three more follow it.
  PORT_BASE: port.refine((base) => base <= 65_532, 'must leave room for three more ports').optional(),
});

/** What the demo shows of sign-in beyond the defaults. */
const EVERYTHING = {
  LOGIN_METHODS: 'password,passkey,totp,recovery-code,magic-link,email-code',
  SIGN_UP: 'true',
};

/** The four front doors in one process, for a first look. Settings that belong to one of them are not taken over. */
await run(async (onClose) => {
  const { PORT_BASE: base = DEMO_PORT_BASE } = parseEnvironment(environment, process.env);
  const { PORT: _, METRICS_PORT: __, LOG_LEVEL: level = 'warn', ...common } = process.env;
  const env = { ISSUER: `http://localhost:${base}`, ...EVERYTHING, ...common, LOG_LEVEL: level };
  if (URL.canParse(env.ISSUER) && !isLoopbackOrigin(env.ISSUER)) {
    throw new ConfigError('ISSUER: the demo runs on loopback. For a real issuer use npm run start:identity-provider.');
  }
  const config = identityProviderConfig({ ...env, PORT: String(base) });
  const app = (portOffset: number, client?: { id: string; secret: string }) =>
    appConfig(
      {
        ...env,
        PORT: String(base + portOffset),
        PUBLIC_URL: `http://localhost:${base + portOffset}`,
        ORDERS_URL: `http://localhost:${base + 2}`,
        CLIENT_ID: undefined,
        CLIENT_SECRET: undefined,
      },
      { portOffset, ...(client ? { client } : {}) },
    );
  if (config.traces) onClose(await startTracing('gatehouse-demo'));
  const { directory } = config;
  const url = await databaseUrl(config.databaseUrl, directory, onClose);
  const secrets = config.secrets ?? (await keptSecrets(directory, 'secret'));
  const logger = (name: string) => new PinoLogger(config.logLevel, name);
  const apps = demoApps(base);

  const provider = await startIdentityProvider(config, {
    databaseUrl: url,
    secrets,
    apps,
    logger: logger('identity-provider'),
    strategies: { env: process.env, ports: await freePorts(STRATEGIES.length) },
  });
  onClose(provider);
  const portal = app(1, DEMO_CLIENTS.portal);
  const desk = app(3, DEMO_CLIENTS.desk);
  const sessionSecret = (name: string) => keptSecrets(directory, `${name}-session-secret`);
  onClose(await startPortal(portal, url, portal.sessionSecret ?? (await sessionSecret('portal')), logger('portal')));
  onClose(await startOrders(app(2, DEMO_CLIENTS.orders), logger('orders')));
  onClose(await startDesk(desk, url, desk.sessionSecret ?? (await sessionSecret('desk')), logger('desk')));
  process.stdout.write(screen(config.issuer, apps));
});
