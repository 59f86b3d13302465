import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hash,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** Drawn from the operating system in pieces of this size: a draw costs more than its octets. */
const POOL_OCTETS = 4096;
let pool = Buffer.alloc(0);
let drawn = 0;

/** Random octets, as `take` reads them from `start` to `end` of what was drawn: each handed out once and then forgotten here. */
function draw<T>(octets: number, take: (drawn: Buffer, start: number, end: number) => T): T {
  if (octets > POOL_OCTETS) return take(randomBytes(octets), 0, octets);
  if (drawn + octets > pool.length) {
    pool = randomBytes(POOL_OCTETS);
    drawn = 0;
  }
  const start = drawn;
  drawn += octets;
  const taken = take(pool, start, drawn);
  pool.fill(0, start, drawn);
  return taken;
}

const asText = (octets: Buffer, start: number, end: number) => octets.toString('base64url', start, end);

function asOctets(octets: Buffer, start: number, end: number): Buffer {
  const copy = Buffer.allocUnsafe(end - start);
  octets.copy(copy, 0, start, end);
  return copy;
}

/** `bytes` random bytes as base64url: 32 bytes are 256 bits, far above the 160 that RFC 6749 §10.10 asks for. */
export function randomToken(bytes = 32): string {
  return draw(bytes, asText);
}

/** Random bytes from the operating system's generator. */
export function randomOctets(bytes: number): Buffer {
  return draw(bytes, asOctets);
}

/** `length` letters of `alphabet`, each as likely as every other. At most 256 letters. */
export function randomText(alphabet: string, length: number): string {
  let text = '';
  // The highest octets would make the first letters likelier, so they are left out.
  const fair = 256 - (256 % alphabet.length);
  while (text.length < length) {
    const [octet] = randomBytes(1);
    if (octet! < fair) text += alphabet[octet! % alphabet.length]!;
  }
  return text;
}

/** SHA-256 of a secret. Fit for random secrets of 128 bits and more, never for passwords. */
export function digest(secret: string | Buffer): Buffer {
  return hash('sha256', secret, 'buffer');
}

/**
 * SHA-256 of a text as hexadecimal, for the names of what is kept in memory: the one way of several that costs least.
 * Fit for random secrets only, as {@link digest} is.
 */
export function digestName(text: string): string {
  return hash('sha256', text, 'hex');
}

/** Constant-time equality; the lengths may differ and are not hidden by the contents. */
export function matches(a: string | Buffer, b: string | Buffer): boolean {
  const left = Buffer.isBuffer(a) ? a : Buffer.from(a);
  const right = Buffer.isBuffer(b) ? b : Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

const SALT_LENGTH = 20;
const TAG_LENGTH = 16;
/** Every sealing has a key of its own (fresh salt), so a fixed nonce is used once per key. */
const NONCE = Buffer.alloc(12);

function sealWith(key: Buffer, salt: Buffer, plaintext: Buffer, context: string): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, NONCE).setAAD(Buffer.from(context));
  return Buffer.concat([salt, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function openWith(key: Buffer, sealed: Buffer, context: string): Buffer | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, NONCE)
      .setAAD(Buffer.from(context))
      .setAuthTag(sealed.subarray(-TAG_LENGTH));
    return Buffer.concat([decipher.update(sealed.subarray(SALT_LENGTH, -TAG_LENGTH)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** A key of its own per secret, purpose and salt (RFC 5869, extract left out because the secret is uniform). */
function subkey(secret: Buffer, purpose: string, salt: Buffer): Buffer {
  return createHmac('sha256', secret).update(`${purpose}\0`).update(salt).digest();
}

/**
 * Seals under a token that its holder brings back: the database alone can never open it.
 * Used for the idempotent answer to a repeated refresh.
 */
export function sealUnderToken(token: string, plaintext: string): Buffer {
  const salt = draw(SALT_LENGTH, asOctets);
  return sealWith(subkey(digest(token), 'token', salt), salt, Buffer.from(plaintext), 'token');
}

/** Opens what {@link sealUnderToken} sealed; undefined when the token is another or the octets were touched. */
export function openUnderToken(token: string, sealed: Buffer): string | undefined {
  if (sealed.length < SALT_LENGTH + TAG_LENGTH) return undefined;
  return openWith(subkey(digest(token), 'token', sealed.subarray(0, SALT_LENGTH)), sealed, 'token')?.toString();
}

/**
 * The keys derived from `GATEHOUSE_SECRET`. The setting is a list: the first secret seals, all of them open, so a
 * secret can be rotated while what the old one sealed is still about. Each purpose has a key of its own.
 */
export class Secrets {
  private readonly roots: Buffer[];
  /** By purpose, of each root: derived once. */
  private readonly authenticationKeys = new Map<string, Buffer[]>();

  /** @param secrets at least one, each at least 32 octets. The configuration checks that; here it is an invariant. */
  constructor(secrets: readonly string[]) {
    if (secrets.length === 0 || secrets.some((secret) => Buffer.byteLength(secret) < 32)) {
      throw new Error('a secret must have at least 32 bytes');
    }
    this.roots = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', 'gatehouse', 32)));
  }

  /** AES-256-GCM. Layout: salt (20) ‖ ciphertext ‖ tag (16). `purpose` separates keys; it is not stored. */
  seal(purpose: string, plaintext: string | Buffer): Buffer {
    const salt = draw(SALT_LENGTH, asOctets);
    return sealWith(subkey(this.roots[0]!, purpose, salt), salt, Buffer.from(plaintext), purpose);
  }

  /** The plaintext, or undefined when no known secret sealed it for this purpose or the octets were touched. */
  open(purpose: string, sealed: Buffer): Buffer | undefined {
    if (sealed.length < SALT_LENGTH + TAG_LENGTH) return undefined;
    const salt = sealed.subarray(0, SALT_LENGTH);
    for (const root of this.roots) {
      const plaintext = openWith(subkey(root, purpose, salt), sealed, purpose);
      if (plaintext) return plaintext;
    }
    return undefined;
  }

  /** True when the first secret, the one that seals today, sealed this. */
  isCurrent(purpose: string, sealed: Buffer): boolean {
    return openWith(subkey(this.roots[0]!, purpose, sealed.subarray(0, SALT_LENGTH)), sealed, purpose) !== undefined;
  }

  /** HMAC-SHA-256 under the first secret's key for `purpose`. */
  authenticate(purpose: string, message: string | Buffer): Buffer {
    return hmac(this.keysOf(purpose)[0]!, message);
  }

  /** Whether any known secret made this (possibly truncated, at least 16 octets) HMAC. */
  isAuthentic(purpose: string, message: string | Buffer, tag: Buffer): boolean {
    if (tag.length < 16) return false;
    return this.keysOf(purpose).some((key) => matches(hmac(key, message).subarray(0, tag.length), tag));
  }

  private keysOf(purpose: string): Buffer[] {
    let keys = this.authenticationKeys.get(purpose);
    if (!keys) {
      keys = this.roots.map((root) => subkey(root, purpose, NONCE));
      this.authenticationKeys.set(purpose, keys);
    }
    return keys;
  }
}

function hmac(key: Buffer, message: string | Buffer): Buffer {
  return createHmac('sha256', key).update(message).digest();
}
