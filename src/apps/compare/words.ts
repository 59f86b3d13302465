import type { Lookups } from './lookups.js';
import type { Figures, RevocationFigure } from './report.js';

/** Nothing was measured. */
export const NOTHING = '–';

/** Milliseconds, with as many digits as say something. */
export function milliseconds(value: number): string {
  if (value >= 3_600_000) return `${trimmed(value / 3_600_000)} h`;
  if (value >= 60_000) return `${trimmed(value / 60_000)} min`;
  if (value >= 1_000) return `${trimmed(value / 1000)} s`;
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

/** Octets, in the unit that suits them. */
export function octets(value: number): string {
  if (value < 1000) return `${Math.round(value)} B`;
  return value < 1_000_000 ? `${trimmed(value / 1000)} kB` : `${trimmed(value / 1_000_000)} MB`;
}

/** Which lookups a request costs: `1 PostgreSQL`, `none`. */
export function lookups({ postgres, redis, http }: Lookups): string {
  const named: [string, number][] = [
    ['PostgreSQL', postgres],
    ['Redis', redis],
    ['provider', http],
  ];
  const some = named.filter(([, count]) => count >= 0.005).map(([name, count]) => `${trimmed(count)} ${name}`);
  return some.length === 0 ? 'none' : some.join(' + ');
}

/** When a revoked credential is refused: measured, or the bound and marked so. */
export function revocation(figure: RevocationFigure | undefined): string {
  if (!figure) return NOTHING;
  return figure.kind === 'measured'
    ? milliseconds(figure.medianMilliseconds)
    : `≤ ${milliseconds(figure.milliseconds)} *`;
}

export function perSecond(value: number | undefined): string {
  return value === undefined ? NOTHING : Math.round(value).toLocaleString('en');
}

export function microseconds(value: number | undefined): string {
  return value === undefined ? NOTHING : `${Math.round(value)} µs`;
}

/** Of 100 000 people, where they are kept and in the application. */
export function memory(figure: Figures['memory']): string {
  if (!figure) return NOTHING;
  const { application, store } = figure.per100000;
  return octets(application + store);
}

function trimmed(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(value < 10 ? 2 : 1).replace(/\.?0+$/, '');
}
