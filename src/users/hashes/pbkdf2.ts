import { pbkdf2 as compute } from 'node:crypto';
import { promisify } from 'node:util';
import { matches } from '../../platform/secret.js';
import { fromBase64, type HashFormat } from './hash-format.js';

/** A few seconds of a processor. */
const MOST_ITERATIONS = 5_000_000;

interface Parsed {
  digest: string;
  iterations: number;
  salt: Buffer;
  key: Buffer;
}

/** PHC and passlib: `$pbkdf2-sha256$i=600000$salt$hash`, `$pbkdf2-sha512$210000$salt$hash`; without a digest it is SHA-1. */
const PHC =
  /^\$pbkdf2(?:-(sha1|sha256|sha512))?\$(?:i=)?(\d{1,9})(?:,l=\d+)?\$([A-Za-z0-9./+]+=*)\$([A-Za-z0-9./+]+=*)$/;
/** Django: `pbkdf2_sha256$600000$salt$hash`, the salt as it stands. */
const DJANGO = /^pbkdf2_(sha1|sha256|sha512)\$(\d{1,9})\$([^$]+)\$([A-Za-z0-9+/]+=*)$/;
/** Werkzeug: `pbkdf2:sha256:600000$salt$hash`, the salt as it stands, the hash in hexadecimal. */
const WERKZEUG = /^pbkdf2:(sha1|sha256|sha512):(\d{1,9})\$([^$]+)\$((?:[0-9a-f]{2})+)$/;

function parse(hash: string): Parsed | undefined {
  const phc = PHC.exec(hash);
  if (phc) return parsed(phc, fromBase64(phc[3]!), fromBase64(phc[4]!));
  const django = DJANGO.exec(hash);
  if (django) return parsed(django, Buffer.from(django[3]!), fromBase64(django[4]!));
  const werkzeug = WERKZEUG.exec(hash);
  return werkzeug ? parsed(werkzeug, Buffer.from(werkzeug[3]!), Buffer.from(werkzeug[4]!, 'hex')) : undefined;
}

function parsed([, digest = 'sha1', iterations]: RegExpExecArray, salt: Buffer, key: Buffer): Parsed | undefined {
  return key.length >= 16 && key.length <= 128 ? { digest, iterations: Number(iterations), salt, key } : undefined;
}

/** PBKDF2 (RFC 8018 §5.2) with HMAC of SHA-1, SHA-256 or SHA-512. */
export const pbkdf2: HashFormat = {
  name: 'PBKDF2',

  reads: (hash) => parse(hash) !== undefined,

  problem(hash) {
    const { iterations } = parse(hash)!;
    const isFair = iterations >= 1 && iterations <= MOST_ITERATIONS;
    return isFair ? undefined : `PBKDF2 may have 1 to ${MOST_ITERATIONS} iterations.`;
  },

  async verify(hash, password) {
    const { digest, iterations, salt, key } = parse(hash)!;
    return matches(await promisify(compute)(password, salt, iterations, key.length, digest), key);
  },
};
