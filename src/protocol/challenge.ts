/** What an API takes, for `WWW-Authenticate`. */
export interface ChallengeFacts {
  realm: string;
  /** RFC 9728 §5.1. */
  resourceMetadata?: string | undefined;
  /** RFC 9449 §7.1: absent where no bound tokens are taken. */
  dpopAlgorithms?: readonly string[] | undefined;
  /** Bearer tokens are not taken at all. */
  dpopOnly?: boolean;
}

/** What was wrong. */
export interface ChallengeReason {
  /** The OAuth error (RFC 6750 §3.1); absent when nobody tried to authenticate. */
  error?: string | undefined;
  code?: string;
  /** For people; quotes and control characters are left out. */
  message?: string;
  scope?: string | undefined;
  acrValues?: string | undefined;
  maxAgeSeconds?: number | undefined;
  /** Which scheme the error is about. Default `Bearer`. */
  scheme?: 'Bearer' | 'DPoP' | undefined;
}

/**
 * The values of `WWW-Authenticate` for a refusal (RFC 6750 §3, RFC 9449 §7.1, RFC 9470 §3), one for each scheme. The error
 * stands with the scheme that it is about.
 */
export function challenges(facts: ChallengeFacts, reason: ChallengeReason): string[] {
  const { error, message, scope, acrValues, maxAgeSeconds } = reason;
  const { realm, resourceMetadata, dpopAlgorithms, dpopOnly = false } = facts;
  const scheme = dpopOnly ? 'DPoP' : (dpopAlgorithms && reason.scheme) || 'Bearer';
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
  const isBearerOfUse = scheme === 'Bearer' || (!dpopOnly && reason.code !== 'proof_required');
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
