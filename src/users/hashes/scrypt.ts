import { scrypt as compute, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { matches } from '../../platform/secret.js';
import { fromBase64, type HashFormat } from './hash-format.js';

const MOST_BYTES = 256 * 1024 * 1024;
const MOST_LANES = 16;

interface Parsed {
  /** RFC 7914 §2: N, r and p. */
  cost: number;
  blockSize: number;
  parallelization: number;
  salt: Buffer;
  key: Buffer;
}

/** PHC and passlib: `$scrypt$ln=15,r=8,p=1$salt$hash`, with the logarithm of N. */
const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9./+]+=*)\$([A-Za-z0-9./+]+=*)$/;
/** Django: `scrypt$16384$salt$8$1$hash`, the salt as it stands. */
const DJANGO = /^scrypt\$(\d{1,8})\$([^$]+)\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9+/]+=*)$/;
/** Werkzeug: `scrypt:32768:8:1$salt$hash`, the salt as it stands, the hash in hexadecimal. */
const WERKZEUG = /^scrypt:(\d{1,8}):(\d{1,2}):(\d{1,2})\$([^$]+)\$((?:[0-9a-f]{2})+)$/;

function parse(hash: string): Parsed | undefined {
  const phc = PHC.exec(hash);
  if (phc) {
    return parsed([2 ** Number(phc[1]), phc[2]!, phc[3]!], fromBase64(phc[4]!), fromBase64(phc[5]!));
  }
  const django = DJANGO.exec(hash);
  if (django) return parsed([django[1]!, django[3]!, django[4]!], Buffer.from(django[2]!), fromBase64(django[5]!));
  const werkzeug = WERKZEUG.exec(hash);
  if (!werkzeug) return undefined;
  const [, n, r, p, salt, key] = werkzeug;
  return parsed([n!, r!, p!], Buffer.from(salt!), Buffer.from(key!, 'hex'));
}

function parsed(numbers: readonly (string | number)[], salt: Buffer, key: Buffer): Parsed | undefined {
  const [cost, blockSize, parallelization] = numbers.map(Number);
  const isLong = key.length >= 16 && key.length <= 128;
  return isLong ? { cost: cost!, blockSize: blockSize!, parallelization: parallelization!, salt, key } : undefined;
}

/** scrypt (RFC 7914). */
export const scrypt: HashFormat = {
  name: 'scrypt',

  reads: (hash) => parse(hash) !== undefined,

  problem(hash) {
    const { cost, blockSize, parallelization } = parse(hash)!;
    if (cost < 2 || !Number.isInteger(Math.log2(cost)) || blockSize < 1 || parallelization < 1) {
      return 'The numbers of this scrypt hash are none that scrypt can have.';
    }
    const isFair = 128 * cost * blockSize <= MOST_BYTES && parallelization <= MOST_LANES;
    return isFair ? undefined : `scrypt may take ${MOST_BYTES / 1024 / 1024} MiB and ${MOST_LANES} lanes.`;
  },

  async verify(hash, password) {
    const { cost, blockSize, parallelization, salt, key } = parse(hash)!;
    const options: ScryptOptions = { cost, blockSize, parallelization, maxmem: 2 * MOST_BYTES };
    const made = await promisify<Buffer, Buffer, number, ScryptOptions, Buffer>(compute)(
      password,
      salt,
      key.length,
      options,
    );
    return matches(made, key);
  },
};
