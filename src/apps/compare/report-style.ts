import { css } from '../../platform/pages/theme.js';

/** The report's style sheet: that of all pages, and what charts need. One text, so that a policy can name it by its hash. */
export const reportCss = `${css}
:root { --session: #6a3a9c; --jwt: #0a6558; --bound: #a11d2b; --track: #e6eaed; }
@media (prefers-color-scheme: dark) { :root { --session: #c9adf7; --jwt: #66d3b9; --bound: #ffa3a6; --track: #26303c; } }
.width { width: min(100%, 74rem); }
.hero { padding: 3.25rem 0 2.75rem; }
.hero h1 { max-width: none; }
.meta { display: flex; flex-wrap: wrap; gap: .375rem .5rem; }
.meta .tag { color: var(--ink); background: var(--card); font-weight: 500; }
.numbers { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); }
.numbers > li { display: grid; gap: .25rem; align-content: start; }
.numbers strong { font-size: 2.25rem; line-height: 1.1; letter-spacing: -.03em; font-weight: 650; color: var(--accent); }
.charts { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 28rem), 1fr)); }
figure { margin: 0; }
.wide { grid-column: 1 / -1; }
figcaption { display: grid; gap: .25rem; margin-bottom: 1.25rem; }
.plot { display: grid; gap: .5rem 1rem; grid-template-columns: minmax(9rem, 14rem) minmax(0, 1fr) 6.5rem; align-items: center; }
.plot li { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; align-items: center; font-size: .9375rem; line-height: 1.3; }
.plot .value { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.plot svg { width: 100%; height: 1.125rem; border-radius: .25rem; overflow: hidden; background: var(--track); }
.plot .axis { color: var(--muted); font-size: .75rem; }
.plot .axis svg { height: 1.25rem; background: none; overflow: visible; }
.plot text { fill: var(--muted); font-size: .75rem; }
.fill-session { fill: var(--session); } .fill-jwt { fill: var(--jwt); } .fill-bound { fill: url(#hatch); }
.fill-soft-session { fill: var(--session); opacity: .35; } .fill-soft-jwt { fill: var(--jwt); opacity: .35; }
.tick { stroke: var(--card); stroke-width: 2; vector-effect: non-scaling-stroke; }
.hatching { stroke: var(--bound); }
.missing { color: var(--muted); font-style: italic; font-size: .875rem; }
.legend { display: flex; flex-wrap: wrap; gap: .375rem 1.25rem; font-size: .875rem; }
.legend span { display: inline-flex; align-items: center; gap: .5rem; }
.legend svg { width: 1rem; height: 1rem; border-radius: .25rem; }
.scroll { overflow-x: auto; }
.scroll table { min-width: 62rem; font-size: .875rem; font-variant-numeric: tabular-nums; }
.scroll th { vertical-align: bottom; }
.scroll td, .scroll thead th { text-align: right; padding: .625rem 0 .625rem .625rem; white-space: nowrap; }
.scroll th[scope=row], .scroll thead th:first-child { text-align: left; padding-left: 0; color: var(--ink); font-size: .875rem; font-weight: 600; position: sticky; left: 0; background: var(--card); }
.scroll th[scope=row] { padding-top: .625rem; min-width: 8.5rem; }
.rows { display: grid; gap: 1.25rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); }
.rows h3 { margin: 0 0 .25rem; font-size: 1rem; }
.bullets { display: grid; gap: .5rem; padding-left: 1.125rem; list-style: disc; }
.off { position: absolute; width: 0; height: 0; }
@media (max-width: 38rem) {
  .plot { grid-template-columns: minmax(0, 1fr) auto; gap: .625rem .75rem; }
  .plot li { row-gap: .125rem; }
  .plot li > svg, .plot li > .missing { grid-column: 1 / -1; grid-row: 2; }
  .plot .axis > :first-child, .plot .axis > :last-child { display: none; }
  .numbers strong { font-size: 1.875rem; }
}
@media print { .card { break-inside: avoid; } .scroll { overflow: visible; } }
`;
