/**
 * Whether this is one item of CBOR (RFC 8949) and nothing after it, in the form that authenticators must use (CTAP 2.2 §8):
 * lengths said beforehand, no tags, no name twice in a map, four levels at most. Decoders take more than that, each
 * something else.
 */
export function isOneCborItem(cbor: Uint8Array): boolean {
  return itemEnd(cbor, 0, 0) === cbor.length;
}

const DEEPEST = 4;
/** Beyond it the length itself follows, in as many octets; eight octets would be more than anybody may send. */
const LENGTH_OCTETS: Readonly<Record<number, number>> = { 24: 1, 25: 2, 26: 4 };
const [TEXT_AND_OCTETS, ARRAY, MAP, SIMPLE] = [[2, 3], 4, 5, 7];
/** false, true, null */
const SIMPLE_VALUES = [20, 21, 22];

/** Where the item that begins here ends; undefined when it is none. */
function itemEnd(cbor: Uint8Array, at: number, depth: number): number | undefined {
  const initial = cbor[at];
  if (initial === undefined || depth > DEEPEST) return undefined;
  const [major, info] = [initial >> 5, initial & 31];
  if (major === SIMPLE) return SIMPLE_VALUES.includes(info) ? at + 1 : undefined;
  const octets = info < 24 ? 0 : LENGTH_OCTETS[info];
  if (octets === undefined || at + 1 + octets > cbor.length) return undefined;
  const value = octets === 0 ? info : numberOf(cbor.subarray(at + 1, at + 1 + octets));
  const next = at + 1 + octets;
  if (major < TEXT_AND_OCTETS[0]!) return next;
  if (TEXT_AND_OCTETS.includes(major)) return next + value <= cbor.length ? next + value : undefined;
  if (major === ARRAY) return itemsEnd(cbor, next, { count: value, depth: depth + 1 });
  return major === MAP ? itemsEnd(cbor, next, { count: value * 2, depth: depth + 1, isMap: true }) : undefined;
}

function itemsEnd(
  cbor: Uint8Array,
  from: number,
  { count, depth, isMap = false }: { count: number; depth: number; isMap?: boolean },
): number | undefined {
  const names = new Set<string>();
  let at = from;
  for (let index = 0; index < count; index += 1) {
    const end = itemEnd(cbor, at, depth);
    if (end === undefined) return undefined;
    if (isMap && index % 2 === 0) {
      const name = cbor.subarray(at, end).join();
      if (names.has(name)) return undefined;
      names.add(name);
    }
    at = end;
  }
  return at;
}

function numberOf(octets: Uint8Array): number {
  return octets.reduce((value, octet) => value * 256 + octet, 0);
}

const [SEQUENCE, INTEGER] = [0x30, 0x02];
/** Two numbers of 33 octets, and what stands before them: each length is one octet. */
const LONGEST_P256_SIGNATURE = 72;

/**
 * Whether an ECDSA signature over P-256 is written in the one way of DER (RFC 3279 §2.2.3). OpenSSL takes others for the same
 * signature.
 */
export function isDerSignature(der: Uint8Array): boolean {
  if (der.length > LONGEST_P256_SIGNATURE || der[0] !== SEQUENCE || der[1] !== der.length - 2) return false;
  const middle = integerEnd(der, 2);
  return middle !== undefined && integerEnd(der, middle) === der.length;
}

/** Where a positive number that is written without needless zeros ends. */
function integerEnd(der: Uint8Array, at: number): number | undefined {
  const [tag, length = 0, first = 0xff, second = 0] = der.subarray(at, at + 4);
  const isShortest = first !== 0 || length === 1 || second >= 0x80;
  const end = at + 2 + length;
  return tag === INTEGER && length > 0 && first < 0x80 && isShortest && end <= der.length ? end : undefined;
}
