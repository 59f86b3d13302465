import { randomOctets } from '../../platform/secret.js';

/** Words of 32 bits in a fingerprint. */
export const FINGERPRINT_WORDS = 3;

const SEEDS = new Uint32Array(Uint8Array.from(randomOctets(4 * FINGERPRINT_WORDS)).buffer);

/**
 * Writes 96 bits that stand for a name into the first words of `into`. Two names of ten million have the same ones with a
 * probability of 10⁻¹⁵; then one is refused with the other, and never the other way round. The seeds are of this process
 * alone, so that nobody can look for such names. No cryptographic digest: that would take longer than all else a rule costs.
 */
export function writeFingerprint(name: string, into: Uint32Array): void {
  let a = SEEDS[0]!;
  let b = SEEDS[1]!;
  let c = SEEDS[2]!;
  const { length } = name;
  for (let index = 0; index < length; index += 1) {
    const unit = name.charCodeAt(index);
    a = rotated(Math.imul(a ^ unit, 0x9e3779b1));
    b = rotated(Math.imul(b ^ unit, 0x85ebca77));
    c = rotated(Math.imul(c ^ unit, 0xc2b2ae3d));
  }
  into[0] = mixed(a ^ length);
  into[1] = mixed(b ^ into[0]);
  into[2] = mixed(c ^ into[1]);
}

function rotated(word: number): number {
  return (word << 13) | (word >>> 19);
}

/** Each bit of the answer depends on every bit of the word (the finalizer of MurmurHash3). */
function mixed(word: number): number {
  let mix = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return mix ^ (mix >>> 16);
}
