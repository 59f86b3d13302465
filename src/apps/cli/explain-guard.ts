import type { Command } from 'commander';
import type { DescribedRoute, GuardDescription } from '../../relying-party/description/description.js';
import type { RevocationWindow } from '../../relying-party/description/window.js';
import { type Answer, facts, Refusal, type Surroundings, table, UsageError } from './answer.js';
import { type Outside, seenFromOutside } from './seen-from-outside.js';

/** An application that does not answer in this time is not there, in milliseconds. */
const PATIENCE = 10_000;
const SECRET = 'GATEHOUSE_DESCRIBE_SECRET';

/** `explain`: how an application or one of its routes is guarded, and how late a revocation may be noticed. */
export function explainCommand(program: Command, at: Surroundings): void {
  program
    .command('explain <url>')
    .description('how an application, or a route of it, is guarded, and how late a revocation may be noticed')
    .option('--method <method>', 'of the route', 'GET')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
An address with a path is a route, one without is the application. What it knows of itself an application tells when its
option 'describe' says so; in production it wants a secret, which is taken from ${SECRET}.
Otherwise it is asked as a stranger would ask it.`,
    )
    .action(async (given: string, { method, json }: { method: string; json?: boolean }) => {
      const url = addressOf(given);
      if (!/^[A-Za-z]+$/.test(method)) throw new UsageError(`--method: '${method}' is no method of HTTP.`);
      const answer = await explain(url, method.toUpperCase(), at.env[SECRET]);
      at.output.write(json ? `${JSON.stringify(answer.json, undefined, 2)}\n` : `${answer.text}\n`);
    });
}

function addressOf(given: string): URL {
  const url = URL.parse(given);
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return url;
  throw new UsageError(`'${given}' is no address of an application, such as http://localhost:3001 or https://shop.example.com/cart.`); // prettier-ignore
}

async function explain(url: URL, method: string, secret: string | undefined): Promise<Answer> {
  const description = await descriptionOf(url, secret);
  const isRoute = url.pathname !== '/' || url.search !== '';
  if (!description) return aboutOutside(url, method, await seenFromOutside(url, method));
  if (!isRoute) return aboutApplication(url, description);
  const routes = description.routes.filter(
    (route) => route.method === method && pathPattern(route.path).test(url.pathname),
  );
  // As the router does it: a path that is written out goes before one with parameters.
  const [route] = routes.sort((a, b) => wildness(a.path) - wildness(b.path));
  if (!route) {
    throw new Refusal(`${url.origin} has no route ${method} ${url.pathname}. Leave out the path to see all of them.`);
  }
  return aboutRoute(url, description, route);
}

/** Undefined: it tells us nothing. @throws Refusal when nobody is there, or the secret would go over the net in clear */
async function descriptionOf(url: URL, secret: string | undefined): Promise<GuardDescription | undefined> {
  const isClear = url.protocol === 'http:' && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (secret !== undefined && isClear) throw new Refusal(`${SECRET} is sent over https only, or on this machine.`);
  const [folder] = url.pathname.split('/').filter(Boolean);
  // A global prefix stands before it.
  const places = ['/auth/description', ...(folder ? [`/${folder}/auth/description`] : [])];
  for (const place of places) {
    const answer = await fetch(new URL(place, url), {
      redirect: 'manual',
      headers: { accept: 'application/json', ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }) },
      signal: AbortSignal.timeout(PATIENCE),
    }).catch((cause) => {
      throw new Refusal(`${url.origin} does not answer. Is the application running, and is the address right?`, { cause }); // prettier-ignore
    });
    const document = (await answer.json().catch(() => undefined)) as Partial<GuardDescription> | undefined;
    if (answer.status === 200 && document?.format === 1 && Array.isArray(document.routes)) {
      return document as GuardDescription;
    }
  }
  return undefined;
}

function aboutApplication(url: URL, description: GuardDescription): Answer {
  const { routes } = description;
  const windows = new Map<string, number>();
  const noteOf = ({ words }: RevocationWindow) => {
    if (!windows.has(words)) windows.set(words, windows.size + 1);
    return windows.get(words)!;
  };
  const rows = routes.map((route) => [
    `${route.method} ${route.path}`,
    accessOf(route),
    route.windows.map((window) => `${nameOf(window)} ${boundOf(window)} [${noteOf(window)}]`).join(', ') || '–',
  ]);
  const text = [
    facts(`${url.origin} is an application behind Gatehouse's guard.`, summaryOf(description)),
    '',
    table(['ROUTE', 'LETS IN', 'A REVOKED CREDENTIAL IS REFUSED AFTER AT MOST'], rows),
    ...(windows.size > 0 ? [''] : []),
    ...[...windows].map(([words, number]) => `[${number}] ${words}`),
  ].join('\n');
  return { json: { url: url.origin, description }, text };
}

function aboutRoute(url: URL, description: GuardDescription, route: DescribedRoute): Answer {
  const { method, path, handler, scopes, roles, stepUp, windows } = route;
  const text = [
    facts(`${method} ${path} of ${url.origin}`, {
      'lets in': accessOf(route),
      handler,
      scopes: scopes.join(' ') || undefined,
      roles: roles.map((group) => group.join(' or ')).join(', and ') || undefined,
      'sign-in': stepUp ? 'a recent or a better one is demanded' : undefined,
    }),
    ...windows.flatMap((window) => ['', `A revoked ${nameOf(window)} is refused after at most ${boundOf(window)} (${window.mode}).`, `  ${window.words}`]), // prettier-ignore
    ...(windows.length === 0 ? ['', 'No credential is looked at here, so none can be refused.'] : []),
  ].join('\n');
  return { json: { url: url.href, route, revocation: description.revocation, feed: description.feed }, text };
}

function aboutOutside(url: URL, method: string, seen: Outside): Answer {
  const text = [
    facts(`${method} ${url.href}, as a stranger sees it: the application describes itself to nobody.`, {
      anonymous: seen.anonymous,
      browser: seen.browser,
      'a bad token': seen.badToken,
      challenge: seen.challenge,
      resource: seen.resource,
      'tokens by': seen.authorizationServers?.join(', '),
      'bound tokens': seen.dpop,
      feed: seen.feed,
    }),
    '',
    ...seen.conclusions,
    'How late a revocation may be noticed cannot be seen from outside. The application can tell: option describe of',
    `RelyingPartyModule (with a secret in production, given here as ${SECRET}).`,
  ].join('\n');
  return { json: { url: url.href, method, outside: seen }, text };
}

function summaryOf({ issuer, clientId, session, bearer, badKeys, revocation, feed }: GuardDescription) {
  return {
    provider: issuer,
    client: clientId ?? undefined,
    sessions: session
      ? `${session.store}, cookie ${session.cookie}, ${span(session.idleMilliseconds)} idle, ${span(session.absoluteMilliseconds)} at most` // prettier-ignore
      : undefined,
    tokens: bearer?.issuers
      .map(
        (one) =>
          `for ${one.audience.join(', ')}${one.issuer === issuer ? '' : ` from ${one.issuer}`} (${one.algorithms.join(', ')})`,
      ) // prettier-ignore
      .join('; '),
    'bad keys': badKeysOf(badKeys),
    revocation,
    feed: feed
      ? `${feed.state}${feed.lagMilliseconds === null ? '' : `, ${span(feed.lagMilliseconds)} behind`}${feed.fresh ? '' : ', NOT fresh'}` // prettier-ignore
      : undefined,
  };
}

/** Names are the publisher's words, and a terminal obeys some. */
function badKeysOf(keys: GuardDescription['badKeys'] = []): string | undefined {
  const list = keys.map(({ issuer, kid, problem }) => `${kid === undefined ? 'an entry' : JSON.stringify(kid)} of ${issuer} is not used: ${problem}`); // prettier-ignore
  return list.join('; ') || undefined;
}

function accessOf({ access, takes }: DescribedRoute): string {
  switch (access) {
    case 'public':
      return 'everybody';
    case 'unguarded':
      return 'everybody, as far as this guard goes';
    case 'optional':
      return `everybody; a ${takes.join(' or ')} that is brought must be good`;
    default:
      return takes.length === 0 ? 'nobody: it takes what this application does not' : `by ${takes.join(' or ')}`;
  }
}

function nameOf({ credential, issuer }: RevocationWindow): string {
  return `${credential === 'jwt' ? 'token' : 'session'}${issuer === undefined ? '' : ` of ${issuer}`}`;
}

function boundOf({ milliseconds }: RevocationWindow): string {
  if (milliseconds === null) return 'its own end';
  return milliseconds === 0 ? 'the next request' : span(milliseconds);
}

function span(milliseconds: number): string {
  const units = [
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
  ] as const;
  for (const [size, name] of units) {
    if (milliseconds >= size) return `${Number((milliseconds / size).toFixed(1))} ${name}`;
  }
  return `${Math.round(milliseconds)} ms`;
}

/** What a declared path takes: `/orders/:id`, `/files/*path`, `/a{/:b}`. */
function pathPattern(path: string): RegExp {
  const source = path
    .split(/(\{[^}]*\}|:\w+|\*\w*)/)
    .map((part) => {
      if (part.startsWith('{')) return `(?:${pathPattern(part.slice(1, -1)).source.slice(1, -3)})?`;
      if (part.startsWith(':')) return '[^/]+';
      return part.startsWith('*') ? '.+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}/?$`);
}

function wildness(path: string): number {
  return (path.match(/[:*{]/g) ?? []).length + (path.includes('*') ? 10 : 0);
}
