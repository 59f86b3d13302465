const SIGNATURES: readonly (readonly [type: string, pattern: RegExp])[] = [
  ['image/png', /^\x89PNG\r\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
  ['image/avif', /^[^]{4}ftypavi[fs]/],
  ['image/svg+xml', /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*|<!doctype svg[^>]*>\s*)*<svg[\s>]/i],
];

/** What kind of picture these octets are, by how they begin; undefined when browsers would show none. */
export function imageType(octets: Buffer): string | undefined {
  const start = octets.subarray(0, 4096).toString('latin1');
  return SIGNATURES.find(([, pattern]) => pattern.test(start))?.[0];
}
