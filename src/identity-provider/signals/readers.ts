import { Injectable } from '@nestjs/common';
import type { Reader } from '../../authorizations/revocation-log.js';
import { Resources, serves } from '../../clients/resources.js';

/** What each receiver may be told. */
@Injectable()
export class Readers {
  constructor(private readonly resources: Resources) {}

  async of(clientId: string): Promise<Reader> {
    const resources = await this.resources.list();
    return { clientId, servesResource: resources.some((resource) => serves(resource, clientId)) };
  }
}
