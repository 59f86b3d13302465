import type { JSX } from 'preact';
import type { Row } from './report.js';
import { STRATEGIES } from './strategies.js';

/** A part of a bar. */
export interface Part {
  value: number;
  /** Lighter: what comes on top of the first part. */
  soft?: boolean;
  /** Not measured but a bound. */
  bound?: boolean;
}

export interface BarChart {
  title: string;
  /** Which is better, and what is to be seen. */
  note: string;
  rows: readonly Row[];
  /** Undefined: it was not measured. */
  parts: (row: Row) => Part[] | undefined;
  words: (row: Row) => string;
  /** A logarithmic axis with these ticks, by their names; else one that begins at zero. */
  ticks?: readonly (readonly [value: number, name: string])[];
  wide?: boolean;
}

/** Bars beside names: the names are text of the page, so that a narrow screen does not make them small. */
export function Chart({ title, note, rows, parts, words, ticks, wide }: BarChart): JSX.Element {
  const totals = rows.map((row) => (parts(row) ?? []).reduce((sum, { value }) => sum + value, 0));
  const scale = ticks ? logarithmic(ticks) : linear(Math.max(...totals, 0));
  return (
    <figure class={wide ? 'card wide' : 'card'}>
      <figcaption>
        <h2>{title}</h2>
        <p class="muted small">{note}</p>
      </figcaption>
      <ul class="plot">
        {rows.map((row) => {
          const own = parts(row);
          return (
            <li>
              <span>{row.name}</span>
              {own ? (
                <Bar parts={own} scale={scale} kind={kindOf(row.id)} {...(ticks ? { ticks } : {})} />
              ) : (
                <span class="missing">not measured</span>
              )}
              <span class="value">{own ? words(row) : ''}</span>
            </li>
          );
        })}
        {ticks && (
          <li class="axis" aria-hidden="true">
            <span />
            <svg>
              {ticks.map(([value, name], index) => (
                <text
                  x={`${scale(value)}%`}
                  y="12"
                  text-anchor={index === 0 ? 'start' : index === ticks.length - 1 ? 'end' : 'middle'}
                >
                  {name}
                </text>
              ))}
            </svg>
            <span />
          </li>
        )}
      </ul>
    </figure>
  );
}

function Bar({
  parts,
  scale,
  kind,
  ticks = [],
}: {
  parts: Part[];
  scale: (value: number) => number;
  kind: string;
  ticks?: BarChart['ticks'];
}): JSX.Element {
  let sum = 0;
  const drawn = parts.map(({ value, soft, bound }) => {
    const from = sum === 0 ? 0 : scale(sum);
    sum += value;
    // A value that is there is seen, however small it is beside the others.
    const width = Math.max(value > 0 ? 0.4 : 0, scale(sum) - from);
    return { from, width, fill: bound ? 'fill-bound' : `${soft ? 'fill-soft' : 'fill'}-${kind}` };
  });
  return (
    <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      {drawn.map(({ from, width, fill }) => (
        <rect x={from.toFixed(2)} width={width.toFixed(2)} height="1" class={fill} />
      ))}
      {ticks.slice(1, -1).map(([value]) => (
        <line class="tick" x1={scale(value)} x2={scale(value)} y1="0" y2="1" />
      ))}
    </svg>
  );
}

/** What the colours mean, and the hatching that bars of bounds are filled with. */
export function Legend(): JSX.Element {
  const square = (fill: string) => (
    <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <rect width="16" height="16" class={fill} />
    </svg>
  );
  return (
    <p class="legend">
      <svg class="off" aria-hidden="true" focusable="false">
        <defs>
          <pattern id="hatch" width="1.2" height="1" patternUnits="userSpaceOnUse">
            <line class="hatching" x1="0.3" x2="0.3" y1="0" y2="1" stroke-width="0.6" />
          </pattern>
        </defs>
      </svg>
      <span>{square('fill-session')} a session</span>
      <span>{square('fill-jwt')} a JWT</span>
      <span>{square('fill-bound')} a bound, not measured</span>
    </p>
  );
}

function kindOf(id: string): 'session' | 'jwt' {
  return STRATEGIES.find((one) => one.id === id)?.kind ?? 'session';
}

function linear(most: number): (value: number) => number {
  return (value) => (most === 0 ? 0 : (value / most) * 100);
}

/** Every tenfold is as wide as the next. */
function logarithmic(ticks: NonNullable<BarChart['ticks']>): (value: number) => number {
  const [least, most] = [Math.log10(ticks[0]![0]), Math.log10(ticks.at(-1)![0])];
  return (value) => Math.min(100, Math.max(0, ((Math.log10(value) - least) / (most - least)) * 100));
}
