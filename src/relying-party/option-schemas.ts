import { z } from 'zod';
import { type Duration, milliseconds } from '../platform/duration.js';

/** Kinds of values that several options have. */
export const text = z.string().min(1, 'must not be empty');
export const aFunction = z.custom<() => unknown>((value) => typeof value === 'function', 'must be a function');
export const duration = z.custom<Duration>(isDuration, 'write a duration such as 10s, 30m or 12h');

export function isDuration(value: unknown): value is Duration {
  try {
    return milliseconds(value as Duration) > 0;
  } catch {
    return false;
  }
}
