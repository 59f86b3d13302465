import { Injectable } from '@nestjs/common';
import { Possession } from './possession.js';
import { ProtectedResource } from './protected-resource.js';
import type { RefusalParts } from './refusal.js';
import { Settings } from './relying-party.options.js';

/** What this application takes, for `WWW-Authenticate`. */
export interface ChallengeFacts {
  realm: string;
  /** RFC 9728 §5.1. */
  resourceMetadata?: string | undefined;
  /** RFC 9449 §7.1: absent where no bound tokens are taken. */
  dpopAlgorithms?: readonly string[] | undefined;
  /** Bearer tokens are not taken at all. */
  dpopOnly?: boolean;
}

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

/**
 * The values of `WWW-Authenticate` for a refusal (RFC 6750 §3, RFC 9449 §7.1, RFC 9470 §3), one for each scheme. The error
 * stands with the scheme that it is about.
 */
export function challenges(facts: ChallengeFacts, parts: Partial<RefusalParts>): string[] {
  const { error, message, scope, acrValues, maxAgeSeconds } = parts;
  const { realm, resourceMetadata, dpopAlgorithms, dpopOnly = false } = facts;
  const scheme = dpopOnly ? 'DPoP' : (dpopAlgorithms && parts.scheme) || 'Bearer';
  const about: Parameter[] = [
    ['error', error],
    ['error_description', error && message],
    ['scope', scope],
    ['acr_values', acrValues],
    ['max_age', maxAgeSeconds?.toString()],
  ];
  const common: Parameter[] = [
    ['realm', realm],
    ['resource_metadata', resourceMetadata],
  ];
  const of = (name: string, more: Parameter[] = []) =>
    written(name, [...common, ...(name === scheme ? about : []), ...more]);
  // Whoever holds a bound token is not told to send it as Bearer once more.
  const isBearerOfUse = scheme === 'Bearer' || (!dpopOnly && parts.code !== 'proof_required');
  return [
    ...(isBearerOfUse ? [of('Bearer')] : []),
    ...(dpopAlgorithms ? [of('DPoP', [['algs', dpopAlgorithms.join(' ')]])] : []),
  ];
}

type Parameter = [name: string, value: string | undefined];

function written(scheme: string, parameters: Parameter[]): string {
  const list = parameters.flatMap(([name, value]) =>
    value ? [`${name}="${value.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '')}"`] : [],
  );
  return `${scheme} ${list.join(', ')}`;
}
