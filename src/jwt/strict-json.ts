const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const STRING = /"(?:[^"\\]|\\.)*"/y;
const COLON = /[ \t\n\r]*:/y;

/** A JSON object: what a JWT's header and its claims are. */
export type JsonObject = Record<string, unknown>;

/**
 * The object that these octets hold, or undefined. Stricter than `JSON.parse` where parsers differ from each other, so
 * that no two components can read one token differently (RFC 8725 §2.6): UTF-8 must be valid, no object may hold a
 * member name twice, and no string may hold half a surrogate pair.
 */
export function parseStrictObject(octets: Uint8Array): JsonObject | undefined {
  try {
    const text = DECODER.decode(octets);
    const value = JSON.parse(text) as unknown;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && (isAsWritten(text, value) || isUnambiguous(text)) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether these octets, which are JSON, are UTF-8 and hold no member name twice in one object. */
export function hasUniqueMembers(octets: Uint8Array): boolean {
  try {
    return isUnambiguous(DECODER.decode(octets), { halfPairs: true });
  } catch {
    return false;
  }
}

/**
 * Whether a serialiser would write the value in just this way, as it mostly has: then no name was there twice. Escapes, of
 * which one may be half a pair, are left to the closer look.
 */
function isAsWritten(text: string, value: unknown): boolean {
  return !text.includes('\\') && JSON.stringify(value) === text;
}

/** Walks over text that is known to be JSON. @param halfPairs whether strings may hold half a surrogate pair */
function isUnambiguous(text: string, { halfPairs = false } = {}): boolean {
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(undefined);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      STRING.lastIndex = at;
      const raw = STRING.exec(text)![0];
      at += raw.length - 1;
      // Valid UTF-8 holds no surrogates: only an escape can make half a pair.
      const isPlain = !raw.includes('\\');
      const value = isPlain ? raw.slice(1, -1) : (JSON.parse(raw) as string);
      // With the u flag this matches only a surrogate without its other half.
      if (!halfPairs && !isPlain && /\p{Surrogate}/u.test(value)) return false;
      const names = open.at(-1);
      COLON.lastIndex = at + 1;
      if (names && COLON.test(text)) {
        if (names.has(value)) return false;
        names.add(value);
      }
    }
  }
  return true;
}
