/**
 * A URL that may become a link: `http:`, `https:`, or a path of this site. Anything else (`javascript:` above all, which an
 * escaped attribute does not stop) is `undefined`, and the page shows no link. Registration refuses such URLs too; pages do
 * not rely on it, since they also show rows that were written in other ways.
 */
export function linkUrl(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  // A browser reads `/\` as `//`, which leaves the site.
  if (/^\/(?![/\\])[^\s\\]*$/.test(value)) return value;
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) ? value : undefined;
}

/** A URL that may become an image: as {@link linkUrl}, or a `data:` URL of an image. */
export function imageUrl(value: string | undefined): string | undefined {
  return value !== undefined && /^data:image\//i.test(value) ? value : linkUrl(value);
}
