const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `'30m'`, `'12h'`, `'14d'`, `'500ms'`, or a number of milliseconds. */
export type Duration = number | `${number}${keyof typeof UNITS}`;

/**
 * A duration in milliseconds.
 * @throws Error naming the value when it is not a positive number with one of the units ms, s, m, h, d.
 */
export function milliseconds(duration: Duration): number {
  if (typeof duration === 'number') {
    if (!Number.isFinite(duration) || duration < 0) throw new Error(`'${duration}' is not a duration in milliseconds`);
    return duration;
  }
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration);
  if (!match) throw new Error(`'${duration}' is not a duration such as 10s, 30m, 12h or 14d`);
  return Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
}

/** A duration in whole seconds. */
export function seconds(duration: Duration): number {
  return Math.round(milliseconds(duration) / 1000);
}
