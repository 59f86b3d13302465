import { parseOptions, verify } from '@node-rs/argon2';
import type { HashFormat } from './hash-format.js';

/** Django writes its own word before the PHC string. */
const DJANGO = /^argon2(?=\$argon2)/;
const MOST_KIBIBYTES = 262_144;
const MOST_PASSES = 20;
const MOST_LANES = 16;

/** argon2i, argon2d and argon2id at any strength (RFC 9106), as PHC strings. */
export const argon2: HashFormat = {
  name: 'argon2',

  reads: (hash) =>
    /^(?:argon2)?\$argon2(?:id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/.test(hash),

  problem(hash) {
    try {
      const { memoryCost, timeCost, parallelism } = parseOptions(hash.replace(DJANGO, ''));
      const isFair = memoryCost <= MOST_KIBIBYTES && timeCost <= MOST_PASSES && parallelism <= MOST_LANES;
      return isFair
        ? undefined
        : `argon2 may take ${MOST_KIBIBYTES} KiB, ${MOST_PASSES} passes and ${MOST_LANES} lanes.`;
    } catch {
      return 'This argon2 hash cannot be read.';
    }
  },

  verify: (hash, password) => verify(hash.replace(DJANGO, ''), password).catch(() => false),
};
