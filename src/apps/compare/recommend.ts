import type { Row } from './report.js';

/** What kind of software it is: who calls it, and from where. */
export const CLIENT_KINDS = ['site', 'spa', 'mobile', 'services'] as const;
export type ClientKind = (typeof CLIENT_KINDS)[number];
export const CLIENT_NAMES: Record<ClientKind, string> = {
  site: 'a server-rendered site',
  spa: 'a page of JavaScript with an API',
  mobile: 'apps on devices',
  services: 'services that call each other',
};

/** What somebody needs. */
export interface Needs {
  /** `site`: pages rendered on a server. `spa`: a page of JavaScript with an API. `mobile`: apps on devices. `services`: services that call each other. */
  clients: readonly ClientKind[];
  /** Whoever is signed out, or whose token is revoked, is refused at once. */
  instantLogout: boolean;
  /** How many applications people sign in to with the same account. */
  apps: number;
  /** Functions that live for a request, or at the edge: nothing stays in memory, and no connection is held open. */
  serverless: boolean;
  /** The provider is Gatehouse, which has the revocation feed. */
  gatehouse: boolean;
  /** There is a Redis anyway. */
  redis: boolean;
}

export const DEFAULT_NEEDS: Needs = {
  clients: ['site'],
  instantLogout: true,
  apps: 1,
  serverless: false,
  gatehouse: true,
  redis: false,
};

/** One strategy, for one kind of caller. */
export interface Choice {
  for: 'browsers' | 'APIs';
  strategy: string;
  reasons: string[];
}

export interface Recommendation {
  choices: Choice[];
  /** What holds whatever is chosen. */
  advice: string[];
}

/** What an expert would choose, and why. `rows` are this machine's figures, which go into the reasons. */
export function recommend(needs: Needs, rows: readonly Row[] = []): Recommendation {
  const { clients } = needs;
  const hasBrowsers = clients.includes('site') || clients.includes('spa');
  const hasApis =
    clients.includes('mobile') || clients.includes('services') || (needs.apps > 1 && clients.includes('spa'));
  const choices = [...(hasBrowsers ? [forBrowsers(needs)] : []), ...(hasApis ? [forApis(needs)] : [])];
  for (const choice of choices) choice.reasons.push(...measured(choice.strategy, rows));
  return { choices, advice: adviceFor(needs) };
}

function forBrowsers({ serverless, instantLogout, gatehouse, redis, clients }: Needs): Choice {
  const reasons = [
    clients.includes('spa')
      ? 'A page’s JavaScript must hold no token: whatever script gets into the page could read it. The page’s own server keeps the session, and the browser an HttpOnly cookie.'
      : 'A browser already has the right thing for a server-rendered site: an HttpOnly cookie that is worth nothing but a look into your store.',
  ];
  const choose = (strategy: string, ...more: string[]): Choice => ({
    for: 'browsers',
    strategy,
    reasons: [...reasons, ...more],
  });
  if (serverless) {
    if (!instantLogout)
      return choose(
        'sealed-cookie',
        'Functions that come and go keep nothing: the cookie carries the session, sealed. A copy of it is good until the session’s end, which you said you can bear.',
      );
    return redis
      ? choose(
          'redis-session',
          'Functions hold no memory and no open connection, so no feed reaches them; a look into Redis is what instant logout costs here.',
        )
      : choose(
          'postgres-session',
          'Functions hold no memory and no open connection, so no feed reaches them; a look into the database is what instant logout costs here. Put a pooler before it.',
        );
  }
  if (gatehouse) {
    return choose(
      'postgres-session-feed',
      'The session is in the database that you have, and is served from memory because the provider tells of its end: no lookup per request, and a sign-out anywhere counts at once.',
    );
  }
  return redis
    ? choose(
        'redis-session',
        'With another provider nobody tells of ends but by back-channel logout, so each request looks the session up; you have Redis for that.',
      )
    : choose(
        'postgres-session',
        'With another provider nobody tells of ends but by back-channel logout, so each request looks the session up, in the database that you have.',
      );
}

function forApis({ serverless, instantLogout, gatehouse, redis, clients, apps }: Needs): Choice {
  const reasons = [
    clients.includes('mobile')
      ? 'An app on a device has no cookies to speak of: it keeps a refresh token in the system’s key store, and sends short-lived access tokens.'
      : 'An API that is called by several applications should not share a session store with them: a signed token says who asks, for which API, and what they may.',
  ];
  const choose = (strategy: string, ...more: string[]): Choice => ({
    for: 'APIs',
    strategy,
    reasons: [...reasons, ...more],
  });
  if (!instantLogout) {
    return choose(
      'jwt-expiry',
      'You can bear that a revoked token works until it ends: keep its lifetime at five minutes or less, and nothing has to be asked or run.',
    );
  }
  if (serverless) {
    return redis
      ? choose(
          'jwt-deny-list',
          'No feed reaches functions that come and go, so each request looks into a list in Redis that your code keeps.',
        )
      : choose(
          'jwt-introspect',
          'No feed reaches functions that come and go, so the provider is asked, at most once per token and second.',
        );
  }
  if (gatehouse) {
    return choose(
      'jwt-feed',
      `Tokens are verified locally and refused the moment the provider revokes them${apps > 1 ? `, in all of your ${apps} applications` : ''}; nothing is looked up, and nobody keeps a list.`,
    );
  }
  return choose(
    'jwt-introspect',
    'A provider without a feed can still be asked about each token, at most once a second. Where that is too much: a deny list in Redis that your own code fills.',
  );
}

function adviceFor({ clients, serverless, instantLogout, apps }: Needs): string[] {
  return [
    ...(clients.includes('spa')
      ? [
          'Keep tokens out of localStorage and sessionStorage; let the page’s own server call the APIs (a backend for the frontend).',
        ]
      : []),
    ...(clients.includes('mobile')
      ? [
          'Rotate refresh tokens, and bind them to the device (DPoP) where you can; sign in with the system’s browser, not with a web view.',
        ]
      : []),
    ...(clients.includes('services')
      ? [
          'Let a service exchange the caller’s token for one of its own (RFC 8693) instead of passing it on: each token is for one API.',
        ]
      : []),
    ...(apps > 1
      ? [
          'Register back-channel logout for every application with sessions, so that one sign-out is a sign-out everywhere.',
        ]
      : []),
    ...(serverless ? ['At the edge, nest-gatehouse/edge verifies tokens with WebCrypto alone.'] : []),
    ...(instantLogout
      ? []
      : [
          "For the few routes that move money or data away, ask anyway: @Authenticated('any', { revocation: 'introspect' }).",
        ]),
  ];
}

/** What this machine says about it. */
function measured(id: string, rows: readonly Row[]): string[] {
  const row = rows.find((one) => one.id === id);
  if (!row) return [];
  const parts: string[] = [];
  if (row.revocation?.kind === 'measured') parts.push(`refused after ${rounded(row.revocation.medianMilliseconds)} ms`);
  if (row.cpuMicroseconds !== undefined) parts.push(`${rounded(row.cpuMicroseconds)} µs of CPU per request`);
  if (row.lookups) parts.push(`${lookupsOf(row)} lookups per request`);
  return parts.length > 0 ? [`Measured here: ${parts.join(', ')}.`] : [];
}

function lookupsOf({ lookups }: Row): number {
  const { postgres, redis, http } = lookups!.alone;
  return postgres + redis + http;
}

function rounded(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
