import { Injectable } from '@nestjs/common';
import { Secrets } from '../platform/secret.js';

const PURPOSE = 'receipt';
const TAG_OCTETS = 16;

/** A receipt's name for the address of the page that shows it: nobody looks at those of others by counting. */
@Injectable()
export class ReceiptNames {
  constructor(private readonly secrets: Secrets) {}

  write(seq: number): string {
    const tag = this.secrets.authenticate(PURPOSE, String(seq)).subarray(0, TAG_OCTETS);
    return `${seq}.${tag.toString('base64url')}`;
  }

  read(name: string | undefined): number | undefined {
    const parts = /^(\d{1,15})\.([\w-]{22})$/.exec(name ?? '');
    if (!parts) return undefined;
    const isOurs = this.secrets.isAuthentic(PURPOSE, parts[1]!, Buffer.from(parts[2]!, 'base64url'));
    return isOurs ? Number(parts[1]) : undefined;
  }
}
