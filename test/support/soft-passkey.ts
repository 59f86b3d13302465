import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What a test changes about an answer, to see it refused. */
export interface Change {
  origin?: string;
  rpId?: string;
  challenge?: string;
  type?: string;
  crossOrigin?: boolean;
  topOrigin?: string;
  /** User present, user verified. */
  up?: boolean;
  uv?: boolean;
  counter?: number;
  userHandle?: string | null;
  key?: KeyObject;
  /** COSE algorithm that the registration claims. */
  algorithm?: number;
  fmt?: string;
  id?: string;
  signature?: Buffer;
  /** Another form of the right signature (DER). */
  resigned?: (signature: Buffer) => Buffer;
  /** Another form of the right attestation object (CBOR). */
  attestation?: (object: Buffer) => Buffer;
}

/** The options of a page's form, as the script reads them. */
export interface CeremonyOptions {
  challenge: string;
  rp?: { id: string };
  rpId?: string;
  user?: { id: string };
  allowCredentials?: { id: string }[];
  userVerification?: string;
}

/** The options that a page's WebAuthn form carries. */
export function optionsOf(page: string): CeremonyOptions {
  const [, json] = /data-options="([^"]*)"/.exec(page) ?? [];
  if (json === undefined) throw new Error(`the page has no WebAuthn form: ${page.slice(-2000)}`);
  return JSON.parse(json.replaceAll('&quot;', '"').replaceAll('&amp;', '&')) as CeremonyOptions;
}

/** An authenticator with one ES256 passkey, in software, which does as the test says. */
export class SoftPasskey {
  readonly id = randomBytes(20);
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private counter = 0;
  userHandle = '';

  constructor(private readonly origin: string) {}

  get credentialId(): string {
    return this.id.toString('base64url');
  }

  /** The value of the form's field `credential` after `navigator.credentials.create`. */
  create(options: CeremonyOptions, change: Change = {}): string {
    this.userHandle = options.user!.id;
    const { x, y } = this.keys.publicKey.export({ format: 'jwk' });
    const coordinate = (value?: string) => cborBytes(Buffer.from(value!, 'base64url'));
    const key = Buffer.concat([
      Buffer.from([0xa5, 0x01, 0x02, 0x03]),
      cborInteger(change.algorithm ?? -7),
      Buffer.from([0x20, 0x01, 0x21]),
      coordinate(x),
      Buffer.from([0x22]),
      coordinate(y),
    ]);
    const id = change.id === undefined ? this.id : Buffer.from(change.id, 'base64url');
    const attested = Buffer.concat([Buffer.alloc(16), uint16(id.length), id, key]);
    const authData = Buffer.concat([this.head(options.rp!.id, 0x40, change), attested]);
    const attestationObject = Buffer.concat([
      Buffer.from([0xa3]),
      cborText('fmt'),
      cborText(change.fmt ?? 'none'),
      cborText('attStmt'),
      Buffer.from([0xa0]),
      cborText('authData'),
      cborBytes(authData),
    ]);
    return JSON.stringify({
      id: id.toString('base64url'),
      rawId: id.toString('base64url'),
      type: 'public-key',
      response: {
        clientDataJSON: this.clientData('webauthn.create', options, change).toString('base64url'),
        attestationObject: (change.attestation?.(attestationObject) ?? attestationObject).toString('base64url'),
        transports: ['internal'],
      },
    });
  }

  /** The value of the form's field `credential` after `navigator.credentials.get`. */
  get(options: CeremonyOptions, change: Change = {}): string {
    const authData = this.head(options.rpId!, 0, change);
    const clientData = this.clientData('webauthn.get', options, change);
    const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()]);
    const right = change.signature ?? sign('sha256', signed, change.key ?? this.keys.privateKey);
    const signature = change.resigned?.(right) ?? right;
    const id = change.id ?? this.credentialId;
    const userHandle = change.userHandle === undefined ? this.userHandle : change.userHandle;
    return JSON.stringify({
      id,
      rawId: id,
      type: 'public-key',
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: signature.toString('base64url'),
        ...(userHandle === null ? {} : { userHandle }),
      },
    });
  }

  private head(rpId: string, flags: number, { rpId: other, up = true, uv = true, counter }: Change): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter ?? ++this.counter);
    const hash = createHash('sha256')
      .update(other ?? rpId)
      .digest();
    return Buffer.concat([hash, Buffer.from([flags | (up ? 1 : 0) | (uv ? 4 : 0)]), count]);
  }

  private clientData(type: string, { challenge }: CeremonyOptions, change: Change): Buffer {
    const { origin = this.origin, crossOrigin = false, topOrigin } = change;
    const data = { type: change.type ?? type, challenge: change.challenge ?? challenge, origin, crossOrigin };
    return Buffer.from(JSON.stringify({ ...data, ...(topOrigin === undefined ? {} : { topOrigin }) }));
  }
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

/** Byte and text strings of up to 64 KiB, and small integers: all the CBOR (RFC 8949) that is needed here. */
function cborBytes(bytes: Buffer, major = 0x40): Buffer {
  const { length } = bytes;
  const head =
    length < 24 ? [major | length] : length < 256 ? [major | 24, length] : [major | 25, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), bytes]);
}

function cborText(text: string): Buffer {
  return cborBytes(Buffer.from(text), 0x60);
}

function cborInteger(value: number): Buffer {
  const [major, rest] = value < 0 ? [0x20, -1 - value] : [0, value];
  if (rest < 24) return Buffer.from([major | rest]);
  return rest < 256 ? Buffer.from([major | 24, rest]) : Buffer.concat([Buffer.from([major | 25]), uint16(rest)]);
}
