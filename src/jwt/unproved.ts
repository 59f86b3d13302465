import { type JsonObject, parseStrictObject } from './strict-json.js';

/**
 * What a compact JWS says of itself, before anything of it is proved: only to find out whose key must prove it.
 * Undefined when it is none.
 */
export function unproved(token: string): { header: Readonly<JsonObject>; payload: Readonly<JsonObject> } | undefined {
  const parts = token.split('.', 4);
  if (parts.length !== 3) return undefined;
  const header = parseStrictObject(Buffer.from(parts[0]!, 'base64url'));
  const payload = parseStrictObject(Buffer.from(parts[1]!, 'base64url'));
  return header && payload && { header, payload };
}
