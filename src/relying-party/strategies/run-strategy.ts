import type { Strategy } from 'passport';

/** What Passport adds to a strategy for one request. */
interface Attempt {
  authenticate(request: object): unknown;
  success(user: unknown): void;
  fail(reason?: unknown): void;
  error(reason?: unknown): void;
  pass(): void;
  redirect(): void;
}

/** A Passport strategy said no, and gave no reason of its own. */
export class StrategyRefusedError extends Error {
  override readonly name = 'StrategyRefusedError';
}

/**
 * Runs one Passport strategy and believes nothing but `success` with a user: `fail`, `error`, `pass`, `redirect` and a
 * success without a user all reject. Nothing is written to the request.
 */
export function runStrategy<T>(strategy: Strategy, request: object): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const refuse = (reason?: unknown) =>
      reject(reason instanceof Error ? reason : new StrategyRefusedError(`${strategy.name ?? 'the strategy'} refused`));
    // As Passport does it: an object per attempt, because one strategy serves many requests at once.
    const attempt = Object.create(strategy) as Attempt;
    attempt.success = (user: unknown) => (user ? resolve(user as T) : refuse());
    attempt.fail = refuse;
    attempt.error = refuse;
    attempt.pass = () => refuse();
    attempt.redirect = () => refuse();
    try {
      // Some strategies are async functions although their type does not say so.
      void Promise.resolve(attempt.authenticate(request)).catch(refuse);
    } catch (error) {
      refuse(error);
    }
  });
}
