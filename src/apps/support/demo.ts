import { isLoopbackOrigin } from '../../platform/config.js';
import type { OutboundAllowance } from '../../platform/outbound.js';

/** What the demo's front doors agree on. Everything here is public: it exists on loopback only. */
export const DEMO_PORT_BASE = 3000;

/** The API behind `orders`, and desk's `/api/orders`. */
export const ORDERS_AUDIENCE = 'urn:gatehouse:demo:orders';
/** An API that nobody here is: for tokens that must be refused. */
export const INVOICES_AUDIENCE = 'urn:gatehouse:demo:invoices';

export const DEMO_CLIENTS = {
  portal: { id: 'portal', secret: 'demo-portal-secret' },
  desk: { id: 'desk', secret: 'demo-desk-secret' },
  orders: { id: 'orders', secret: 'demo-orders-secret' },
  service: { id: 'demo-service', secret: 'demo-service-secret' },
  native: { id: 'demo-native' },
  terminal: { id: 'demo-terminal' },
} as const;

/** The port that people reach a provider of the demo at: the issuer's, where a proxy stands before it. */
export function demoPortBase({ issuer, port }: { issuer: string; port: number }): number {
  return (isLoopbackOrigin(issuer) && Number(new URL(issuer).port)) || port || DEMO_PORT_BASE;
}

/** Where the demo's applications are, relative to the provider's port. */
export function demoApps(portBase: number): { name: string; url: string }[] {
  return ['portal', 'orders', 'desk'].map((name, index) => ({ name, url: `http://localhost:${portBase + 1 + index}` }));
}

/** What the provider may reach of them, though they are on this machine: it tells them when somebody signs out. */
export function demoAllowances(apps: { url: string }[]): OutboundAllowance[] {
  return apps.map(({ url }) => {
    const { hostname, port } = new URL(url);
    return { host: hostname, port: Number(port), purposes: ['logout'] };
  });
}

/** Those of them that have pages, by the names people see: for the provider's start page. */
export function demoPages(apps: { name: string; url: string }[]): { name: string; url: string }[] {
  return apps
    .filter(({ name }) => name !== 'orders')
    .map(({ name, url }) => ({ name: name.charAt(0).toUpperCase() + name.slice(1), url }));
}
