import type { Clock } from '../platform/clock.js';

/** Whether a proof is at most this old; a proof without a date is older. Times are seconds since the epoch. */
export function isRecent(
  authTime: number | undefined,
  maxAgeSeconds: number | undefined,
  { clock, skewSeconds }: { clock: Pick<Clock, 'seconds'>; skewSeconds: number },
): boolean {
  if (maxAgeSeconds === undefined) return true;
  return authTime !== undefined && authTime + maxAgeSeconds + skewSeconds >= clock.seconds();
}
