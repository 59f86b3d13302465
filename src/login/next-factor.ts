import type { Demand, Proof } from '../interactions/interaction.js';
import { acrsOf } from '../protocol/acr.js';

/**
 * When a second factor is asked for, beyond what a client demands. `enrolled`: of everybody who has one. `new-device`: of
 * everybody who has one, in a browser where they have not given it before. `always`: of everybody; who has none makes one.
 * `on-demand`: only when a client or a request demands it.
 */
export type SecondFactorPolicy = 'enrolled' | 'new-device' | 'always' | 'on-demand';

/** What is known after a proof. */
export interface SignInSituation {
  proofs: readonly Proof[];
  demand: Demand;
  policy: SecondFactorPolicy;
  /** What the person has and has not used in this sign-in: the references that each would add. */
  factors: readonly { amr: readonly string[] }[];
  /** This browser has given a second factor of this person before, and nothing happened since that ends such trust. */
  trustedDevice: boolean;
}

/** `second`: one of the factors. `enrol`: the person has none and must make one. `done`: a session may start. */
export type NextFactor = 'second' | 'enrol' | 'done';

/** What a sign-in needs after what was proved: a pure function, asked after every proof, so that no step can be skipped. */
export function nextFactor({ proofs, demand, policy, factors, trustedDevice }: SignInSituation): NextFactor {
  const amr = amrOf(proofs);
  const missing = demand.acrs.length > 0 && !reaches(demand.acrs, amr);
  if (missing && factors.some((factor) => reaches(demand.acrs, [...amr, ...factor.amr, 'mfa']))) return 'second';
  if (amr.includes('mfa')) return 'done';
  if (demand.secondFactor || policy === 'always') return factors.length > 0 ? 'second' : 'enrol';
  if (factors.length === 0 || policy === 'on-demand') return 'done';
  return policy === 'new-device' && trustedDevice ? 'done' : 'second';
}

/** The references of all proofs together; `mfa` when two different methods agreed on the person. */
export function amrOf(proofs: readonly Proof[]): string[] {
  const amr = proofs.flatMap((proof) => proof.amr);
  if (proofs.some(({ method }) => method !== proofs[0]!.method)) amr.push('mfa');
  return amr.filter((one, index) => amr.indexOf(one) === index);
}

/** Whether these references reach one of these classes. */
export function reaches(acrs: readonly string[], amr: readonly string[]): boolean {
  const reached = acrsOf(amr);
  return acrs.some((acr) => reached.includes(acr));
}
