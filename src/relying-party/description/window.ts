import type { Route } from '../access.js';
import type { RevocationMode, Settings } from '../relying-party.options.js';

/** How long a revoked credential may still be let in, at worst. */
export interface RevocationWindow {
  credential: 'session' | 'jwt';
  /** Whose, for access tokens of several issuers. */
  issuer?: string;
  mode: RevocationMode;
  /** Null: until the credential's own end, which its issuer decides. */
  milliseconds: number | null;
  /** Why, and what it depends on, in a sentence or two. */
  words: string;
}

/** What the answer depends on. */
export type WindowSettings = Pick<Settings, 'issuer' | 'session' | 'bearer' | 'feed' | 'skewSeconds'> & {
  revocationOf: (issuer: string) => RevocationMode;
};

/** An answer of the introspection endpoint about a token is used again for so long, in milliseconds. */
const INTROSPECTION_AGE = 1000;

/**
 * The windows of a route, one for each credential that it takes.
 * @param isFeedAbsent the provider has no feed, and nobody insisted on one: then it goes by `expiry`
 */
export function windowsOf(route: Route, settings: WindowSettings, isFeedAbsent: boolean): RevocationWindow[] {
  if (route.mode === 'public') return [];
  const { session, bearer } = settings;
  const modeFor = (issuer: string): RevocationMode => {
    const mode = route.revocation ?? settings.revocationOf(issuer);
    return mode === 'feed' && isFeedAbsent ? 'expiry' : mode;
  };
  const windows: RevocationWindow[] = [];
  if (session && route.scheme !== 'jwt') {
    const mode = modeFor(settings.issuer);
    windows.push({ credential: 'session', mode, ...ofSession(mode, route, settings) });
  }
  if (bearer && route.scheme !== 'session') {
    for (const { issuer } of bearer.issuers) {
      const mode = modeFor(issuer);
      const whose = bearer.issuers.length > 1 ? { issuer } : {};
      windows.push({ credential: 'jwt', ...whose, mode, ...ofToken(mode, route, settings) });
    }
  }
  return windows;
}

type Answer = Pick<RevocationWindow, 'milliseconds' | 'words'>;

function ofToken(mode: RevocationMode, route: Route, settings: WindowSettings): Answer {
  switch (mode) {
    case 'expiry':
      return {
        milliseconds: null,
        words: `Nobody is asked: a token is good until it ends (exp, and ${settings.skewSeconds} s that clocks may differ), whatever was revoked.`,
      };
    case 'introspect':
      return {
        milliseconds: INTROSPECTION_AGE,
        words:
          'The provider is asked about each token, at most once a second. When it does not answer, nobody comes in (503).',
      };
    default:
      return ofEither(mode, route, settings);
  }
}

function ofSession(mode: RevocationMode, route: Route, settings: WindowSettings): Answer {
  const { store, cacheMilliseconds, absoluteMilliseconds } = settings.session!;
  switch (mode) {
    case 'expiry':
      return {
        milliseconds: absoluteMilliseconds,
        words: `${whenTold(store, cacheMilliseconds)} Where nobody tells it, at the latest at the session’s own end.`,
      };
    case 'introspect':
      return {
        milliseconds: 0,
        words: 'The provider is asked with each request. When it does not answer, nobody comes in (503).',
      };
    default:
      return ofEither(mode, route, settings);
  }
}

/** The modes that know no difference between sessions and tokens. */
function ofEither(
  mode: Exclude<RevocationMode, 'expiry' | 'introspect'>,
  route: Route,
  settings: WindowSettings,
): Answer {
  switch (mode) {
    case 'deny-list':
      return {
        milliseconds: 0,
        words:
          'Redis is asked with each request: refused with the next one after your own code (DenyList) or back-channel logout put it there. What nobody puts there is good until it ends.',
      };
    case 'version':
      return {
        milliseconds: 0,
        words:
          'Redis is asked with each request: everything of a person is refused with the next one after your own code (TokenVersions) counted up. One token alone cannot be ended.',
      };
    case 'feed':
      return byFeed(route, settings);
  }
}

function byFeed({ staleness }: Route, { feed }: WindowSettings): Answer {
  const silent = staleness?.maxMilliseconds ?? feed.maxStalenessMilliseconds;
  const usual = 'The provider tells: typically milliseconds, at most a second when its wake-up is lost.';
  switch (staleness?.onStale ?? feed.onStale) {
    case 'accept':
      return {
        milliseconds: null,
        words: `${usual} While the feed is silent this route accepts what is not known to be revoked, until it ends.`,
      };
    case 'refuse':
      return { milliseconds: silent, words: `${usual} After ${silent / 1000} s of silence nobody comes in (503).` };
    default:
      return {
        milliseconds: silent + INTROSPECTION_AGE,
        words: `${usual} After ${silent / 1000} s of silence the provider is asked, at most once a second; when it does not answer, nobody comes in (503).`,
      };
  }
}

function whenTold(store: NonNullable<WindowSettings['session']>['store'], cacheMilliseconds: number): string {
  if (store === 'sealed-cookie')
    return 'A back-channel logout counts in the process that was told; a copied cookie is good in every other one.';
  if (store === 'memory') return 'A back-channel logout counts with the next request, in this one process.';
  const later = cacheMilliseconds > 0 ? `, in other processes up to ${cacheMilliseconds} ms later (session.cache)` : '';
  return `A back-channel logout, or whatever else deletes the session, counts with the next request${later}.`;
}
