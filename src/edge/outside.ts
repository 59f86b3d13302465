/** As much of the platform's `fetch` as is used. */
export type Fetch = (
  url: string,
  init: { headers: Record<string, string>; redirect: 'manual' },
) => Promise<{ status: number; text(): Promise<string> }>;

const LONGEST_DOCUMENT = 256 * 1024;

/** The time of the platform, in epoch milliseconds. */
export function platformNow(): number {
  return Date.now();
}

/** From 0 to 1, drawn by the platform. */
export function platformRandom(): number {
  return globalThis.crypto.getRandomValues(new Uint8Array(1))[0]! / 255;
}

/** The `fetch` of the platform. */
export const platformFetch: Fetch = (url, init) => globalThis.fetch(url, init);

/**
 * A JSON document of an issuer. A redirect is not followed, and so no document.
 * @throws Error when it is not to be had
 */
export async function fetchJson(fetch: Fetch, url: string): Promise<unknown> {
  const answer = await fetch(url, { headers: { accept: 'application/json' }, redirect: 'manual' });
  if (answer.status !== 200) throw new Error(`${new URL(url).origin} answered ${answer.status}`);
  const text = await answer.text();
  if (text.length > LONGEST_DOCUMENT) throw new Error(`${new URL(url).origin} sent more than a document`);
  return JSON.parse(text);
}
