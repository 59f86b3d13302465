/** What is often known at once, and sometimes must be waited for. A request that is answered from caches then waits for nothing. */
export type MaybePromise<T> = T | Promise<T>;

/** Goes on with a value, now if it is there. */
export function andThen<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Runs what may fail now or later, and lets `explain` say what is thrown instead. */
export function orThrow<T>(work: () => MaybePromise<T>, explain: (error: unknown) => Error): MaybePromise<T> {
  try {
    const value = work();
    return value instanceof Promise
      ? value.catch((error: unknown) => {
          throw explain(error);
        })
      : value;
  } catch (error) {
    throw explain(error);
  }
}
