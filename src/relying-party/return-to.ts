const LONGEST = 2000;

/**
 * Where to go back to after sign-in: a path of this application and nothing else, whatever the parameter says.
 * Judged after the URL parser, because it is what browsers do with `/\`, tabs and dots that counts.
 */
export function returnPath(wanted: string | null | undefined, origin: string, signInFolder: string): string {
  if (!wanted || wanted.length > LONGEST || !wanted.startsWith('/') || !URL.canParse(wanted, origin)) return '/';
  const url = new URL(wanted, origin);
  const path = url.pathname + url.search;
  if (url.origin !== origin || path.startsWith('//') || /[\\\p{Cc}]/u.test(wanted)) return '/';
  // Back to the sign-in itself would go in circles.
  return url.pathname.startsWith(signInFolder) ? '/' : path;
}

/** Path and query of a URL of this application (`target_link_uri`, OpenID Connect Core §4); undefined for any other URL. */
export function pathWithin(url: string | undefined, origin: string): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const target = new URL(url);
  return target.origin === origin ? target.pathname + target.search : undefined;
}
