import { Injectable } from '@nestjs/common';
import { type ChallengeFacts, challenges } from '../protocol/challenge.js';
import { Possession } from './possession.js';
import { ProtectedResource } from './protected-resource.js';
import type { RefusalParts } from './refusal.js';
import { Settings } from './relying-party.options.js';

/** Knows what this application takes, and says so in refusals. */
@Injectable()
export class Challenges {
  private readonly facts: ChallengeFacts;

  constructor(settings: Settings, resource: ProtectedResource, possession: Possession) {
    this.facts = {
      realm: settings.realm,
      resourceMetadata: resource.url,
      dpopAlgorithms: possession.algorithms,
      dpopOnly: possession.required,
    };
  }

  /** The header's value, or its values, for this refusal. */
  of(parts: RefusalParts): string | string[] {
    const values = challenges(this.facts, parts);
    return values.length === 1 ? values[0]! : values;
  }
}
